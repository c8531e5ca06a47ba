"""How units become casts: what stands at a wider place is handed down, what stands nearer takes its role over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from minqing.registers.regions.codes import Region, parent
from minqing.registers.regions.rules import Cast, Span, way_up

ANY_CATEGORY = "*"


class UnitRow(NamedTuple):
    """One unit as the register stores it."""

    id: int
    slug: str
    name: str
    kind: str
    level: str
    region: Region
    above: int | None
    categories: list[str]

    def roles(self) -> tuple[str, ...]:
        """What it is asked as. A department that answers for '*' is 'department': whatever no other answers for.

        Whatever stands beside the ladder is also asked by its own name ('unit:<slug>'), as method files may do.
        """
        if self.kind == "territory":
            return (self.level,)
        if self.kind == "department":
            roles = ["department" if slug == ANY_CATEGORY else f"department:{slug}" for slug in self.categories]
        else:
            roles = [self.kind]
        return (*roles, f"unit:{self.slug}")


class Casting:
    """Casts of any number of places from the units around them; places under one area share its part."""

    def __init__(self, units: Iterable[UnitRow], hours: Mapping[int, tuple[Span, ...]], version: str) -> None:
        self.rows = {unit.id: unit for unit in units}
        self.above = {unit.id: unit.above for unit in self.rows.values() if unit.above is not None}
        self.hours, self.version = hours, version
        self.at: dict[Region, list[UnitRow]] = defaultdict(list)
        for unit in sorted(self.rows.values(), reverse=True):  # the first opened is written last, and stays
            self.at[unit.region].append(unit)
        self._made: dict[Region, Cast] = {}

    def cast(self, place: Region) -> Cast:
        if place not in self._made:
            self._made[place] = self._grown(place)
        return self._made[place]

    def _grown(self, place: Region) -> Cast:
        wider = parent(place)
        base = Cast(0, {}, {}, {}, {}, {}, self.version) if wider is None else self.cast(wider)
        own = self.at.get(place)
        if own is None:
            return Cast(place, base.units, base.above, base.level, base.names, base.hours, self.version)
        roles = {role: unit.id for unit in own for role in unit.roles()}
        chain = {step for unit in roles.values() for step in way_up(unit, self.above)}
        return Cast(
            place,
            units={**base.units, **roles},
            above={**base.above, **{step: self.above[step] for step in chain if step in self.above}},
            level={**base.level, **{step: self.rows[step].level for step in chain}},
            names={**base.names, **{step: self.rows[step].name for step in chain}},
            hours={**base.hours, **{step: self.hours[step] for step in chain if step in self.hours}},
            version=self.version,
        )
