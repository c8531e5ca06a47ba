"""What a simulated county is like: how much comes in, how desks work, how call-backs go. Frozen, plain numbers.

A scenario says nothing about people: every chance belongs to made-up work. `default_scenario` reads a sane one off a
method's stages; a file or `--set name=value` changes single numbers by their dotted name. Limits: shares are
independent of one another; staff neither learn nor tire; travel is part of the hours a thing takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from minqing.kernel.clock.budgets import Budget, rough_minutes
from minqing.kernel.methods.conditions import Condition
from minqing.kernel.methods.model import CALL_BACK, Limit, Method, Stage

Shares = Mapping[str, float]

#: Quarrels and broken pipes keep no holidays: a little less at weekends, most in summer, least in February.
_WEEK = {"1": 1.12, "2": 1.08, "3": 1.05, "4": 1.03, "5": 1.04, "6": 0.88, "7": 0.80}
_YEAR = {"1": 0.94, "2": 0.82, "3": 0.97, "4": 1.0, "5": 1.02, "6": 1.1,
         "7": 1.17, "8": 1.14, "9": 1.03, "10": 0.95, "11": 0.93, "12": 0.93}  # fmt: skip
_DAY = {"6": 2, "7": 4, "8": 9, "9": 11, "10": 10, "11": 7, "12": 4, "13": 4, "14": 8, "15": 9, "16": 8, "17": 6,
        "18": 5, "19": 6, "20": 4, "21": 2, "22": 1, "23": 0.5, "0": 0.3, "2": 0.2}  # fmt: skip


@dataclass(frozen=True)
class Arrivals:
    """What comes in. Shares are weights of a draw where several are named, else chances from 0 to 1."""

    per_day: float = 33.0
    week: Shares = field(default_factory=lambda: dict(_WEEK))
    year: Shares = field(default_factory=lambda: dict(_YEAR))
    day: Shares = field(default_factory=lambda: dict(_DAY))
    kinds: Shares = field(default_factory=dict)
    categories: Shares = field(default_factory=dict)
    channels: Shares = field(default_factory=lambda: {"grid": 5.0, "qr": 2.5, "hotline": 1.5, "visit": 1.0})
    people: Shares = field(default_factory=lambda: {"1": 80, "2": 8, "3": 4, "6": 4, "12": 2.5, "35": 1.2, "120": 0.2})
    tags: Shares = field(default_factory=dict)
    facts: Mapping[str, Shares] = field(default_factory=dict)
    counts: Shares = field(default_factory=lambda: {"0": 55, "1": 35, "2": 7, "3": 3})
    known: Shares = field(default_factory=lambda: {"grid": 0.76, "village": 0.14, "town": 0.07, "county": 0.03})
    emergencies: float = 0.008
    against: float = 0.006
    unnamed: float = 0.04
    nobody: float = 0.08
    declines: float = 0.03
    withdraws: float = 0.006
    grows: float = 0.01


@dataclass(frozen=True)
class Staff:
    """The desks of one level: people each, hours of the day, whether they work on rest days; hours as numbers.

    `pickup` is the mean wait before anybody looks, `effort` what a matter takes of a person; both in hours.
    """

    workers: int = 1
    opens: float = 8.5
    closes: float = 17.5
    rest_days: bool = False
    pickup: float = 1.5
    effort: float = 0.7
    notes: float = 0.15


@dataclass(frozen=True)
class Handling:
    """A stage: hours until it is worked out (median; `spread` is the sigma of a log-normal), and how it turns out.

    `settles` by kind. What is not settled goes up at once, unless the desk whistles or leaves it to the clock.
    """

    hours: float
    settles: Shares
    spread: float = 0.65
    whistles: float = 0.35
    leaves: float = 0.08
    guides: float = 0.1


@dataclass(frozen=True)
class Helping:
    """Those who are whistled, and letters: how many stay silent at first, hours (mean) until they act."""

    silent: float = 0.1
    arrives: float = 6.0
    answers: float = 40.0
    late: float = 60.0
    settles: float = 0.75


@dataclass(frozen=True)
class Answers:
    """How call-backs turn out; the first chance is for those who can be reached at all."""

    reached: float = 0.88
    satisfied: float = 0.955
    reopens: float = 0.012
    hours: float = 14.0


@dataclass(frozen=True)
class Scenario:
    """All of it. `stages` by the method's stage, `staff` by level, with 'department' for everyone beside the ladder."""

    arrivals: Arrivals
    staff: Mapping[str, Staff]
    stages: Mapping[str, Handling]
    helping: Helping = Helping()
    answers: Answers = Answers()


