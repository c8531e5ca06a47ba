"""The sweep as `minqing work` runs it: whenever a rung is due, and at least every five seconds.

New duties, other workers' deaths and a shifted clock are seen then. At the start and after each midnight of the
instance's clock it seals the days that are over.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import click

from minqing.base import moments
from minqing.doors.cli.instance import shifted
from minqing.doors.cli.tick import complain, seal_days, tell_sealed, told
from minqing.kernel.matters.escalation import RungsStuck, Stuck, Swept, next_rung, sweep
from minqing.kernel.matters.shifting import apply_shift

LONGEST = 5.0  # seconds between two wake-ups
AGAIN = timedelta(hours=1)  # between two tries to seal, after one that failed


@dataclass
class Worker:
    """What a worker remembers from one wake-up to the next."""

    stop: Event = field(default_factory=Event)
    stuck: set[tuple[str, int, int]] = field(default_factory=set)
    unsealed: bool = False
    seal_at: datetime | None = None

    def wake(self) -> float:
        """Sweeps at the present; returns the seconds until the next rung, within bounds."""
        before = moments.shift()
        if apply_shift() != before:
            click.echo(shifted(), err=True)
        until = moments.now()
        self._tell(self._swept(until), until)
        self._seal(until)
        following = next_rung(until)
        ahead = following - moments.now() if following is not None else timedelta(seconds=LONGEST)
        return min(max(ahead.total_seconds(), 0.0), LONGEST)

    def _swept(self, until: datetime) -> Swept:
        try:
            return sweep(until, by=f"work {os.getpid()}", stop=self.stop.is_set)
        except RungsStuck as stuck:
            return stuck.swept

    def _seal(self, at: datetime) -> None:
        """Once at the start, then after each midnight; not after every wake-up, so that it costs nothing."""
        if self.seal_at is not None and at < self.seal_at:
            return
        sealed = seal_days()
        tell_sealed(sealed)
        self.unsealed = sealed is None
        midnight = at.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        self.seal_at = min(at + AGAIN, midnight) if self.unsealed else midnight

    def _tell(self, swept: Swept, until: datetime) -> None:
        """What was fired, and what is newly stuck: each said once, tried again at every wake-up."""
        if swept.fired:
            click.echo(told(swept, until))
        now = {_name(stuck): stuck for stuck in swept.refused}
        complain(Swept(refused=[stuck for name, stuck in now.items() if name not in self.stuck]))
        self.stuck = set(now)


def _name(stuck: Stuck) -> tuple[str, int, int]:
    return stuck.code, stuck.number, stuck.rung
