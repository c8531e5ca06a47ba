"""The draft of a decision: a private matter that events change as they are found, by the same functions as evolve."""

from __future__ import annotations

from typing import Any

from minqing.kernel.matters.cast import units_told
from minqing.kernel.matters.commands import Context, Decision
from minqing.kernel.matters.events import DutyAdded, Event, Reported
from minqing.kernel.matters.evolve import apply, begin, copy
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.reckoning import new_duty
from minqing.kernel.methods.model import Limit, Method, RungThen, Stage


class Draft:
    """What has been decided so far within one command; nobody else sees `matter` before it is done."""

    __slots__ = ("context", "events", "hand", "matter", "method", "owing")

    def __init__(self, method: Method, matter: Matter | None, context: Context) -> None:
        self.method = method
        self.context = context
        self.events: list[Event] = []
        self.owing = 0  # who owes the duty whose clock fired
        self.hand = False  # whether a person's own step moves the matter: only that meets a stage's duty
        if matter is not None:
            self.matter = copy(matter)

    def begin(self, event: Reported) -> None:
        """Opens the matter."""
        self.matter = begin(event)
        self.events.append(event)

    def emit(self, event: Event) -> None:
        """One more thing that happens."""
        apply(self.matter, event)
        self.events.append(event)

    def done(self) -> Decision:
        """The decision, with the matter it leads to."""
        return Decision(tuple(self.events), self.matter)

    @property
    def stage(self) -> Stage:
        """The stage the matter stands in."""
        return self.method.stages[self.matter.stage]

    def told(self, role: str) -> tuple[int, ...]:
        """The units behind a role, at this point of the command."""
        return units_told(role, self.method, self.matter, self.context.cast, self.owing)

    def owe_again(self, duty: Duty, **changed: Any) -> None:
        """Takes up a duty that was put down: with its start, its due time, its pauses and more time, and its ladder."""
        told = {name: value for name, value in duty.__dict__.items() if name in DutyAdded.__dataclass_fields__}
        self.emit(DutyAdded(**{**told, "duty": len(self.matter.duties) + 1, "after": duty.id, **changed}))

    def add_duty(
        self,
        kind: str,
        role: str,
        owed_by: int,
        limit: Limit,
        rungs: tuple[RungThen, ...],
        *,
        optional: bool = False,
        outlives: bool = False,
    ) -> DutyAdded:
        """Owes something from now on."""
        event = new_duty(
            len(self.matter.duties) + 1,
            kind,
            role,
            owed_by,
            limit,
            rungs,
            self.matter.level,
            self.context,
            optional=optional,
            outlives=outlives,
        )
        self.emit(event)
        return event
