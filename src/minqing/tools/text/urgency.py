"""Emergencies: words and patterns by which a text goes to a person at once. Leans to alarm: a word counts unless a
false friend, a denial right before it, or (for accidents only) a mere "容易" or "万一" takes it back. The words are in
data/urgency.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import yaml

from minqing.tools.text.segment import fold
from minqing.tools.text.suggestion import Reason

_WORDS = Path(__file__).parent / "data" / "urgency.yaml"
_DENIED = re.compile(
    r"(?:没有|没|未|未曾|从未|并未|不是|并非|避免|防止|以免|免得|免于|预防|防范|杜绝|严禁|禁止|谨防|反对|不会|不要|不能|不准|别|勿|反|防)"
    r"(?:再|发生|造成|出现|引发|引起|导致|任何|人员|有人|人|被|会|去|要|选择|想|的|了|过){0,3}$"
)
_SUPPOSED = re.compile(
    r"(?:容易|极易|易|怕|担心|害怕|万一|如果|假如|要是|若|一旦|倘若|遇到|遇|可能会?|会|将|足以|潜在)"
    r"(?:发生|造成|出现|引发|引起|导致|有|产生|酿成|的|会|让|使|有人|人员|人|重大|严重|大|小|更大){0,4}$"
)
_TOLD_OF = re.compile(
    r"(?:隐患|预防|演练|演习|宣传|知识|讲座|培训|预案|保险|防控|逃生课|警示教育|题材|游戏|电影|小说|新闻里)"
)
_BEFORE = 10
_BLANKS = re.compile(r"(?<=[一-鿿])[ \u200b-\u200f\u2060\ufeff]+(?=[一-鿿])")  # "跳 楼"


@dataclass(frozen=True)
class _Alarm:
    tag: str
    zh: str
    supposed: bool
    friends: re.Pattern[str]
    patterns: tuple[re.Pattern[str], ...]


@cache
def _alarms() -> tuple[_Alarm, ...]:
    listed: Mapping[str, dict[str, object]] = yaml.safe_load(_WORDS.read_text("utf-8"))
    return tuple(_alarm(tag, words) for tag, words in listed.items())


def _alarm(tag: str, words: Mapping[str, object]) -> _Alarm:
    friends, patterns = words["friends"], words["patterns"]
    assert isinstance(friends, list) and isinstance(patterns, list)
    alike = re.compile("|".join(sorted(map(re.escape, friends), key=len, reverse=True)))
    return _Alarm(tag, str(words["zh"]), bool(words.get("supposed")), alike, tuple(map(re.compile, patterns)))


def urgency_tags() -> Mapping[str, str]:
    """Every tag that an emergency can have, with its Chinese name."""
    return {alarm.tag: alarm.zh for alarm in _alarms()}


def find_urgency(title: str, text: str) -> tuple[Reason, ...]:
    """One reason per tag at most; `what` is the tag. Blanks between characters are read as they stand and closed."""
    folded = fold(f"{title}\n{text}")
    closed = _BLANKS.sub("", folded)
    readings = (folded,) if closed == folded else (folded, closed)
    found = ((alarm, next(chain.from_iterable(_heard(alarm, one) for one in readings), None)) for alarm in _alarms())
    return tuple(
        Reason(alarm.tag, f"文中有“{words}”，{alarm.zh}，请立即由人处理。")
        for alarm, words in found
        if words is not None
    )


def _heard(alarm: _Alarm, folded: str) -> Iterator[str]:
    plain = alarm.friends.sub(lambda friend: " " * len(friend.group()), folded)
    for pattern in alarm.patterns:
        for match in pattern.finditer(plain):
            if not _taken_back(alarm, plain, match.start(), match.end()):
                yield "…".join(filter(None, match.groups()))


def _taken_back(alarm: _Alarm, text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _BEFORE) : start]
    if _DENIED.search(before) or _TOLD_OF.match(text, end):
        return True
    return alarm.supposed and bool(_SUPPOSED.search(before))
