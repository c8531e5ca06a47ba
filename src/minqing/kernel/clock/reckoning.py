"""Due times and rung moments: one budget, one start, one answer, exact to the second, and its sentence chain.

m, h, wh run to the second. d, wd, mo, y: the first day is not counted, the last one ends at 24:00, for wd at the
unit's closing time. A pause gives m, h, wh the seconds that would have counted, and whole days each day begun in it
(for wd each working day); no whole-day budget ends inside a pause. Limits: the years 1900 to 9999; hours never roll.
"""

from __future__ import annotations

import datetime as dt

from minqing.kernel.clock.budgets import Rung, rough_minutes
from minqing.kernel.clock.course import End, Part, course, is_provisional, run
from minqing.kernel.clock.explanation import Lang, sentences
from minqing.kernel.clock.terms import BadTerms, Due, Extension, OutOfRange, Pause, Roll, Terms, beyond, chinese_moment

__all__ = [
    "BadTerms", "Due", "Extension", "OutOfRange", "Pause", "Roll", "Terms", "due", "explain", "rung_moment",
]  # fmt: skip


def due(start: dt.datetime, terms: Terms) -> Due:
    """When the budget is used up. Raises OutOfRange outside the years 1900 to 9999."""
    ends = _course(start, terms)
    moment = ends[-1].moment
    return Due(moment, is_provisional(ends, terms), terms.held_before(moment))


def rung_moment(rung: Rung, start: dt.datetime, terms: Terms) -> dt.datetime:
    """When a rung of the ladder is reached: a percentage of the budget consumed, the due time, or so much later.

    What comes after the due time is counted by the same rules (calendar, hours, pauses), but never rolls.
    """
    if rung.percent is not None:
        return _within(rung.percent, start, terms)
    ends = _course(start, terms)
    if rung.late is None:
        return ends[-1].moment
    try:
        return run(ends[-1], rung.late, terms).moment
    except OverflowError:
        raise beyond(f"the rung {rung} of {terms.budget} from {start}") from None


def explain(start: dt.datetime, terms: Terms, lang: Lang = "zh") -> tuple[str, ...]:
    """The sentence chain from the start to the due time; its numbers add up to it."""
    return sentences(_course(start, terms), terms, lang)


def _course(start: dt.datetime, terms: Terms) -> list[End]:
    begin = chinese_moment(start)
    try:
        return course(begin, terms)
    except OverflowError:
        raise beyond(f"the due time of {terms.budget} from {start}") from None


def _within(percent: int, start: dt.datetime, terms: Terms) -> dt.datetime:
    """A percentage of one leg is exact; over legs of several units each weighs what it roughly lasts."""
    ends = _course(start, terms)
    legs = terms.legs
    weights = [rough_minutes(leg) for leg in legs]
    target = sum(weights) * percent
    for leg, weight, before in zip(legs, weights, ends, strict=False):
        if target <= weight * 100:
            return run(before, leg, terms, Part(target, weight * 100)).moment
        target -= weight * 100
    return ends[-1].moment
