"""How a budget runs: from an end (a moment and the day it belongs to) over pauses and rest days to the next end.

Three axes on which time is counted: every microsecond (m, h), working microseconds (wh), whole days (d, wd, mo, y).
A pause takes its own stretch of the axis out. The end of a day, 24:00, is 00:00 of the next as a datetime: the day
it belongs to is therefore carried along.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from minqing.kernel.clock.axes import (
    DAY,
    SECOND,
    DayAxis,
    at,
    day_axis,
    length_in_days,
    microsecond_of_day,
    working_moment,
    working_position,
)
from minqing.kernel.clock.budgets import Budget
from minqing.kernel.clock.hours import STANDARD, Hours
from minqing.kernel.clock.terms import Span, Terms

_ROLLING = ("d", "mo", "y")  # a working day is never a holiday; hours run through


class End(NamedTuple):
    """A moment and the ordinal of the day whose time it is (24:00 belongs to the day it ends)."""

    moment: dt.datetime
    day: int


class Part(NamedTuple):
    """How much of a leg: all of it is Part(1, 1)."""

    share: int
    of: int


WHOLE = Part(1, 1)


def course(start: dt.datetime, terms: Terms) -> list[End]:
    """The start, the end of each leg, and what the roll makes of the last one. `start` is a Chinese moment."""
    ends = [End(start, start.toordinal())]
    for leg in terms.legs:
        ends.append(run(ends[-1], leg, terms))
    ends.append(roll(ends[-1], terms) if terms.roll == "next-day" and leg.unit in _ROLLING else ends[-1])
    return ends


def is_provisional(ends: list[End], terms: Terms) -> bool:
    """Whether a day that was looked up in the calendar lies in a year not yet decreed."""
    between = terms.calendar.is_provisional_between
    for leg, before, after in zip(terms.legs, ends, ends[1:], strict=False):
        if leg.unit == "wd" and between(before.day + 1, after.day):
            return True
        if leg.unit == "wh" and between(before.day, after.day):
            return True
    return terms.roll == "next-day" and leg.unit in _ROLLING and between(ends[-2].day, ends[-1].day)


def run(end: End, leg: Budget, terms: Terms, part: Part = WHOLE) -> End:
    """The end of that part of the leg, begun at `end`. Raises OverflowError beyond the year 9999."""
    match leg.unit:
        case "m":
            return _run_seconds(end, leg.amount * 60, terms.spans, part)
        case "h":
            return _run_seconds(end, leg.amount * 3600, terms.spans, part)
        case "wh":
            return _run_working_hours(end, leg.amount, terms, part)
        case _:
            return _run_days(end, leg, terms, part)


def _run_seconds(end: End, seconds: int, spans: tuple[Span, ...], part: Part) -> End:
    start = end.moment
    moment = start + dt.timedelta(0, 0, seconds * SECOND * part.share // part.of)
    for span in spans:
        if moment <= span.start:
            break
        if span.end > start:
            moment += span.end - max(span.start, start)
    return End(moment, moment.toordinal())


def _run_working_hours(end: End, amount: int, terms: Terms, part: Part) -> End:
    hours, calendar = terms.hours or STANDARD, terms.calendar
    start = working_position(end.moment, calendar, hours)
    target = start + amount * 3600 * SECOND * part.share // part.of
    for span in terms.spans:
        left = working_position(span.start, calendar, hours)
        if target <= left:
            break
        right = working_position(span.end, calendar, hours)
        target += max(0, right - max(left, start))
    day, moment = working_moment(target, calendar, hours)
    return End(moment, day)


def _run_days(end: End, leg: Budget, terms: Terms, part: Part) -> End:
    """The first day is not counted; nor is a day that begins in a pause."""
    axis, spans = day_axis(leg, terms), terms.spans
    whole, rest = divmod(length_in_days(end.day, leg) * part.share, part.of)
    counted = axis.rank(end.day) + whole + (1 if rest else 0)
    day = axis.nth(_over_pauses(counted, end.day, axis, spans) if spans else counted)
    if part is WHOLE:
        last = End(at(day, axis.closing), day)
        return out_of_pause(last, axis, spans) if spans else last
    moment = at(day, 0, _within(axis.hours, rest, part.of)) if rest else at(day, axis.closing)
    held = next((span for span in spans if span.start < moment < span.end), None)
    return End(moment, day) if held is None else End(held.end, held.end.toordinal())


def _over_pauses(counted: int, after: int, axis: DayAxis, spans: tuple[Span, ...]) -> int:
    """The rank moved on by every day of the axis, later than `after`, that begins in a pause."""
    for span in spans:
        first, last = days_begun(span)
        if axis.nth(counted) < first:
            break
        if last > after:
            counted += axis.rank(last) - axis.rank(max(first - 1, after))
    return counted


def days_begun(span: Span) -> tuple[int, int]:
    """The first and last day whose 00:00 lies in the pause; none where last < first."""
    first = span.start.toordinal() + (microsecond_of_day(span.start) > 0)
    last = span.end.toordinal() - (microsecond_of_day(span.end) == 0)
    return first, last


def out_of_pause(end: End, axis: DayAxis, spans: tuple[Span, ...]) -> End:
    """No day ends a budget while the clock stands still: the next day of the axis that does not end in a pause."""
    for span in spans:
        while span.start < end.moment < span.end:
            day = axis.nth(axis.rank(max(end.day, _last_ended_before(span.end))) + 1)
            end = End(at(day, axis.closing), day)
    return end


def _last_ended_before(moment: dt.datetime) -> int:
    """A day that certainly ends before the moment: lets a pause of years be stepped over at once."""
    return moment.toordinal() - 2


def _within(hours: Hours | None, share: int, of: int) -> int:
    """How far into a day, in microseconds, that share of it is used: of its working hours where they are known."""
    return DAY * share // of if hours is None else hours.at(max(1, hours.length * share // of))


def roll(end: End, terms: Terms) -> End:
    """A last day on a 法定休假日 moves to the first day after the holiday (民诉法 85, 民法典 203)."""
    if terms.calendar.rank(end.day) > terms.calendar.rank(end.day - 1):
        return end
    axis = DayAxis(terms.calendar.rank, terms.calendar.nth, 1440, None)
    day = axis.nth(axis.rank(end.day) + 1)
    return out_of_pause(End(at(day, 1440), day), axis, terms.spans)
