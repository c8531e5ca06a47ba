"""Which days are worked: the decreed holidays with their make-up days (调休), and a county's own days.

A year not yet decreed is Monday to Friday, and provisional. Counting is arithmetic on weekdays plus a bisection over
the exceptions, so any year from 1 to 9999 costs the same. The decree of a year may still change the last three days
of December before it (2007, 2011, 2018): that is why an edited calendar re-reckons every open duty.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version as installed_version
from itertools import accumulate
from types import MappingProxyType

import chinese_calendar

_FULL = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}  # as the notices write them


@dataclass(frozen=True)
class Calendar:
    """The days of a place, as they were known under `version`. `names` says which festival a day belongs to."""

    version: str
    decreed: frozenset[int] = field(hash=False)
    off: frozenset[dt.date] = field(hash=False)
    work: frozenset[dt.date] = field(hash=False)
    names: Mapping[dt.date, str] = field(hash=False, default_factory=dict)

    def is_workday(self, day: dt.date) -> bool:
        """A make-up day is worked, a holiday is not, else Monday to Friday."""
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def is_provisional(self, day: dt.date) -> bool:
        """No notice of the State Council for that year is known."""
        return day.year not in self.decreed

    def is_provisional_between(self, first: int, last: int) -> bool:
        """Whether a day from the ordinal `first` to `last` lies in a year that is not decreed."""
        left, right = self._decreed_run
        if left <= first and last <= right:
            return False
        years = range(dt.date.fromordinal(first).year, dt.date.fromordinal(last).year + 1)
        return any(year not in self.decreed for year in years)

    def is_holiday(self, day: dt.date) -> bool:
        """法定休假日 of 民法典 203 and 民事诉讼法 85: a decreed holiday, or a weekend that is not made up."""
        return not self.is_workday(day)

    def next_workday(self, day: dt.date) -> dt.date:
        """The first working day after `day`."""
        return dt.date.fromordinal(self.nth(self.rank(day.toordinal()) + 1))

    def workdays_between(self, after: dt.date, until: dt.date) -> int:
        """Working days later than `after` and not later than `until`."""
        return self.rank(until.toordinal()) - self.rank(after.toordinal())

    def with_days(
        self,
        *,
        version: str,
        off: Iterable[dt.date] = (),
        work: Iterable[dt.date] = (),
        names: Mapping[dt.date, str] = MappingProxyType({}),
        decreed: Iterable[int] = (),
    ) -> Calendar:
        """This calendar with a county's own days off and days worked; they win over the decree."""
        rest, made_up = frozenset(off), frozenset(work)
        return Calendar(
            version=version,
            decreed=self.decreed | frozenset(decreed),
            off=(self.off - made_up) | rest,
            work=(self.work - rest) | made_up,
            names={**self.names, **names},
        )

    def rank(self, ordinal: int) -> int:
        """How many working days there are from 1 January of the year 1 to that day, itself included."""
        days, shifts, _ = self._exceptions
        return _weekdays(ordinal) + shifts[bisect_right(days, ordinal)]

    def nth(self, rank: int) -> int:
        """The ordinal of the working day of that rank: the inverse of `rank`."""
        days, shifts, ranks = self._exceptions
        place = bisect_left(ranks, rank)
        weeks, rest = divmod(rank - shifts[place] - 1, 5)
        ordinal = weeks * 7 + rest + 1
        return ordinal if place == len(days) else min(ordinal, days[place])

    def holidays_within(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """Days off that are decreed or the county's own, ascending; plain weekends are not among them."""
        return _within(self._off_in_order, first, last)

    def make_up_days_within(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """Days worked by decree or by the county, ascending."""
        return _within(self._work_in_order, first, last)

    @cached_property
    def _off_in_order(self) -> list[dt.date]:
        return sorted(self.off)

    @cached_property
    def _work_in_order(self) -> list[dt.date]:
        return sorted(self.work)

    @cached_property
    def _decreed_run(self) -> tuple[int, int]:
        """First and last ordinal of the decreed years, where none is missing between them (else nothing)."""
        if not self.decreed or len(self.decreed) != max(self.decreed) - min(self.decreed) + 1:
            return 1, 0
        return dt.date(min(self.decreed), 1, 1).toordinal(), dt.date(max(self.decreed), 12, 31).toordinal()

    @cached_property
    def _exceptions(self) -> tuple[list[int], list[int], list[int]]:
        """Days unlike their weekday (ascending); the sum of their shifts before each; the rank at each."""
        shift = {day.toordinal(): -1 for day in self.off if day.weekday() < 5 and day not in self.work}
        shift.update({day.toordinal(): 1 for day in self.work if day.weekday() >= 5})
        days = sorted(shift)
        shifts = list(accumulate((shift[day] for day in days), initial=0))
        return days, shifts, [_weekdays(day) + total for day, total in zip(days, shifts[1:], strict=True)]


def _within(days: list[dt.date], first: dt.date, last: dt.date) -> list[dt.date]:
    return days[bisect_left(days, first) : bisect_right(days, last)]


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays up to that day; day 1 of the year 1 is a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


@cache
def decreed_calendar() -> Calendar:
    """The State Council's notices as the package chinesecalendar lists them (2004 to its last year)."""
    listed = chinese_calendar.constants
    festivals = {festival.value: _FULL.get(festival.chinese, festival.chinese) for festival in chinese_calendar.Holiday}
    named = {**listed.holidays, **listed.workdays}
    return Calendar(
        version=f"chinesecalendar {installed_version('chinesecalendar')}",
        decreed=frozenset(day.year for day in listed.holidays),
        off=frozenset(listed.holidays),
        work=frozenset(listed.workdays),
        names={day: festivals[name] for day, name in named.items()},
    )
