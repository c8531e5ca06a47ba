"""A matter of the trial county played in the database: `testing.Trial` with every decision through the journal."""

from __future__ import annotations

from dataclasses import dataclass

from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.commands import Command, Refusal, Report, Tick
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.events import Event
from minqing.kernel.matters.journal import append, entry
from minqing.kernel.matters.reading import Stored, history, read_one
from minqing.kernel.matters.testing import Refuted, Trial
from minqing.registers.accounts.rules import HOUSE, Viewer


@dataclass
class StoredTrial(Trial):
    """Reads the matter, decides, appends; what the next step sees is what was read back."""

    stored: Stored | None = None

    def take(self, actor: Viewer, command: Report | Command | Tick) -> tuple[Event, ...]:
        answer = decide(self.method, self.matter, command, self.context(actor))
        if isinstance(answer, Refusal):
            raise Refuted(str(answer))
        one = entry(answer.matter, answer.events, self.moment, self.method, actor=actor.person, before=self.stored)
        (written,) = append([one], by="trial", recorded=self.moment)
        assert written.outcome == "written", written
        self.stored = read_one(HOUSE, written.code)
        assert self.stored.matter == answer.matter
        self.matter = self.stored.matter
        self.history = [line.event for line in history(HOUSE, written.code)]
        return answer.events

    def report(self, text: str = "", **told: object) -> tuple[Event, ...]:
        return super().report(text, **({"code": new_code()} | told))
