"""Where a simulation plays: the casts of a county's places, by how exactly a place is known. Pure.

`made_up_county` makes one of towns, villages, grids and departments that exist nowhere (division 990101).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from minqing.registers.regions.casting import ANY_CATEGORY, Casting, UnitRow
from minqing.registers.regions.rules import Cast, Region, level_of

LEVELS = ("grid", "village", "town", "county")
BESIDE = "department"  # the desks beside the ladder: departments, courts, inspection
_COUNTY: Region = 990101 * 10**9


@dataclass(frozen=True)
class Ground:
    """Casts to report from: of grids, of villages (the grid is not known), of towns, of the county. And all desks:
    unit -> level, or 'department' for those beside the ladder."""

    grid: tuple[Cast, ...]
    village: tuple[Cast, ...]
    town: tuple[Cast, ...]
    county: tuple[Cast, ...]
    desks: dict[int, str]

    def of(self, level: str) -> Sequence[Cast]:
        """The casts of a level; the next wider ones where there are none."""
        ladder = (self.grid, self.village, self.town, self.county)[LEVELS.index(level) :]
        return next(casts for casts in ladder if casts)


def ground_of(units: Iterable[UnitRow], casting: Casting | None = None, version: str = "made up") -> Ground:
    """The ground that units make: each territorial unit's place is one to report from."""
    rows = tuple(units)
    casting = casting or Casting(rows, {}, version)
    casts: dict[str, list[Cast]] = {level: [] for level in LEVELS}
    desks = {}
    for row in rows:
        desks[row.id] = row.level if row.kind == "territory" else BESIDE
        if row.kind == "territory" and row.level in casts:
            casts[row.level].append(casting.cast(row.region))
    grid, village, town, county = (tuple(casts[level]) for level in LEVELS)
    return Ground(grid, village, town, county, desks)


def ground_from(casts: Iterable[Cast]) -> Ground:
    """The ground of the register's own casts: of grids, villages, towns and the county."""
    found: dict[str, list[Cast]] = {level: [] for level in LEVELS}
    desks: dict[int, str] = {}
    for cast in casts:
        found[level_of(cast.place)].append(cast)
        desks.update({unit: role if role in LEVELS else BESIDE for role, unit in cast.units.items()})
    grid, village, town, county = (tuple(found[level]) for level in LEVELS)
    return Ground(grid, village, town, county, desks)


def made_up_county(towns: int = 10, villages: int = 10, grids: int = 3, departments: int = 6) -> Ground:
    """A county of so many towns, with so many villages each, with so many grids each."""
    return ground_of(_units(towns, villages, grids, departments))


def _units(towns: int, villages: int, grids: int, departments: int) -> Iterator[UnitRow]:
    yield _unit(1, "演示县社会治理中心", "county", _COUNTY, None)
    yield _unit(2, "演示县纪检监察", "county", _COUNTY, 1, "inspection")
    yield _unit(3, "演示县法院", "county", _COUNTY, 1, "court")
    for number in range(departments):
        answers_for = ANY_CATEGORY if number == 0 else f"演示类{number}"
        yield _unit(10 + number, f"演示{number + 1}局", "county", _COUNTY, 1, BESIDE, answers_for)
    for town in range(1, towns + 1):
        place, unit = _COUNTY + town * 10**6, town * 10**6
        yield _unit(unit, f"演示{town}镇", "town", place, 1)
        for village in range(1, villages + 1):
            inner, below = place + village * 10**3, unit + village * 10**3
            yield _unit(below, f"演示{town}镇{village}村", "village", inner, unit)
            for grid in range(1, grids + 1):
                yield _unit(below + grid, f"{village}村{grid}网格", "grid", inner + grid, below)


def _unit(
    number: int, name: str, level: str, place: Region, above: int | None, kind: str = "territory", answers: str = ""
) -> UnitRow:
    categories = [answers] if answers else []
    slug = f"demo-{number}"
    return UnitRow(
        id=number, slug=slug, name=name, kind=kind, level=level, region=place, above=above, categories=categories
    )
