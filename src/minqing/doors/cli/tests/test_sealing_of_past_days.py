"""tick and work seal the days that are over, and verify says how many are not sealed."""

from __future__ import annotations

import datetime as dt
import json
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connections

from minqing.base import moments
from minqing.base.ledger.roots import roots_in_database, unsealed_days
from minqing.base.ledger.streams import METHOD, Note, append
from minqing.doors.cli import main
from minqing.doors.cli.sweeping import AGAIN, Worker
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.wiring.vocabulary import VOCABULARY

DAY = dt.timedelta(days=1)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def home(own_database, tmp_path, monkeypatch):
    """An instance with a matter whose clock ran out; all of its lines are of today."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MINQING_ALLOW_SHIFT", "1")
    moments.shift_by(dt.timedelta(0))
    method = load_method(Path(__file__).parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
    publish(method)
    (tmp_path / "lists").mkdir()
    store_made_up(method, open_trial_county(tmp_path / "lists"), [moments.now() - 10 * DAY], moments.now())
    yield tmp_path / "home"
    moments.shift_by(dt.timedelta(0))
    connections.close_all()


def recorded(*ago: int) -> None:
    for days in ago:
        then = moments.now() - days * DAY
        append(METHOD, f"m{days}", [Note("Published", then, {})], then)


def break_key(home: Path) -> None:
    (home / "keys").mkdir(parents=True, exist_ok=True)
    (home / "keys" / "roots.pem").write_text("no key\n")


def test_a_tick_seals_past_days_in_one_line_and_is_quiet_when_there_are_none(home):
    quiet = run("tick")
    assert quiet.exit_code == 0 and "封存" not in quiet.output
    recorded(4, 2)
    said = run("tick")
    assert said.exit_code == 0 and said.stdout.count("已封存日志 2 天") == 1
    assert [f"{day}.json" for day in roots_in_database()] == sorted(path.name for path in (home / "roots").iterdir())
    recorded(1)
    yesterday = moments.today() - DAY
    assert json.loads(run("tick", "--json").stdout)["sealed"] == [str(yesterday)]
    assert json.loads(run("tick", "--json").stdout)["sealed"] == []


def test_a_tick_that_cannot_seal_still_sweeps_and_ends_with_one(home):
    recorded(2)
    break_key(home)
    said = run("tick")
    assert said.exit_code == 1 and "触发 2 级" in said.stdout
    assert said.stderr.count("日志没有封存") == 1 and "roots.pem 不是 Ed25519 密钥" in said.stderr
    assert roots_in_database() == {}


def test_a_worker_seals_at_its_start_and_after_each_midnight_of_the_instances_clock(home, capsys):
    recorded(2)
    worker = Worker()
    worker.wake()
    assert "已封存日志 1 天" in capsys.readouterr().out and unsealed_days() == []
    recorded(1)
    worker.wake()
    assert unsealed_days() == [moments.today() - DAY], "not before the next midnight"
    today = moments.today()
    assert run("clock", "shift", "+1d").exit_code == 0
    worker.wake()
    assert unsealed_days() == [] and list(roots_in_database())[-2:] == [today - DAY, today]
    assert run("journal", "verify").exit_code == 0


def test_a_worker_that_cannot_seal_sweeps_on_and_tries_again_after_an_hour(home, capsys):
    recorded(2)
    break_key(home)
    worker = Worker()
    for _ in range(2):
        worker.wake()
    said = capsys.readouterr()
    assert said.err.count("日志没有封存") == 1 and "触发 2 级" in said.out
    assert worker.seal_at <= moments.now() + AGAIN
    (home / "keys" / "roots.pem").unlink()
    worker.seal_at = moments.now()
    worker.wake()
    assert unsealed_days() == [] and not worker.unsealed


def test_one_round_of_work_that_could_not_seal_ends_with_one(home):
    recorded(2)
    break_key(home)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    said = run("work", "--once")
    signal.signal(signal.SIGTERM, before[0])
    signal.signal(signal.SIGINT, before[1])
    assert said.exit_code == 1 and "触发 2 级" in said.stdout


def test_verify_remarks_on_days_without_a_root_and_finds_no_fault(home):
    recorded(4, 2)
    said = run("journal", "verify")
    assert said.exit_code == 0 and "没有发现问题" in said.stdout
    assert "有 2 天没有封存（请运行 minqing journal root 或让 minqing work 常开）" in said.stdout
    told = json.loads(run("journal", "verify", "--json").stdout)
    assert (told["unsealed"], told["count"]) == (2, 0)
    assert run("journal", "root").exit_code == 0
    assert "没有封存" not in run("journal", "verify").stdout
    assert json.loads(run("journal", "verify", "--json").stdout)["unsealed"] == 0
