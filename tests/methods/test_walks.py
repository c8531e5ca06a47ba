"""Random walks through every file of methods/: nothing breaks, every stage is seen, the journal replays.

Each walk plays one made-up matter at a place of which the grid, only the town, or nobody is known, now and then
against one of the units it would go to.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from minqing.base.moments import CHINA
from minqing.insight.twin.ground import made_up_county
from minqing.insight.twin.plays import made_up
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.matters.cast import barred
from minqing.kernel.matters.commands import Context, Decision, Refusal, Report, Tick
from minqing.kernel.matters.decide import Offer, decide, moves
from minqing.kernel.matters.events import Event, Told
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.matter import OPEN, Matter
from minqing.kernel.matters.standing import STANDING
from minqing.kernel.matters.testing import answer_of
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import CLOCK, REPORTER, Viewer
from minqing.registers.regions.rules import Cast
from minqing.wiring.vocabulary import VOCABULARY

FILES = sorted((Path(__file__).parents[2] / "methods").glob("*.yaml"))
WALKS, STEPS = 200, 40
GROUND = made_up_county(towns=1, villages=1, grids=1, departments=3)
START = dt.datetime(2026, 1, 30, 9, 30, tzinfo=CHINA)


@cache
def method_of(path: Path) -> Method:
    return load_method(path, VOCABULARY)


@dataclass
class Walk:
    """One matter on its random way."""

    method: Method
    chance: Random
    cast: Cast = field(init=False)
    leaning: str = field(init=False)  # what call-backs of this walk mostly come to
    moment: dt.datetime = START
    history: list[Event] = field(default_factory=list)
    matter: Matter | None = None
    stages: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        known = self.chance.choice(("grid", "grid", "town", "county", "nobody"))
        self.cast = GROUND.of("county" if known == "nobody" else known)[0]
        if known == "nobody":
            self.cast = replace(self.cast, units={})
        self.leaning = self.chance.choice(("", "unsatisfied", "not_reached"))
        self.moment = START + dt.timedelta(minutes=self.chance.randrange(60 * 24 * 200))

    def begin(self) -> None:
        chance, method = self.chance, self.method
        kind = chance.choice(list(method.kinds))
        asked = [one for one in method.form.values() if chance.random() < 0.7 and one.type not in ("date", "moment")]
        form, filled = made_up(asked, chance)
        emergency = chance.choice(method.emergencies) if chance.random() < 0.15 and method.emergencies else None
        against = [unit for role, unit in self.cast.units.items() if role in ("grid", "village", "town", "county")]
        report = Report(
            code="WALK", place=self.cast.place, channel="qr", kind=kind, form=form, filled=filled,
            category=chance.choice([*method.kinds[kind].takes, "", "land/land-taking"]),
            people=chance.choice((1, 1, 6, 30, 150)), emergency=emergency.slug if emergency else "",
            reporter=chance.choice(("named", "unnamed", "nobody")), wants_call_back=chance.random() < 0.7,
            against=(chance.choice(against),) if against and chance.random() < 0.25 else (),
        )  # fmt: skip
        facts = {"text.repeats": chance.choice((0, 0, 2, 6))}
        context = Context(self.moment, REPORTER, self.cast, decreed_calendar(), {}, facts)
        self.take(decide(method, None, report, context))

    def take(self, answer: Decision | Refusal) -> None:
        assert isinstance(answer, Decision), answer
        told = [unit for event in answer.events if isinstance(event, Told) for unit in event.units]
        self.history += answer.events
        self.matter = answer.matter
        self.stages[self.matter.stage] += 1
        assert not any(barred(unit, self.matter, self.cast) for unit in (self.matter.holder, *told) if unit)

    def context(self, actor: Viewer) -> Context:
        staff = {unit: ((unit * 10 + 1, "甲"), (unit * 10 + 2, "乙")) for unit in self.cast.names}
        return Context(self.moment, actor, self.cast, decreed_calendar(), staff=staff)

    def wait(self, hours: float) -> None:
        """Time passes; the clock does what comes on the way."""
        until = self.moment + dt.timedelta(hours=hours)
        while True:
            assert self.matter is not None
            coming = [duty for duty in self.matter.duties if duty.next_at is not None and duty.next_at <= until]
            if not coming:
                break
            duty = min(coming, key=lambda one: (one.next_at, one.id))
            assert duty.next_at is not None
            self.moment = max(self.moment, duty.next_at)
            self.take(decide(self.method, self.matter, Tick(duty.id, duty.next_rung), self.context(CLOCK)))
        self.moment = until

    def step(self) -> None:
        """Somebody who may do something does one of the things offered."""
        assert self.matter is not None
        people = self.people()
        offers = [
            (actor, offer)
            for actor in self.chance.sample(people, min(3, len(people)))
            for offer in moves(self.method, self.matter, self.context(actor))
        ]
        own = [pair for pair in offers if pair[1].verb not in STANDING and pair[1].verb not in ("withdraw", "guide")]
        if offers:
            self.try_(*self.chance.choice(own if own and self.chance.random() < 0.7 else offers))

    def people(self) -> list[Viewer]:
        assert self.matter is not None
        units = {*self.cast.units.values(), *(duty.owed_by for duty in self.matter.duties), self.matter.holder} - {0}
        own = [Viewer(unit * 10 + number, unit) for unit in sorted(units) for number in (1, 2)]
        return [*own, REPORTER, Viewer(7, 0, frozenset({"volunteer"})), Viewer(8, 0, frozenset({"mediator"}))]

    def try_(self, actor: Viewer, offer: Offer) -> None:
        """Answered as it asks an offer is accepted."""
        assert self.matter is not None
        command = answer_of(offer, self.chance, self.method, self.leaning)
        if command.verb in ("merge", "link"):
            return  # a walk knows no other matter
        if command.verb == "split":
            command = replace(command, code="PART")
        answer = decide(self.method, self.matter, command, self.context(actor))
        assert isinstance(answer, Decision), f"{offer.verb}: {answer} {offer} {command}"
        self.take(answer)

    def go(self) -> None:
        self.begin()
        for _ in range(STEPS):
            if self.chance.random() < 0.25:
                self.wait(self.chance.choice((2, 25, 61, 200)))
            self.step()
        assert replay(self.history) == self.matter


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_two_hundred_random_walks_see_every_stage_and_replay(path: Path) -> None:
    method, seen = method_of(path), Counter[str]()
    for seed in range(WALKS):
        walk = Walk(method, Random(f"{path.stem} {seed}"))
        walk.go()
        seen += walk.stages
    assert set(method.stages) - set(seen) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_left_to_the_clock_alone_reaches_the_top_and_stays_somebodys(path: Path) -> None:
    method = method_of(path)
    for seed in range(40):
        walk = Walk(method, Random(f"clock {seed}"))
        walk.begin()
        walk.wait(24 * 120)
        assert walk.matter is not None and walk.matter.is_open
        stage = method.stages[walk.matter.stage]
        assert stage.above is None
        assert any(duty.kind == "@" + stage.slug and duty.state == OPEN for duty in walk.matter.duties)
        assert replay(walk.history) == walk.matter
