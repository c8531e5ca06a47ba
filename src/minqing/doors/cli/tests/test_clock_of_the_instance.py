"""tick, work and clock shift as a person meets them, on a database of their own."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import connection, connections

from minqing.base import moments
from minqing.base.ledger.streams import CALENDAR
from minqing.base.ledger.verify import verify
from minqing.doors.cli import main
from minqing.doors.cli.sweeping import LONGEST, Worker
from minqing.kernel.matters import decide as deciding
from minqing.kernel.matters import ports
from minqing.kernel.matters.commands import Refused
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
DAY = dt.timedelta(days=1)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def ask(statement: str) -> object:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.fixture
def county(own_database, tmp_path, monkeypatch):
    """An instance with a county, nothing reported yet; its clock stands as the machine's."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MINQING_ALLOW_SHIFT", raising=False)
    ports.bind(vocabulary=VOCABULARY)
    moments.shift_by(dt.timedelta(0))
    publish(WUSHAN)
    (tmp_path / "lists").mkdir()
    yield open_trial_county(tmp_path / "lists")
    moments.shift_by(dt.timedelta(0))
    connections.close_all()


def reported(county, *ago: dt.timedelta) -> None:
    store_made_up(WUSHAN, county, [moments.now() - each for each in ago], moments.now())


@pytest.fixture
def trial(county, monkeypatch):
    monkeypatch.setenv("MINQING_ALLOW_SHIFT", "1")
    return county


def test_a_tick_fires_what_is_due_and_counts_it_by_kind(county):
    reported(county, 10 * DAY, 10 * DAY, 0 * DAY)
    first = run("tick")
    assert (first.exit_code, first.stderr.count("\n")) == (0, 0)
    assert "触发 4 级，2 件换了环节" in first.stdout and re.search(r"4 环节 grid\n", first.stdout)
    again = json.loads(run("tick", "--json").stdout)
    assert (again["fired"], again["kinds"], again["stuck"]) == (0, {}, [])


def test_a_tick_can_stop_short_of_now_but_not_run_ahead_of_it(county):
    reported(county, 10 * DAY)
    early = (moments.now() - 9 * DAY).isoformat(timespec="minutes")
    assert json.loads(run("tick", "--json", "--until", early).stdout)["fired"] == 0
    ahead = run("tick", "--until", "2099-01-01")
    assert ahead.exit_code == 2 and "还没有到" in ahead.stderr and "clock shift" in ahead.stderr
    wrong = run("tick", "--until", "tomorrow")
    assert wrong.exit_code == 2 and "不是时间" in wrong.stderr


def test_a_tick_names_what_is_stuck_and_ends_with_one(county, monkeypatch):
    reported(county, 10 * DAY)

    def refusing(draft, then):
        raise Refused("undecidable", "条件无法判断", "cannot be decided")

    monkeypatch.setattr(deciding, "follow", refusing)
    said = run("tick")
    assert said.exit_code == 1
    assert re.search(r"的责任 1（@grid）第 1 级未能触发：条件无法判断", said.stderr) and "Traceback" not in said.stderr


def test_the_clock_is_only_shifted_where_that_is_allowed(county):
    said = run("clock", "shift", "+3d")
    assert said.exit_code == 2 and "MINQING_ALLOW_SHIFT=1" in said.stderr
    assert "未拨动" in run("clock", "shift").stdout


@pytest.mark.parametrize("wrong", ["3d", "+3", "+3y", "+1.5d", "later", "+9999999d"])
def test_a_shift_that_cannot_be_read_gets_a_sentence(trial, wrong):
    said = run("clock", "shift", wrong)
    assert said.exit_code == 2 and "+3d" in said.stderr


def test_a_shift_beyond_fifty_years_is_refused(trial):
    said = run("clock", "shift", "+999999d")
    assert said.exit_code == 2 and "50 年" in said.stderr


def test_a_shifted_clock_is_everyones_and_every_answer_says_so(trial):
    reported(trial, 0 * DAY)
    assert "拨快了 3 天" in run("clock", "shift", "+3d").stdout
    moments.shift_by(dt.timedelta(0))  # another process knows nothing of it yet
    assert "拨快了 5 天 2 小时" in run("clock", "shift", "+50h").stdout
    moments.shift_by(dt.timedelta(0))
    said = run("tick")
    assert "拨快了 5 天 2 小时" in said.stderr and "1 件换了环节" in said.stdout
    assert ask("select max(happened) - now() > interval '5 days' from ledger_line where stream = 1")


