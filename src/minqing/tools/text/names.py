"""Names of people, found by their surroundings: after a title or '姓名', before '先生', or where the segmenter hears a
three-character name with a common surname. The surname stays, the given name becomes 某. Rare names alone in a sentence
can escape: the masked copy lessens what is shown, the seal of the vault is what protects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import rjieba
import yaml

from minqing.tools.text.private_numbers import Found

_WORDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in yaml.safe_load((Path(__file__).parent / "data" / "names.yaml").read_text("utf-8")).items()
}
_PLAIN, _EVERYDAY, _DOUBLE = (_WORDS[f"{kind}_surnames"] for kind in ("plain", "everyday", "double"))
_BEFORE, _AFTER, _STOPS = _WORDS["before"], _WORDS["after"], _WORDS["not_given"]
_FIRST = _PLAIN | _EVERYDAY | {surname[0] for surname in _DOUBLE}
_ROAD_ENDS = frozenset("路街村镇区县市巷道桥")  # 黄兴路 is a road, however much it sounds like a person
_PLACE = re.compile(r"[村镇乡县市区省路街巷道桥组屯湾垸河湖山大小社院校店厂馆站楼园庄寨坪坝冲组公集酒医幼中]")
_BLOW = re.compile("|".join(sorted(_WORDS["blows"], key=len, reverse=True)))
_LABELLED = re.compile(r"(?:姓名|真实姓名)[ :是为]{1,3}(?P<it>[一-鿿·]{2,12})")


@dataclass(frozen=True)
class _Pieces:
    """A cut text: words, their tags, where each begins. Lists side by side: there are hundreds in every text."""

    words: Sequence[str]
    tags: Sequence[str]
    starts: Sequence[int]

    def end(self, n: int) -> int:
        return self.starts[n] + len(self.words[n])


def _pieces(folded: str) -> _Pieces:
    words, tags = zip(*rjieba.tag(folded), strict=True) if folded else ((), ())
    return _Pieces(words, tags, list(accumulate(map(len, words), initial=0)))


def surname_length(word: str) -> int:
    """2 for a double surname, 1 for a single one, 0 where the word begins with none."""
    if word[:2] in _DOUBLE:
        return 2
    return int(word[:1] in _PLAIN or word[:1] in _EVERYDAY) if word else 0


def find_names(folded: str) -> Iterator[Found]:
    pieces = _pieces(folded)
    for n in [n for n, word in enumerate(pieces.words) if word[0] in _FIRST]:
        length = surname_length(pieces.words[n])
        given = pieces.starts[n] + length
        end = _before_blow(folded, given, _name_end(pieces, n, length)) if length else 0
        if end > given and _is_believed(folded, pieces, n, end):
            yield Found(given, end, "某")
    for match in _LABELLED.finditer(folded):
        if not surname_length(match["it"]) and "某" not in match["it"]:
            yield Found(match.start("it"), _before_blow(folded, match.start("it"), match.end("it")), "某")


def _before_blow(folded: str, given: int, end: int) -> int:
    """Where the given name ends if it never swallows what was done: 陈伟打我 keeps its 打. One more character is read,
    so that 强奸 is known when only its 强 was taken for the name."""
    blow = _BLOW.search(folded, given, end + 1)
    return min(end, blow.start()) if blow else end


def _name_end(pieces: _Pieces, n: int, length: int) -> int:
    """Where the name would end that begins with piece n, its surname `length` long; 0 where there is none."""
    word, after = pieces.words[n], pieces.words[n + 1 : n + 3]
    if len(word) > length:
        if not pieces.tags[n].startswith("nr") or len(word) > length + 2 or word[length:] in _AFTER:
            return 0
        short = len(word) == length + 1
        return pieces.end(n) + int(short and bool(after) and _is_given(after[0], 1))
    if after and _is_given(after[0], 2):
        more = len(after) > 1 and len(after[0]) == 1 and _is_given(after[1], 1)
        return pieces.end(n + 2 if more else n + 1)
    return 0


def _is_given(word: str, longest: int) -> bool:
    return (
        len(word) <= longest
        and word not in _AFTER
        and word not in _BEFORE
        and _STOPS.isdisjoint(word)
        and all("一" <= character <= "鿿" for character in word)
    )


def _is_believed(folded: str, pieces: _Pieces, n: int, end: int) -> bool:
    name = folded[pieces.starts[n] : end]
    if "某" in name or _PLACE.match(folded, end):
        return False
    if _stands_after_title(pieces.words, n) or _title_follows(folded, end):
        return True
    heard = pieces.tags[n].startswith("nr") and len(name) == 3 and len(pieces.words[n]) == 3 and name[0] in _PLAIN
    return heard and name[-1] not in _ROAD_ENDS and not rjieba.has_word(name[:2])


def _stands_after_title(words: Sequence[str], n: int) -> bool:
    before = list(words[max(0, n - 3) : n])
    while before and before[-1] in {":", " ", "是", "为", "叫", "(", "、"}:
        if before.pop() == "叫":
            return True
    return bool(before) and any(before[-1][start:] in _BEFORE for start in range(len(before[-1])))


def _title_follows(folded: str, end: int) -> bool:
    return any(folded[end : end + length] in _AFTER for length in (1, 2, 3))
