"""A method taken to pieces for comparing: where each stands in the file, its value, and how it is named and said.

Saying is the reading aloud's: a change is shown by the sentences that differ. What the block call_back makes (its
stage) is compared as the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from minqing.kernel.methods.model import CALL_BACK, Limit, Method, Move, Stage
from minqing.kernel.methods.phrases import Phrases, rung_zh
from minqing.kernel.methods.read import BLOCKS
from minqing.kernel.methods.sentences import (
    duty_zh,
    emergency_zh,
    field_zh,
    letter_zh,
    level_zh,
    measure_zh,
    move_zh,
    pause_zh,
    role_zh,
    rule_zh,
    stage_zh,
)
from minqing.kernel.methods.spoken import spoken
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.words import listed

Part = Literal[
    "head",
    "kinds",
    "roles",
    "form",
    "records",
    "levels",
    "emergencies",
    "triage",
    "stages",
    "limits",
    "rungs",
    "moves",
    "duties",
    "blocks",
    "pauses",
    "letters",
    "measures",
    "sections",
]
PARTS: tuple[Part, ...] = get_args(Part)
#: What is said of a step, not what a thing is called: its Chinese stands with the step.
REASONS = (".because", ".otherwise", ".outcome")


@dataclass(frozen=True)
class Piece:
    """One thing of a method. `zh` is said of it; `en` only where the file itself says it (times, titles)."""

    part: Part
    name_zh: str
    name_en: str
    value: object
    zh: str = ""
    en: str = ""
    english: str = ""  # its English name


def pieces(method: Method, say: Phrases) -> dict[str, Piece]:
    """Path -> piece, in the order of the file."""
    return dict(_pieces(method, say))


def limit_en(limit: Limit | None) -> str:
    """3d; plain 3d, red 24h: as the file writes it."""
    if limit is None:
        return "no limit"
    return ", ".join(f"{level} {time}" for level, time in limit.by_level.items()) or str(limit.at(None))


def _pieces(method: Method, say: Phrases) -> Iterator[tuple[str, Piece]]:
    yield from _head(method)
    yield from _intake(method, say)
    for stage in method.stages.values():
        if stage.slug != CALL_BACK:
            yield from _stage(stage, say)
    for move in method.anywhere.values():
        yield f"anywhere.{move.verb}", _move(move, None, say, "任何环节", "any stage")
    yield from _others(method, say)


def _head(method: Method) -> Iterator[tuple[str, Piece]]:
    uses = "、".join(method.uses)
    yield "title", Piece("head", "名称", "the title", method.title, method.title.zh, method.title.en)
    yield "place", Piece("head", "适用地方", "the place", method.place, method.place, method.place)
    yield "source", Piece("head", "出处", "the source", method.source, method.source, method.source)
    reasons = {trail: one.english for trail, one in method.said.items() if one.english and trail.endswith(REASONS)}
    many = len(reasons)
    yield "reasons", Piece("head", "理由的英文", "the English of reasons", reasons, f"{many}处", f"{many} of them")
    yield "uses", Piece("head", "用到的程序", "the capabilities used", method.uses, uses, ", ".join(method.uses))


def _intake(method: Method, say: Phrases) -> Iterator[tuple[str, Piece]]:
    for kind in method.kinds.values():
        takes = f"包括{listed([say.category(one) for one in kind.takes])}" if kind.takes else ""
        yield f"kinds.{kind.slug}", _titled("kinds", "事项类别", "the kind", kind.slug, kind.title, kind, takes)
    for slug, role in method.roles.items():
        yield f"roles.{slug}", _titled("roles", "角色", "the role", slug, role.title, role, role_zh(method, slug))
    for slug, field in method.form.items():
        yield f"form.{slug}", _titled("form", "表单项", "the field", slug, field.title, field, field_zh(field, say))
    for slug, title in method.records.items():
        yield f"records.{slug}", _titled("records", "材料", "the record", slug, title, title, title.zh)
    for slug, level in method.levels.items():
        yield f"levels.{slug}", _titled("levels", "等级", "the level", slug, level.title, level, level_zh(level, say))
    for one in method.emergencies:
        said = emergency_zh(one, say)
        yield (
            f"emergencies.{one.slug}",
            _titled("emergencies", "紧急情形", "the emergency", one.slug, one.title, one, said),
        )
    for rule in method.triage:
        text = rule.when.text if rule.when else "otherwise"
        name = spoken(rule.when.text, say) if rule.when else "其余的"
        names = f"分流规则（{name}）", f"the triage rule “{text}”"
        yield f"triage[{text}]", Piece("triage", *names, rule, rule_zh(rule, say))


def _titled(part: Part, zh: str, en: str, slug: str, title: Title | str, value: object, said: str = "") -> Piece:
    english = title.english if isinstance(title, Title) else ""
    return Piece(part, f"{zh}“{title}”", f"{en} {slug}", value, said, english=english)


def _stage(stage: Stage, say: Phrases) -> Iterator[tuple[str, Piece]]:
    path, zh, en = f"stages.{stage.slug}", f"环节“{stage.title}”", f"stage {stage.slug}"
    bare = replace(stage, limit=None, rungs=(), moves={})
    said = "".join(stage_zh(bare, say)) if stage.end is None else ""
    yield path, Piece("stages", zh, en, bare, said, english=stage.title.english)
    if stage.limit is not None:
        said = say.limit(stage.limit)
        names = f"{zh}的时限", f"the limit of {en}"
        yield f"{path}.limit", Piece("limits", *names, stage.limit, said, limit_en(stage.limit))
    for step in stage.rungs:
        said = "，".join(say.then(step.then, stage.above)) or "什么也不做"
        yield (
            f"{path}.rungs.{step.rung}",
            Piece("rungs", f"{zh}在“{rung_zh(step.rung)}”的处理", f"the rung {step.rung} of {en}", step.then, said),
        )
    for move in stage.moves.values():
        yield f"{path}.moves.{move.verb}", _move(move, stage.above, say, zh, en)


def _move(move: Move, above: str | None, say: Phrases, zh: str, en: str) -> Piece:
    said = move_zh(move, above, say)
    return Piece("moves", f"{zh}的操作“{say.verb(move.verb).strip('“”')}”", f"the move {move.verb} of {en}", move, said)


def _others(method: Method, say: Phrases) -> Iterator[tuple[str, Piece]]:
    for slug, duty in method.duties.items():
        yield f"duties.{slug}", _titled("duties", "任务", "the duty", slug, duty.title, duty, duty_zh(duty, say))
    for key, (title, block) in BLOCKS.items():
        value = getattr(method, key)
        if value is not None:
            yield key, Piece("blocks", title, f"the block {key}", value, "".join(block(method, say)))
    for slug, pause in method.pauses.items():
        said = pause_zh(pause, say)
        yield f"pauses.{slug}", _titled("pauses", "暂停情形", "the pause", slug, pause.title, pause, said)
    for slug, letter in method.letters.items():
        said = letter_zh(letter, say)
        yield f"letters.{slug}", _titled("letters", "文书", "the letter", slug, letter.title, letter, said)
    for measure in method.measures:
        name = say.measure(measure.slug)
        yield (
            f"measures.{measure.slug}",
            _titled("measures", "指标", "the measure", measure.slug, name, measure, measure_zh(measure, say)),
        )
    for slug, section in method.sections.items():
        yield f"sections.{slug}", _titled("sections", "专用部分", "the section", slug, slug, section)
