"""The sweep against its bare form: due rungs among many that run, fired by one worker and by two.

Half of what is due is a reminder (rung, one told), half moves its matter a level up (rung, duty missed, new stage, new
duty, told). The bare form, in the same batches on the same tables: update the duty, insert one plain event. Every run
has a fresh copy of one database; `value` is the median ratio of one worker over a few pairs.
`python -m bench.sweep [--full] [--rounds N]`: --full is 100,000 due among 1,000,000.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import psycopg
from django.db import connection, connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from minqing.base.moments import CHINA
from minqing.base.postgres.instance import migrate_and_grant, open_instance, point_at
from minqing.base.postgres.served import APP_URL, OWNER_URL, Urls
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.events import Reported
from minqing.kernel.matters.journal import Entry, append
from minqing.kernel.matters.ports import bind
from minqing.kernel.matters.reading import histories, read_ids
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import methods_of, publish
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.wiring.vocabulary import VOCABULARY

DUE, AMONG, ROUNDS, BATCH = 20_000, 200_000, 3, 5_000
FULL_DUE, FULL_AMONG, FULL_ROUNDS = 100_000, 1_000_000, 1
METHOD = Path(__file__).resolve().parents[1] / "methods" / "wushan-three-rests.yaml"

# Three days in the grid, the first not counted: a reminder at noon of the third day, up to the village at their end.
ESCALATING = dt.datetime(2026, 6, 1, 10, tzinfo=CHINA)
REMINDED = dt.datetime(2026, 6, 3, 10, tzinfo=CHINA)
RUNNING = dt.datetime(2026, 6, 4, 10, tzinfo=CHINA)
BEFORE = dt.datetime(2026, 6, 4, 9, tzinfo=CHINA)  # what escalates has had its reminder
UNTIL = dt.datetime(2026, 6, 5, 13, tzinfo=CHINA)

BARE = """
with due as (
    select id, next_rung from matters_duty where state = 0 and next_at <= %s order by next_at limit %s
    for no key update skip locked
), moved as (
    update matters_duty d set next_rung = d.next_rung + 1, next_at = d.rungs[d.next_rung + 2]
    from due where due.id = d.id returning d.id, d.matter_id, due.next_rung
)
insert into plain_event (duty_id, rung, matter_id, at, kind, data)
select id, next_rung, matter_id, now(), 'RungFired', '{"duty":1,"name":"due","rung":1}' from moved
"""
PLAIN = """create table plain_event (duty_id bigint, rung smallint, matter_id bigint not null, at timestamptz not null,
    kind text not null, data json not null, primary key (duty_id, rung))"""
COUNTS = """select json_build_object(
    'duties', (select count(*) from matters_duty), 'lines', (select count(*) from ledger_line),
    'fired', (select count(*) from matters_fired), 'plain_events', (select count(*) from plain_event),
    'still_due', (select count(*) from matters_duty where state = 0 and next_at <= %s))"""


def measure(due: int = DUE, among: int = AMONG, rounds: int = ROUNDS) -> dict[str, object]:
    """{"sweep_vs_sql": {"value": ratio of one worker, "raw": seconds, ratio of two, row counts}}."""
    home = Path(tempfile.mkdtemp(prefix="minqing-bench-"))
    home.chmod(0o711)
    admin = open_instance(home)
    ground = _named(admin, "bench_ground")
    try:
        _create(admin, "bench_ground", "template1")
        point_at(ground)
        _lay(ground, home, due, among)
        runs: dict[str, list[dict[str, float]]] = {"bare": [], "sweep": [], "bare2": [], "sweep2": []}
        for _ in range(rounds):
            for name, told in runs.items():
                told.append(_run(admin, name.rstrip("2"), 2 if name.endswith("2") else 1))
    finally:
        connections.close_all()
    shutil.rmtree(home, ignore_errors=True)  # the server notices and stops with this process
    return {"sweep_vs_sql": _figures(due, among, runs)}


def _figures(due: int, among: int, runs: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    def ratios(sweeps: str, bare: str) -> list[float]:
        return [round(a["seconds"] / b["seconds"], 2) for a, b in zip(runs[sweeps], runs[bare], strict=True)]

    one, two = ratios("sweep", "bare"), ratios("sweep2", "bare")
    raw: dict[str, object] = {"due": due, "among": among, "one_worker": one, "two_workers": two}
    raw["two_workers_value"] = round(median(two), 2)
    raw["two_workers_to_two_bare"] = ratios("sweep2", "bare2")
    raw["rungs_per_s"] = round(due / median(run["seconds"] for run in runs["sweep"]))
    raw["seconds"] = {name: [round(run["seconds"], 2) for run in told] for name, told in runs.items()}
    raw["rows"] = {name: {key: told[-1][key] for key in told[-1] if key != "seconds"} for name, told in runs.items()}
    return {"value": round(median(one), 2), "raw": raw}


def _lay(urls: Urls, home: Path, due: int, among: int) -> None:
    """The one database that is copied: county, method, matters, and the reminders that came before."""
    migrate_and_grant(urls)
    bind(vocabulary=VOCABULARY)
    method = load_method(METHOD, VOCABULARY)
    publish(method, moment=ESCALATING)
    lists = home / "lists"
    lists.mkdir()
    places = open_trial_county(lists, towns=15, villages=15, grids=2)
    half = due // 2
    second = dt.timedelta(seconds=1)
    for start, many in ((ESCALATING, half), (REMINDED, due - half)):
        store_made_up(method, places, [start + second * (number % 3600) for number in range(many)], RUNNING)
    assert sweep(BEFORE, by="bench").fired == half
    _fill(method, store_made_up(method, places, [RUNNING] * len(places), RUNNING), among - due - len(places))
    connections.close_all()
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(PLAIN)
        owner.execute("vacuum analyze")


def _fill(method: Method, patterns: int, many: int) -> None:
    """So many more running matters, as the last ones stored stand but for their codes: deciding them takes too long."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select array_agg(id) from (select id from matters_matter order by id desc limit %s) m", [patterns]
        )
        ids = cursor.fetchone()[0]
    stored, told = read_ids(HOUSE, ids), histories(HOUSE, ids)
    for low in range(0, many, BATCH):
        entries = []
        for number in range(low, min(low + BATCH, many)):
            pattern, code = ids[number % len(ids)], new_code()
            first, *rest = told[pattern]
            assert isinstance(first.event, Reported)
            lines = (replace(first, event=replace(first.event, code=code)), *rest)
            entries.append(Entry(replace(stored[pattern].matter, code=code), lines, method))
        append(entries, recorded=RUNNING)


