"""Reads of the register. `casts` is what the kernel asks for: any number of places in three statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.registers.regions.casting import Casting, UnitRow
from minqing.registers.regions.models import CalendarDay, Division, Grid, Post, Unit, UnitHours
from minqing.registers.regions.rules import (
    LEVEL_TITLES,
    LEVELS,
    Cast,
    Region,
    Span,
    Term,
    code_of,
    lineage,
    no_such_division,
    on_duty,
    one_line,
    parse_code,
    parse_hours,
    quoted,
    range_of,
    relief,
)
from minqing.registers.regions.versions import shelf, version

_KEPT = 4_000  # casts (and places) a process keeps: some 12 KB each in a county with 60 departments

_AROUND = """
    with recursive named as (
        select id, slug, name, kind, level, region, above_id, categories from regions_unit where region = any(%s)
        union
        select up.id, up.slug, up.name, up.kind, up.level, up.region, up.above_id, up.categories
        from regions_unit up join named on up.id = named.above_id
    ) select * from named
"""
_TERMS = """
    with recursive term as (
        select * from regions_post where unit_id = any(%s)
        union
        select other.* from regions_post other join term on other.id = term.stand_in_id
    ) select id, unit_id, role, person, starts, ends, absent_from, absent_to, stand_in_id from term
"""


@dataclass(frozen=True)
class Place:
    """One division or grid, as a door shows it."""

    key: Region
    name: str
    level: str


def casts(places: Collection[Region], on: dt.date | None = None) -> dict[Region, Cast]:
    """Who serves at each place, with the hours in force on a day (today). Unknown keys get what their area has."""
    day = on or moments.today()
    number = version()
    kept = shelf(f"casts {day}", number)
    found = {place: kept[place] for place in places if place in kept}
    if missing := set(places).difference(found):
        made = _cast(missing, day, f"{number}/{day}")
        found |= made
        if len(kept) + len(made) <= _KEPT:
            kept.update(made)
    return found


def _cast(places: set[Region], day: dt.date, called: str) -> dict[Region, Cast]:
    areas = {area for place in places for area in lineage(place)}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, [list(areas)])
        rows = [UnitRow(*row) for row in cursor.fetchall()]
    casting = Casting(rows, hours_on([row.id for row in rows], day), called)
    return {place: casting.cast(place) for place in places}


def hours_on(units: Collection[int], day: dt.date) -> dict[int, tuple[Span, ...]]:
    """The working spans in force on that day, of the units that have any."""
    rows = (
        UnitHours.objects.filter(unit_id__in=units, since__lte=day)
        .order_by("unit_id", "-since").distinct("unit_id").values_list("unit_id", "spans")
    )  # fmt: skip
    spans: dict[str, tuple[Span, ...]] = {}
    return {unit: spans.setdefault(text, parse_hours(text)) for unit, text in rows}


def calendar_days(county: Region) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """The county's own days: those off, and those worked, over and above the decreed calendar."""
    kept = shelf("days")
    if county not in kept:
        days: dict[bool, set[dt.date]] = {True: set(), False: set()}
        for day, works in CalendarDay.objects.filter(county=county).values_list("day", "works"):
            days[works].add(day)
        kept[county] = frozenset(days[False]), frozenset(days[True])
    found: tuple[frozenset[dt.date], frozenset[dt.date]] = kept[county]
    return found


def units_by_slug(slugs: Iterable[str]) -> dict[str, int]:
    """The numbers of the units that exist under these slugs."""
    return dict(Unit.objects.filter(slug__in=list(slugs)).values_list("slug", "id"))


_slugs: dict[tuple[str, int], str] = {}  # database and unit -> slug: it never changes


def slugs_of(units: Iterable[int]) -> dict[int, str]:
    """The slugs of these units; what is no unit has no entry."""
    name = str(connection.settings_dict["NAME"])
    if missing := [unit for unit in units if (name, unit) not in _slugs]:
        found = Unit.objects.filter(id__in=missing).values_list("id", "slug")
        _slugs.update({(name, unit): slug for unit, slug in found})
    return {unit: _slugs[name, unit] for unit in units if (name, unit) in _slugs}


def names_of_units(units: Collection[int]) -> dict[int, str]:
    """What these units are called today; what is no unit has no entry."""
    kept = shelf("names")
    if missing := [unit for unit in units if unit not in kept]:
        kept.update(Unit.objects.filter(id__in=missing).values_list("id", "name"))
    return {unit: kept[unit] for unit in units if unit in kept}


def on_duty_in(units: Collection[int], moment: dt.datetime, role: str | None = None) -> dict[int, tuple[Term, ...]]:
    """Who serves in each unit now (of one role, if given), stand-ins in the place of those away."""
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, [list(units)])
        terms = {row[0]: Term(*row) for row in cursor.fetchall()}
    serving: dict[int, dict[int, Term]] = {unit: {} for unit in units}
    for term in sorted(terms.values(), key=lambda term: (term.starts, term.id)):
        if term.unit not in serving or role not in (None, term.role):
            continue
        if (there := on_duty(term, moment, terms)) is not None:
            serving[term.unit][there.id] = there
    return {unit: tuple(there.values()) for unit, there in serving.items()}


