"""Which place a report is about, for who holds no QR code: county → town → village → grid, or by name. Plain links."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minqing.base.errors import BadInput
from minqing.doors.web.pages import open_page
from minqing.kernel.matters.versions import current_methods
from minqing.registers.regions.codes import Region, code_of, level_of, lineage, parse_code
from minqing.registers.regions.queries import Place, divisions_in, grids_in, known_places

MOST_FOUND = 40  # places a search shows
LONGEST_NAME = 40  # characters that are looked for
_BELOW = {"county": "town", "town": "village"}


@dataclass(frozen=True)
class Shown:
    """One place as a line of a list: its code, its name, and above it where it lies."""

    code: str
    name: str
    within: str = ""


@open_page
def choose_place(request: HttpRequest) -> HttpResponse:
    """The places below the one chosen so far, or those that a name finds."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST_NAME]
    counties = served_counties()
    area = _chosen(request.GET.get("in", ""), counties) or (counties[0].key if len(counties) == 1 else None)
    below = [] if words else counties if area is None else _below(area)
    found = _found(counties, words) if words else []
    context = {
        "words": words,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "path": path_of(area) if area is not None else [],
        "chosen": _shown_one(area) if area is not None and level_of(area) in ("village", "town") else None,
        "level": level_of(area) if area is not None else "",
        "below": [Shown(code_of(place.key), place.name) for place in below],
    }
    return render(request, "web/resident/choose_place.html", context)


def served_counties() -> list[Place]:
    """The counties that a published method serves."""
    keys = {parse_code(method.place) for method in current_methods() if len(method.place) == 6}
    return sorted(known_places(keys).values(), key=lambda place: place.key)


def place_named(code: str) -> Place | None:
    """The place of a code as it stands in an address; None: there is none, or it is wider than a county."""
    try:
        key = parse_code(code)
    except BadInput:
        return None
    wide = level_of(key) in ("province", "city")
    return None if wide else known_places([key]).get(key)


def path_of(key: Region) -> list[Shown]:
    """The place and what it lies in, from the county down."""
    areas = [area for area in reversed(lineage(key)) if level_of(area) not in ("province", "city")]
    known = known_places(areas)
    return [Shown(code_of(area), known[area].name) for area in areas if area in known]


def _chosen(code: str, counties: list[Place]) -> Region | None:
    place = place_named(code) if code else None
    if place is None or not any(county.key in lineage(place.key) for county in counties):
        return None
    return place.key


def _below(area: Region) -> list[Place]:
    level = level_of(area)
    return divisions_in(area, _BELOW[level]) if level in _BELOW else grids_in(area) if level == "village" else []


def _shown_one(key: Region) -> Shown:
    return path_of(key)[-1]


def _found(counties: list[Place], words: str) -> list[Shown]:
    """Places whose name holds every word, or whose code begins so; the wider first."""
    asked = words.split(" ")
    every = [
        place
        for county in counties
        for places in (divisions_in(county.key, "town"), divisions_in(county.key, "village"), grids_in(county.key))
        for place in places
    ]
    hits = [place for place in every if code_of(place.key) == words or all(word in place.name for word in asked)]
    hits = hits[: MOST_FOUND + 1]
    return [
        Shown(code_of(place.key), place.name, " ".join(one.name for one in path_of(place.key)[1:-1])) for place in hits
    ]
