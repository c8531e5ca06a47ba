"""The county's places: towns, villages and grids with who serves there, as a table and as points on a map.

Map and table show the same places. No matter is counted here: an administrator sees none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.doors.counter.trial import trial_logins
from minqing.doors.exchange.writing import as_csv, as_xlsx
from minqing.doors.web.admin.frame import ADMINISTRATOR, part_of, shown
from minqing.doors.web.admin.words import LEVELS, role_title
from minqing.doors.web.pages import desk_page
from minqing.registers.accounts.queries import posts
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import LEVEL_TITLES, Region, code_of, county_of, lineage, range_of, town_of
from minqing.registers.regions.place_cells import COLUMNS, KINDS, STATES
from minqing.registers.regions.places import PlaceRow, UnitThere, place_of_unit, places_in, units_at
from minqing.registers.regions.queries import names_of_units, relieved

GRIDS: Mapping[str, object] = {"rural": _("农村网格"), "urban": _("城市网格"), "dedicated": _("专属网格")}
_KIND_WORDS = {slug: title for title, slug in KINDS.items()}
_STATE_WORDS = {slug: title for title, slug in STATES.items()}
_DEPTHS = {level: number for number, level in enumerate(("city", "county", "town", "village", "grid"))}
_NAMED = 3  # people of a role that are named
_PAGE = 200  # places of a page: a town with all that lies in it
_FILES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Line:
    """A place in words. `way`: the places it lies in, below the county. `others`: units of the county beside its own.
    `relief`: who does its work where nobody serves; '' where somebody does, or nobody anywhere."""

    row: PlaceRow
    code: str
    level: object
    kind: object
    way: str
    depth: int
    unit: UnitThere | None
    others: int
    serving: Sequence[tuple[str, list[str], int]]  # role, the first names, how many more
    relief: str
    villages: int = 0
    grids: int = 0


@require_GET
@desk_page(roles=ADMINISTRATOR)
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The county and its towns; one town with all that lies in it; or what has the words."""
    county = county_here(viewer)
    every = places_in(county)
    words, at, empty = (request.GET.get(name, "").strip()[:60] for name in ("q", "town", "only"))
    towns = [row for row in every if row.level == "town"]
    town = next((row.key for row in towns if code_of(row.key) == at), 0)
    listed = part_of(request, _wanted(every, words, town, empty == "unlocated"), _PAGE)
    lines = _lines(list(listed["part"]), every)
    return shown(
        request, "regions", "admin-regions", lines=lines, points=_points(lines), towns=[_named(row) for row in towns],
        chosen={"q": words, "town": at if town else "", "only": empty}, made_up=bool(trial_logins()),
        without=sum(line.row.spot is None for line in lines), **listed,
    )  # fmt: skip


def county_here(viewer: Viewer) -> Region:
    """The county that an administrator looks after."""
    place = place_of_unit(viewer.unit)
    return county_of(place) or place


def _wanted(every: Sequence[PlaceRow], words: str, town: Region, unlocated: bool) -> list[PlaceRow]:
    """Without a wish: the county and its towns, which are a page; the rest lies one step further."""
    if not words and not town and not unlocated:
        return [row for row in every if row.level not in ("village", "grid")]
    return [
        row
        for row in every
        if (not town or town_of(row.key) == town)
        and (words in row.name or code_of(row.key).startswith(words))
        and (not unlocated or row.spot is None)
    ]


def _named(row: PlaceRow) -> tuple[str, str]:
    return code_of(row.key), row.name


