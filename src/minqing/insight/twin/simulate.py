"""The twin: made-up concerns and desks through a method, one event after the other, by the very same `decide`. Pure.

The clock's rungs fire exactly when they come; desks act by what their stage offers. The same seed gives the same run.
Limits: matters do not know each other (no merging, no children), and desks do not learn.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random

from minqing.insight.twin.arrivals import Concerns
from minqing.insight.twin.callbacks import CallBacks
from minqing.insight.twin.desks import DAY
from minqing.insight.twin.ground import Ground
from minqing.insight.twin.office import Office
from minqing.insight.twin.outcome import Outcome, duties_on_time, ordered, overdue, queue_of, shares, stages_of, summed
from minqing.insight.twin.scenario import Scenario
from minqing.insight.twin.sidework import SideWork
from minqing.insight.twin.stagework import StageWork
from minqing.insight.twin.world import Case, Taken, World
from minqing.kernel.clock.calendars import Calendar, decreed_calendar
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Report
from minqing.kernel.methods.model import CALL_BACK, SIX_ENDS, Method
from minqing.registers.accounts.rules import MACHINE, REPORTER

Record = Callable[[Taken], None]
Progress = Callable[[int], None]


def run(
    method: Method,
    ground: Ground,
    scenario: Scenario,
    days: int,
    seed: int,
    start: dt.date,
    progress: Progress | None = None,
    record: Record | None = None,
    *,
    calendar: Calendar | None = None,
    dress: Callable[[int, Report], Report] | None = None,
    people: Mapping[int, Sequence[int]] | None = None,
) -> Outcome:
    """So many days from `start` on; `progress` is told each day gone, `record` every command taken.

    `dress` may give the n-th report another code or source; `people` names who serves at a unit.
    """
    county = County(method, ground, scenario, seed, start, calendar or decreed_calendar())
    county.world.record = record
    county.world.people = people or {}
    county.dress = dress or county.dress
    for day in range(days):
        county.live(day)
        if progress is not None:
            progress(day + 1)
    return county.outcome(days, seed)


class County:
    """One simulated county: concerns come in, people work, the clock goes."""

    def __init__(
        self, method: Method, ground: Ground, scenario: Scenario, seed: int, start: dt.date, calendar: Calendar
    ) -> None:
        chance = Random(seed)
        self.start = start
        self.world = World(method, ground, scenario, start, calendar, chance)
        self.concerns = Concerns(method, scenario.arrivals, ground, chance)
        office = Office(self.world)
        self.stages = StageWork(self.world, office)
        self.callbacks = CallBacks(self.world, office)
        self.side = SideWork(self.world, office, self.stages)
        self.world.reacts = self._react
        self._door = Case(ground.of("county")[0])  # what comes in has no case yet
        self.dress: Callable[[int, Report], Report] = lambda number, report: report

    def live(self, day: int) -> None:
        """One day, from midnight to midnight."""
        for second in self.concerns.seconds_of(self.start + dt.timedelta(day)):
            self.world.push(day * DAY + second, self._report, self._door)
        self.world.go_on((day + 1) * DAY)

    def _report(self, _: Case, second: int, __: None) -> None:
        number = len(self.world.cases) + 1
        report, cast, facts = self.concerns.report(f"T{number:06}")
        report = self.dress(number, report)
        case = Case(cast)
        self.world.cases.append(case)
        actor = MACHINE if report.reporter == "nobody" else REPORTER
        if self.world.report(case, report, actor, second, facts):
            self.callbacks.reported(case, second)
        else:
            self.world.cases.pop()

    def _react(self, case: Case, events: tuple[ev.Event, ...], second: int) -> None:
        """What somebody now has to do."""
        entered = False
        for event in events:
            if type(event) is ev.Entered:
                entered = True
            elif type(event) is ev.DutyAdded:
                self.side.owed(case, event, second)
        if not entered:
            return
        case.stay += 1
        if case.matter.end:
            self.callbacks.closed(case, second)
        elif case.matter.stage == CALL_BACK:
            self.callbacks.entered(case, second)
        else:
            self.stages.entered(case, second)

    def outcome(self, days: int, seed: int) -> Outcome:
        """What it came to by the end of the last day."""
        world, method = self.world, self.world.method
        matters = [case.matter for case in world.cases]
        now = world.moment(days * DAY)
        ended = [matter for matter in matters if matter.end]
        settled = [matter for matter in ended if matter.settled_in and matter.end in SIX_ENDS]
        on_time = duties_on_time(matters, now)
        stages = {kind[1:]: rate for kind, rate in on_time.items() if kind[0] == "@"}
        level_of = {unit: desk.level for unit, desk in world.desks.items()}
        by_level = Counter(level_of.get(matter.settled_by[0], "nobody") for matter in settled)
        ends = Counter(matter.end for matter in ended)
        return Outcome(
            method=method.slug,
            days=days,
            seed=seed,
            matters=len(matters),
            commands=world.commands,
            ticks=world.ticks,
            events=world.events,
            refusals=dict(world.refusals),
            settled_by_stage=ordered(shares(Counter(matter.settled_in for matter in settled)), stages_of(method)),
            settled_by_level=ordered(shares(by_level), world.gauges),
            ends={end: ends[end] for end in (*SIX_ENDS, *(other for other in ends if other not in SIX_ENDS))},
            on_time=summed(on_time.values()),
            on_time_by_stage={stage: stages[stage] for stage in stages_of(method) if stage in stages},
            queues={level: queue_of(gauge, days) for level, gauge in world.gauges.items()},
            open_now=len(matters) - len(ended),
            overdue_now=overdue(matters, now),
            held_by_nobody=sum(not matter.holder for matter in matters if not matter.end),
            returns=sum(matter.returns for matter in matters),
            reopenings=sum(matter.reopenings for matter in matters),
            levels=dict(Counter(matter.level for matter in matters)),
        )
