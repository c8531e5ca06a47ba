"""`minqing work --once` and its loops: what happened is handed over, what is due is done, what fails is seen."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError, connection, connections

from minqing.base import moments
from minqing.base.errors import BadInput, NotReady
from minqing.doors.cli import loops, main
from minqing.doors.cli import work as working
from minqing.doors.cli.loops import PATIENCE, Loop
from minqing.kernel.matters import outbox, ports
from minqing.kernel.matters.events import Reported
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
WORDS = "居民说的一句话"


def run(*arguments: str) -> Result:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        return CliRunner().invoke(main, list(arguments))
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])


def ask(statement: str) -> object:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_while_it_waits_for_its_database_it_ends_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []

    def waits() -> None:
        heard.append(signal.getsignal(signal.SIGTERM))
        raise NotReady("数据库还没有起来")

    monkeypatch.setattr(working, "instance", waits)
    before = signal.getsignal(signal.SIGTERM)
    assert run("work").exit_code == 2
    assert heard == [before], "a flag is set that nobody looks at until the database is there"


@pytest.fixture
def reported(own_database, tmp_path, monkeypatch):
    """An instance with three matters that nobody has heard of yet."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    ports.bind(vocabulary=VOCABULARY)
    publish(WUSHAN)
    (tmp_path / "lists").mkdir()
    county = open_trial_county(tmp_path / "lists")
    store_made_up(WUSHAN, county, [moments.now()] * 3, moments.now())
    yield own_database
    connections.close_all()


def test_once_hands_over_what_happened_and_runs_every_job_that_is_due(reported):
    said = run("work", "--once")
    assert (said.exit_code, said.stderr) == (0, "")
    assert ask("select count(*) from matters_outbox") == 0
    assert ask("select count(distinct task_name) from procrastinate_periodic_defers") == 8
    assert ask("select count(*) from procrastinate_jobs where status = 'succeeded'") == 8  # kept for the page of health
    assert ask("select count(*) from procrastinate_jobs where status <> 'succeeded'") == 0


def test_a_job_whose_worker_died_is_taken_up(reported):
    with psycopg.connect(reported.owner) as owner:
        owner.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, args)"
            """ values ('default', 'forget-keys', 'doing', '{"timestamp": 1}')"""
        )
    assert run("work", "--once").exit_code == 0
    assert ask("select count(*) from procrastinate_jobs where status <> 'succeeded'") == 0


def test_what_was_put_aside_is_said_until_it_is_tried_again(reported, monkeypatch):
    heard = []

    def fails(batch):
        raise ValueError(WORDS)

    monkeypatch.setattr(outbox, "MOST", 1)
    monkeypatch.setattr(working, "wired", lambda: {Reported: (fails,)})
    first = run("work", "--once")
    assert first.stderr.count("已搁置，不再重试") == 3 and "ValueError" in first.stderr and WORDS not in first.stderr
    monkeypatch.setattr(working, "wired", lambda: {Reported: (heard.extend,)})
    second = run("work", "--once")
    assert second.exit_code == 1 and "搁置的后续处理共 3 项" in second.stderr and heard == []
    third = run("work", "--once", "--again")
    assert third.exit_code == 0 and "重试后续处理 3 项" in third.stdout and "搁置" not in third.stderr
    assert ask("select count(*) from matters_outbox") == 0


def test_a_fault_in_a_loop_is_told_without_its_words_and_tried_again(monkeypatch, capsys):
    monkeypatch.setattr(loops, "instance", lambda quiet: None)
    answers = [ValueError(WORDS), BadInput("一句说明"), 3.0]

    def wake() -> float:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    loop = Loop("试", wake, Event())
    assert [loop.turn(), loop.turn(), loop.turn(), loop.failed] == [1.0, 1.0, 3.0, 0]
    said = capsys.readouterr().err
    assert "ValueError" in said and WORDS not in said and "一句说明" in said


def test_a_database_that_stays_away_is_asked_for_less_and_less_often(monkeypatch, capsys):
    def away(quiet: bool) -> None:
        raise OperationalError("no\nroute")

    monkeypatch.setattr(loops, "instance", away)
    loop = Loop("试", lambda: 0.0, Event(), failed=1)
    assert [loop.turn() for _ in range(6)] == [2.0, 4.0, 8.0, 16.0, PATIENCE, PATIENCE]
    assert "连不上数据库" in capsys.readouterr().err
