"""Bulk writing through the one writing function, and verifying it all: matters and journal lines a second.

100,000 made-up matters of some seven lines are decided beforehand and written by two processes, rows, chained lines,
duties and outbox together, words sealed, each matter under a key of its own. Anchors in the same run: a plain COPY of
the very same lines, and a plain SHA-256 of each.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import django
import psycopg
from django.db import connections

from minqing.base.ledger.verify import verify
from minqing.base.postgres import running, wait_until_stopped
from minqing.base.postgres.instance import migrate_and_grant, open_instance, point_at
from minqing.base.postgres.served import Urls
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.events import Reported
from minqing.kernel.matters.journal import Entry, append
from minqing.kernel.matters.reading import MATTERS as STREAM
from minqing.kernel.matters.reading import Line
from minqing.kernel.matters.testing import GRID, Trial, worker
from minqing.kernel.methods.loader import load_method
from minqing.tools.text.reader import search_words
from minqing.wiring.vocabulary import VOCABULARY

MATTERS, WRITERS, BATCH = 100_000, 2, 1_000
TITLE, TEXT = "楼上漏水，请来看看", "楼上漏水，物业不管，" * 8
METHODS = Path(__file__).resolve().parents[1] / "methods"
COPIED = "stream, subject, seq, happened, recorded, kind, actor, data, hash"


def measure(matters: int = MATTERS) -> dict[str, object]:
    """{"bulk_matters_per_s": {...}, "verify_events_per_s": {...}} on a fresh embedded server."""
    former = os.environ.get("MINQING_HOME")
    home = Path(tempfile.mkdtemp(prefix="minqing-bench-"))
    home.chmod(0o711)
    os.environ["MINQING_HOME"] = str(home)
    try:
        with running(home) as server:
            urls = Urls(server.dsn_app, server.dsn_owner)
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
            django.setup()
            point_at(urls)
            migrate_and_grant(urls)
            seconds = load(matters)
            with psycopg.connect(urls.owner, autocommit=True) as owner:
                lines = _one(owner, "select count(*) from ledger_line")
                copied = _copy_again(owner)
                owner.execute("vacuum analyze")
                verified = _verify(home, lines)
                hashed = _timed(lambda: owner.execute("select count(sha256(data::text::bytea)) from ledger_line"))
            connections.close_all()
        if wait_until_stopped(home, 60):
            shutil.rmtree(home)
    finally:
        os.environ.pop("MINQING_HOME")
        if former is not None:
            os.environ["MINQING_HOME"] = former
    return {
        "bulk_matters_per_s": {
            "value": round(matters / seconds),
            "raw": {"matters": matters, "lines": lines, "seconds": round(seconds, 1), "writers": WRITERS,
                    "copy_seconds": round(copied, 1), "ratio": round(seconds / copied, 1)},
        },
        "verify_events_per_s": {
            "value": round(lines / verified),
            "raw": {"lines": lines, "seconds": round(verified, 1), "sha256_seconds": round(hashed, 1),
                    "ratio": round(verified / hashed, 1)},
        },
    }  # fmt: skip


def load(matters: int, environment: Mapping[str, str] | None = None) -> float:
    """Seconds from the moment all writers are ready to the last one's end."""
    command = [sys.executable, "-m", "bench.store", str(matters // WRITERS)]
    writers = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    began = time.monotonic()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        if writer.wait() != 0:
            raise RuntimeError("a writer failed")
    return time.monotonic() - began


def _one(owner: psycopg.Connection, statement: str) -> int:
    row = owner.execute(statement).fetchone()
    assert row is not None
    found: int = row[0]
    return found


def _copy_again(owner: psycopg.Connection) -> float:
    """The anchor: the same lines into the same kind of table, by COPY, with nothing else."""
    owner.execute("create table plain (like ledger_line including indexes)")
    with owner.cursor().copy(f"copy (select {COPIED} from ledger_line) to stdout") as out:
        rows = [bytes(block) for block in out]
    return _timed(lambda: _copy_in(owner, rows))


def _copy_in(owner: psycopg.Connection, rows: list[bytes]) -> None:
    with owner.cursor().copy("copy plain from stdin") as into:
        for row in rows:
            into.write(row)


def _timed(work: object) -> float:
    assert callable(work)
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _verify(home: Path, lines: int) -> float:
    """Through a process of its own, as the command does it."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.store", "verify", str(home)], check=True, stdout=subprocess.PIPE, text=True
    )
    told = json.loads(done.stdout)
    assert told["lines"] == lines and told["count"] == 0, told
    seconds: float = told["seconds"]
    return seconds


def _verify_here(home: Path) -> None:
    open_instance()
    began = time.monotonic()
    found = verify([STREAM], home)
    print(json.dumps({"lines": found.lines, "count": found.count, "seconds": time.monotonic() - began}))


def _write_here(matters: int) -> None:
    open_instance()
    method = load_method(METHODS / "wushan-three-rests.yaml", VOCABULARY)
    words = search_words(f"{TITLE}\n{TEXT}")
    trial = Trial(method)
    trial.report("楼上漏水")
    trial.act(worker(GRID), "accept")
    trial.act(worker(GRID), "assign", person=12)
    told, moment, made = list(trial.history), trial.moment, trial.matter
    assert made is not None and isinstance(told[0], Reported)
    reported = told[0]
    assert 6 <= len(told) <= 9, len(told)

    def entry(number: int) -> Entry:
        code = new_code()
        first = replace(reported, code=code)
        when = moment + dt.timedelta(seconds=number)
        lines = tuple(Line(event, when, 11) for event in (first, *told[1:]))
        matter = replace(made, code=code)
        return Entry(matter, lines, method, title=TITLE, text=TEXT, words=words)

    batches = [[entry(low + number) for number in range(BATCH)] for low in range(0, matters, BATCH)]
    print("ready", flush=True)
    sys.stdin.readline()
    for batch in batches:
        left = batch
        while left:  # among a million a code is now and then in use, as `report` knows too
            outcomes = [one.outcome for one in append(left)]
            assert {*outcomes} <= {"written", "taken"}, outcomes
            left = [_anew(one) for one, outcome in zip(left, outcomes, strict=True) if outcome == "taken"]


def _anew(entry: Entry) -> Entry:
    """The same under another code."""
    code, (first, *rest) = new_code(), entry.lines
    assert isinstance(first.event, Reported)
    again = replace(first, event=replace(first.event, code=code))
    return replace(entry, after=replace(entry.after, code=code), lines=(again, *rest))


if __name__ == "__main__":
    if sys.argv[1:2] == ["verify"]:
        _verify_here(Path(sys.argv[2]))
    elif sys.argv[1:]:
        _write_here(int(sys.argv[1]))
    else:
        print(json.dumps(measure(), indent=1))
