"""Reads of places for lists and maps: what the register has of each, from the county down to its grids."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from minqing.registers.regions.models import Division, Grid, Spot, Unit
from minqing.registers.regions.rules import LEVELS, Region, range_of


@dataclass(frozen=True)
class PlaceRow:
    """A division or grid with all that stands of it; kind and households are a grid's only."""

    key: Region
    name: str
    level: str
    kind: str = ""
    households: int | None = None
    closed: dt.date | None = None
    spot: tuple[float, float] | None = None  # degrees north, degrees east


@dataclass(frozen=True)
class UnitThere:
    """A unit that stands at a place."""

    id: int
    slug: str
    name: str
    kind: str


def places_in(area: Region) -> list[PlaceRow]:
    """The area and everything in it, closed grids too, each before what lies in it."""
    low, high = range_of(area)
    spots = {one.place: (one.lat, one.lon) for one in Spot.objects.filter(place__gte=low, place__lt=high)}
    rows = [
        PlaceRow(code, name, LEVELS[level], spot=spots.get(code))
        for code, name, level in Division.objects.filter(code__gte=low, code__lt=high).values_list(
            "code", "name", "level"
        )
    ]
    rows += [
        PlaceRow(grid.key, grid.name, "grid", grid.kind, grid.households, grid.closed, spots.get(grid.key))
        for grid in Grid.objects.filter(key__gte=low, key__lt=high)
    ]
    return sorted(rows, key=lambda row: row.key)


def units_at(places: Collection[Region]) -> dict[Region, list[UnitThere]]:
    """The units of each place, that of its own area first."""
    found: dict[Region, list[UnitThere]] = defaultdict(list)
    rows = Unit.objects.filter(region__in=places).order_by("id")
    for unit in sorted(rows, key=lambda unit: unit.kind != "territory"):
        found[unit.region].append(UnitThere(unit.id, unit.slug, unit.name, unit.kind))
    return dict(found)


def place_of_unit(unit: int) -> Region:
    """Where a unit stands."""
    return Unit.objects.values_list("region", flat=True).get(id=unit)
