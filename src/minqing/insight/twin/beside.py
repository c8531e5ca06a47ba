"""Two versions of a method beside each other: the same made-up concerns and desks, day by day, in bounded time. Pure.

How long work takes and how it turns out at a stage is that of the version in use wherever it has the stage: asked is
what the file changes, not what people do. Limit: chances of the work itself are drawn anew, so small differences mean
nothing (`clear`), and duties of one matter are counted as if they knew nothing of each other.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from statistics import NormalDist

from minqing.insight.twin.arrivals import Concerns
from minqing.insight.twin.ground import Ground, made_up_county
from minqing.insight.twin.outcome import OnTime, Outcome
from minqing.insight.twin.scenario import Arrivals, Scenario, default_scenario
from minqing.insight.twin.simulate import County
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.methods.model import Method

START = dt.date(2025, 3, 3)  # a Monday of a decreed year
SEED = 1
_CHANCE = 0.05  # that any difference of a table is told where there is none


@dataclass(frozen=True)
class Beside:
    """What came of both in so many days; `before` is None where there is no version to compare with."""

    days: int
    asked: int
    new: Outcome
    before: Outcome | None


def run_beside(
    new: Method, before: Method | None, days: int, stop: Callable[[], bool] = lambda: False, seed: int = SEED
) -> Beside:
    """Both for so many days, or fewer when `stop` says so: asked after each day that both have lived."""
    ground = made_up_county()
    ours, theirs = scenarios(new, before)
    counties = [_county(new, ours, ground, seed)]
    if before is not None and theirs is not None:
        counties.append(_county(before, theirs, ground, seed))
    lived = 0
    while lived < days and not (lived and stop()):
        for county in counties:
            county.live(lived)
        lived += 1
    found = [county.outcome(lived, seed) for county in counties]
    return Beside(lived, days, found[0], found[1] if len(found) > 1 else None)


def _county(method: Method, scenario: Scenario, ground: Ground, seed: int) -> County:
    """What comes in is drawn by a chance of its own: it does not depend on what became of the matters before."""
    county = County(method, ground, scenario, seed, START, decreed_calendar())
    county.concerns = Concerns(method, scenario.arrivals, ground, Random(f"concerns {seed}"))
    return county


def scenarios(new: Method, before: Method | None) -> tuple[Scenario, Scenario | None]:
    """The same work for both, as far as both know it."""
    ours = default_scenario(new)
    if before is None:
        return ours, None
    theirs = default_scenario(before)
    stages = dict(ours.stages)
    for slug in stages.keys() & theirs.stages.keys():
        stages[slug] = replace(theirs.stages[slug], settles={**stages[slug].settles, **theirs.stages[slug].settles})
    mix = _mix(theirs.arrivals, ours.arrivals)
    kinds = mix.kinds if new.kinds.keys() == before.kinds.keys() else ours.arrivals.kinds
    return replace(ours, stages=stages, arrivals=replace(mix, kinds=kinds)), replace(theirs, arrivals=mix)


def _mix(first: Arrivals, second: Arrivals) -> Arrivals:
    """What comes in: all that either reads, so that both are told the same."""
    return replace(
        first,
        categories={**second.categories, **first.categories},
        tags={**second.tags, **first.tags},
        facts={**second.facts, **first.facts},
    )


def clear(new: OnTime, before: OnTime, rows: int = 1) -> bool:
    """Whether two rates differ by more than chance would have it, as one of so many `rows` that are looked at together:
    of many, some differ by chance, so the one in twenty is divided among them (Bonferroni)."""
    if not new.owed or not before.owed:
        return False
    both = (new.met + before.met) / (new.owed + before.owed)
    error = math.sqrt(both * (1 - both) * (1 / new.owed + 1 / before.owed))
    beyond = NormalDist().inv_cdf(1 - _CHANCE / (2 * rows))
    return abs(new.rate - before.rate) > beyond * error if error else new.rate != before.rate
