"""Two sweeps at once, killed -9 again and again: every rung fires exactly once, and the journal is the one that an
undisturbed clock would have written."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from django.db import connection

from minqing.base.ledger.verify import verify
from minqing.kernel.matters import ports
from minqing.kernel.matters.commands import Tick
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.escalation import still_due
from minqing.kernel.matters.events import Event, RungFired
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.reading import MATTERS, histories, read_ids
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import CLOCK, HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.wiring.vocabulary import VOCABULARY

HERE = Path(__file__).parent
WUSHAN = HERE.parents[1] / "methods" / "wushan-three-rests.yaml"
UNTIL = MONDAY + dt.timedelta(days=30)
AT_ONCE = 2
BATCH = 20  # of sweepers.py
AHEAD = 8  # batches that sweepers may write beyond what was seen: they wait for a tester that is held up


@dataclass
class Sweepers:
    """The processes that sweep: those alive, and how the others ended."""

    server: subprocess.Popen[str]
    alive: set[int] = field(default_factory=set)
    ended: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    granted: int = 0
    seen: tuple[int, float] = (0, 0.0)  # rungs that had fired, and when there were as many first

    def pace(self, fired: int, kills: int) -> None:
        """Lets them go on AHEAD of what was seen; each kill may cost a batch. Where nothing moves, all were short."""
        if fired != self.seen[0]:
            self.seen = fired, time.monotonic()
        if self.granted < fired // BATCH + AHEAD + kills or time.monotonic() > self.seen[1] + 1:
            self.go(AHEAD // 2)

    def go(self, batches: int) -> None:
        """Lets them write so many more."""
        assert self.server.stdin is not None
        self.granted += batches
        self.server.stdin.write(f"go {batches}\n")
        self.server.stdin.flush()

    def listen(self) -> None:
        assert self.server.stdout is not None
        for line in self.server.stdout:
            word, pid, *how = line.split()
            with self.changed:
                if word == "started":
                    self.alive.add(int(pid))
                else:
                    self.alive.discard(int(pid))
                    self.ended += how
                self.changed.notify_all()

    def start(self) -> None:
        assert self.server.stdin is not None
        with self.changed:
            seen = len(self.alive) + len(self.ended)
            self.server.stdin.write("start\n")
            self.server.stdin.flush()
            assert self.changed.wait_for(lambda: len(self.alive) + len(self.ended) > seen, 60)

    def kill(self, pid: int) -> bool:
        """Kills one -9; whether it was still at work."""
        with self.changed:
            if pid not in self.alive:
                return False
            before = self.ended.count("killed")
            os.kill(pid, signal.SIGKILL)
            assert self.changed.wait_for(lambda: pid not in self.alive, 60)
            return self.ended.count("killed") > before

    def wait(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: not self.alive, 600)


@contextmanager
def sweepers(env: dict[str, str], method: Method) -> Iterator[Sweepers]:
    arguments = [sys.executable, str(HERE / "sweepers.py"), method.slug, method.version, UNTIL.isoformat()]
    server = subprocess.Popen(arguments, env=os.environ | env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    found = Sweepers(server)
    listening = threading.Thread(target=found.listen)
    listening.start()
    try:
        yield found
    finally:
        for pid in list(found.alive):
            found.kill(pid)
        assert server.stdin is not None and server.stdout is not None
        server.stdin.close()
        server.wait(60)
        listening.join(60)
        server.stdout.close()


def undisturbed(method: Method, first: dict[int, tuple[Event, ...]]) -> dict[int, list[Event]]:
    """What one clock that never slept makes of each matter: the same `decide`, no database."""
    opened = {number: replay(events) for number, events in first.items()}
    places = around({matter.place for matter in opened.values()})
    contexts = {place: places.context(place, UNTIL, CLOCK, {}) for place in places.places}
    told = {number: list(events) for number, events in first.items()}
    for number, matter in opened.items():
        while due := [(d.next_at, d.id, d.next_rung) for d in matter.duties if d.next_at and d.next_at <= UNTIL]:
            at, duty, rung = min(due)
            decision = decide(method, matter, Tick(duty, rung), replace(contexts[matter.place], moment=at))
            told[number] += decision.events
            matter = decision.matter
    return told


def journal() -> dict[int, tuple[Event, ...]]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select array_agg(id) from matters_matter")
        ids = cursor.fetchone()[0]
    return {number: tuple(line.event for line in lines) for number, lines in histories(HOUSE, ids).items()}


def count(statement: str) -> int:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("matters", "kills", "seed"),
    [(1_200, 20, 1), pytest.param(12_000, 200, 2, marks=pytest.mark.faults)],
    ids=["twenty", "two hundred"],
)
def test_two_sweeps_killed_at_random_points_fire_every_rung_exactly_once(
    own_database, tmp_path, monkeypatch, matters, kills, seed
):
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    ports.bind(vocabulary=VOCABULARY)
    method = load_method(WUSHAN, VOCABULARY)
    publish(method, moment=MONDAY)
    (tmp_path / "lists").mkdir()
    places = open_trial_county(tmp_path / "lists")
    chance = random.Random(seed)
    reported = [MONDAY + dt.timedelta(minutes=chance.randrange(5_000)) for _ in range(matters)]
    store_made_up(method, places, reported, MONDAY, people=100)
    expected = undisturbed(method, journal())

    due = sum(isinstance(event, RungFired) for events in expected.values() for event in events)
    points = sorted(chance.sample(range(due * 9 // 10), kills))  # so many rungs have fired by each kill

    with sweepers(own_database.env, method) as at_work:
        while points:
            while len(at_work.alive) < AT_ONCE:
                at_work.start()
            fired = count("select count(*) from matters_fired")
            at_work.pace(fired, kills - len(points))
            if fired >= points[0]:
                time.sleep(chance.uniform(0, 0.05))  # anywhere between two commits
                if at_work.kill(chance.choice(sorted(at_work.alive) or [0])):
                    points.pop(0)
        assert still_due(UNTIL), "the last kill came when all was done"
        at_work.go(60_000)  # as many as a pipe takes: all that is left
        while still_due(UNTIL):
            while len(at_work.alive) < AT_ONCE:
                at_work.start()
            at_work.wait()
        at_work.wait()
    assert set(at_work.ended) == {"killed", "0"} and at_work.ended.count("killed") == kills

    told = journal()
    rungs = [(number, e.duty, e.rung) for number, events in told.items() for e in events if isinstance(e, RungFired)]
    assert (
        len(rungs) == len(set(rungs)) == sum(isinstance(e, RungFired) for events in expected.values() for e in events)
    )
    assert {number: list(events) for number, events in told.items()} == expected
    assert still_due(UNTIL) == 0
    assert count("select count(*) from matters_fired") == len(rungs)
    assert count("select count(distinct (subject, seq)) from matters_outbox") == count(
        "select count(*) from matters_outbox"
    )
    assert count("select count(*) from matters_outbox where topic = 'clock'") == len(rungs)
    assert {number: replay(events) for number, events in told.items()} == {
        number: stored.matter for number, stored in read_ids(HOUSE, told).items()
    }
    assert verify([MATTERS], tmp_path / "home").faults == []