def test_time_does_not_go_back_behind_what_is_recorded(trial):
    reported(trial, 0 * DAY)
    run("clock", "shift", "+3d")
    assert run("clock", "shift", "-2h").exit_code == 0  # nothing was recorded since
    run("tick")
    back = run("clock", "shift", "reset")
    assert back.exit_code == 2 and "已有记录之前" in back.stderr
    assert "2 天 22 小时" in run("clock", "shift", "show").stdout
    assert run("clock", "shift", "+1h").exit_code == 0


def test_a_shift_that_nothing_was_recorded_under_is_taken_back(trial):
    run("clock", "shift", "+3d")
    assert "未拨动" in run("clock", "shift", "reset").stdout
    assert moments.shift() == dt.timedelta(0)


def test_the_journal_keeps_every_shift_and_still_verifies(trial, tmp_path):
    for by in ("+3d", "-1h", "reset"):
        assert run("clock", "shift", by).exit_code == 0
    told = "select json_agg(data order by seq)::text from ledger_line where stream = 5 and kind = 'ClockShifted'"
    assert [(line["was"], line["seconds"]) for line in json.loads(ask(told))] == [
        (0, 259200), (259200, 255600), (255600, 0),
    ]  # fmt: skip
    assert verify([CALENDAR], tmp_path / "home").faults == []


def test_the_row_of_the_shift_is_only_written_by_its_function(county):
    with pytest.raises(Exception, match="permission denied"):
        ask("insert into matters_shift values (true, 60, now()) returning 1")


CUT = """select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid not in (pg_backend_pid(), %s)"""


def worker() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from minqing.wiring.start import main; main()", "work"],
        env=os.environ | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def soon(statement: str) -> None:
    """Waits until the database says yes."""
    end = time.monotonic() + 60
    while not ask(statement):
        assert time.monotonic() < end, statement
        time.sleep(0.05)


def test_a_worker_keeps_the_clock_survives_a_lost_connection_and_stops_when_told(county, own_database):
    reported(county, 10 * DAY)
    at_work = worker()
    try:
        soon("select count(*) = 2 from matters_fired where by like 'work %'")
        mine = connection.connection.info.backend_pid
        with psycopg.connect(own_database.app) as other:
            assert other.execute(CUT, [mine]).fetchall()
        reported(county, 11 * DAY)
        soon("select count(*) = 4 from matters_fired")
        at_work.send_signal(signal.SIGTERM)
        out, err = at_work.communicate(timeout=60)
    finally:
        at_work.kill()
        at_work.communicate()
    assert at_work.returncode == 0 and "已停止" in out
    assert "连不上数据库" in err and "数据库已恢复" in err and "Traceback" not in err


def test_a_worker_that_is_asked_for_one_round_leaves_after_it(county):
    reported(county, 10 * DAY)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    said = run("work", "--once")
    signal.signal(signal.SIGTERM, before[0])
    signal.signal(signal.SIGINT, before[1])
    assert said.exit_code == 0 and "触发 2 级" in said.stdout


def test_a_worker_wakes_at_the_moment_of_the_next_rung(county):
    """Not only every five seconds: the sleep it asks for ends with the rung."""
    assert Worker().wake() == LONGEST
    reported(county, 0 * DAY)
    grid = ask("select min(next_at) from matters_duty")
    moments.shift_by(dt.timedelta(0))
    os.environ["MINQING_ALLOW_SHIFT"] = "1"
    try:
        ahead = grid - moments.now() - dt.timedelta(seconds=2)
        run("clock", "shift", f"+{int(ahead.total_seconds() // 60)}m")
        slept = Worker().wake()
    finally:
        del os.environ["MINQING_ALLOW_SHIFT"]
    assert 0 <= slept <= LONGEST


def test_duties_are_reckoned_again_on_a_changed_calendar_and_the_clerk_is_told_how_many(county):
    reported(county, 0 * DAY)
    said = run("clock", "reproject")
    assert (said.exit_code, said.stdout.startswith("看了 1 件，重算后有变化的责任 0 项")) == (0, True)
