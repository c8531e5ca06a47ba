"""Two readers of the outbox at once, killed -9 in the middle of a batch: every reaction hears of every event."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from minqing.base import moments
from minqing.kernel.matters import ports
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.wiring.vocabulary import VOCABULARY

HERE = Path(__file__).parent
WUSHAN = HERE.parents[1] / "methods" / "wushan-three-rests.yaml"
MATTERS = 500


def reader(folder: Path, env: dict[str, str]) -> subprocess.Popen[str]:
    """One that goes on when it is sent a line."""
    command = [sys.executable, str(HERE / "outbox_readers.py"), str(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=os.environ | env, stdin=pipe, stdout=pipe, text=True, bufsize=1)


def ask(statement: str) -> list[tuple]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.fixture
def full(own_database, tmp_path, monkeypatch):
    """An outbox with something of so many matters, and a folder for what is heard."""
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    ports.bind(vocabulary=VOCABULARY)
    method = load_method(WUSHAN, VOCABULARY)
    publish(method)
    (tmp_path / "lists").mkdir()
    places = open_trial_county(tmp_path / "lists")
    now = moments.now()
    assert store_made_up(method, places, [now] * MATTERS, now) == MATTERS
    (tmp_path / "heard").mkdir()
    return tmp_path / "heard"


def test_no_reaction_misses_an_event_when_readers_are_killed_in_the_middle_of_a_batch(full, own_database):
    for _ in range(3):
        doomed, other = reader(full, own_database.env), reader(full, own_database.env)
        assert doomed.stdout.readline() == other.stdout.readline() == "batch\n"
        for _ in range(2):  # the end of its first batch, the middle of its second
            doomed.stdin.write("\n")
            assert doomed.stdout.readline() == "batch\n"
        for one in (doomed, other):
            one.kill()
            assert one.wait(60) == -9
            one.stdin.close()
            one.stdout.close()
    left = ask("select count(*) from matters_outbox")[0][0]
    assert 0 < left < MATTERS  # they were killed on the way, not before it and not after
    last = reader(full, own_database.env)
    last.communicate(timeout=600)
    assert last.returncode == 0 and ask("select count(*) from matters_outbox") == [(0,)]

    for name, kinds in {"first": ["Reported"], "second": ["Reported", "Entered"]}.items():
        owed = {
            f"{code} {seq}"
            for code, seq, kind in ask(
                "select code, seq, l.kind from ledger_line l join matters_matter m on m.id = subject where stream = 1"
            )
            if kind in kinds
        }
        assert set((full / name).read_text().splitlines()) == owed and len(owed) >= MATTERS * len(kinds)
    assert len((full / "first").read_text().splitlines()) > MATTERS  # some twice: at least once is the promise
