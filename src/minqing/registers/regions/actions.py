"""Writes to the register: each one transaction, checked with a sentence, noted in `journal`. Big ones work in sets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from minqing.base.errors import BadInput, Conflict
from minqing.registers.regions import events
from minqing.registers.regions.journal import note, register_held
from minqing.registers.regions.models import CalendarDay, Grid, Post, Unit, UnitHours
from minqing.registers.regions.queries import known_places, require_place, terms_of
from minqing.registers.regions.rules import (
    GRID_KINDS,
    LEVEL_TITLES,
    UNIT_KINDS,
    UNIT_LEVELS,
    Region,
    Term,
    check_level,
    check_slug,
    check_term,
    code_of,
    collides,
    grid_key,
    known,
    level_of,
    no_such_division,
    one_line,
    parse_hours,
    quoted,
    way_up,
)


@dataclass(frozen=True)
class GridPlan:
    """A grid to open; without a serial it gets the next free one of its village."""

    village: Region
    name: str
    kind: str = "rural"
    households: int | None = None
    serial: int | None = None


@dataclass(frozen=True)
class PostPlan:
    """A post to open: who serves where, as what, from when."""

    unit: str
    role: str
    person: str
    starts: dt.date
    ends: dt.date | None = None


def open_unit(
    slug: str,
    name: str,
    level: str,
    region: Region,
    kind: str = "territory",
    above: str | None = None,
    categories: Sequence[str] = (),
    name_en: str = "",
) -> int:
    """Opens one unit; `categories` are the slugs a department answers for ('*': what no other answers for)."""
    slug, name = check_slug(slug), one_line(name, "单位名称")
    known(kind, UNIT_KINDS, "单位")
    known(level, UNIT_LEVELS, "级别")
    with register_held():
        require_place(region)
        up = _unit(above) if above is not None else None
        check_level(name, level, region, up.level if up else None)
        if Unit.objects.filter(slug=slug).exists():
            raise Conflict(f"已有标识为{quoted(slug)}的单位：请换一个标识。")
        if kind == "territory" and Unit.objects.filter(kind=kind, region=region, level=level).exists():
            raise Conflict(f"{code_of(region)} 已有{LEVEL_TITLES[level]}级属地单位：一处只能有一个。")
        unit = Unit.objects.create(
            slug=slug, name=name, name_en=name_en, kind=kind, level=level, region=region, above=up,
            categories=list(dict.fromkeys(one_line(slug, "类别") for slug in categories)),
        )  # fmt: skip
        note(events.UnitsOpened((slug,)))
    return unit.id


def move_unit(slug: str, above: str | None) -> None:
    """Puts a unit under another one (or under none)."""
    with register_held():
        unit, up = _unit(slug), _unit(above) if above is not None else None
        check_level(unit.name, unit.level, unit.region, up.level if up else None)
        ladder = {own: over for own, over in Unit.objects.values_list("id", "above_id") if over is not None}
        if up is not None:
            way_up(unit.id, {**ladder, unit.id: up.id})
        Unit.objects.filter(id=unit.id).update(above=up)
        note(events.UnitMoved(slug, above))


def open_grids(plans: Sequence[GridPlan]) -> list[Region]:
    """Opens grids in villages, in one go: all or none. Returns their keys in the order of the plans."""
    for plan in plans:
        known(plan.kind, GRID_KINDS, "网格")
        if plan.households is not None and not 0 <= plan.households < 10**6:
            raise BadInput(
                f"网格{quoted(plan.name)}的户数不能是 {plan.households}：请写 0 到 999999"
                f"（no grid has {plan.households} households: write 0 to 999999）"
            )
    villages = {plan.village for plan in plans}
    with register_held():
        places = known_places(villages)
        if unknown := sorted(villages - places.keys()):
            raise BadInput(no_such_division(code_of(unknown[0])))
        keys = _grid_keys(plans)
        Grid.objects.bulk_create(
            Grid(
                key=key, village_id=plan.village, kind=plan.kind, name=one_line(plan.name, "网格名称"),
                households=plan.households,
            )
            for key, plan in zip(keys, plans, strict=True)
        )  # fmt: skip
        if keys:
            note(events.GridsOpened(tuple(keys)))
    return keys


def _grid_keys(plans: Sequence[GridPlan]) -> list[Region]:
    taken: dict[Region, set[int]] = defaultdict(set)
    stored = Grid.objects.filter(village_id__in={plan.village for plan in plans})
    for village, key in stored.values_list("village_id", "key"):
        taken[village].add(key - village)
    keys = []
    for plan in plans:
        there = taken[plan.village]
        serial = max(there, default=0) + 1 if plan.serial is None else plan.serial
        if serial in there:
            raise Conflict(f"{code_of(plan.village)} 已有序号为 {serial} 的网格：请换一个序号，或不写序号。")
        there.add(serial)
        keys.append(grid_key(plan.village, serial))
    return keys


def refuse_closed(units: Iterable[int]) -> None:
    """Nobody begins to serve in a grid that is closed."""
    grids = Unit.objects.filter(id__in=list(units), kind="territory", level="grid").values_list("region", flat=True)
    if shut := Grid.objects.filter(key__in=list(grids)).exclude(closed=None).first():
        raise BadInput(
            f"网格{quoted(shut.name)}（代码 {code_of(shut.key)}）已停用，不能再任职：请先恢复网格，或另选单位"
            f"（grid {code_of(shut.key)} is closed, nobody begins to serve there: reopen it, or choose another unit）"
        )


def open_post(unit: str, role: str, person: str, starts: dt.date, ends: dt.date | None = None) -> int:
    """Opens one post; returns its number."""
    return open_posts([PostPlan(unit, role, person, starts, ends)])[0]


def open_posts(plans: Sequence[PostPlan]) -> list[int]:
    """Opens posts in one go: all or none. Returns their numbers in the order of the plans."""
    with register_held():
        units = {unit.slug: unit.id for unit in Unit.objects.filter(slug__in={plan.unit for plan in plans})}
        refuse_closed(units.values())
        terms = []
        for at, plan in enumerate(plans, start=1):
            if plan.unit not in units:
                raise BadInput(_no_unit(plan.unit))
            person = one_line(plan.person, "姓名")
            terms.append(Term(-at, units[plan.unit], check_slug(plan.role), person, plan.starts, plan.ends))
        _check_terms(terms, terms_of(list(units.values())))
        posts = Post.objects.bulk_create(
            Post(unit_id=term.unit, role=term.role, person=term.person, starts=term.starts, ends=term.ends)
            for term in terms
        )
        note(
            *(
                events.PostOpened(post.id, plan.unit, post.role, post.starts, post.ends)
                for plan, post in zip(plans, posts, strict=True)
            )
        )
    return [post.id for post in posts]


def end_post(post: int, ends: dt.date) -> None:
    """Sets the last day of a post."""
    with register_held():
        row = _post(post)
        _check_terms([replace(row.term(), ends=ends)], terms_of([row.unit_id]))
        Post.objects.filter(id=post).update(ends=ends)
        note(events.PostEnded(post, ends))


def set_leave(
    post: int, absent_from: dt.date | None, absent_to: dt.date | None = None, stand_in: int | None = None
) -> None:
    """Who is away from when to when, and which post stands in; without dates the person is back."""
    with register_held():
        row = _post(post)
        term = replace(row.term(), absent_from=absent_from, absent_to=absent_to, stand_in=stand_in)
        check_term(term)
        if stand_in is not None and _post(stand_in).id == post:
            raise BadInput(
                f"{row.person}不能给自己代班：请另选一个岗位（nobody stands in for themselves: choose another post）"
            )
        Post.objects.filter(id=post).update(absent_from=absent_from, absent_to=absent_to, stand_in_id=stand_in)
        note(events.LeaveSet(post, absent_from, absent_to, stand_in))


def set_hours(slugs: Iterable[str], spans: str, since: dt.date) -> None:
    """Working hours of units from a day on, e.g. '08:30-12:00,14:00-17:30'; earlier ones stay on record."""
    wanted = tuple(dict.fromkeys(slugs))
    parse_hours(spans)
    with register_held():
        units = dict(Unit.objects.filter(slug__in=wanted).values_list("slug", "id"))
        if unknown := [slug for slug in wanted if slug not in units]:
            raise BadInput(_no_unit(unknown[0]))
        UnitHours.objects.bulk_create(
            (UnitHours(unit_id=unit, since=since, spans=spans) for unit in units.values()),
            update_conflicts=True, unique_fields=["unit", "since"], update_fields=["spans"],
        )  # fmt: skip
        note(events.HoursSet(wanted, spans, since))


def set_day(county: Region, day: dt.date, works: bool | None, reason: str = "") -> None:
    """The county's own day: worked or off, with the reason; None takes the county's word back."""
    with register_held():
        require_place(county)
        if level_of(county) not in ("county", "city"):
            raise BadInput(
                f"{code_of(county)} 不是县级区划：日历按县设（calendars are a county's: {code_of(county)} is none）"
            )
        if works is None:
            CalendarDay.objects.filter(county=county, day=day).delete()
        else:
            reason = one_line(reason, "调整原因")
            CalendarDay.objects.update_or_create(county=county, day=day, defaults={"works": works, "reason": reason})
        note(events.DaySet(county, day, works, reason))


def _check_terms(terms: Sequence[Term], stored: Sequence[Term]) -> None:
    beside: dict[tuple[int, str], list[Term]] = defaultdict(list)
    for term in stored:
        beside[term.unit, term.role].append(term)
    for term in terms:
        check_term(term)
        for other in beside[term.unit, term.role]:
            if collides(term, other):
                span = f"{other.starts} 到 {other.ends}" if other.ends else f"{other.starts} 起，没有结束日"
                raise Conflict(f"{term.person}的任期与{other.person}在同一岗位重叠（{span}）：请先结束前任，或改日期。")
        beside[term.unit, term.role].append(term)


def _unit(slug: str) -> Unit:
    unit = Unit.objects.filter(slug=slug[:60]).first()
    if unit is None:
        raise BadInput(_no_unit(slug))
    return unit


def _post(post: int) -> Post:
    row = Post.objects.filter(id=post).first()
    if row is None:
        raise BadInput(f"没有编号为 {post} 的岗位：请从名单里选（there is no post {post}: choose one of the list）")
    return row


def _no_unit(slug: str) -> str:
    return (
        f"没有标识为{quoted(slug)}的单位：请核对，或先开设这个单位"
        "（there is no unit of that slug: check it, or open the unit first）"
    )