#: One grid worker also works at weekends; offices keep office hours.
_STAFF = {
    "grid": Staff(1, 8.0, 19.0, True, 2.0, 0.7),
    "village": Staff(3, 8.0, 18.0, True, 2.5, 1.0),
    "town": Staff(6, 8.5, 17.5, False, 2.0, 1.5),
    "county": Staff(12, 8.5, 17.5, False, 3.0, 2.0),
    "city": Staff(12, 8.5, 17.5, False, 3.0, 2.0),
    "department": Staff(4, 8.5, 17.5, False, 3.0, 1.0),
}
_SETTLES = {"grid": 0.62, "village": 0.85, "town": 0.86, "county": 0.93}


def default_scenario(method: Method) -> Scenario:
    """A sane scenario for a method: its kinds and tags in even shares, a third of each limit as the usual time."""
    taken = sorted({category for kind in method.kinds.values() for category in kind.takes})
    return Scenario(
        Arrivals(
            kinds={kind: 1.0 / (place + 1) for place, kind in enumerate(method.kinds)},
            categories=dict.fromkeys(taken, 1.0),
            tags={tag: 0.01 for tag in _tags_read(method)},
            facts={name: {"0": 0.88, "1": 0.06, "2": 0.04, "3": 0.015, "5": 0.005} for name in _facts_read(method)},
        ),
        _STAFF,
        {stage.slug: _handling(method, stage) for stage in method.stages.values() if _is_work(stage)},
    )


def _is_work(stage: Stage) -> bool:
    return stage.end is None and stage.slug != CALL_BACK


def _handling(method: Method, stage: Stage) -> Handling:
    role = method.roles.get(stage.holder)
    level = (role.level if role else stage.holder) or "county"
    chance = _SETTLES.get(level, 0.8)
    return Handling(hours=_rough_hours(stage.limit) * 0.3, settles=dict.fromkeys(method.kinds, chance))


def _rough_hours(limit: Limit | None) -> float:
    """The shortest time the limit gives, in hours; a day for what hangs on a date."""
    times = [] if limit is None else [limit.time, *limit.by_level.values()]
    return min((rough_minutes(time) / 60 for time in times if isinstance(time, Budget)), default=24.0)


def conditions_of(method: Method) -> list[Condition]:
    """Every condition that can steer a matter."""
    moves = [move for stage in method.stages.values() for move in stage.moves.values()] + [*method.anywhere.values()]
    found = [
        *(rule.when for rule in method.triage),
        *(level.when for level in method.levels.values()),
        *(move.when for move in moves),
        *(result.when for move in moves for result in move.results.values()),
        *(step.when for stage in method.stages.values() for step in stage.by_itself),
    ]
    return [condition for condition in found if condition is not None]


def _facts_read(method: Method) -> list[str]:
    """Facts of capabilities that conditions read, such as text.repeats."""
    own = ("form", "has", "open", "done", "late", "all", "helpers")
    names = {name for condition in conditions_of(method) for name in condition.names}
    return sorted(name for name in names if "." in name and name.split(".")[0] not in own)


def _tags_read(method: Method) -> list[str]:
    """Words that conditions look for among the tags: what stands in quotes before `in tags`."""
    found = set()
    for condition in conditions_of(method):
        for part in condition.text.split("in tags")[:-1]:
            word = part.rstrip()[:-1].rsplit(part.rstrip()[-1:], 1)[-1] if part.strip() else ""
            found.add(word)
    return sorted(found - {""})
