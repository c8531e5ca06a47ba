"""The matter and its duties as the kernel sees them: frozen values that events lead to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from minqing.kernel.matters.events import Plain

OPEN, DONE, MISSED, DROPPED = "open", "done", "missed", "dropped"


@dataclass(frozen=True)
class Duty:
    """Everything that can be late. `next_rung` counts the rungs that have fired."""

    id: int
    kind: str
    role: str
    owed_by: int
    starts: datetime
    due: datetime
    rungs: tuple[datetime, ...] = ()
    next_rung: int = 0
    state: str = OPEN
    late: bool = False
    budget: str = ""
    law: str = ""
    roll: str = "none"
    hours: str = ""
    calendar: str = ""
    provisional: bool = False
    optional: bool = False
    outlives: bool = False

    @property
    def next_at(self) -> datetime | None:
        """When the ladder speaks next; None when it is silent or the duty is over."""
        if self.state != OPEN or self.next_rung >= len(self.rungs):
            return None
        return self.rungs[self.next_rung]


@dataclass(frozen=True)
class Stop:
    """A duty's clock stood still from `start`; `pause` is the number of the duty that ends it by itself."""

    duty: int
    pause: int
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """More time for a duty, given at a moment: `budget` as method files write it."""

    duty: int
    budget: str
    at: datetime


@dataclass(frozen=True)
class Matter:
    """One concern. `position` is the number of journal lines that led here; no slots: copies must be cheap."""

    code: str
    method: str
    version: str
    kind: str
    place: int
    channel: str
    category: str = ""
    tags: tuple[str, ...] = ()
    people: int = 1
    against: tuple[int, ...] = ()
    against_people: tuple[int, ...] = ()  # persons of the register
    against_unknown: int = 0  # named ones who are on no register: counted, never dropped
    emergency: str = ""
    form: Mapping[str, Plain] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    facts: Mapping[str, int | float | bool | str] = field(default_factory=dict)
    reporter: str = "named"
    wants_call_back: bool = True
    source: str = ""
    external_id: str = ""
    external_due: datetime | None = None
    since: datetime | None = None  # when the matter came in that this one was split off from
    links: tuple[tuple[str, str], ...] = ()
    stage: str = ""
    holder: int = 0
    worker: int = 0
    level: str = ""
    outcome: str = ""
    end: str = ""
    reopen_until: datetime | None = None
    duties: tuple[Duty, ...] = ()
    settled_in: str = ""
    settled_by: tuple[int, int] = (0, 0)  # unit, person
    settlers: tuple[int, ...] = ()  # persons who ever said it is solved
    tries: tuple[tuple[int, int], ...] = ()  # day ordinal, minute of day of each counted failed try
    own_answer: str = ""  # the reporter's own to the call-back of this round ('satisfied', 'unsatisfied'); '': none
    graded: bool = False  # the level is somebody's reasoned word, until the facts change
    returns: int = 0  # 'unsatisfied' so far
    reopenings: int = 0
    transfers: int = 0
    refusals: int = 0
    stars: int = 0  # what the reporter thought of the handling in this round; 0: said nothing
    round_from: int = 0  # duties up to this number are of rounds before: sent back, opened again, an emergency
    aside: tuple[int, ...] = ()  # the duties that ran when it was merged: owed again where it goes on alone
    stops: tuple[Stop, ...] = ()
    extensions: tuple[Extension, ...] = ()
    position: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still holds it."""
        return not self.end

    def open_duties(self) -> tuple[Duty, ...]:
        """The duties that still run."""
        return tuple(duty for duty in self.duties if duty.state == OPEN)

    def duty(self, number: int) -> Duty:
        """The duty of that number; duties are numbered from 1 in the order they were added."""
        return self.duties[number - 1]

    def stopped(self, number: int) -> bool:
        """Whether the clock of that duty stands still now."""
        return any(stop.duty == number and stop.end is None for stop in self.stops)

    def held_before(self, stage: str) -> Duty | None:
        """The last duty of a stage in which it stood before in this round."""
        mine = (duty for duty in reversed(self.duties[self.round_from :]) if duty.kind == "@" + stage)
        return next(mine, None)

    def stage_duty(self) -> Duty | None:
        """The running duty of the present stage."""
        kind = "@" + self.stage
        for duty in reversed(self.duties):
            if duty.state == OPEN and duty.kind == kind:
                return duty
        return None
