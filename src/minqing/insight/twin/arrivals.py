"""Made-up concerns as they come in: how many a day, when, where and of what sort. Pure, and only by its seed."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from minqing.insight.twin.ground import LEVELS, Ground
from minqing.insight.twin.plays import made_up
from minqing.insight.twin.scenario import Arrivals, conditions_of
from minqing.kernel.matters.commands import Report
from minqing.kernel.matters.events import Plain
from minqing.kernel.matters.intake import kind_of
from minqing.kernel.methods.model import Method
from minqing.registers.regions.rules import Cast

Name = TypeVar("Name")


class Lot(Generic[Name]):
    """A draw among weighted names."""

    def __init__(self, weights: Mapping[Name, float]) -> None:
        self.names: Sequence[Name] = [name for name, weight in weights.items() if weight > 0]
        self._sums = list(accumulate(weight for weight in weights.values() if weight > 0))

    def draw(self, chance: Random) -> Name:
        """One of them."""
        return self.names[bisect(self._sums, chance.random() * self._sums[-1])]


class Concerns:
    """Draws reports for a method by a scenario's arrivals."""

    def __init__(self, method: Method, arrivals: Arrivals, ground: Ground, chance: Random) -> None:
        self.method, self.arrivals, self.ground, self.chance = method, arrivals, ground, chance
        self.kinds = Lot(arrivals.kinds or dict.fromkeys(method.kinds, 1.0))
        self.channels, self.hours = Lot(arrivals.channels), Lot(arrivals.day)
        self.people = Lot({int(size): weight for size, weight in arrivals.people.items()})
        self.counts = Lot({int(count): weight for count, weight in arrivals.counts.items()})
        self.facts = {name: Lot({int(n): w for n, w in lot.items()}) for name, lot in arrivals.facts.items()}
        self.known = Lot(arrivals.known)
        self.categories = {slug: Lot(_categories(method, slug, arrivals)) for slug in method.kinds}
        read = {name for condition in conditions_of(method) for name in condition.names}
        self.asked = {
            kind: [
                one for slug, one in method.form.items()
                if one.required or kind in one.required_for or f"form.{slug}" in read
            ]
            for kind in method.kinds
        }  # fmt: skip

    def seconds_of(self, day: dt.date) -> list[int]:
        """When concerns come in on that day, in seconds since midnight, ascending."""
        mean = self.arrivals.per_day * self.arrivals.week[str(day.isoweekday())] * self.arrivals.year[str(day.month)]
        number = _poisson(mean, self.chance)
        return sorted(int(self.hours.draw(self.chance)) * 3600 + self.chance.randrange(3600) for _ in range(number))

    def report(self, code: str) -> tuple[Report, Cast, dict[str, int | float | bool | str]]:
        """One concern, the cast of its place, and the facts that capabilities would bring."""
        chance, arrivals, method = self.chance, self.arrivals, self.method
        kind = self.kinds.draw(chance)
        cast = chance.choice(self.ground.of(self.known.draw(chance)))
        emergency = chance.choice(method.emergencies) if self._happens(arrivals.emergencies, method) else None
        tags = [tag for tag, share in arrivals.tags.items() if chance.random() < share]
        if emergency is not None:
            tags.extend(tag for tag in emergency.tags[:1] if tag not in tags)
        form, filled = self._form(kind)
        reporter = self._reporter()
        report = Report(
            code=code,
            place=cast.place,
            channel="patrol" if reporter == "nobody" else self.channels.draw(chance),
            kind=kind,
            category=self.categories[kind].draw(chance),
            tags=tuple(tags),
            people=self.people.draw(chance),
            against=self._against(cast),
            emergency=emergency.slug if emergency is not None else "",
            form=form,
            filled=filled,
            reporter=reporter,
            wants_call_back=reporter != "nobody" and chance.random() >= arrivals.declines,
        )
        return report, cast, {name: lot.draw(chance) for name, lot in self.facts.items()}

    def _happens(self, share: float, method: Method) -> bool:
        return bool(method.emergencies) and self.chance.random() < share

    def _reporter(self) -> str:
        draw = self.chance.random()
        if draw < self.arrivals.nobody:
            return "nobody"
        return "unnamed" if draw < self.arrivals.nobody + self.arrivals.unnamed else "named"

    def _against(self, cast: Cast) -> tuple[int, ...]:
        """Now and then a concern is about the grid, village or town itself."""
        if self.chance.random() >= self.arrivals.against:
            return ()
        there = [cast.units[level] for level in LEVELS[:3] if level in cast.units]
        return (self.chance.choice(there),) if there else ()

    def _form(self, kind: str) -> tuple[dict[str, Plain], tuple[str, ...]]:
        form, filled = made_up(self.asked[kind], self.chance)
        for one in self.asked[kind]:
            if one.type == "count":
                form[one.slug] = self.counts.draw(self.chance)
        return form, filled


def _categories(method: Method, kind: str, arrivals: Arrivals) -> Mapping[str, float]:
    """The categories that the method files under a kind; what the kind takes, or '', where the mix names none."""
    mine = {name: weight for name, weight in arrivals.categories.items() if kind_of(method, name) == kind}
    return mine or dict.fromkeys(method.kinds[kind].takes, 1.0) or {"": 1.0}


def _poisson(mean: float, chance: Random) -> int:
    """So many on a day: exact below 40, the rounded normal above."""
    if mean > 40:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, number, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        number += 1
        product *= chance.random()
    return number
