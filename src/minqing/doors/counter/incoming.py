"""Concerns as they are sent → `Concern`s of the kernel: places and units by their codes, within what the sender sees.

Who may report where: a post in its own area, one without an area (a department) in the whole county, a desk to which
somebody came there too (`anywhere`: nobody is turned away), a program in its county and under its own source only.
`source` and `external_id` are for programs alone: whoever could ask for another's numbers would learn of matters they
do not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minqing.base.errors import BadInput, NotFound
from minqing.doors.counter.problems import Problem, unfit
from minqing.doors.counter.shapes import LocationIn, ReporterIn, ReportIn
from minqing.kernel.matters.concerns import Concern, Contact, Location
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import Region, county_of, parse_code, range_of
from minqing.registers.regions.queries import known_places, units_by_slug

_POST = "post:"


@dataclass(frozen=True)
class Register:
    """What the reports of one request name, looked up together."""

    places: Mapping[Region, object]
    units: Mapping[str, int]
    persons: Mapping[str, int]


def looked_up(reports: Sequence[ReportIn]) -> Register:
    """Places, units and posts that exist, of all reports."""
    keys = {key for one in reports if (key := _key(one.place)) is not None}
    named = {who for one in reports for who in one.against or ()}
    posts = {who for who in named if who.startswith(_POST)}
    persons = {post: person for post in posts if (person := _person(post)) is not None}
    return Register(known_places(keys), units_by_slug(named - posts) if named - posts else {}, persons)


def _key(code: str) -> Region | None:
    try:
        return parse_code(code)
    except BadInput:
        return None


def _person(post: str) -> int | None:
    try:
        return viewer_in(int(post.removeprefix(_POST))).person
    except NotFound:
        return None


def concern_of(one: ReportIn, viewer: Viewer, register: Register, *, anywhere: bool = False) -> Concern:
    """The concern; raises Problem 403 or 422 with what to mend. `anywhere`: in the viewer's county, not their area."""
    against = [register.units[who] for who in _known(one.against, register) if who in register.units]
    people = [register.persons[who] for who in _known(one.against, register) if who in register.persons]
    return Concern(
        place=_place(one.place, viewer, register, anywhere),
        channel=one.channel,
        title=one.title,
        text=one.text,
        kind=one.kind or "",
        people=one.people or 1,
        against=tuple(against),
        against_people=tuple(people),
        severity=one.severity or "",
        location=_location(one.location),
        source=_source(one, viewer),
        external_id=one.external_id or "",
        external_due=one.external_due,
        actor=viewer,
        **_reporter(one.reporter),
    )


def _place(code: str, viewer: Viewer, register: Register, anywhere: bool) -> Region:
    key = _key(code)
    if key is None or key not in register.places:
        raise unfit(
            f"册子上没有 {code} 这个地点：请写 6 位以上的区划代码或 15 位网格编号", "no such place on the register",
            slug="place", reason="place",
        )  # fmt: skip
    areas = viewer.scope.areas
    if anywhere:
        areas = tuple(range_of(county_of(low) or low) for low, _ in areas)
    if areas and not any(low <= key < high for low, high in areas):
        raise Problem(
            403, "area", f"{code} 不在您的辖区内：请由当地登记", "outside your area: have it reported there",
            extra={"reason": "area"},
        )  # fmt: skip
    if county_of(key) is None:
        raise unfit("请写到县一级或更小的地点", "name a place within a county", slug="place", reason="place")
    return key


def _known(named: Sequence[str] | None, register: Register) -> Sequence[str]:
    for who in named or ():
        if who not in register.units and who not in register.persons:
            raise unfit(
                f"册子上没有“{who}”：against 应为单位的标识，或 post:岗位编号", f"{who} is on no register",
                slug="against", reason="against",
            )  # fmt: skip
    return named or ()


def _source(one: ReportIn, viewer: Viewer) -> str:
    if not viewer.source:
        if one.source or one.external_id:
            raise unfit(
                "source 和 external_id 只由程序的令牌使用：请去掉", "source and external_id are for tokens of programs",
                slug="source", reason="source",
            )  # fmt: skip
        return ""
    if one.source not in (None, viewer.source):
        raise Problem(
            403, "source", f"这个令牌只能以“{viewer.source}”为来源", f"this token reports as “{viewer.source}” only",
            extra={"reason": "source"},
        )  # fmt: skip
    return viewer.source


def _reporter(told: ReporterIn | None) -> dict[str, Any]:
    """The fields of a concern about who reports. Who leaves nothing to be reached by was not reported by nobody."""
    if told is None:
        return {}
    if told.nobody and (told.name or told.phone or told.unnamed):
        raise unfit(
            "reporter.nobody 表示没有反映人：请不要同时写姓名、电话", "nobody cannot have a name or phone",
            slug="reporter", reason="reporter",
        )  # fmt: skip
    how = "nobody" if told.nobody else "unnamed" if told.unnamed else "named"
    contact = Contact(**{name: getattr(told, name) or "" for name in Contact.__dataclass_fields__})
    return {"reporter": how, "wants_call_back": told.call_back, "contact": contact}


def _location(told: LocationIn | None) -> Location | None:
    return Location(told.lat, told.lon, told.address or "") if told is not None else None
