"""What a simulation came to: counted from the matters at its end, by the words the measures use. Pure.

On time: of the duties units owed (met, missed, or open past their time), those met in time. Dropped ones do not count.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from minqing.insight.twin.desks import DAY, Gauge
from minqing.kernel.matters.matter import DONE, DROPPED, OPEN, Matter
from minqing.kernel.methods.model import Method


@dataclass(frozen=True)
class Queue:
    """Jobs that waited at the desks of a level: the mean at one desk over time, and the longest at any."""

    desks: int
    mean: float
    longest: int


@dataclass(frozen=True)
class OnTime:
    """Duties met in time, of how many that counted."""

    met: int = 0
    owed: int = 0

    @property
    def rate(self) -> float:
        """Between 0 and 1; 1 where nothing was owed."""
        return self.met / self.owed if self.owed else 1.0


@dataclass(frozen=True)
class Outcome:
    """The figures of one run. Shares lie between 0 and 1; levels and stages are slugs of the method."""

    method: str
    days: int
    seed: int
    matters: int
    commands: int
    ticks: int
    events: int
    refusals: Mapping[str, int]
    settled_by_stage: Mapping[str, float]
    settled_by_level: Mapping[str, float]
    ends: Mapping[str, int]
    on_time: OnTime
    on_time_by_stage: Mapping[str, OnTime]
    queues: Mapping[str, Queue]
    open_now: int
    overdue_now: int
    held_by_nobody: int
    returns: int
    reopenings: int
    levels: Mapping[str, int] = field(default_factory=dict)


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Counts as shares of their sum."""
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()} if total else {}


def duties_on_time(matters: Iterable[Matter], now: dt.datetime) -> dict[str, OnTime]:
    """By kind of duty: what units owed that was met in time, of all that should have been by now."""
    met, owed = Counter[str](), Counter[str]()
    for matter in matters:
        for duty in matter.duties:
            if not duty.owed_by or duty.state == DROPPED or (duty.state == OPEN and duty.due > now):
                continue
            owed[duty.kind] += 1
            met[duty.kind] += duty.state == DONE and not duty.late
    return {kind: OnTime(met[kind], owed[kind]) for kind in owed}


def overdue(matters: Iterable[Matter], now: dt.datetime) -> int:
    """Open matters whose present stage is past its time."""
    running = (matter.stage_duty() for matter in matters if matter.is_open)
    return sum(duty is not None and duty.due < now for duty in running)


def summed(rates: Iterable[OnTime]) -> OnTime:
    """All of them together."""
    each = list(rates)
    return OnTime(sum(rate.met for rate in each), sum(rate.owed for rate in each))


def queue_of(gauge: Gauge, days: int) -> Queue:
    """A gauge, read at the end."""
    area = gauge.area + gauge.waiting * (days * DAY - gauge.since)
    return Queue(gauge.desks, area / (gauge.desks * days * DAY) if gauge.desks and days else 0.0, gauge.longest)


def ordered(counts: Mapping[str, float], order: Iterable[str]) -> dict[str, float]:
    """In the order of the method, the unknown last."""
    known = [name for name in order if name in counts]
    return {name: counts[name] for name in (*known, *(set(counts) - set(known)))}


def stages_of(method: Method) -> list[str]:
    """The stages where somebody works, in the order of the file."""
    return [slug for slug, stage in method.stages.items() if stage.end is None]
