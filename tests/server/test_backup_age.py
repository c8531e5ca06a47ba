"""A backup that succeeded leaves its moment in the home, for the doctor and the figures, and in no backup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connections
from django.test import Client

from minqing.base.backup.lately import STAMP, last_backup, note_backup
from minqing.doors.cli import main
from minqing.doors.cli.init import make_keys
from minqing.wiring import metrics

FIGURE = "minqing_backup_age_seconds"


@pytest.fixture
def plain(own_database, tmp_path, monkeypatch):
    """An instance with keys and nothing in it."""
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "h"))
    make_keys()
    yield tmp_path
    connections.close_all()


def back_up(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["backup", *map(str, arguments)])


def test_a_backup_notes_that_it_was_made_and_carries_no_such_note(plain: Path) -> None:
    home = plain / "h"
    assert last_backup(home) is None
    assert back_up(plain / "a").exit_code == 0 and last_backup(home).keys is False
    before = last_backup(home).taken
    assert back_up(plain / "b", "--keys", plain / "k").exit_code == 0
    assert last_backup(home).keys is True and last_backup(home).taken >= before
    assert not (plain / "b" / "files" / STAMP).exists() and not (home / f"{STAMP}.new").exists()


def test_a_backup_that_fails_or_is_only_checked_notes_nothing(plain: Path) -> None:
    assert back_up(plain / "h" / "inside").exit_code == 2 and last_backup(plain / "h") is None
    assert back_up(plain / "a").exit_code == 0
    (plain / "h" / STAMP).unlink()
    assert back_up("--check", plain / "a").exit_code == 0 and last_backup(plain / "h") is None


def test_a_home_that_takes_no_file_spoils_no_backup_and_is_told(plain: Path) -> None:
    (plain / "h" / STAMP).mkdir()
    done = back_up(plain / "a", "--json")
    assert done.exit_code == 0 and json.loads(done.stdout)["folder"] == str(plain / "a")
    assert "备份已做好" in done.stderr and "could not be noted" in done.stderr


def test_the_figure_tells_the_age_and_is_left_out_where_there_is_none(plain: Path, monkeypatch) -> None:
    monkeypatch.setenv(metrics.TOKEN, "rightly")
    scraped = []
    for _ in range(2):
        answer = Client().get("/metrics", headers={"authorization": "Bearer rightly"})
        scraped.append([line for line in answer.content.decode().splitlines() if line.startswith(FIGURE)])
        note_backup(plain / "h", keys=True)
    assert scraped[0] == [] and 0 <= float(scraped[1][0].split()[1]) < 60
