"""What units owe beside the stage: reporting in, answering a whistle or a letter, a duty of the file. Pure.

Most do it in time; some stay silent at first and act only after the ladder has spoken.
"""

from __future__ import annotations

from minqing.insight.twin.office import Job, Office
from minqing.insight.twin.stagework import BODY, StageWork
from minqing.insight.twin.world import Case, World
from minqing.kernel.matters.cast import helpers
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.events import DutyAdded
from minqing.kernel.matters.matter import OPEN
from minqing.kernel.methods.model import CALL_BACK


class SideWork:
    """Duties beside the stages, by the scenario's `helping`."""

    def __init__(self, world: World, office: Office, stages: StageWork) -> None:
        self.world, self.office, self.stages = world, office, stages
        self.helping = world.scenario.helping

    def owed(self, case: Case, duty: DutyAdded, second: int) -> None:
        """Plans when it is done; nobody of the county owes what a party owes."""
        if duty.kind[0] == "@":
            return  # the stage's own: StageWork does it
        desk = self.world.desks.get(duty.owed_by)
        if desk is None or not self._verb(duty.kind):
            return
        job = Job(desk, case, case.stay, self._done, duty.duty, beside=True)
        mean = self.helping.arrives if duty.kind in ("report-in", "attend") else self.helping.answers
        mean = min(mean, (duty.due - duty.starts).total_seconds() / 3600 * 0.3)  # who owes it knows the time there is
        if duty.kind != "attend" and self.world.chance.random() < self.helping.silent:
            second, mean = int((duty.due - self.world.midnight).total_seconds()) + 1, self.helping.late
        self.office.bring(job, second, mean)

    def _verb(self, kind: str) -> str:
        """How a duty is met; '' where a move of a stage does it, or whatever is done first."""
        if kind in ("report-in", "attend"):
            return "arrive"
        if kind == "answer" or kind.startswith("reply:"):
            return "answer"
        own = self.world.method.duties.get(kind)
        return next((verb for verb in ("fulfil", "note", "record") if own is not None and verb in own.done_by), "")

    def _done(self, case: Case, second: int, number: int) -> None:
        matter = case.matter
        duty, open_kinds = matter.duty(number), _open_kinds(case, matter.duty(number).owed_by)
        verb = self._verb(duty.kind)
        if duty.state != OPEN or not (matter.is_open or verb in ("fulfil", "note", "record")):
            return
        actor = self.world.person(duty.owed_by)
        if verb == "answer" and "report-in" in open_kinds:
            self.world.do(case, Command("arrive"), actor, second)
        self.world.do(case, Command(verb, duty=number if verb == "fulfil" else 0, body=BODY), actor, second)
        if duty.kind == "answer" and matter.stage != CALL_BACK and not helpers(case.matter) and case.helped:
            self.stages.worked_out(case, second + 60, case.stay)


def _open_kinds(case: Case, unit: int) -> set[str]:
    return {duty.kind for duty in case.matter.duties if duty.state == OPEN and duty.owed_by == unit}
