"""Dated times of a method file: `same day`, `on form.until`, `7d before form.day`, `2d after form.day`. And law names.

A dated time hangs on a day, not on when the duty began: `on` is 24:00 of that day, `before` counts back and `after`
counts on, the day itself not counted. Working hours cannot be counted from a day.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from minqing.kernel.clock.axes import at, day_axis, months_on
from minqing.kernel.clock.budgets import BadBudget, Budget, parse_budget
from minqing.kernel.clock.course import End, roll, run
from minqing.kernel.clock.terms import LAST_YEAR, Due, Terms, beyond, chinese_moment

Relation = Literal["same day", "on", "before", "after"]
_BUDGET = re.compile(r"[0-9]+[a-z]+")
_LAW = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_ON = re.compile(r"on ([a-z][a-z0-9_.-]*)")
_COUNTED = re.compile(r"([0-9]+[a-z]+) (before|after) ([a-z][a-z0-9_.-]*)")


@dataclass(frozen=True, slots=True)
class DatedTime:
    """`anchor` names the field that holds the day (none for `same day`); `budget` only with before and after."""

    relation: Relation
    budget: Budget | None = None
    anchor: str | None = None

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.budget, self.relation, self.anchor) if part is not None)


class LawName(str):
    """The name of a legal clock, like petition.close; the table of laws says its budget."""

    __slots__ = ()


def parse_time(text: str) -> Budget | DatedTime | LawName:
    """Any time a method file may write. Raises BadBudget with a sentence."""
    if _BUDGET.fullmatch(text):
        return parse_budget(text)
    if text == "same day":
        return DatedTime("same day")
    on = _ON.fullmatch(text)
    if on is not None:
        return DatedTime("on", None, on[1])
    counted = _COUNTED.fullmatch(text)
    if counted is not None:
        return _counted(parse_budget(counted[1]), "before" if counted[2] == "before" else "after", counted[3])
    if _LAW.fullmatch(text):
        return LawName(text)
    raise BadBudget(
        f"{text[:60]!r} is not a time: write a budget (24h, 3d, 5wd), same day, on form.until, 7d before form.day, "
        "2d after form.day, or the name of a legal clock like petition.close"
    )


def _counted(budget: Budget, relation: Relation, anchor: str) -> DatedTime:
    if budget.unit == "wh":
        raise BadBudget(f"{budget} {relation} {anchor}: working hours are not counted from a day, write wd or h")
    return DatedTime(relation, budget, anchor)


def reckon(time: DatedTime, start: dt.datetime, day: dt.date | None, terms: Terms) -> Due:
    """When a dated time is due. `day` is what the anchor holds; of the terms calendar, hours and roll are read.

    `same day` needs no day. A time before a day never rolls: it would eat the notice it gives. The answer may lie
    before `start`: then the duty is late from the beginning. Raises BadBudget without a day, OutOfRange.
    """
    begin = chinese_moment(start)
    if time.relation == "same day":
        day = begin.date()
    if day is None:
        raise BadBudget(f'"{time}" needs the day of {time.anchor}, which is empty: fill it in first')
    anchor = End(at(day.toordinal(), 1440), day.toordinal()) if day.year < LAST_YEAR else None
    if anchor is None:
        raise beyond(str(day))
    try:
        ends = _course(time, anchor, terms)
    except OverflowError:
        raise beyond(f'"{time}" with {day}') from None
    return Due(chinese_moment(ends[-1].moment), _provisional(time, ends, terms))


def _course(time: DatedTime, anchor: End, terms: Terms) -> list[End]:
    match time.relation, time.budget:
        case "before", Budget() as budget:
            return [anchor, _back(anchor.day, budget, terms)]
        case "after", Budget() as budget:
            last = run(anchor, budget, terms)
            rolls = budget.unit not in ("m", "h")
        case _:
            last, rolls = anchor, time.relation == "on"
    return [anchor, last, roll(last, terms) if rolls and terms.roll == "next-day" else last]


def _back(day: int, budget: Budget, terms: Terms) -> End:
    """So much before the beginning of the day; whole days end at 24:00 of the last, working days at closing time."""
    match budget.unit:
        case "m" | "h":
            moment = at(day) - dt.timedelta(minutes=budget.amount * (60 if budget.unit == "h" else 1))
            return End(moment, moment.toordinal())
        case "mo" | "y":
            last = months_on(day, -budget.amount * (12 if budget.unit == "y" else 1))
            return End(at(last, 1440), last)
        case _:
            axis = day_axis(budget, terms)
            last = axis.nth(axis.rank(day - 1) - budget.amount + 1)
            return End(at(last, axis.closing), last)


def _provisional(time: DatedTime, ends: list[End], terms: Terms) -> bool:
    """Whether a day that was looked up lies in a year not yet decreed."""
    between = terms.calendar.is_provisional_between
    first, last = sorted((ends[0].day, ends[1].day))
    if time.budget is not None and time.budget.unit == "wd" and between(first, last):
        return True
    return ends[-1] != ends[1] and between(ends[1].day, ends[-1].day)
