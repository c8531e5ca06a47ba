"""The sentence chain of a due time, Chinese or English: rule, days and hours counted, holidays, pauses, roll, result.

The numbers add up: days counted, rest days and paused days make the days passed. A long stretch names its first
twelve holidays only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from minqing.kernel.clock import wording
from minqing.kernel.clock.axes import day_axis, length_in_days, microsecond_of_day, working_position
from minqing.kernel.clock.budgets import Budget
from minqing.kernel.clock.course import End, is_provisional
from minqing.kernel.clock.hours import STANDARD
from minqing.kernel.clock.terms import Terms
from minqing.kernel.clock.wording import Lang, Words

__all__ = ["Lang", "sentences"]
_NAMED = 12
_COUNTING_DAYS = ("d", "wd", "mo", "y")


def sentences(ends: list[End], terms: Terms, lang: Lang) -> tuple[str, ...]:
    """`ends` is the course: the start, the end of each leg, the end after the roll."""
    words = wording.WORDS[lang]
    return tuple(_chain(ends, terms, words))


def _chain(ends: list[End], terms: Terms, words: Words) -> Iterator[str]:
    yield from _rule(ends[0], terms, words)
    yield from _extensions(terms, words)
    yield from _pauses(ends, terms, words)
    yield from _holidays(ends, terms, words)
    for leg, (before, after) in zip(terms.legs, pairwise(ends), strict=False):
        yield _count(leg, before, after, terms, words)
    yield from _rolled(ends, terms, words)
    yield from _provisional(ends, terms, words)
    yield words.say("due", moment=words.end(ends[-1]))


def _rule(start: End, terms: Terms, words: Words) -> Iterator[str]:
    first = dt.date.fromordinal(start.day + 1)
    yield words.say(
        f"rule_{terms.budget.unit}",
        budget=words.budget(terms.budget),
        start=words.moment(start.moment),
        first=words.day(first),
        hours=str(terms.hours or STANDARD),
    )


def _extensions(terms: Terms, words: Words) -> Iterator[str]:
    for extension in terms.extensions:
        yield words.say("extended", budget=words.budget(extension.budget), reason=words.because(extension.reason))
    if terms.extensions:
        yield words.say("together", legs=words.join([words.budget(leg) for leg in terms.legs]))


def _pauses(ends: list[End], terms: Terms, words: Words) -> Iterator[str]:
    for pause in sorted(terms.pauses, key=lambda pause: pause.start):
        if pause.start >= ends[-1].moment or (pause.end is not None and pause.end <= ends[0].moment):
            continue
        start, reason = words.moment(pause.start), words.because(pause.reason)
        if pause.end is None:
            yield words.say("held", start=start, reason=reason)
        else:
            yield words.say("paused", start=start, end=words.moment(pause.end), reason=reason)


def _holidays(ends: list[End], terms: Terms, words: Words) -> Iterator[str]:
    """The holidays and make-up days passed, where the calendar was looked at."""
    if not any(leg.unit in ("wd", "wh") for leg in terms.legs):
        return
    within = dt.date.fromordinal(ends[0].day), dt.date.fromordinal(ends[-1].day)
    calendar = terms.calendar
    passed = {"off": calendar.holidays_within(*within), "made_up": calendar.make_up_days_within(*within)}
    for key, days in passed.items():
        groups = list(_grouped(days, terms, words))
        if groups:
            more = words.say("more", count=len(groups) - _NAMED) if len(groups) > _NAMED else ""
            yield words.say(key, days=words.join(groups[:_NAMED]) + more)


def _grouped(days: list[dt.date], terms: Terms, words: Words) -> Iterator[str]:
    """Days in a row of one festival as one stretch with its name."""
    stretch: list[dt.date] = []
    for day in [*days, None]:
        joined = (
            day is not None
            and stretch
            and (day - stretch[-1]).days == 1
            and terms.calendar.names.get(day) == terms.calendar.names.get(stretch[-1])
        )
        if stretch and not joined:
            yield words.stretch(stretch[0], stretch[-1], terms.calendar.names.get(stretch[0]))
            stretch = []
        if day is not None:
            stretch.append(day)


def _count(leg: Budget, before: End, after: End, terms: Terms, words: Words) -> str:
    if leg.unit in _COUNTING_DAYS:
        return _count_days(leg, before, after, terms, words)
    if leg.unit == "wh":
        return _count_working_hours(leg, before, after, terms, words)
    counted = dt.timedelta(minutes=leg.amount * (60 if leg.unit == "h" else 1))
    passed = after.moment - before.moment
    return words.say(
        "seconds",
        start=words.moment(before.moment),
        end=words.moment(after.moment),
        passed=words.length(passed),
        counted=words.length(counted),
        paused=_less(words, "less_paused", words.length(passed - counted) if passed > counted else ""),
    )


def _count_days(leg: Budget, before: End, after: End, terms: Terms, words: Words) -> str:
    axis = day_axis(leg, terms)
    counted = length_in_days(before.day, leg)
    passed, on_axis = after.day - before.day, axis.rank(after.day) - axis.rank(before.day)
    return words.say(
        "days_wd" if leg.unit == "wd" else "days",
        first=words.day(dt.date.fromordinal(before.day + 1)),
        last=words.day(dt.date.fromordinal(after.day)),
        passed=passed,
        counted=counted,
        rest=_less(words, "less_rest", passed - on_axis),
        paused=_less(words, "less_paused_days", on_axis - counted),
    )


def _count_working_hours(leg: Budget, before: End, after: End, terms: Terms, words: Words) -> str:
    """What each day gave: the first, the last, the full working days between; and what a pause took out."""
    hours, calendar = terms.hours or STANDARD, terms.calendar
    passed = working_position(after.moment, calendar, hours) - working_position(before.moment, calendar, hours)
    first = calendar.nth(calendar.rank(before.day - 1) + 1)
    given = hours.length - hours.worked(microsecond_of_day(before.moment)) if first == before.day else hours.length
    parts = [words.gave(first, min(given, passed))] if given else []
    last = passed - given - max(0, calendar.rank(after.day - 1) - calendar.rank(first)) * hours.length
    full = calendar.rank(after.day - 1) - calendar.rank(first)
    if full > 0:
        parts.append(words.say("full_days", count=full, length=words.length(dt.timedelta(microseconds=hours.length))))
    if last > 0:
        parts.append(words.gave(after.day, last))
    paused = dt.timedelta(microseconds=passed - leg.amount * 3600 * 1_000_000)
    return words.say(
        "working_hours",
        parts=words.join(parts),
        passed=words.length(dt.timedelta(microseconds=passed)),
        paused=_less(words, "less_paused", words.length(paused) if paused else ""),
    )


def _less(words: Words, key: str, amount: int | str) -> str:
    return words.say(key, amount=amount) if amount else ""


def _rolled(ends: list[End], terms: Terms, words: Words) -> Iterator[str]:
    """What becomes of a last day on a holiday; said also where it does not move."""
    last = dt.date.fromordinal(ends[-2].day)
    if terms.legs[-1].unit not in ("d", "mo", "y") or terms.calendar.is_workday(last):
        return
    name = words.holiday(terms.calendar.names.get(last) if last in terms.calendar.off else None)
    if terms.roll == "none":
        yield words.say("stays", last=words.day(last), name=name)
    else:
        yield words.say("rolls", last=words.day(last), name=name, day=words.day(dt.date.fromordinal(ends[-1].day)))


def _provisional(ends: list[End], terms: Terms, words: Words) -> Iterator[str]:
    if is_provisional(ends, terms):
        first, last = dt.date.fromordinal(ends[0].day), dt.date.fromordinal(ends[-1].day)
        years = [year for year in range(first.year, last.year + 1) if year not in terms.calendar.decreed]
        yield words.say("provisional", years=words.years(years))