def _lines(rows: Sequence[PlaceRow], every: Sequence[PlaceRow]) -> list[Line]:
    keys = [row.key for row in rows]
    units = units_at(keys)
    own = {key: there[0] for key, there in units.items() if there[0].kind == "territory"}
    nearest = relieved([unit.id for unit in own.values()], moments.now())
    names = names_of_units([unit for unit in nearest.values() if unit is not None])
    served = _served()
    places = {row.key: row for row in every}
    top = min((_DEPTHS[row.level] for row in rows), default=0)
    made = []
    for row in rows:
        unit = own.get(row.key)
        by = nearest.get(unit.id) if unit is not None else None
        way = [
            places[up].name for up in lineage(row.key)[1:] if up in places and places[up].level in ("town", "village")
        ]
        others = len(units.get(row.key, ())) - (unit is not None)
        serving = served.get(unit.slug, ()) if unit is not None else ()
        relief = names.get(by, "") if by is not None and unit is not None and by != unit.id else ""
        made.append(
            Line(
                row,
                code_of(row.key),
                LEVELS[row.level],
                GRIDS.get(row.kind, ""),
                " › ".join(reversed(way)),
                _DEPTHS[row.level] - top,
                unit,
                others,
                serving,
                relief,
                *_counts(row, every),
            )
        )
    return made


def _served() -> dict[str, list[tuple[str, list[str], int]]]:
    """Of each unit the roles that are filled today, with the first of the people."""
    found: dict[str, dict[str, list[str]]] = {}
    for seat in posts():
        if seat.starts <= moments.today():
            found.setdefault(seat.unit, {}).setdefault(role_title(seat.role), []).append(seat.person)
    return {
        unit: [(role, people[:_NAMED], max(0, len(people) - _NAMED)) for role, people in roles.items()]
        for unit, roles in found.items()
    }


def _counts(row: PlaceRow, every: Sequence[PlaceRow]) -> tuple[int, int]:
    """How many villages and grids in service lie in a place."""
    if row.level == "grid":
        return 0, 0
    low, high = range_of(row.key)
    inside = [one for one in every if low < one.key < high]
    return (
        sum(one.level == "village" for one in inside),
        sum(one.level == "grid" and one.closed is None for one in inside),
    )


def _points(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What the map draws: the places of the table that have a point."""
    located = {line.row.key for line in lines if line.row.spot is not None}
    return [
        {
            "code": line.code, "name": line.row.name, "level": line.row.level, "closed": line.row.closed is not None,
            "at": line.row.spot, "said": ", ".join(role for role, _people, _more in line.serving) or line.relief,
            "up": next((code_of(up) for up in lineage(line.row.key)[1:] if up in located), ""),
        }
        for line in lines
        if line.row.spot is not None
    ]  # fmt: skip


@require_GET
@desk_page(roles=ADMINISTRATOR)
def file(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list of places as it stands, in the form in which it is taken back; or its empty form."""
    form, county = request.GET.get("as", "csv"), county_here(viewer)
    if form not in _FILES:
        raise BadInput("只有 CSV 和 XLSX 两种（there is CSV and XLSX）")
    every = places_in(county)
    names = {row.key: row.name for row in every}
    rows = [] if request.GET.get("empty") == "1" else [_cells(row, names) for row in every if row.key != county]
    columns = list(COLUMNS.values())
    content = as_csv(columns, rows) if form == "csv" else as_xlsx(columns, rows, "places")
    name = f"places-{code_of(county)}{'' if rows else '-empty'}.{form}"
    return HttpResponse(
        content, content_type=_FILES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _cells(row: PlaceRow, names: Mapping[Region, str]) -> list[str]:
    above = lineage(row.key)[1]
    grid = row.level == "grid"
    told = {
        "code": code_of(row.key), "level": LEVEL_TITLES[row.level], "name": row.name, "above": code_of(above),
        "above_name": names.get(above, ""), "kind": _KIND_WORDS.get(row.kind, ""),
        "households": "" if row.households is None else str(row.households),
        "lat": "" if row.spot is None else str(row.spot[0]), "lon": "" if row.spot is None else str(row.spot[1]),
        "state": _STATE_WORDS["closed" if row.closed else "open"] if grid else "",
    }  # fmt: skip
    return [told[column] for column in COLUMNS]
