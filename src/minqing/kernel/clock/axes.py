"""The axes time is counted on: microseconds of a day, working microseconds, days of all kinds or working days.

Each goes both ways, from a moment to a position and back. A day is its ordinal (1 is 1 January of the year 1).
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from typing import NamedTuple

from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import Budget
from minqing.kernel.clock.calendars import Calendar
from minqing.kernel.clock.hours import Hours
from minqing.kernel.clock.terms import LAST_YEAR, Terms

_BASE = dt.datetime(2000, 1, 1, tzinfo=CHINA)
_BASE_DAY = _BASE.toordinal()
SECOND = 1_000_000
DAY = 86_400 * SECOND


def at(day: int, minute: int = 0, microsecond: int = 0) -> dt.datetime:
    """The moment so far into the day of that ordinal. Raises OverflowError beyond the year 9999."""
    return _BASE + dt.timedelta(day - _BASE_DAY, 0, microsecond, 0, minute)


def microsecond_of_day(moment: dt.datetime) -> int:
    """Since midnight."""
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * SECOND + moment.microsecond


def working_position(moment: dt.datetime, calendar: Calendar, hours: Hours) -> int:
    """Working microseconds from the year 1 to the moment: the axis of wh."""
    day = moment.toordinal()
    before = calendar.rank(day - 1)
    worked = 0
    if calendar.rank(day) > before:
        worked = hours.worked(microsecond_of_day(moment))
    return before * hours.length + worked


def working_moment(position: int, calendar: Calendar, hours: Hours) -> tuple[int, dt.datetime]:
    """The earliest moment at that position, and its day: what is used up at closing time ends at closing time."""
    days, rest = divmod(position - 1, hours.length)
    day = calendar.nth(days + 1)
    return day, at(day, 0, hours.at(rest + 1))


class DayAxis(NamedTuple):
    """Days by rank and back: all of them, or working days; when each ends, and what of a day is worked."""

    rank: Callable[[int], int]
    nth: Callable[[int], int]
    closing: int
    hours: Hours | None


def _same(ordinal: int) -> int:
    return ordinal


_EVERY_DAY = DayAxis(_same, _same, 1440, None)


def day_axis(leg: Budget, terms: Terms) -> DayAxis:
    """Working days end at the closing time of who owes them, where it is known (民法典 203); other days at 24:00."""
    if leg.unit != "wd":
        return _EVERY_DAY
    closing = 1440 if terms.hours is None else terms.hours.closing
    return DayAxis(terms.calendar.rank, terms.calendar.nth, closing, terms.hours)


def length_in_days(day: int, leg: Budget) -> int:
    """How many days of its axis the leg has when begun on that day."""
    if leg.unit in ("d", "wd"):
        return leg.amount
    return months_on(day, leg.amount * (12 if leg.unit == "y" else 1)) - day


def months_on(day: int, months: int) -> int:
    """The same date so many months on (or back), or the last day of that month where it has no such date."""
    start = dt.date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= LAST_YEAR:
        raise OverflowError
    return dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()
