"""Whom a visitor of the made-up county may be in one click: one of each role, where there is something to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from minqing.kernel.matters.queries import MOST, Wanted, listing
from minqing.registers.accounts.queries import SeatRow, posts
from minqing.registers.accounts.rules import COUNTER
from minqing.registers.regions.queries import units_by_slug

_PLACES = ("grid", "village", "town", "county")
#: How many of each role: two where one settles and another calls back.
_WANTED = {
    "grid_worker": 1, "village": 2, "town_centre": 2, "department": 1, "county_centre": 1, "leader": 1,
    "volunteer": 1, "auditor": 1, "administrator": 1,
}  # fmt: skip


def people_to_try() -> list[str]:
    """Their logins, from the grid up: the village where volunteers call back (one concern can then be played through by
    these people alone), its busiest grid, its town, a busy department."""
    seats = posts()
    busy = _held({seat.unit for seat in seats})
    village = _busiest([seat.unit for seat in seats if seat.role == "volunteer"], busy)
    code = village.removeprefix("village-")
    units = {
        "grid_worker": _busiest([seat.unit for seat in seats if seat.unit.startswith(f"grid-{code}")], busy),
        "village": village,
        "volunteer": village,
        "town_centre": f"town-{code[:9]}",
        "department": _busiest([one.unit for one in seats if one.unit.partition("-")[0] not in _PLACES], busy),
    }
    return [login for role, count in _WANTED.items() for login in _logins(seats, role, units.get(role, ""))[:count]]


def _held(units: Collection[str]) -> Counter[str]:
    """How many open matters each unit has in hand, of the latest."""
    slugs = {number: slug for slug, number in units_by_slug(list(units)).items()}
    rows = listing(COUNTER, Wanted(state="open"), limit=MOST).rows
    return Counter(slugs[row.holder] for row in rows if row.holder in slugs)


def _busiest(units: list[str], busy: Counter[str]) -> str:
    return max(units, key=lambda unit: busy[unit], default="")


def _logins(seats: list[SeatRow], role: str, unit: str) -> list[str]:
    return [seat.login for seat in seats if seat.role == role and (not unit or seat.unit == unit)]
