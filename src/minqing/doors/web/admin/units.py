"""Units: which there are, and the posts of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from minqing.base.errors import NotFound
from minqing.doors.web.admin.frame import ADMINISTRATOR, AUDITOR, part_of, shown
from minqing.doors.web.admin.seats import seats
from minqing.doors.web.admin.words import KINDS, LEVELS
from minqing.doors.web.pages import desk_page
from minqing.registers.accounts.queries import posts
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import Region, parse_code, village_of
from minqing.registers.regions.queries import UnitNamed, known_places, units_named


@require_GET
@desk_page(roles=ADMINISTRATOR + AUDITOR)
def overview(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What an administrator looks after, or an auditor looks at."""
    return shown(request, "overview", "admin")


@require_GET
@desk_page(roles=ADMINISTRATOR)
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """All units, or those with the words, of a kind, of a level."""
    words, kind, level = (request.GET.get(name, "").strip()[:60] for name in ("q", "kind", "level"))
    found = [
        unit for unit in units_named(words) if kind in ("", unit.kind) and level in ("", unit.level)
    ]  # some hundreds in a county
    staffed: dict[str, int] = {}
    for row in posts():
        staffed[row.unit] = staffed.get(row.unit, 0) + 1
    villages = known_places({village for unit in found if (village := _village(unit))})
    listed = part_of(
        request, [_line(unit, staffed.get(unit.slug, 0)) | {"village": villages.get(_village(unit))} for unit in found]
    )
    chosen = {"q": words, "kind": kind, "level": level}
    return shown(request, "units", "admin-units", chosen=chosen, kinds=KINDS, levels=LEVELS, **listed)


def _village(unit: UnitNamed) -> Region:
    """Of a grid, for it is called like those of all other villages; else 0."""
    return (village_of(parse_code(unit.place)) or 0) if unit.level == "grid" else 0


def _line(unit: UnitNamed, count: int) -> dict[str, object]:
    return {"unit": unit, "kind": KINDS[unit.kind], "level": LEVELS[unit.level], "posts": count}


@require_GET
@desk_page(roles=ADMINISTRATOR)
def one(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """One unit with who serves there; those who served too, where asked."""
    past = request.GET.get("past") == "1"
    unit = unit_of(slug)
    rows = seats(posts(slug, past=past))
    return shown(request, "unit", "admin-units", line=_line(unit, 0), rows=rows, past=past)


def unit_of(slug: str) -> UnitNamed:
    """The unit of a slug."""
    found = next((unit for unit in units_named(slug) if unit.slug == slug), None)
    if found is None:
        raise NotFound("没有这个单位：请从单位列表进入（no such unit: enter from the list）")
    return found
