"""Fills a store with copies of what stands in it: two processes COPY, the indexes are made afterwards.

`fill` answers with seconds and counts. Indexes that hold no promise (uniqueness) are dropped and made again from the
database's own definitions, statistics are taken at the end: what any bulk load into PostgreSQL has to do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg
from psycopg import sql

from bench.million.copies import TABLES, Copier, can_lie_earlier, columns_of, earlier, patterns_of
from minqing.base.postgres import running
from minqing.base.postgres.instance import open_instance
from minqing.kernel.matters.codes import ALPHABET, new_code

WRITERS, BATCH = 2, 2_000
PATTERNS, WEEKS = 700, 46  # of what has ended; over how many weeks its copies lie
#: While it loads: a load that is broken off is done again.
LOADING = {
    "FSYNC": "off", "FULL_PAGE_WRITES": "off", "SHARED_BUFFERS": "1GB", "MAX_WAL_SIZE": "4GB",
    "MAINTENANCE_WORK_MEM": "1GB",
}  # fmt: skip
_INDEXES = """select i.relname, pg_get_indexdef(i.oid) from pg_index x join pg_class i on i.oid = x.indexrelid
    join pg_class t on t.oid = x.indrelid
    where t.relname = any(%s) and not exists (select from pg_constraint c where c.conindid = i.oid)"""


def fill(home: Path, environment: dict[str, str], still_open: int, ended: int) -> dict[str, object]:
    """So many open and ended matters more, in the instance of that home, which nobody uses meanwhile."""
    former = {name: os.environ.get(name) for name in _settings()}
    os.environ.update(_settings())
    try:
        with running(home) as server, psycopg.connect(server.dsn_owner, autocommit=True) as owner:
            began = time.monotonic()
            with _without_indexes(owner):
                lines = _rows(owner, "ledger_line")
                _write(owner, environment | _settings(), still_open, ended)
                written = time.monotonic()
                lines = _rows(owner, "ledger_line") - lines
            indexed = time.monotonic()
            owner.execute("vacuum (freeze, analyze)")
            done = time.monotonic()
    finally:
        for name, value in former.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
    matters = still_open + ended
    return {
        "matters": matters, "open": still_open, "ended": ended, "lines": lines, "copy_s": round(written - began, 1),
        "indexes_s": round(indexed - written, 1), "vacuum_analyze_s": round(done - indexed, 1),
        "matters_per_s": round(matters / (indexed - began)), "lines_per_s": round(lines / (indexed - began)),
    }  # fmt: skip


def _settings() -> dict[str, str]:
    return {f"MINQING_PG_{name}": value for name, value in LOADING.items()}


def _rows(owner: psycopg.Connection, table: str) -> int:
    row = owner.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    assert row is not None
    found: int = row[0]
    return found


@contextmanager
def _without_indexes(owner: psycopg.Connection) -> Iterator[None]:
    found = owner.execute(_INDEXES, [list(TABLES)]).fetchall()
    for name, _told in found:
        owner.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
    yield
    for _name, told in found:
        owner.execute(told)
    for table in ("matters_matter", "matters_duty"):
        owner.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")
    owner.execute("truncate matters_outbox")  # what a load brings wakes nobody


def _write(owner: psycopg.Connection, environment: dict[str, str], still_open: int, ended: int) -> None:
    row = owner.execute("select max(m.id), (select max(id) from matters_duty) from matters_matter m").fetchone()
    assert row is not None
    matter, duty = max(row[0], 10**6), row[1]  # numbers of seven digits: no pattern's number looks like one
    share = (still_open + ended) // WRITERS + 1
    plans = [
        {"matter": matter + place * share + 1, "duty": duty + place * share * 40 + 1,
         "open": still_open // WRITERS + (place < still_open % WRITERS),
         "ended": ended // WRITERS + (place < ended % WRITERS), "seed": place}
        for place in range(WRITERS)
    ]  # fmt: skip
    writers = [
        subprocess.Popen([sys.executable, "-m", "bench.million.filling", json.dumps(plan)], env=environment)
        for plan in plans
    ]
    if any(writer.wait() for writer in writers):
        raise RuntimeError("a writer failed")


def _write_here(plan: dict[str, int]) -> None:
    """One writer: open and ended ones mixed, in batches of one transaction each."""
    urls, chance = open_instance(), Random(plan["seed"])
    with psycopg.connect(urls.owner) as owner:
        columns = columns_of(owner)
        running_ones = patterns_of(owner, columns, running=True, many=10**6)
        owner.rollback()
        ended = patterns_of(owner, columns, running=False, many=PATTERNS)
        owner.rollback()
        shifted = [
            earlier(pattern, WEEKS * place // len(ended)) if can_lie_earlier(pattern) else pattern
            for place, pattern in enumerate(ended)
        ]
        kinds = ([Copier(one, columns) for one in running_ones], [Copier(one, columns) for one in shifted])
        left, matter, duty = [plan["open"], plan["ended"]], plan["matter"], plan["duty"]
        codes = _codes(owner, plan["seed"])
        while sum(left):
            told: dict[str, list[str]] = {table: [] for table in TABLES}
            for _ in range(min(BATCH, sum(left))):
                kind = chance.choices((0, 1), left)[0]
                left[kind] -= 1
                copier = chance.choice(kinds[kind])
                for table, rows in copier.copy(next(codes), matter, duty).items():
                    told[table].append(rows)
                matter, duty = matter + 1, duty + copier.duties
            for table, parts in told.items():
                with owner.cursor().copy(sql.SQL("copy {} from stdin").format(sql.Identifier(table))) as into:
                    into.write("".join(parts))
            owner.commit()


def _codes(owner: psycopg.Connection, writer: int) -> Iterator[str]:
    """Codes that nobody has: of a million some dozens are drawn twice. Each writer has letters of its own."""
    used = {row[0] for row in owner.execute("select code from matters_matter")}
    while True:
        code = new_code()
        if ALPHABET.index(code[0]) % WRITERS == writer and code not in used:
            used.add(code)
            yield code


if __name__ == "__main__":
    _write_here(json.loads(sys.argv[1]))
