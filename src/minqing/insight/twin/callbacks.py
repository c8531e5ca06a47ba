"""Call-backs in the twin: somebody other than the solver asks, up to three tries on three days. Pure."""

from __future__ import annotations

from minqing.insight.twin.desks import DAY
from minqing.insight.twin.office import Job, Office
from minqing.insight.twin.plays import Step, command_for
from minqing.insight.twin.stagework import BODY, owed_before_end
from minqing.insight.twin.world import Case, World
from minqing.kernel.matters.answering import says_no
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.matter import OPEN, Matter
from minqing.kernel.methods.model import CALL_BACK, Move
from minqing.registers.accounts.rules import REPORTER, Viewer


class CallBacks:
    """Asking reporters, and what reporters do by themselves: reopen, withdraw."""

    def __init__(self, world: World, office: Office) -> None:
        self.world, self.office, self.chance = world, office, world.chance
        self.answers = world.scenario.answers
        stage = world.method.stages.get(CALL_BACK)
        self.moves = dict(stage.moves) if stage else {}

    def entered(self, case: Case, second: int) -> None:
        """A case was settled: somebody will ask."""
        case.kept = 0
        self._plan(case, second, self.answers.hours)

    def _plan(self, case: Case, second: int, hours: float) -> None:
        """Whoever asks now: their desk, or nobody's where a volunteer does; without anybody the clock goes on alone."""
        actor = self._caller(case)
        if actor is None:
            self.world.refusals["call_back: nobody here may ask"] += 1
            return
        desk = self.world.desks.get(actor.unit)
        if desk is None:
            self.world.push(second + self.world.some(hours), self._unhurried, case, case.stay)
            return
        self.office.bring(Job(desk, case, case.stay, self._asked), second, hours)

    def _unhurried(self, case: Case, second: int, stay: int) -> None:
        if stay == case.stay:
            self._asked(case, second, None)

    def _caller(self, case: Case) -> Viewer | None:
        return self.world.actor(case, self._move(case).by, someone_else=True)

    def _move(self, case: Case) -> Move:
        if case.matter.reporter == "nobody" and "verify" in self.moves:
            return self.moves["verify"]
        return self.moves["call_back"]

    def _asked(self, case: Case, second: int, _: None) -> None:
        """One try. What others owe comes first: the end waits a day for it, then the level above waives it."""
        actor, move = self._caller(case), self._move(case)
        if actor is None:
            return
        result = "" if move.verb == "verify" else self._result(case, move)
        if result != "unsatisfied" and owed_before_end(case.matter):
            self._wait_for_others(case, second)
            return
        step = Step(move.verb, result, move.by, move.needs, ())
        stay = case.stay
        taken = self.world.do(case, command_for(step, self.world.method, case.matter, self.chance), actor, second)
        if taken and stay == case.stay and case.matter.is_open:  # not reached: again on another day, at another hour
            self._plan(case, second + DAY + self.chance.choice((2, 3, 5)) * 3600, 0.2)

    def _result(self, case: Case, move: Move) -> str:
        matter, answers = case.matter, self.answers
        if says_no(matter):
            return "unsatisfied"
        if not matter.wants_call_back and "not_called" in move.results:
            return "not_called"
        if matter.reporter == "nobody" or self.chance.random() >= answers.reached:
            return "not_reached"
        return "satisfied" if self.chance.random() < answers.satisfied else "unsatisfied"

    def _wait_for_others(self, case: Case, second: int) -> None:
        case.kept += 1
        if case.kept > 12:
            self._waive(case, second)
        self._plan(case, second + DAY, 0.5)

    def _waive(self, case: Case, second: int) -> None:
        """Who stands above the holder waives what nobody will do any more."""
        matter, above = case.matter, case.cast.above.get(case.matter.holder, 0)
        for duty in _waivable(matter, above):
            if above:
                self.world.do(case, Command("waive", duty=duty, body=BODY), self.world.person(above), second)

    def closed(self, case: Case, second: int) -> None:
        """Within the window a few come back."""
        block, matter = self.world.method.reopen, case.matter
        if block is None or "reporter" not in block.by or matter.reporter == "nobody" or matter.end == "withdrawn":
            return
        if self.chance.random() < self.answers.reopens:
            self.world.push(second + self.chance.randrange(DAY, 25 * DAY), self._reopen, case)

    def _reopen(self, case: Case, second: int, _: None) -> None:
        until = case.matter.reopen_until
        if not case.matter.is_open and until is not None and self.world.moment(second) <= until:
            self.world.do(case, Command("reopen", body=BODY), REPORTER, second)

    def reported(self, case: Case, second: int) -> None:
        """A few reporters will take it back, where the method lets them."""
        if case.matter.reporter != "nobody" and self.chance.random() < self.world.scenario.arrivals.withdraws:
            self.world.push(second + self.chance.randrange(3600, 6 * DAY), self._withdraw, case)

    def _withdraw(self, case: Case, second: int, _: None) -> None:
        matter = case.matter
        if not matter.is_open or matter.emergency:
            return
        move = {**self.world.method.anywhere, **self.world.method.stages[matter.stage].moves}.get("withdraw")
        if move is not None and "reporter" in move.by:
            step = Step("withdraw", "", move.by, move.needs, ())
            self.world.do(case, command_for(step, self.world.method, matter, self.chance), REPORTER, second)


def _waivable(matter: Matter, above: int) -> list[int]:
    return [d.id for d in matter.duties if d.state == OPEN and d.kind[0] != "@" and d.owed_by != above]
