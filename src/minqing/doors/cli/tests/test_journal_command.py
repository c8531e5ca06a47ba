from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from minqing.doors.cli import main
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import GRID, MONDAY, worker
from minqing.kernel.methods.loader import load_method
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).resolve().parents[5] / "methods"
DAY = dt.timedelta(days=1)


@pytest.fixture
def ledger(own_database, tmp_path, monkeypatch):
    monkeypatch.setenv("MINQING_HOME", str(tmp_path))
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    trial = StoredTrial(load_method(METHODS / "wushan-three-rests.yaml", VOCABULARY))
    trial.report("楼上漏水", code="AAAA-0001")
    trial.act(worker(GRID), "accept")
    trial.wait(7 * DAY)
    return own_database


def run(*words: str):
    return CliRunner().invoke(main, ["journal", *words])


def as_owner(database, *statements: str) -> None:
    with psycopg.connect(database.owner) as owner:
        for statement in statements:
            owner.execute(statement)


def test_verify_counts_what_it_checked_and_names_what_was_altered(ledger):
    good = run("verify")
    assert good.exit_code == 0 and "没有发现问题" in good.stdout
    as_owner(
        ledger,
        "alter table ledger_line disable trigger ledger_line_grows",
        "update ledger_line set actor = 5 where seq = 3",
    )
    bad = run("verify")
    assert bad.exit_code == 1
    assert "事项 AAAA-0001：日志第 3 行" in bad.stdout
    told = json.loads(run("verify", "--json").stdout)
    assert told["count"] == 1 and told["faults"][0]["what"] == "altered"


def test_sealed_days_stand_in_files_and_are_verified(ledger, tmp_path):
    sealed = run("root", "--day", str(MONDAY.date() + DAY))
    assert sealed.exit_code == 0, sealed.output
    assert min(path.stem for path in (tmp_path / "roots").iterdir()) == str(MONDAY.date())
    assert run("verify").exit_code == 0
    again = run("root", "--day", str(MONDAY.date()))
    assert again.exit_code == 2 and "已经封存" in again.output
    assert [run("root").exit_code for _ in range(2)] == [0, 0]
    assert "已经封存" in run("root").stdout


def test_rebuild_compares_every_matter_and_names_the_field_that_differs(ledger):
    good = run("rebuild", "--compare")
    assert good.exit_code == 0 and "重演了 1 件" in good.stdout
    as_owner(ledger, "update matters_matter set holder = 999", "update matters_duty set next_at = now()")
    bad = run("rebuild", "--compare")
    assert bad.exit_code == 1
    assert "事项 AAAA-0001：holder 按日志是" in bad.stdout and "duties' next rungs" in bad.stdout


def test_rebuild_offers_nothing_but_the_comparison(ledger):
    assert run("rebuild").exit_code == 2


def test_the_chain_can_be_checked_from_the_exported_file_alone(ledger, tmp_path):
    file = tmp_path / "lines.jsonl"
    assert run("export", "--to", str(file)).exit_code == 0
    head = hashlib.sha256(b"matter|AAAA-0001").digest()
    lines = file.read_text().splitlines()
    for text in lines:
        line = json.loads(text)
        data = text.split('"data":', 1)[1][:-1]
        told = (line[name] for name in ("code", "seq", "happened", "recorded", "kind", "actor"))
        head = hashlib.sha256(head + "|".join(map(str, (*told, data))).encode()).digest()
        assert head.hex() == line["hash"]
    assert run("export").stdout.splitlines() == lines


def test_init_can_be_repeated_and_leaves_keys_that_only_the_owner_reads(own_database, tmp_path, monkeypatch):
    monkeypatch.setenv("MINQING_HOME", str(tmp_path))
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    for _ in range(2):
        done = CliRunner().invoke(main, ["init"])
        assert done.exit_code == 0, done.output
    secret = sorted(path for path in (tmp_path / "keys").iterdir() if "pub" not in path.name)
    made = ["bodies.key", "bodies.made", "roots.pem", "secrets.key", "secrets.made", "vault.json", "vault.made"]
    assert [path.name for path in secret] == made
    assert {path.stat().st_mode & 0o777 for path in secret} == {0o600}
