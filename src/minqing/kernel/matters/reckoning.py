"""Duties and their moments: what the clock gives for a limit at this place, level and hour. Pure."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Literal

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import Budget, parse_budget
from minqing.kernel.clock.calendars import Calendar
from minqing.kernel.clock.hours import Hours, parse_hours
from minqing.kernel.clock.reckoning import Extension, Pause, Roll, Terms, due, explain, rung_moment
from minqing.kernel.matters.commands import Context
from minqing.kernel.matters.events import DutyAdded
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.methods.model import Limit, RungThen

_BY_HOURS = ("wd", "wh")
_WHOLE_DAYS = ("d", "wd", "mo", "y")
_MOST = 20_000

Moments = tuple[datetime, bool, tuple[datetime, ...]]


def terms_for(limit: Limit, level: str, unit: int, context: Context) -> Terms:
    """The clock's terms for a limit: the unit's hours count only for working time."""
    time = limit.at(level or None)
    if not isinstance(time, Budget):
        raise BadInput(f"“{time}” hangs on a date of the form: the kernel runs budgets so far")
    hours = context.hours.get(unit) if time.unit in _BY_HOURS else None
    return _terms(time, context.calendar, hours, limit.law.roll if limit.law else "none")


@lru_cache(maxsize=_MOST)
def _terms(time: Budget, calendar: Calendar, hours: Hours | None, roll: Roll) -> Terms:
    """The same terms are one value, so that what they give on a day can be remembered."""
    return Terms(time, calendar, hours, roll)


#: What terms and a ladder give for a duty begun on a day; the terms and the ladder are kept, so that no id is reused.
_given: dict[tuple[int, int, int], tuple[Moments, Terms, tuple[RungThen, ...]]] = {}


def moments_of(terms: Terms, rungs: tuple[RungThen, ...], start: datetime) -> Moments:
    """Due moment, whether provisional, and the moment of each rung.

    Whole days count from the day, not the hour: all duties of one kind begun on a day share one answer.
    """
    if terms.budget.unit not in _WHOLE_DAYS or terms.pauses or terms.extensions or start.tzinfo is not CHINA:
        return _reckoned(terms, rungs, start)
    key = (id(terms), id(rungs), start.toordinal())
    found = _given.get(key)
    if found is None:
        if len(_given) >= _MOST:
            _given.clear()
        found = _given[key] = (_reckoned(terms, rungs, start), terms, rungs)
    return found[0]


def _reckoned(terms: Terms, rungs: tuple[RungThen, ...], start: datetime) -> Moments:
    reckoned = due(start, terms)
    moment = reckoned.moment
    at = tuple(
        moment if step.rung.percent is None and step.rung.late is None else rung_moment(step.rung, start, terms)
        for step in rungs
    )
    return moment, reckoned.provisional, at


def new_duty(
    number: int,
    kind: str,
    role: str,
    owed_by: int,
    limit: Limit,
    rungs: tuple[RungThen, ...],
    level: str,
    context: Context,
    *,
    optional: bool = False,
    outlives: bool = False,
) -> DutyAdded:
    """The event that adds a duty whose time begins now."""
    terms = terms_for(limit, level, owed_by, context)
    moment, provisional, at = moments_of(terms, rungs, context.moment)
    return DutyAdded(
        duty=number,
        kind=kind,
        role=role,
        owed_by=owed_by,
        starts=context.moment,
        due=moment,
        rungs=at,
        budget=str(terms.budget),
        law=limit.law.name if limit.law else "",
        roll=terms.roll,
        hours=str(terms.hours) if terms.hours else "",
        calendar=context.calendar.version,
        provisional=provisional,
        optional=optional,
        outlives=outlives,
    )


def terms_of(duty: Duty, context: Context, matter: Matter | None = None) -> Terms:
    """The terms a standing duty was reckoned by, on the context's calendar; with the matter, its pauses and extensions
    since the duty's time began. A pause that holds counts as long as it can last."""
    hours = parse_hours(duty.hours) if duty.hours else None
    budget = parse_budget(duty.budget)
    roll: Roll = "next-day" if duty.roll != "none" else "none"
    if matter is None or not (matter.stops or matter.extensions):
        return Terms(budget, context.calendar, hours, roll)
    more = tuple(
        Extension(parse_budget(one.budget), "extend")
        for one in matter.extensions
        if one.duty == duty.id and one.at >= duty.starts
    )
    pauses = tuple(
        Pause(stop.start, stop.end or matter.duty(stop.pause).due, matter.duty(stop.pause).kind)
        for stop in matter.stops
        if stop.duty == duty.id and stop.start >= duty.starts
    )
    return Terms(budget, context.calendar, hours, roll, more, pauses)


def explain_duty(
    duty: Duty, context: Context, lang: Literal["zh", "en"] = "zh", matter: Matter | None = None
) -> tuple[str, ...]:
    """The chain of sentences from the duty's start to its due time."""
    if not duty.budget:  # a limit that somebody outside set: it has no budget
        return ("来件单位给出的时限",) if lang == "zh" else ("the limit that the sending body gave",)
    return explain(duty.starts, terms_of(duty, context, matter), lang)
