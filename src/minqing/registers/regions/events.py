"""What changes in the register, in the past tense; `journal.note` is where they go.

`subject` is whose line it is: a unit by its slug, a post by its number, the county for what touches many.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from minqing.registers.regions.codes import code_of

COUNTY = "county"


@dataclass(frozen=True)
class DivisionsLoaded:
    """Rows of the public list were added or renamed; `only` is the one county asked for, if any; the hash is that of
    the rows."""

    only: str | None
    added: int
    renamed: int
    sha256: str

    @property
    def subject(self) -> str:
        return COUNTY


@dataclass(frozen=True)
class GridsOpened:
    """Grids were cut in villages; their keys."""

    keys: tuple[int, ...]

    @property
    def subject(self) -> str:
        return COUNTY


@dataclass(frozen=True)
class DivisionsOpened:
    """Towns or villages that the public list does not have; their keys."""

    keys: tuple[int, ...]

    @property
    def subject(self) -> str:
        return COUNTY


@dataclass(frozen=True)
class GridsChanged:
    """Grids got another name, kind or number of households: their keys, and the hash of what they are now. `renamed`:
    the key, what it was called and what it is called now; a place is nobody, and old papers bear the old name."""

    keys: tuple[int, ...]
    sha256: str
    renamed: tuple[tuple[int, str, str], ...] = ()

    @property
    def subject(self) -> str:
        return COUNTY


@dataclass(frozen=True)
class GridsClosed:
    """Nobody serves in these grids any more; with `again` they serve anew."""

    keys: tuple[int, ...]
    again: bool

    @property
    def subject(self) -> str:
        return COUNTY


@dataclass(frozen=True)
class PlacesLocated:
    """Places were put on the map: their keys, and the hash of the points."""

    keys: tuple[int, ...]
    sha256: str

    @property
    def subject(self) -> str:
        return COUNTY


@dataclass(frozen=True)
class UnitsOpened:
    """Units were opened, in this order."""

    slugs: tuple[str, ...]

    @property
    def subject(self) -> str:
        return self.slugs[0] if len(self.slugs) == 1 else COUNTY


@dataclass(frozen=True)
class UnitMoved:
    """A unit was put under another one, or under none."""

    slug: str
    above: str | None

    @property
    def subject(self) -> str:
        return self.slug


@dataclass(frozen=True)
class PostOpened:
    """Names of staff are work data, yet the line names the post by its number only."""

    post: int
    unit: str
    role: str
    starts: dt.date
    ends: dt.date | None

    @property
    def subject(self) -> str:
        return f"post:{self.post}"


@dataclass(frozen=True)
class PostEnded:
    """A post got its last day."""

    post: int
    ends: dt.date

    @property
    def subject(self) -> str:
        return f"post:{self.post}"


@dataclass(frozen=True)
class LeaveSet:
    """Who holds the post is away, and which post stands in; all None: back."""

    post: int
    absent_from: dt.date | None
    absent_to: dt.date | None
    stand_in: int | None

    @property
    def subject(self) -> str:
        return f"post:{self.post}"


@dataclass(frozen=True)
class HoursSet:
    """Units have these working hours from a day on."""

    slugs: tuple[str, ...]
    spans: str
    since: dt.date

    @property
    def subject(self) -> str:
        return self.slugs[0] if len(self.slugs) == 1 else COUNTY


@dataclass(frozen=True)
class DaySet:
    """The county's own day; `works` None takes its word back."""

    county: int
    day: dt.date
    works: bool | None
    reason: str

    @property
    def subject(self) -> str:
        return code_of(self.county)
