"""What the holder of a stage does: looks, works on it, then settles, whistles, hands up or leaves it. Pure.

Left alone, the clock takes it up. What the clock took away meanwhile is left alone.
"""

from __future__ import annotations

import math

from minqing.insight.twin.desks import DAY
from minqing.insight.twin.office import Job, Office
from minqing.insight.twin.plays import Plays, Step, command_for
from minqing.insight.twin.scenario import Handling
from minqing.insight.twin.world import Case, World
from minqing.kernel.matters.cast import unit_for
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.permits import ANSWERED_NEEDS, find_move

BODY = "made-up"  # stands for the keyed hash of words that a real desk would have written


class StageWork:
    """The work on stages, by the scenario's `stages` and `staff`."""

    def __init__(self, world: World, office: Office) -> None:
        self.world, self.office, self.method, self.chance = world, office, world.method, world.chance

    def entered(self, case: Case, second: int) -> None:
        """A case came to its holder; where nobody may have it, nobody works on it."""
        desk = self.world.desks.get(case.matter.holder)
        if desk is None:
            return
        case.helped, case.tries = False, 0
        case.worker = self.chance.randrange(desk.staff.workers)
        self.office.bring(Job(desk, case, case.stay, self._looked_at), second, desk.staff.pickup)

    def _looked_at(self, case: Case, second: int, _: None) -> None:
        """First steps: accepted, given to a person, perhaps found to touch more people."""
        stay, world = case.stay, self.world
        desk, actor = world.desks[case.matter.holder], world.person(case.matter.holder, case.worker)
        for step in self._plays(case).stays:
            if step.verb == "accept":
                self._take(case, step, second)
        if desk.staff.workers > 1:
            world.do(case, Command("assign", person=actor.person), actor, second)
        if self.chance.random() < world.scenario.arrivals.grows:
            world.do(case, Command("correct", people=case.matter.people + 10), actor, second)
        if stay == case.stay:
            self._work_on(case, second)

    def _work_on(self, case: Case, second: int) -> None:
        """It takes its hours, and is done when the desk is open."""
        handling, desk = self._handling(case), self.world.desks[case.matter.holder]
        takes = int(handling.hours * 3600 * math.exp(self.chance.gauss(0.0, handling.spread)))
        done = second + takes // 8 if case.matter.emergency else desk.open.next(second + takes)
        self.world.push(done, self.worked_out, case, case.stay)

    def worked_out(self, case: Case, second: int, stay: int) -> None:
        """The work is done: settled, or handed on in one of the ways the stage has."""
        if stay != case.stay:
            return
        case.tries += 1
        matter, handling, holder = case.matter, self._handling(case), case.matter.holder
        if self.chance.random() < self.world.desks[holder].staff.notes:
            self.world.do(case, Command("note", body=BODY), self.world.person(holder, case.worker), second)
        if matter.returns >= 3 and self._answer_for_good(case, second):
            return
        settles = self.world.scenario.helping.settles if case.helped else handling.settles.get(matter.kind, 0.8)
        if self.chance.random() < settles and self._take_one(case, self._plays(case).settles, second):
            return
        self._unsettled(case, second, handling)

    def _unsettled(self, case: Case, second: int, handling: Handling) -> None:
        plays, draw = self._plays(case), self.chance.random
        whistles = plays.may_whistle and not case.helped and draw() < handling.whistles
        if whistles and self._whistle(case, second):
            return
        if plays.climbs and draw() < handling.leaves:
            return  # the clock will take it up
        guides = draw() < handling.guides and not owed_before_end(case.matter)
        if guides and self._take_one(case, plays.ends, second):
            return
        if not self._take_one(case, plays.ups, second):
            self._work_on(case, second)

    def _whistle(self, case: Case, second: int) -> bool:
        """Calls the department that answers for it, where one may be called from here; then waits for its answer."""
        matter, block, cast = case.matter, self.method.whistle, case.cast
        assert block is not None
        unit = unit_for("department", self.method, matter, cast) if "department" in block.to else 0
        beside = any(found == unit and role.startswith("department") for role, found in cast.units.items())
        if not beside or all(cast.units.get(role) != matter.holder for role in block.by):
            return False
        stay, case.helped = case.stay, True
        caller = self.world.person(matter.holder, case.worker)
        taken = self.world.do(case, Command("whistle", to="department"), caller, second)
        if taken and stay == case.stay:
            self.world.push(second + 20 * DAY, self.worked_out, case, stay)
        return taken

    def _answer_for_good(self, case: Case, second: int) -> bool:
        """After the third 'unsatisfied' the county ends it, with written reasons and remedies."""
        move = find_move(self.method, case.matter, "close")
        if move is None or move.needs != ANSWERED_NEEDS or owed_before_end(case.matter):
            return False
        actor = self.world.actor(case, move.by, someone_else=True)
        return actor is not None and self.world.do(case, Command("close", records=ANSWERED_NEEDS), actor, second)

    def _plays(self, case: Case) -> Plays:
        return self.world.plays[case.matter.stage]

    def _handling(self, case: Case) -> Handling:
        return self.world.scenario.stages[case.matter.stage]

    def _take_one(self, case: Case, steps: tuple[Step, ...], second: int) -> bool:
        """One of the steps that are possible here, the first ones most often."""
        possible = [step for step in steps if step.possible(self.method, case.matter)]
        if not possible:
            return False
        place = min(int(self.chance.expovariate(2.0)), len(possible) - 1) if len(possible) > 1 else 0
        return self._take(case, possible[place], second)

    def _take(self, case: Case, step: Step, second: int) -> bool:
        actor = self.world.actor(case, step.by)
        if actor is None or not step.possible(self.method, case.matter):
            return False
        return self.world.do(case, command_for(step, self.method, case.matter, self.chance), actor, second)


def owed_before_end(matter: Matter) -> bool:
    """Whether others still owe something, so that the matter cannot end yet."""
    return any(not (d.optional or d.outlives or d.kind[0] == "@") for d in matter.open_duties())
