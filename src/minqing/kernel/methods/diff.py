"""Two versions of a method compared: what came, went or changed, each as a sentence in Chinese and English.

`affects_open` says what the new version means for matters that stand in a stage now: they keep the version they
opened under until somebody moves them on purpose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Literal

from minqing.kernel.clock.budgets import Budget, longer, rough_minutes
from minqing.kernel.clock.dates import DatedTime
from minqing.kernel.methods.contents import PARTS, Part, Piece, limit_en, pieces
from minqing.kernel.methods.model import CALL_BACK, Limit, Method
from minqing.kernel.methods.phrases import Phrases
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import Vocabulary

How = Literal["added", "removed", "changed"]
Effect = Literal["gone", "ended", "shorter", "longer", "other_time", "changed", "unchanged"]

HOW: Mapping[How, tuple[str, str]] = {
    "added": ("新增", "Added"), "removed": ("删去", "Removed"), "changed": ("修改", "Changed"),
}  # fmt: skip
EFFECTS: Mapping[Effect, tuple[str, str]] = {
    "gone": (
        "“{title}”在新版中已不存在，停在这里的事项要先指定去哪个环节",
        "“{title_en}” is gone: matters standing there need a stage to go to",
    ),
    "ended": (
        "“{title}”在新版中成为结束，停在这里的事项要先指定去哪个环节",
        "“{title_en}” is an end now: matters standing there need a stage to go to",
    ),
    "shorter": (
        "“{title}”的时限由{old}缩短为{new}，移过去的事项可能马上到期",
        "the limit of “{title_en}” is shorter ({old_en} to {new_en}): matters moved may fall due at once",
    ),
    "longer": (
        "“{title}”的时限由{old}延长为{new}，移过去的事项会晚些到期",
        "the limit of “{title_en}” is longer ({old_en} to {new_en}): matters moved fall due later",
    ),
    "other_time": (
        "“{title}”的时限由{old}改为{new}，长短要逐件推算",
        "the limit of “{title_en}” differs ({old_en} to {new_en}): reckon each matter",
    ),
    "changed": ("“{title}”的时限不变，别的规定有变化", "“{title_en}” keeps its limit, other rules differ"),
    "unchanged": ("“{title}”没有变化", "“{title_en}” is unchanged"),
}


@dataclass(frozen=True)
class Change:
    """One thing that differs. `path` is where it stands in the file, such as stages.village.limit."""

    how: How
    part: Part
    path: str
    zh: str
    en: str
    rules: bool = True  # False: it is called otherwise in English, and that is all


@dataclass(frozen=True)
class OpenEffect:
    """What the new version means for matters standing in one stage."""

    stage: str
    effect: Effect
    zh: str
    en: str


@dataclass(frozen=True)
class Diff:
    """All changes in the order of the file, and the two methods they were found in."""

    old: Method
    new: Method
    changes: tuple[Change, ...]
    vocabulary: Vocabulary

    def of(self, part: Part) -> list[Change]:
        """The changes of one part."""
        return [change for change in self.changes if change.part == part]

    def affects_open(self, stage_slugs: Collection[str]) -> tuple[OpenEffect, ...]:
        """One answer for each stage that open matters stand in, in the order given."""
        return tuple(self._effect(slug) for slug in stage_slugs)

    def _effect(self, slug: str) -> OpenEffect:
        old, new = self.old.stages.get(slug), self.new.stages.get(slug)
        title = old.title if old else Title(slug)
        words = {"title": title.zh, "title_en": title.en, "old": "", "new": "", "old_en": "", "new_en": ""}
        if old is None or new is None or new.end is not None:
            effect: Effect = "gone" if new is None or old is None else "ended"
        else:
            effect = _time_effect(old.limit, new.limit)
            if effect == "unchanged" and self._touches(slug):
                effect = "changed"
            words |= {
                "old": self._zh(self.old, old.limit),
                "new": self._zh(self.new, new.limit),
                "old_en": limit_en(old.limit),
                "new_en": limit_en(new.limit),
            }
        zh, en = EFFECTS[effect]
        return OpenEffect(slug, effect, f"{zh.format(**words)}。", f"{en.format(**words)}.")

    def _zh(self, method: Method, limit: Limit | None) -> str:
        return Phrases(method, self.vocabulary).limit(limit) if limit else "没有时限"

    def _touches(self, slug: str) -> bool:
        paths = ("call_back",) if slug == CALL_BACK else (f"stages.{slug}", f"stages.{slug}.", "anywhere.")
        ours = (change.path for change in self.changes if change.rules)
        return any(path == paths[0] or path.startswith(paths[1:]) for path in ours)


def diff(old: Method, new: Method, vocabulary: Vocabulary | None = None) -> Diff:
    """Compares two versions. The vocabulary titles verbs and facts of capabilities."""
    known = vocabulary or Vocabulary({})
    before, after = pieces(old, Phrases(old, known)), pieces(new, Phrases(new, known))
    changes = [change for part in PARTS for change in _compared(part, before, after)]
    changes += _order(old, new)
    return Diff(old, new, tuple(changes), known)


def _compared(part: Part, before: Mapping[str, Piece], after: Mapping[str, Piece]) -> Iterator[Change]:
    for path in dict.fromkeys([*before, *after]):
        old, new = before.get(path), after.get(path)
        if part in {piece.part for piece in (old, new) if piece} and not _inside(path, before, after):
            yield from _change(path, old, new)


def _inside(path: str, before: Mapping[str, Piece], after: Mapping[str, Piece]) -> bool:
    """Whether it belongs to a stage that came or went as a whole: then the stage says it all."""
    parts = path.split(".")
    stage = ".".join(parts[:2])
    return parts[0] == "stages" and path != stage and (stage in before) is not (stage in after)


def _change(path: str, old: Piece | None, new: Piece | None) -> Iterator[Change]:
    if old is None and new is not None:
        yield _told("added", path, new, new.zh, new.en)
    elif old is not None and new is None:
        yield _told("removed", path, old, "", "")
    elif old is not None and new is not None and old.value != new.value:
        zh = "；".join(filter(None, (_differing(old.zh, new.zh), _named(old, new))))
        en = f"was {old.en}, is {new.en}" if old.en != new.en else ""
        if old.english != new.english:
            en = "; ".join(
                filter(None, (en, f"called “{new.english}” in English" if new.english else "no English name"))
            )
        yield replace(_told("changed", path, new, zh, en), rules=_in_chinese(old.value) != _in_chinese(new.value))


def _in_chinese(value: object) -> object:
    """A value without its English names, for comparing only."""
    if isinstance(value, Title):
        return value.zh
    if is_dataclass(value):
        return type(value), [_in_chinese(getattr(value, one.name)) for one in fields(value) if one.compare]
    if isinstance(value, Mapping):
        return {key: _in_chinese(each) for key, each in value.items()}
    return [_in_chinese(each) for each in value] if isinstance(value, list | tuple) else value


def _named(old: Piece, new: Piece) -> str:
    """What the English name is now, where it is another."""
    if old.english == new.english:
        return ""
    return f"英文名为“{new.english}”" if new.english else "去掉英文名"


def _differing(old: str, new: str) -> str:
    """原为甲；现为乙, with only the sentences that are not the same in both."""
    before, after = ([each for each in said.split("。") if each] for said in (old, new))
    was = "；".join(each for each in before if each not in after)
    now = "；".join(each for each in after if each not in before)
    if was and now:
        return f"原为{was}；现为{now}"
    return f"增加“{now}”" if now else f"去掉“{was}”" if was else ""


def _told(how: How, path: str, piece: Piece, zh: str, en: str) -> Change:
    how_zh, how_en = HOW[how]
    said_zh, said_en = (f"：{zh.rstrip('。')}" if zh else ""), (f": {en}" if en else "")
    return Change(how, piece.part, path, f"{how_zh}{piece.name_zh}{said_zh}。", f"{how_en} {piece.name_en}{said_en}.")


def _order(old: Method, new: Method) -> Iterator[Change]:
    """What depends on order: the first triage rule that fits is taken, levels go from mild to grave."""
    rules = [[rule.when.text if rule.when else "" for rule in method.triage] for method in (old, new)]
    if _reordered(*rules):
        yield Change(
            "changed", "triage", "triage", "修改分流规则的先后次序。", "Changed the order of the triage rules."
        )
    if _reordered(list(old.levels), list(new.levels)):
        yield Change("changed", "levels", "levels", "修改等级的轻重次序。", "Changed the order of the levels.")


def _reordered(old: list[str], new: list[str]) -> bool:
    return [each for each in old if each in new] != [each for each in new if each in old]


def _time_effect(old: Limit | None, new: Limit | None) -> Effect:
    """Shorter or longer at every level that differs; otherwise it has to be reckoned."""
    if _times(old) == _times(new):
        return "unchanged"
    if old is None or new is None:
        return "other_time"
    levels = sorted({*old.by_level, *new.by_level}) or [""]
    found = {_shorter_or_longer(old.at(level), new.at(level)) for level in levels} - {"unchanged"}
    return found.pop() if len(found) == 1 else "other_time" if found else "unchanged"


def _times(limit: Limit | None) -> object:
    return None if limit is None else (limit.time, dict(limit.by_level))


def _shorter_or_longer(old: Budget | DatedTime, new: Budget | DatedTime) -> Effect:
    if old == new:
        return "unchanged"
    if not isinstance(old, Budget) or not isinstance(new, Budget) or rough_minutes(old) == rough_minutes(new):
        return "other_time"
    return "longer" if longer(new, old) else "shorter"
