"""Loops beside each other in one process: each its own thread, its own connection, its own patience.

A database that is lost is waited for and opened again; a fault of ours in one loop is told and tried again, and holds
up none of the others.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

import click
from django.db import InterfaceError, OperationalError, connections
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError as Unreachable

from minqing.base.errors import MinqingError, NotReady
from minqing.doors.cli.instance import instance

PATIENCE = 30.0  # seconds between two tries, at most
LOST = (OperationalError, InterfaceError, Unreachable, NotReady, ConnectorException)

_opening = Lock()  # one loop at a time brings the database back


@dataclass
class Loop:
    """`wake` does what there is to do and returns the seconds to sleep; `title` names it in what is told."""

    title: str
    wake: Callable[[], float]
    stop: Event
    failed: int = 0
    thread: Thread = field(init=False)

    def start(self) -> None:
        """Runs until `stop` is set. A daemon: what cannot be ended does not keep the process."""
        self.thread = Thread(target=self._run, name=self.title, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            while not self.stop.is_set():
                self.stop.wait(self.turn())
        finally:
            connections.close_all()

    def turn(self) -> float:
        """One wake-up, or one try to get the database back; returns the seconds to sleep."""
        try:
            if self.failed:
                self._revive()
            return self.wake()
        except LOST as fault:
            reason = (str(fault).strip().splitlines() or [type(fault).__name__])[0]
            return self._later(
                f"{self.title}：连不上数据库，{{pause:.0f}} 秒后再试（the database is lost, trying again）：{reason}"
            )
        except Exception as fault:
            tell_fault(fault)
            return self._later(f"{self.title}：出错，{{pause:.0f}} 秒后再试（a fault of ours, trying again）")

    def _revive(self) -> None:
        with _opening:
            instance(quiet=True)
        click.echo(f"{self.title}：数据库已恢复（the database is back）", err=True)
        self.failed = 0

    def _later(self, sentence: str) -> float:
        connections.close_all()
        pause = min(2.0**self.failed, PATIENCE)
        self.failed += 1
        click.echo(sentence.format(pause=pause), err=True)
        return pause


def tell_fault(fault: BaseException) -> None:
    """Where it happened and of what kind; the message of a fault may hold a resident's words and stays away, unless
    it is a sentence of ours."""
    traceback.print_tb(fault.__traceback__, file=sys.stderr)
    click.echo(str(fault) if isinstance(fault, MinqingError) else type(fault).__name__, err=True)
