"""What changes in the register, in the past tense; `journal.note` is where they go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class DivisionsLoaded:
    """Rows of the public list were added or renamed; `only` is the one county asked for, if any."""

    only: str | None
    added: int
    renamed: int


@dataclass(frozen=True)
class GridsOpened:
    """Grids were cut in villages; their keys."""

    keys: tuple[int, ...]


@dataclass(frozen=True)
class UnitsOpened:
    """Units were opened, in this order."""

    slugs: tuple[str, ...]


@dataclass(frozen=True)
class UnitMoved:
    """A unit was put under another one, or under none."""

    slug: str
    above: str | None


@dataclass(frozen=True)
class PostOpened:
    """Names of staff are work data, yet the line names the post by its number only."""

    post: int
    unit: str
    role: str
    starts: dt.date
    ends: dt.date | None


@dataclass(frozen=True)
class PostEnded:
    """A post got its last day."""

    post: int
    ends: dt.date


@dataclass(frozen=True)
class LeaveSet:
    """Who holds the post is away, and which post stands in; all None: back."""

    post: int
    absent_from: dt.date | None
    absent_to: dt.date | None
    stand_in: int | None


@dataclass(frozen=True)
class HoursSet:
    """Units have these working hours from a day on."""

    slugs: tuple[str, ...]
    spans: str
    since: dt.date


@dataclass(frozen=True)
class DaySet:
    """The county's own day; `works` None takes its word back."""

    county: int
    day: dt.date
    works: bool | None
    reason: str


RegisterEvent = (
    DivisionsLoaded | GridsOpened | UnitsOpened | UnitMoved | PostOpened | PostEnded | LeaveSet | HoursSet | DaySet
)