def _run(admin: Urls, form: str, workers: int) -> dict[str, float]:
    """Seconds from the moment all workers are ready to the last one's end, and the rows then there."""
    with _copy(admin) as copy:
        env = os.environ | {APP_URL: copy.app, OWNER_URL: copy.owner}
        command = [sys.executable, "-m", "bench.sweep", "--worker", form]
        running = [
            subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(workers)
        ]
        for one in running:
            assert one.stdout is not None and one.stdout.readline() == "ready\n"
        began = time.monotonic()
        for one in running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        if any(one.wait() for one in running):
            raise RuntimeError(f"a worker of {form} failed")
        seconds = time.monotonic() - began
        with psycopg.connect(copy.owner) as owner:
            row = owner.execute(COUNTS, [UNTIL]).fetchone()
    assert row is not None and row[0]["still_due"] == 0, row
    return {"seconds": seconds} | row[0]


@contextmanager
def _copy(admin: Urls) -> Iterator[Urls]:
    """A copy of the ground, its pages in the cache, gone afterwards."""
    _create(admin, "bench_copy", "bench_ground")
    copy = _named(admin, "bench_copy")
    try:
        with psycopg.connect(copy.owner, autocommit=True) as owner:
            for table in ("matters_duty", "matters_matter"):
                owner.execute(sql.SQL("select count(*) from {} t where t is not null").format(sql.Identifier(table)))
            owner.execute("analyze matters_duty")
        yield copy
    finally:
        with psycopg.connect(admin.owner, autocommit=True) as owner:
            owner.execute("drop database bench_copy with (force)")


def _named(urls: Urls, name: str) -> Urls:
    return Urls(*(urlsplit(url)._replace(path=f"/{name}").geturl() for url in (urls.app, urls.owner)))


def _create(admin: Urls, name: str, template: str) -> None:
    role = str(conninfo_to_dict(admin.app)["user"])
    new, old, app = sql.Identifier(name), sql.Identifier(template), sql.Identifier(role)
    with psycopg.connect(admin.owner, autocommit=True) as owner:
        owner.execute(sql.SQL("create database {} template {} strategy file_copy").format(new, old))
        owner.execute(sql.SQL("grant connect on database {} to {}").format(new, app))


def _work(form: str) -> None:
    urls = open_instance()
    bind(vocabulary=VOCABULARY)
    if form == "bare":
        with psycopg.connect(urls.owner) as owner:
            print("ready", flush=True)
            sys.stdin.readline()
            while owner.execute(BARE, [UNTIL, BATCH]).rowcount:
                owner.commit()
        return
    method = load_method(METHOD, VOCABULARY)
    methods_of([(method.slug, method.version)])
    print("ready", flush=True)
    sys.stdin.readline()
    sweep(UNTIL, by=f"bench {os.getpid()}", batch=BATCH)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--worker"]:
        return _work(arguments[1])
    full = "--full" in arguments
    rounds = int(arguments[arguments.index("--rounds") + 1]) if "--rounds" in arguments else None
    sizes = (FULL_DUE, FULL_AMONG, rounds or FULL_ROUNDS) if full else (DUE, AMONG, rounds or ROUNDS)
    print(json.dumps(measure(*sizes), indent=1))
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
