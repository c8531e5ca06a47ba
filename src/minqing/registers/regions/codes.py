"""Division codes as numbers: one 15-digit key from the province to the grid.

A key is the public code padded with zeros on the right: 2 digits province, 2 city, 2 county, 3 town, 3 village,
3 grid (the serial of the county's own grid inside its village). A place and all below it are one range of keys.
A city without counties (东莞 4419 = 441900) is one key: its towns hang directly under the city.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

from minqing.base.errors import BadInput

Region: TypeAlias = int

# How many keys one division of each level spans, from the widest to the narrowest.
SPANS: dict[str, int] = {
    "province": 10**13,
    "city": 10**11,
    "county": 10**9,
    "town": 10**6,
    "village": 10**3,
    "grid": 1,
}
LEVELS = tuple(SPANS)
LEVEL_TITLES = dict(zip(LEVELS, ("省", "市", "县", "乡镇", "村", "网格"), strict=True))
CODE_LENGTHS = (2, 4, 6, 9, 12, 15)

_CODE = re.compile(r"[1-9][0-9]+")


def quoted(text: str) -> str:
    """The text as a sentence may show it: one line, short, in Chinese quotation marks."""
    start = text[:25]
    shown = start if showable(start) else ascii(start)[1:-1]
    return f"“{shown[:24]}…”" if len(text) > 25 or len(shown) > 25 else f"“{shown}”"


def showable(text: str) -> bool:
    """No control characters, no halves of surrogates. Private-use ones stand: two villages of the list have them."""
    return text.isprintable() or all(ch.isprintable() or unicodedata.category(ch) == "Co" for ch in text)


def parse_code(text: str) -> Region:
    """The key of a code of 2, 4, 6, 9, 12 or 15 digits; full-width digits and blanks around it are taken."""
    code = unicodedata.normalize("NFKC", text[:40]).strip()
    if len(text) > 40 or len(code) not in CODE_LENGTHS or not _CODE.fullmatch(code):
        raise BadInput(
            f"{quoted(text)}不是区划代码：应为 2、4、6、9、12 或 15 位数字，例如磐安县是 330727"
            "（no code of a place: it has 2, 4, 6, 9, 12 or 15 digits, such as 330727）"
        )
    return int(code.ljust(15, "0"))


def is_key(key: int) -> bool:
    """Whether the number has the form of a key (15 digits, the first not zero)."""
    return 10**14 <= key < 10**15


def level_of(key: Region) -> str:
    """The level of the narrowest part that is not zero."""
    return next(level for level, span in SPANS.items() if key % span == 0)


def within_level(key: Region, level: str) -> Region:
    """The division of that level that holds the key (a key above that level is its own answer)."""
    return key - key % SPANS[level]


def parent(key: Region) -> Region | None:
    """The next wider division; None above a province."""
    return next((up for level in reversed(LEVELS) if (up := within_level(key, level)) != key), None)


def lineage(key: Region) -> tuple[Region, ...]:
    """The place itself and everything above it, narrowest first."""
    return tuple(dict.fromkeys(within_level(key, level) for level in reversed(LEVELS)))


def range_of(key: Region) -> tuple[Region, Region]:
    """All keys of a place and below: from the first included to the first not included."""
    return key, key + SPANS[level_of(key)]


def holds(area: Region, key: Region) -> bool:
    """Whether the place lies in the area (an area lies in itself)."""
    low, high = range_of(area)
    return low <= key < high


def county_of(key: Region) -> Region | None:
    """The county of a place; for a town of a city without counties, that city. None above."""
    return _own(key, "county")


def town_of(key: Region) -> Region | None:
    """The town of a place; None when only the county or wider is known."""
    return _own(key, "town")


def village_of(key: Region) -> Region | None:
    """The village of a place; None when only the town or wider is known."""
    return _own(key, "village")


def _own(key: Region, level: str) -> Region | None:
    return within_level(key, level) if LEVELS.index(level_of(key)) >= LEVELS.index(level) else None


def code_of(key: Region) -> str:
    """The code as a clerk knows it: without the padding (330727, 330727001, 330727001002 …)."""
    return str(key)[: CODE_LENGTHS[LEVELS.index(level_of(key))]]


def grid_key(village: Region, serial: int) -> Region:
    """The key of a grid: the village's 12-digit code times 1000, plus the serial."""
    if level_of(village) != "village":
        raise BadInput(
            f"网格要建在村（社区）下面：{quoted(code_of(village))}不是 12 位的村级代码"
            f"（a grid stands in a village: {code_of(village)} is not the 12-digit code of one）"
        )
    if not 1 <= serial <= 999:
        raise BadInput(
            f"网格序号要在 1 到 999 之间，这里是 {serial}（the number of a grid is 1 to 999, here it is {serial}）"
        )
    return village + serial


def no_such_division(code: str) -> str:
    """The sentence for a code that the register does not know."""
    return (
        f"没有代码为 {quoted(code)} 的区划：请核对代码；若本县区划还没有载入，请先载入"
        "（no such place: check the code, or load the places of the county first）"
    )
