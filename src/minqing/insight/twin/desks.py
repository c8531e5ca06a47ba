"""Desks: people with hours and a queue. Seconds are counted from midnight of the first day. Pure.

A desk takes the gravest first, then whoever came first. Queues are measured over time, one gauge a level.
"""

from __future__ import annotations

import datetime as dt
import heapq
from dataclasses import dataclass, field
from typing import Any

from minqing.insight.twin.scenario import Staff
from minqing.kernel.clock.calendars import Calendar

DAY = 86_400


class Openings:
    """When the desks of one level are open: the same hours every day, or on working days only."""

    def __init__(self, staff: Staff, calendar: Calendar, first: dt.date) -> None:
        self.opens, self.closes = int(staff.opens * 3600), int(staff.closes * 3600)
        if self.opens >= self.closes:
            self.opens, self.closes = 0, DAY
        self._every, self._calendar, self._first = staff.rest_days, calendar, first
        self._open: list[bool] = []

    def is_open(self, day: int) -> bool:
        """Whether the desks open on that day."""
        while day >= len(self._open):
            date = self._first + dt.timedelta(len(self._open))
            self._open.append(self._every or self._calendar.is_workday(date))
        return self._open[day]

    def next(self, second: int) -> int:
        """The second itself where the desks are open then, else the next opening."""
        day, clock = divmod(second, DAY)
        if clock >= self.closes:
            day, clock = day + 1, 0
        while not self.is_open(day):
            day, clock = day + 1, 0
        return day * DAY + max(clock, self.opens)

    def worked(self, second: int, effort: int) -> int:
        """When so many seconds have been worked, begun at an open second."""
        left = effort
        while (closing := second - second % DAY + self.closes) < second + left:
            left -= closing - second
            second = self.next(closing)
        return second + left


@dataclass
class Gauge:
    """How many wait at the desks of a level, over time, and the longest queue at one desk."""

    desks: int = 0
    waiting: int = 0
    area: int = 0
    since: int = 0
    longest: int = 0

    def moved(self, second: int, by: int, queue: int) -> None:
        """One more or one less waits."""
        self.area += self.waiting * (second - self.since)
        self.since = second
        self.waiting += by
        if queue > self.longest:
            self.longest = queue


@dataclass
class Desk:
    """The desk of one unit."""

    unit: int
    level: str
    staff: Staff
    open: Openings
    gauge: Gauge
    busy: int = 0
    queue: list[tuple[int, int, Any]] = field(default_factory=list)

    def wait(self, second: int, gravity: int, number: int, job: Any) -> None:
        """A job joins the queue; `number` keeps the order of arrival."""
        heapq.heappush(self.queue, (-gravity, number, job))
        self.gauge.moved(second, 1, len(self.queue))

    def next_job(self, second: int) -> Any:
        """The next job that waits; None when nobody does."""
        if not self.queue:
            return None
        job = heapq.heappop(self.queue)[2]
        self.gauge.moved(second, -1, 0)
        return job