def relieved(units: Collection[int], moment: dt.datetime, role: str | None = None) -> dict[int, int | None]:
    """For each unit the nearest one, from itself up, where somebody is on duty now; None when nobody is anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND.replace("region = any", "id = any"), [list(units)])
        above = {row[0]: UnitRow(*row).above for row in cursor.fetchall()}
    staffed = {unit for unit, there in on_duty_in(above, moment, role).items() if there}
    ladder = {unit: up for unit, up in above.items() if up is not None}
    return {unit: relief(unit, ladder, staffed) for unit in units}


def known_places(keys: Collection[Region]) -> dict[Region, Place]:
    """Those of the keys that are divisions or grids of the register."""
    kept = shelf("places")
    if missing := [key for key in keys if key not in kept]:
        found = {row.code: _place(row) for row in Division.objects.filter(code__in=missing)}
        for key, name in Grid.objects.filter(key__in=missing).values_list("key", "name"):
            found[key] = Place(key, name, "grid")
        if len(kept) + len(found) > _KEPT:
            return found | {key: kept[key] for key in keys if key in kept}
        kept.update(found)
    return {key: kept[key] for key in keys if key in kept}


def require_place(key: Region) -> Place:
    """The place, or the sentence that there is none."""
    if (place := known_places([key]).get(key)) is None:
        raise BadInput(no_such_division(code_of(key)))
    return place


def divisions_in(area: Region, level: str) -> list[Place]:
    """All divisions of one level in an area, in the order of their codes."""
    low, high = range_of(area)
    rows = Division.objects.filter(code__gte=low, code__lt=high, level=LEVELS.index(level)).order_by("code")
    return [_place(row) for row in rows]


def grids_in(area: Region) -> list[Place]:
    """The grids of an area that are not closed, in the order of their keys."""
    low, high = range_of(area)
    rows = Grid.objects.filter(key__gte=low, key__lt=high, closed=None).order_by("key").values_list("key", "name")
    return [Place(key, name, "grid") for key, name in rows]


def find_division(name: str, within: Region | None = None) -> Place:
    """The division of that name or code in an area; the short form does (磐安 for 磐安县), the widest level wins."""
    name = one_line(name, "区划名称")
    if name.isdecimal():
        return require_place(parse_code(name))
    low, high = range_of(within) if within is not None else (0, 10**15)
    rows = Division.objects.filter(code__gte=low, code__lt=high).order_by("level", "code")
    found = [_place(row) for row in rows.filter(name=name)[:200]]
    found = found or [_place(row) for row in rows.filter(name__in=[name + tail for tail in _TAILS])[:200]]
    if not found:
        raise BadInput(
            f"没有叫{quoted(name)}的区划：请写全称，或写区划代码（no such place: write its name in full, or its code）"
        )
    widest = [place for place in found if place.level == found[0].level]
    if len(widest) > 1:
        shown = "、".join(f"{place.name}（{code_of(place.key)}）" for place in widest[:3])
        title = LEVEL_TITLES[widest[0].level]
        raise BadInput(
            f"叫{quoted(name)}的{title}级区划不止一个：{shown}{'等' if len(widest) > 3 else ''}。请写代码"
            "（several places have that name: write the code）"
        )
    return widest[0]


# What a clerk leaves out of a name. Ethnic autonomous places are asked for by their full name or their code.
_TAILS = (
    "省", "市", "自治区", "地区", "盟", "州", "县", "区", "自治县", "旗", "街道", "镇", "乡", "街道办事处",
    "村", "社区", "村委会", "村民委员会", "居委会", "居民委员会", "社区居委会", "社区居民委员会", "村村委会",
)  # fmt: skip


def _place(row: Division) -> Place:
    return Place(row.code, row.name, LEVELS[row.level])


def terms_of(units: Collection[int]) -> list[Term]:
    """Every post of these units, past and to come."""
    return [post.term() for post in Post.objects.filter(unit_id__in=units).order_by("unit_id", "starts", "id")]


@dataclass(frozen=True)
class UnitNamed:
    """A unit as a list shows it."""

    slug: str
    name: str
    kind: str
    level: str
    place: str


def units_named(words: str = "") -> list[UnitNamed]:
    """The units whose name or slug holds the words (all, without any), by place."""
    rows = Unit.objects.filter(Q(name__contains=words) | Q(slug__contains=words)) if words else Unit.objects.all()
    return [
        UnitNamed(slug, name, kind, level, code_of(region))
        for slug, name, kind, level, region in rows.order_by("region", "id").values_list(
            "slug", "name", "kind", "level", "region"
        )
    ]
