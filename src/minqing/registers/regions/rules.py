"""What holds for regions, units, posts, hours: pure, so that kernel, doors and tests share it.

`Cast` is what the kernel is handed of a place. Days are whole Chinese days, both ends included: a post runs
from `starts` to `ends`, a leave from `absent_from` to `absent_to`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from minqing.base.errors import BadInput
from minqing.base.moments import in_china
from minqing.registers.regions.codes import (
    LEVEL_TITLES,
    LEVELS,
    Region,
    code_of,
    county_of,
    grid_key,
    holds,
    is_key,
    level_of,
    lineage,
    no_such_division,
    parent,
    parse_code,
    quoted,
    range_of,
    showable,
    town_of,
    village_of,
)

__all__ = [
    "GRID_KINDS", "LATITUDES", "LEVELS", "LEVEL_TITLES", "LONGITUDES", "UNIT_KINDS", "UNIT_LEVELS", "Cast", "Region",
    "Span", "Term", "check_hours", "check_level", "check_slug", "check_spot", "check_term", "code_of", "collides",
    "county_of", "grid_key", "holds", "is_key", "known", "level_of", "lineage", "no_such_division", "on_duty",
    "one_line", "parent", "parse_code", "parse_hours", "quoted", "range_of", "relief", "town_of", "village_of",
    "way_up",
]  # fmt: skip

Span = tuple[int, int]

GRID_KINDS = {"rural": "农村网格", "urban": "城市网格", "dedicated": "专属网格"}
# Degrees between which the country lies: a pair turned round falls outside.
LATITUDES, LONGITUDES = (3.0, 54.0), (73.0, 136.0)
# territory: the ladder grid, village, town, county centre. The others stand beside it, at any level.
UNIT_KINDS = {"territory": "属地", "department": "部门", "court": "法院", "inspection": "纪检监察"}
# The levels at which units stand: a county is one instance, so none stands above the city.
UNIT_LEVELS = {level: title for level, title in LEVEL_TITLES.items() if level != "province"}
# Roles that one person holds at a time; of all others (grid worker, mediator …) a unit may have several.
SINGLE_ROLES = frozenset({"head"})


@dataclass(frozen=True)
class Cast:
    """Who serves at one place. A level that is not known of the place, or has no unit, has no entry."""

    place: Region
    # role -> unit: the five levels, 'department' (for the rest), 'department:<category>', 'court', 'inspection',
    # and 'unit:<slug>' for each of those that stand beside the ladder
    units: Mapping[str, int]
    above: Mapping[int, int]  # unit -> the unit one level up, for every unit named here and those above it
    level: Mapping[int, str]  # unit -> grid, village, town, county or city
    names: Mapping[int, str]
    hours: Mapping[int, tuple[Span, ...]]  # unit -> working spans in minutes of the day; absent = not known
    version: str


@dataclass(frozen=True)
class Term:
    """One person in one post, from when to when, and who stands in while they are away."""

    id: int
    unit: int
    role: str
    person: str
    starts: dt.date
    ends: dt.date | None = None
    absent_from: dt.date | None = None
    absent_to: dt.date | None = None
    stand_in: int | None = None

    def runs_on(self, day: dt.date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def away_on(self, day: dt.date) -> bool:
        return self.absent_from is not None and self.absent_from <= day <= (self.absent_to or dt.date.max)


def on_duty(term: Term, moment: dt.datetime, terms: Mapping[int, Term]) -> Term | None:
    """Who serves in this post now: its person, else the stand-in (or theirs), else nobody: the unit above."""
    day, seen = in_china(moment).date(), set[int]()
    serving: Term | None = term
    while serving is not None and serving.id not in seen:
        seen.add(serving.id)
        if not serving.runs_on(day):
            return None
        if not serving.away_on(day):
            return serving
        serving = terms.get(serving.stand_in) if serving.stand_in is not None else None
    return None


def way_up(unit: int, above: Mapping[int, int]) -> tuple[int, ...]:
    """The unit and all above it; a circle gets a sentence instead of an endless walk."""
    way = [unit]
    while (up := above.get(way[-1])) is not None:
        if up in way:
            raise BadInput(
                "上级单位绕成了圈：一个单位不能归自己的下级管，请另选上级"
                "（a unit cannot stand under its own: choose another unit above）"
            )
        way.append(up)
    return tuple(way)


def relief(unit: int, above: Mapping[int, int], staffed: Iterable[int]) -> int | None:
    """The nearest unit, from this one up, where somebody is on duty; None when nobody is anywhere."""
    there = frozenset(staffed)
    return next((step for step in way_up(unit, above) if step in there), None)


def check_term(term: Term) -> None:
    """Refuses a post that ends before it starts, or a leave turned round, open at its start, or outside the post."""
    if term.ends is not None and term.ends < term.starts:
        raise BadInput(
            f"{term.person}的任期结束（{term.ends}）早于开始（{term.starts}）：请改日期"
            f"（the post ends on {term.ends}, before it starts on {term.starts}: change a date）"
        )
    if term.absent_from is None:
        if term.absent_to is not None or term.stand_in is not None:
            raise BadInput(
                f"{term.person}有代班人或离岗结束日，却没有离岗开始日：请补上"
                "（a leave with an end or a stand-in needs its first day: add it）"
            )
        return
    if term.absent_to is not None and term.absent_to < term.absent_from:
        raise BadInput(
            f"{term.person}离岗的结束（{term.absent_to}）早于开始（{term.absent_from}）：请改日期"
            f"（the leave ends on {term.absent_to}, before it starts on {term.absent_from}: change a date）"
        )
    if not term.runs_on(term.absent_from):
        raise BadInput(
            f"{term.person}离岗开始日（{term.absent_from}）不在任期内：请改日期"
            f"（the leave starts on {term.absent_from}, outside of the post: change a date）"
        )


def collides(one: Term, other: Term) -> bool:
    """Whether two posts cannot both be: same unit and role, days in common, and one person or a role held by one."""
    if one.id == other.id or (one.unit, one.role) != (other.unit, other.role):
        return False
    if one.person != other.person and one.role not in SINGLE_ROLES:
        return False
    return one.starts <= (other.ends or dt.date.max) and other.starts <= (one.ends or dt.date.max)


def check_level(name: str, level: str, region: Region, above: str | None) -> None:
    """Refuses a unit whose level is not that of its area, or whose unit above stands lower than itself."""
    found = level_of(region)
    # a city without counties is city and county in one key
    if found != level and (found, level) != ("city", "county"):
        own, area = LEVEL_TITLES[level], LEVEL_TITLES[found]
        raise BadInput(
            f"{quoted(name)}是{own}级单位，{code_of(region)} 却是{area}级区划：两者要一致"
            f"（a unit of level {level} stands in a place of that level, {code_of(region)} is one of level {found}）"
        )
    if above is not None and LEVELS.index(above) > LEVELS.index(level):
        raise BadInput(
            f"{quoted(name)}是{LEVEL_TITLES[level]}级单位，上级不能是{LEVEL_TITLES[above]}级：请另选上级"
            f"（the unit above one of level {level} cannot be of level {above}: choose another）"
        )


def check_spot(lat: float, lon: float) -> None:
    """Refuses a point outside of the country."""
    if not (LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]):
        raise BadInput(
            f"北纬 {lat}、东经 {lon} 不在国内：请核对，纬度和经度是不是填反了（{lat} N, {lon} E lies outside of the"
            " country: are latitude and longitude turned round?）"
        )


_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_slug(slug: str) -> str:
    """The slug of a unit or role, if it is one: links in method files and tables go by it."""
    if len(slug) > 60 or not _SLUG.fullmatch(slug):
        raise BadInput(
            f"{quoted(slug)}不能作标识：只用小写字母、数字和连字符，最多 60 个，例如 town-330727001"
            "（no slug: small letters, digits and hyphens, at most 60, such as town-330727001）"
        )
    return slug


def known(word: str, table: Mapping[str, str], what: str) -> str:
    """The word, if the table has it; else a sentence with those it has."""
    if word not in table:
        choices = "、".join(f"{slug}（{title}）" for slug, title in table.items())
        raise BadInput(
            f"没有{quoted(word)}这种{what}：可用的有 {choices}（no such word here, it is one of: {', '.join(table)}）"
        )
    return word


def one_line(text: str, what: str, longest: int = 60) -> str:
    """The name in one clean line; refuses what is empty, too long, or cannot be shown."""
    line = " ".join(unicodedata.normalize("NFC", text[: longest * 4]).split())
    if not line:
        raise BadInput(f"{what}不能为空：请填写（this must not be empty: fill it in）")
    if len(text) > longest * 4 or len(line) > longest:
        raise BadInput(f"{what}太长：最多 {longest} 个字（too long, {longest} characters are the most: shorten it）")
    if not showable(line):
        raise BadInput(f"{what}里有不能显示的字符：{quoted(line)}。请删去（a character cannot be shown: delete it）")
    return line


_HOURS = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–—~至到]\s*([01]?\d|2[0-4]):([0-5]\d)")


def parse_hours(text: str) -> tuple[Span, ...]:
    """Working spans in minutes of the day of '08:30-12:00,14:00-17:30'; '24:00' is the end of the day."""
    spans = []
    for part in re.split(r"[,;、\s]+(?=\d)", unicodedata.normalize("NFKC", text[:400]).strip()):
        match = _HOURS.fullmatch(part.strip())
        if match is None:
            raise BadInput(
                f"看不懂工作时间{quoted(text)}：请写成 08:30-12:00,14:00-17:30"
                "（working hours are written like 08:30-12:00,14:00-17:30）"
            )
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        spans.append((from_hour * 60 + from_minute, to_hour * 60 + to_minute))
    return check_hours(tuple(spans))


def check_hours(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans, if there are some, each ends after it starts, and they stand in order without touching."""
    if not spans:
        raise BadInput("工作时间至少要有一段，例如 08:30-12:00（at least one span of hours, such as 08:30-12:00）")
    for (_, before), (start, _) in zip(((0, -1), *spans), spans, strict=False):
        if start <= before:
            raise BadInput(
                "工作时间的各段要按先后排列、互不重叠、互不相接：相接的请并成一段"
                "（spans of hours stand in order and apart: join those that touch）"
            )
    for start, end in spans:
        if not 0 <= start < end <= 24 * 60:
            raise BadInput(
                "每段工作时间要在同一天内，结束晚于开始；跨夜的请写成两段"
                "（a span of hours ends after it starts, on the same day: split one that goes over midnight）"
            )
    return spans
