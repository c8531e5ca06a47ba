"""How jobs pass a desk: carried there, waited for, taking a person's time, done. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

from minqing.insight.twin.desks import Desk
from minqing.insight.twin.world import Act, Case, World


class Job(NamedTuple):
    """Something a desk has to do in one stay of a case; `done(case, second, what)` is what becomes of it."""

    desk: Desk
    case: Case
    stay: int
    done: Act
    what: Any = None
    beside: bool = False  # owed beside the stage: stays due whatever stage the case is in

    @property
    def void(self) -> bool:
        """Whether the clock or somebody else has taken the case on meanwhile."""
        return not self.beside and self.stay != self.case.stay


class Office:
    """All desks of the county."""

    def __init__(self, world: World) -> None:
        self.world = world

    def bring(self, job: Job, second: int, wait: float) -> None:
        """To a desk, looked at after so many hours on average, when it is open. Emergencies wait for no desk."""
        if job.case.matter.emergency:
            self.world.push(second + self.world.some(0.1), self._at_once, job.case, job)
            return
        self.world.push(job.desk.open.next(second + self.world.some(wait)), self._ready, job.case, job)

    def _at_once(self, case: Case, second: int, job: Job) -> None:
        if not job.void:
            job.done(case, second, job.what)

    def _ready(self, case: Case, second: int, job: Job) -> None:
        """The desk would look at it now: if nobody is free, it waits."""
        if job.void:
            return
        desk, world = job.desk, self.world
        if desk.busy < desk.staff.workers:
            self._start(job, second)
            return
        world.number += 1
        desk.wait(second, world.order.get(case.matter.level, 0), world.number, job)

    def _start(self, job: Job, second: int) -> None:
        job.desk.busy += 1
        effort = self.world.some(job.desk.staff.effort)
        self.world.push(job.desk.open.worked(second, effort), self._finished, job.case, job)

    def _finished(self, case: Case, second: int, job: Job) -> None:
        """A person is free again: the next in the queue, and what this one was about."""
        job.desk.busy -= 1
        while (waiting := job.desk.next_job(second)) is not None:
            if not waiting.void:
                self._start(waiting, job.desk.open.next(second))
                break
        if not job.void:
            job.done(case, second, job.what)
