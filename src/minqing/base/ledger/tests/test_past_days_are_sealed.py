"""Days that are over get their root without anybody choosing a day."""

from __future__ import annotations

import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.base.ledger.roots import Root, roots_in_database, roots_on_file, seal_past, unsealed_days
from minqing.base.ledger.streams import KEPT_HERE, METHOD, Note, append
from minqing.base.ledger.verify import verify

DAY = dt.timedelta(days=1)
SEALING = 1835090691


@pytest.fixture
def today(own_database):
    """Today, with a line recorded five days ago, one two days ago and one now."""
    now = moments.now()
    for ago in (5, 2, 0):
        append(METHOD, f"m{ago}", [Note("Published", now - ago * DAY, {})], now - ago * DAY)
    return now.date()


def test_every_past_day_with_lines_is_sealed_but_no_empty_one_and_not_today(today, tmp_path):
    assert [root.day for root in seal_past(tmp_path)] == [today - 5 * DAY, today - 2 * DAY]
    assert roots_on_file(tmp_path) == roots_in_database()
    assert seal_past(tmp_path) == []
    assert verify(KEPT_HERE, tmp_path).faults == []


def test_where_all_was_recorded_today_nothing_is_sealed_and_no_key_is_made(own_database, tmp_path):
    append(METHOD, "m", [Note("Published", moments.now() - 365 * DAY, {})])
    assert seal_past(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_verification_counts_days_without_a_root_and_finds_no_fault_in_them(today, tmp_path):
    before = verify(KEPT_HERE, tmp_path)
    assert (before.unsealed, before.days, before.count) == (2, 0, 0)
    seal_past(tmp_path)
    after = verify(KEPT_HERE, tmp_path)
    assert (after.unsealed, after.days, after.count) == (0, 2, 0)


def test_two_who_seal_at_once_make_one_root_a_day_and_neither_fails(today, own_database, tmp_path):
    def sealing() -> list[Root]:
        try:
            return seal_past(tmp_path)
        finally:
            connection.close()

    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid" \
        " from pg_database where datname = current_database())"  # fmt: skip
    with psycopg.connect(own_database.owner, autocommit=True) as held, ThreadPoolExecutor(2) as two:
        held.execute("select pg_advisory_lock(%s)", [SEALING])
        both = [two.submit(sealing) for _ in range(2)]
        end = time.monotonic() + 60
        while held.execute(waiting).fetchone() != (2,):
            assert time.monotonic() < end and not any(one.done() for one in both)
            time.sleep(0.02)
        held.execute("select pg_advisory_unlock(%s)", [SEALING])
        made = [root.day for one in both for root in one.result()]
    assert sorted(made) == [today - 5 * DAY, today - 2 * DAY]
    assert verify(KEPT_HERE, tmp_path).faults == []


def without_rows(database) -> None:
    with psycopg.connect(database.owner) as owner:
        owner.execute("alter table ledger_root disable trigger ledger_root_grows")
        owner.execute("delete from ledger_root")
        owner.execute("alter table ledger_root enable always trigger ledger_root_grows")


def test_a_sealing_that_was_killed_after_its_file_is_made_again(today, own_database, tmp_path):
    made = seal_past(tmp_path)
    without_rows(own_database)
    assert seal_past(tmp_path) == made
    assert verify(KEPT_HERE, tmp_path).faults == []


def test_a_root_on_file_is_not_written_over_by_another(today, own_database, tmp_path):
    first = seal_past(tmp_path)[0]
    without_rows(own_database)
    now = moments.now()
    append(METHOD, "put in", [Note("Published", now - 5 * DAY, {})], now - 5 * DAY)
    with pytest.raises(BadInput, match="旧备份"):
        seal_past(tmp_path)
    assert json.loads((tmp_path / "roots" / f"{first.day}.json").read_text())["root"] == first.root
    assert roots_in_database() == {}


def test_days_are_over_by_the_clock_of_the_instance(today):
    assert unsealed_days() == [today - 5 * DAY, today - 2 * DAY]
    moments.shift_by(DAY)
    try:
        assert unsealed_days() == [today - 5 * DAY, today - 2 * DAY, today]
    finally:
        moments.shift_by(dt.timedelta(0))
