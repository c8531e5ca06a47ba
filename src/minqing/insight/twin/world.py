"""The simulated world: cases, desks, the heap of what comes next; and the one place that asks `decide`. Pure."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from minqing.base.moments import CHINA
from minqing.insight.twin.desks import Desk, Gauge, Openings
from minqing.insight.twin.ground import BESIDE, Ground
from minqing.insight.twin.plays import plays_of
from minqing.insight.twin.scenario import Scenario
from minqing.kernel.clock.calendars import Calendar
from minqing.kernel.clock.hours import STANDARD
from minqing.kernel.matters.cast import unit_for
from minqing.kernel.matters.commands import Command, Context, Decision, Refusal, Report, Tick
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.events import Event
from minqing.kernel.matters.matter import OPEN, Matter
from minqing.kernel.methods.model import PERSON_ROLES, Method
from minqing.registers.accounts.rules import CLOCK, Viewer
from minqing.registers.regions.rules import Cast

NEVER = dt.datetime.max.replace(tzinfo=CHINA)
Facts = Mapping[str, int | float | bool | str]


class Taken(NamedTuple):
    """One command that was taken: enough to decide it again, or to write it through a journal."""

    code: str
    command: Report | Command | Tick
    events: tuple[Event, ...]
    matter: Matter
    before: Matter | None
    context: Context


class Case:
    """A matter on its way. `stay` counts the stages entered: what was planned for an earlier stay is void."""

    __slots__ = ("cast", "helped", "kept", "now", "stay", "tries", "wake", "worker")

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now: Matter | None = None
        self.wake = NEVER
        self.stay = 0
        self.worker = 0  # whose of the desk's people it is
        self.tries = 0  # times it was worked on in this stay
        self.helped = False  # whether a department was called in this stay
        self.kept = 0  # times its end had to wait for what others owe

    @property
    def matter(self) -> Matter:
        """The matter, once it is reported."""
        assert self.now is not None
        return self.now


Act = Callable[[Case, int, Any], None]


class World:
    """Everything that goes on. Seconds are counted from midnight of the first day."""

    def __init__(
        self, method: Method, ground: Ground, scenario: Scenario, first: dt.date, calendar: Calendar, chance: Random
    ) -> None:
        self.method, self.scenario, self.chance, self.calendar = method, scenario, chance, calendar
        self.midnight = dt.datetime(first.year, first.month, first.day, tzinfo=CHINA)
        self.plays = plays_of(method)
        self.order = {level: place for place, level in enumerate(method.levels)}
        self.cases: list[Case] = []
        self.refusals = Counter[str]()
        self.commands = self.ticks = self.events = self.number = 0
        self.people: Mapping[int, Sequence[int]] = {}
        self.record: Callable[[Taken], None] | None = None
        self.reacts: Callable[[Case, tuple[Event, ...], int], None] = lambda case, events, second: None
        self.heap: list[tuple[float, int, Act, Case, Any]] = []
        self._open_desks(ground, first, calendar)
        self._viewers: dict[tuple[int, int], Viewer] = {}

    def _open_desks(self, ground: Ground, first: dt.date, calendar: Calendar) -> None:
        staff = {level: self.scenario.staff.get(level, self.scenario.staff[BESIDE]) for level in ground.desks.values()}
        self.gauges = {level: Gauge() for level in staff}
        openings = {level: Openings(one, calendar, first) for level, one in staff.items()}
        self.desks: dict[int, Desk] = {}
        for unit, level in ground.desks.items():
            self.gauges[level].desks += 1
            self.desks[unit] = Desk(unit, level, staff[level], openings[level], self.gauges[level])
        office_hours = ("town", "county", BESIDE)
        self.hours = {unit: STANDARD for unit, level in ground.desks.items() if level in office_hours}

    def moment(self, second: int) -> dt.datetime:
        """A second of the run as a moment."""
        return self.midnight + dt.timedelta(0, second)

    def push(self, second: float, act: Act, case: Case, what: Any = None) -> None:
        """Something that will happen."""
        self.number += 1
        heapq.heappush(self.heap, (second, self.number, act, case, what))

    def person(self, unit: int, number: int = 0) -> Viewer:
        """One of the people who serve at a unit; made-up numbers where nobody was named."""
        viewer = self._viewers.get((unit, number))
        if viewer is None:
            serving = self.people.get(unit)
            person = serving[number % len(serving)] if serving else unit * 100 + number + 1
            viewer = self._viewers[unit, number] = Viewer(person, unit)
        return viewer

    def report(self, case: Case, report: Report, actor: Viewer, second: int, facts: Facts) -> bool:
        """A concern comes in."""
        context = Context(self.moment(second), actor, case.cast, self.calendar, self.hours, facts)
        return self._decided(case, report, context, second)

    def do(self, case: Case, command: Command, actor: Viewer, second: int) -> bool:
        """Somebody acts; whether it was taken."""
        context = Context(self.moment(second), actor, case.cast, self.calendar, self.hours)
        return self._decided(case, command, context, second)

    def _decided(self, case: Case, command: Report | Command | Tick, context: Context, second: int) -> bool:
        before = case.now
        decision = decide(self.method, before, command, context)
        if isinstance(decision, Refusal):
            verb = command.verb if isinstance(command, Command) else type(command).__name__.lower()
            self.refusals[f"{verb}: {decision.reason}"] += 1
            return False
        self._note(case, command, decision, context)
        if before is None or decision.matter.duties is not before.duties:
            self._set_wake(case, decision.matter)
        self.reacts(case, decision.events, second)
        return True

    def _note(self, case: Case, command: Report | Command | Tick, decision: Decision, context: Context) -> None:
        before, case.now = case.now, decision.matter
        self.commands += 1
        self.events += len(decision.events)
        if self.record is not None:
            self.record(Taken(decision.matter.code, command, decision.events, decision.matter, before, context))

    def _set_wake(self, case: Case, matter: Matter) -> None:
        """When the next rung of any of its duties comes; what was planned for another moment is void."""
        soonest = NEVER
        for duty in matter.duties:
            if duty.state == OPEN and duty.next_rung < len(duty.rungs) and duty.rungs[duty.next_rung] < soonest:
                soonest = duty.rungs[duty.next_rung]
        if soonest != case.wake:
            case.wake = soonest
            if soonest is not NEVER:
                self.push((soonest - self.midnight).total_seconds(), self.fire, case, soonest)

    def fire(self, case: Case, second: int, moment: dt.datetime) -> None:
        """All rungs that come at this moment, one after the other, in the order of their duties."""
        while case.wake == moment:
            duty = next(duty for duty in case.matter.duties if duty.next_at == moment)
            context = Context(moment, CLOCK, case.cast, self.calendar, self.hours)
            if not self._decided(case, Tick(duty.id, duty.next_rung), context, second):
                return
            self.ticks += 1

    def go_on(self, until: int) -> None:
        """Everything that happens before that second."""
        heap, pop = self.heap, heapq.heappop
        while heap and heap[0][0] < until:
            second, _, act, case, what = pop(heap)
            act(case, int(second), what)

    def actor(self, case: Case, roles: tuple[str, ...], someone_else: bool = False) -> Viewer | None:
        """Somebody of these roles at the case's place, or the holder; `someone_else` than those who settled it."""
        matter = case.matter
        if not roles and not someone_else and matter.holder in self.desks:
            return self.person(matter.holder, case.worker)
        for role in roles or ("holder",):
            if role in PERSON_ROLES:
                return Viewer(9, 0, frozenset({role}))
            unit = unit_for(role, self.method, matter, case.cast)
            people = range(self.desks[unit].staff.workers) if unit in self.desks else ()
            for number in (case.worker, *people):
                actor = self.person(unit, number % len(people)) if people else None
                if actor and not (someone_else and actor.person in matter.settlers):
                    return actor
        return None

    def some(self, hours: float) -> int:
        """Seconds of a wait of so many hours on average, at least one minute."""
        return 60 + int(self.chance.expovariate(1.0) * hours * 3600)
