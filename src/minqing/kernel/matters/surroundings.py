"""Gathers what `decide` is handed: who serves at the place, calendar and hours, whom the words complain of."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from minqing.kernel.clock.calendars import Calendar, decreed_calendar
from minqing.kernel.clock.hours import Hours
from minqing.kernel.matters.commands import Context
from minqing.registers.accounts.queries import staff_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import county_of, is_key
from minqing.registers.regions.queries import calendar_days, casts
from minqing.registers.regions.rules import Cast, Region, Span
from minqing.registers.regions.versions import shelf

Facts = Mapping[str, int | float | bool | str]
_KEPT = 1_000  # places a process keeps
Staff = Mapping[int, tuple[tuple[int, str], ...]]  # unit -> (person, name) of those who serve in it

# What the reader calls a body -> the level whose unit at the place is meant; others are found by name.
_LEVELS = {
    "village-committee": "village", "community": "village", "cadre": "village", "township": "town",
    "grid-worker": "grid", "court": "court", "police": "department:order", "county": "county",
}  # fmt: skip
# Words of the street for a department: found by what it answers for, as its name does not hold them.
_ALIASES = {"城管": "department:city", "交警": "department:order", "派出所": "department:order"}


@dataclass(frozen=True)
class Place:
    """What stands around one place: who serves there and in which unit, the working hours, the county's calendar."""

    cast: Cast
    calendar: Calendar
    hours: Mapping[int, Hours]
    staff: Staff


@dataclass(frozen=True)
class Surroundings:
    """What stands around some places: read once for many decisions."""

    places: Mapping[Region, Place]

    def context(self, place: Region, moment: datetime, actor: Viewer, facts: Facts) -> Context:
        """What a decision about a matter at that place is handed."""
        there = self.places[place]
        return Context(moment, actor, there.cast, there.calendar, there.hours, facts, there.staff)

    def with_calendar(self, county: Region, calendar: Calendar) -> Surroundings:
        """The same places, those of a county on another calendar: to reckon what it would change."""
        return Surroundings(
            {
                place: replace(there, calendar=calendar) if _county(place) == county else there
                for place, there in self.places.items()
            }
        )


def around(places: Collection[Region]) -> Surroundings:
    """Reads the register for these places, in a handful of statements however many they are; none for places that a
    process knows already in this version of the register."""
    kept = shelf("surroundings")
    known = {place: kept[place] for place in places if place in kept}
    if missing := set(places).difference(known):
        made = _read(missing)
        known |= made
        if len(kept) + len(made) <= _KEPT:
            kept.update(made)
    return Surroundings(known)


def _read(places: Collection[Region]) -> dict[Region, Place]:
    found = casts(places)
    calendars = {county: calendar_of(county) for county in {_county(place) for place in places}}
    staff = staff_of({unit for cast in found.values() for unit in cast.names})
    return {
        place: Place(
            cast,
            calendars[_county(place)],
            {unit: _hours(spans) for unit, spans in cast.hours.items()},
            {unit: staff[unit] for unit in cast.names},
        )
        for place, cast in found.items()
    }


def _county(place: Region) -> Region:
    return (county_of(place) or place) if is_key(place) else 0


def calendar_of(county: Region) -> Calendar:
    """The decreed calendar with the county's own days; its version names them by their hash."""
    off, work = calendar_days(county)
    return _with_days(county, off, work) if off or work else decreed_calendar()


@cache
def _with_days(county: Region, off: frozenset[date], work: frozenset[date]) -> Calendar:
    told = f"{sorted(map(str, off))}{sorted(map(str, work))}"
    mark = hashlib.sha256(told.encode()).hexdigest()[:8]
    plain = decreed_calendar()
    return plain.with_days(version=f"{plain.version} + {county} {mark}", off=off, work=work)


@cache
def _hours(spans: tuple[Span, ...]) -> Hours:
    return Hours(spans)


def units_against(named: Iterable[str], cast: Cast) -> tuple[int, ...]:
    """The units of the place that words like 'township:镇政府' or 'bureau:教育局' complain of."""
    found: dict[int, None] = {}
    for each in named:
        kind, _, word = each.partition(":")
        role = _LEVELS.get(kind) or next((_ALIASES[alias] for alias in _ALIASES if alias in word), None)
        unit = cast.units.get(role) if role is not None else None
        if unit:
            found[unit] = None
        elif word:
            found.update({unit: None for unit, name in cast.names.items() if word in name})
    return tuple(found)
