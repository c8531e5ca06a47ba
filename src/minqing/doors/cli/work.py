"""`minqing work`: sweeps whenever a rung is due, until it is told to stop (SIGTERM, SIGINT).

It wakes at the next rung's moment and at least every five seconds: new duties, other workers' deaths and a shifted
clock are seen then. Any number may run beside each other. A lost database is waited for and opened again.
At the start and after each midnight of the instance's clock it seals the days that are over.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import click
from django.db import InterfaceError, OperationalError, connections
from psycopg import OperationalError as Unreachable

from minqing.base import moments
from minqing.base.errors import NotReady
from minqing.doors.cli.instance import instance, shifted
from minqing.doors.cli.tick import complain, seal_days, tell_sealed, told
from minqing.kernel.matters.escalation import RungsStuck, Stuck, Swept, next_rung, sweep
from minqing.kernel.matters.shifting import apply_shift

LONGEST = 5.0  # seconds between two wake-ups
PATIENCE = 30.0  # seconds between two tries to reach the database, at most
AGAIN = timedelta(hours=1)  # between two tries to seal, after one that failed
LOST = (OperationalError, InterfaceError, Unreachable, NotReady)


@click.command(help="一直巡钟，直到收到停止信号 / keep the clock going until told to stop")
@click.option("--once", is_flag=True, help="只巡一次 / wake up once, then leave")
@click.pass_context
def work(ctx: click.Context, once: bool) -> None:
    """Exit code 0 when it was asked to stop; with --once 1 when something is stuck or not sealed."""
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    instance()
    if once:
        worker.wake()
        ctx.exit(1 if worker.stuck or worker.unsealed else 0)
    click.echo(f"开始巡钟，进程 {os.getpid()}，按 Ctrl+C 停止（sweeping; stop it with Ctrl+C）")
    while not worker.stop.is_set():
        worker.stop.wait(worker.turn())
    click.echo("已停止（stopped）")


@dataclass
class Worker:
    """What a worker remembers from one wake-up to the next."""

    stop: Event = field(default_factory=Event)
    stuck: set[tuple[str, int, int]] = field(default_factory=set)
    failed: int = 0
    unsealed: bool = False
    seal_at: datetime | None = None

    def turn(self) -> float:
        """One wake-up, or one try to get the database back; returns the seconds to sleep."""
        try:
            if self.failed:
                instance()
                click.echo("数据库已恢复（the database is back）", err=True)
                self.failed = 0
            return self.wake()
        except LOST as fault:
            connections.close_all()
            pause = min(2.0**self.failed, PATIENCE)
            self.failed += 1
            reason = (str(fault).strip().splitlines() or [type(fault).__name__])[0]
            click.echo(f"连不上数据库，{pause:.0f} 秒后再试（the database is lost, trying again）：{reason}", err=True)
            return pause

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
