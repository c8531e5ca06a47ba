"""A small made-up county for tests and trials of the pure kernel: one grid, village, town, two departments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from minqing.base.moments import CHINA
from minqing.kernel.clock.calendars import Calendar, decreed_calendar
from minqing.kernel.matters.commands import Command, Context, Decision, Refusal, Report, Tick
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.events import Event
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.offers import Ask, Offer, filled_in
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import CLOCK, REPORTER, Viewer
from minqing.registers.regions.rules import Cast

GRID, VILLAGE, TOWN, COUNTY, POLICE, WATER, INSPECTION = 1, 2, 3, 4, 5, 6, 7
PLACE = 330727101201001
MONDAY = dt.datetime(2026, 6, 1, 10, 0, tzinfo=CHINA)

CAST = Cast(
    place=PLACE,
    units={
        "grid": GRID,
        "village": VILLAGE,
        "town": TOWN,
        "county": COUNTY,
        "department": POLICE,
        "department:safety": POLICE,
        "department:utilities": WATER,
        "inspection": INSPECTION,
    },
    above={GRID: VILLAGE, VILLAGE: TOWN, TOWN: COUNTY, POLICE: COUNTY, WATER: COUNTY, INSPECTION: COUNTY},
    level={
        GRID: "grid", VILLAGE: "village", TOWN: "town", COUNTY: "county",
        POLICE: "county", WATER: "county", INSPECTION: "county",
    },
    names={
        GRID: "演示网格", VILLAGE: "演示村", TOWN: "演示镇", COUNTY: "演示县中心",
        POLICE: "演示公安局", WATER: "演示水利局", INSPECTION: "演示纪委",
    },
    hours={},
    version="trial",
)  # fmt: skip


def worker(unit: int, person: int | None = None, *roles: str) -> Viewer:
    """Somebody of a unit; by default its first person."""
    return Viewer(person or unit * 10 + 1, unit, frozenset(roles))


#: Two persons in each unit, numbered as `worker` numbers them.
STAFF = {unit: ((unit * 10 + 1, f"演示{unit}甲"), (unit * 10 + 2, f"演示{unit}乙")) for unit in CAST.names}
VOLUNTEER = Viewer(901, 0, frozenset({"volunteer"}))


class Refuted(AssertionError):
    """The kernel refused what the trial wanted done."""


@dataclass
class Trial:
    """Plays one matter by hand: a moment that moves, a history, the matter it led to."""

    method: Method
    cast: Cast = CAST
    moment: dt.datetime = MONDAY
    calendar: Calendar = field(default_factory=decreed_calendar)
    facts: Mapping[str, int | float | bool | str] = field(default_factory=dict)
    history: list[Event] = field(default_factory=list)
    matter: Matter | None = None
    staff: Mapping[int, tuple[tuple[int, str], ...]] = field(default_factory=lambda: STAFF)
    other: Matter | None = None
    there: Cast | None = None

    def context(self, actor: Viewer) -> Context:
        return Context(self.moment, actor, self.cast, self.calendar, {}, self.facts, self.staff, self.other, self.there)

    def try_(self, actor: Viewer, command: Report | Command | Tick) -> Decision | Refusal:
        """What the kernel says, without taking it."""
        return decide(self.method, self.matter, command, self.context(actor))

    def take(self, actor: Viewer, command: Report | Command | Tick) -> tuple[Event, ...]:
        """Does it; refuses to go on when the kernel refuses. Checks on the way that replay equals the matter."""
        answer = self.try_(actor, command)
        if isinstance(answer, Refusal):
            raise Refuted(str(answer))
        self.history += answer.events
        self.matter = answer.matter
        assert replay(self.history) == answer.matter
        return answer.events

    def report(self, text: str = "", **told: object) -> tuple[Event, ...]:
        """A resident reports; emergencies are spotted in the text as the doors do it."""
        report = Report(code="K7M29QXF", place=self.cast.place, channel="web")
        report = replace(report, **told)  # type: ignore[arg-type]
        spotted = report.emergency or spot_emergency(self.method, text, report.tags)
        return self.take(REPORTER, replace(report, emergency=spotted))

    def act(self, actor: Viewer, verb: str, **told: object) -> tuple[Event, ...]:
        """Somebody acts."""
        return self.take(actor, replace(Command(verb), **told))  # type: ignore[arg-type]

    def refused(self, actor: Viewer, verb: str, **told: object) -> str:
        """The reason for which the kernel refuses; fails when it does not."""
        answer = self.try_(actor, replace(Command(verb), **told))  # type: ignore[arg-type]
        if not isinstance(answer, Refusal):
            raise Refuted(f"“{verb}” was not refused")
        return answer.reason

    def wait(self, span: dt.timedelta) -> None:
        """Lets time pass, and the clock act at each rung on the way, as the sweep does."""
        until = self.moment + span
        while (rung := self.next_rung()) is not None and rung[0] <= until:
            self.moment = max(self.moment, rung[0])
            self.take(CLOCK, Tick(rung[1], rung[2]))
        self.moment = until

    def next_rung(self) -> tuple[dt.datetime, int, int] | None:
        """Moment, duty and rung of the next thing the clock will do."""
        assert self.matter is not None
        waiting = [(d.next_at, d.id, d.next_rung) for d in self.matter.duties if d.next_at is not None]
        return min(waiting) if waiting else None


def answer_of(offer: Offer, chance: Random, method: Method, result: str = "") -> Command:
    """What a client sends who knows nothing but the offer: a result, all that is required, some of the rest."""
    chosen = next((one for one in offer.results if one.name == result), None)
    if chosen is None and offer.results:
        chosen = chance.choice(offer.results)
    asks = (*offer.asks, *(chosen.asks if chosen else ()))
    one_of = (chosen.one_of if chosen else ()) or offer.one_of
    sent = [ask for ask in asks if ask.required or chance.random() < 0.3]
    if one_of and not any(ask.name in one_of for ask in sent):
        sent.append(chance.choice([ask for ask in asks if ask.name in one_of]))
    told: dict[str, Any] = {}
    for ask in sent:
        value = _sent(ask, chance)
        told[ask.name] = [*told.get(ask.name, ()), *value] if ask.kind == "records" else value
    return filled_in(offer.verb, chosen.name if chosen else "", told, method)


def _sent(ask: Ask, chance: Random) -> Any:
    values = [value for value, _ in ask.of]
    if ask.kind == "records":
        return values if ask.required else chance.sample(values, chance.randint(1, len(values)))
    if ask.kind == "choices":
        return chance.sample(values, chance.randint(1, len(values)))
    if values:
        return chance.choice(values)
    if ask.kind == "place":
        return PLACE
    if ask.kind in ("count", "money", "number"):
        return max(ask.least, chance.choice((0, 1, 3, 12, 40, 200)))
    if ask.kind == "yes_no":
        return chance.random() < 0.5
    return {"date": "2026-06-09", "moment": "2026-06-09T10:00:00+08:00"}.get(ask.kind, "f" * 64)
