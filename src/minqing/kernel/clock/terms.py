"""What a due time is reckoned from: budget, calendar, hours, roll, extensions, pauses. And its answer, Due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import Budget
from minqing.kernel.clock.calendars import Calendar
from minqing.kernel.clock.hours import Hours

Roll = Literal["none", "next-day"]
FIRST_YEAR, LAST_YEAR = 1900, 9999


class OutOfRange(BadInput, ValueError):
    """A moment outside the years the clock reckons in."""


class BadTerms(BadInput, ValueError):
    """The terms contradict themselves."""


def chinese_moment(moment: dt.datetime) -> dt.datetime:
    """The moment at +08:00 (without an offset it is read as Chinese time). Raises OutOfRange outside 1900 to 9999."""
    if moment.tzinfo is not CHINA:
        try:
            moment = moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)
        except OverflowError:
            raise beyond(str(moment)) from None
    if moment.year < FIRST_YEAR:
        raise beyond(str(moment))
    return moment


def beyond(what: str) -> OutOfRange:
    """The one sentence for every moment that cannot be reckoned."""
    return OutOfRange(f"{what} lies outside the years {FIRST_YEAR} to {LAST_YEAR}, in which the clock reckons")


@dataclass(frozen=True)
class Pause:
    """The clock stood still from `start` to before `end`; an open pause (end None) still holds."""

    start: dt.datetime
    end: dt.datetime | None
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", chinese_moment(self.start))
        if self.end is not None:
            object.__setattr__(self, "end", chinese_moment(self.end))
            if self.end < self.start:
                raise BadTerms(f"the pause ends ({self.end}) before it starts ({self.start}): swap them")


@dataclass(frozen=True)
class Extension:
    """Time added to the budget, and why."""

    budget: Budget
    reason: str


class Span(NamedTuple):
    """Pauses that touch or overlap, as one."""

    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True)
class Terms:
    """All that a due time depends on, besides its start."""

    budget: Budget
    calendar: Calendar
    hours: Hours | None = None
    roll: Roll = "none"
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if self.roll not in ("none", "next-day"):
            raise BadTerms(f"a roll is none or next-day, not {self.roll!r:.40}")

    @property
    def legs(self) -> tuple[Budget, ...]:
        """The budget with its extensions: added up where the unit is the same, else one after the other."""
        return self._extended if self.extensions else (self.budget,)

    @cached_property
    def _extended(self) -> tuple[Budget, ...]:
        legs = [self.budget]
        for extension in self.extensions:
            legs[-1:] = _added(legs[-1], extension.budget)
        return tuple(legs)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The closed pauses in order, those that touch or overlap joined. Empty pauses are left out."""
        return self._joined if self.pauses else ()

    @cached_property
    def _joined(self) -> tuple[Span, ...]:
        joined: list[Span] = []
        for start, end in sorted((pause.start, pause.end) for pause in self.pauses if pause.end is not None):
            if joined and start <= joined[-1].end:
                joined[-1] = Span(joined[-1].start, max(end, joined[-1].end))
            elif start < end:
                joined.append(Span(start, end))
        return tuple(joined)

    def held_before(self, moment: dt.datetime) -> bool:
        """Whether a pause that has not ended began before that moment."""
        return bool(self.pauses) and any(pause.end is None and pause.start < moment for pause in self.pauses)


def _added(leg: Budget, more: Budget) -> list[Budget]:
    """One budget where the units can be added exactly, else both."""
    if leg.unit == more.unit:
        return [Budget(leg.amount + more.amount, leg.unit)]
    left, right = _small(leg), _small(more)
    if left.unit == right.unit:
        return [Budget(left.amount + right.amount, left.unit)]
    return [leg, more]


def _small(leg: Budget) -> Budget:
    """Hours as minutes, years as months: what can be added without a calendar."""
    match leg.unit:
        case "h":
            return Budget(leg.amount * 60, "m")
        case "y":
            return Budget(leg.amount * 12, "mo")
        case _:
            return leg


class Due(NamedTuple):
    """The due moment. `provisional`: it rests on an undecreed year. `held`: a pause is open, it is the earliest."""

    moment: dt.datetime
    provisional: bool
    held: bool = False
