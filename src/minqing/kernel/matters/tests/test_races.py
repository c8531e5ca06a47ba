"""What others do between two steps of ours: nothing acknowledged is lost, nothing is told that was just forbidden."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial

import psycopg
import pytest
from django.db import connections, transaction

from minqing.base.errors import Conflict
from minqing.base.postgres import home_folder
from minqing.kernel.matters.actions import Acted, Concern, act, report
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.reading import history, read_one
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.rules import HOUSE, Scope, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault import masters, rotation
from minqing.registers.vault.queries import open_values
from minqing.registers.vault.rotation import rotate

PLACE = 330727101201001
ACCUSED = Scope(areas=((0, 10**15),), sensitivity=9, barred=(40,))
SEEN = [list(ACCUSED.settings())]


@pytest.fixture
def code(own_database, reader, wushan) -> str:
    publish(wushan)
    (answer,) = report([Concern(PLACE, "web", text="路灯不亮")], wushan)
    return answer.code


@pytest.fixture
def owner(own_database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(own_database.owner) as connected:
        yield connected


def until_somebody_waits(owner: psycopg.Connection) -> None:
    for _ in range(2_000):
        if owner.execute("select count(*) from pg_locks where not granted").fetchone() != (0,):
            return
        time.sleep(0.005)
    raise AssertionError("nobody waits")


@contextmanager
def beside(step: Callable[[], object]) -> Iterator[object]:
    """The step in a thread of its own; what it gave is the `result()` of what this gives."""

    def hand() -> object:
        try:
            return step()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as hands:
        yield hands.submit(hand)


def opened(code: str) -> list[str]:
    with seen_by(HOUSE):
        return [value.decode() for value in open_values(code).values()]


def forget_key(owner: psycopg.Connection, code: str) -> None:
    """As an erasure does: the matter is held first, then its key goes with all that was sealed under it."""
    owner.execute("select from matters_matter where code = %s for no key update", [code])
    owner.execute("delete from vault_key where subject = %s", [code])
    owner.execute("delete from vault_value where subject = %s", [code])


def test_words_written_while_their_key_is_destroyed_are_sealed_under_a_fresh_one(code, owner):
    forget_key(owner, code)
    with beside(partial(act, code, Command("note"), reporter_of(code), words="补记一句")) as told:
        until_somebody_waits(owner)
        owner.commit()
        assert isinstance(told.result(), Acted)
    assert opened(code) == ["补记一句"]


def test_who_expected_a_position_is_told_of_a_conflict_and_nothing_is_written(code, owner):
    before = read_one(HOUSE, code).matter.position
    forget_key(owner, code)
    step = partial(act, code, Command("note"), reporter_of(code), words="补记一句", expect=before)
    with beside(step) as told:
        until_somebody_waits(owner)
        owner.commit()
        with pytest.raises(Conflict):
            told.result()
    assert (read_one(HOUSE, code).matter.position, opened(code)) == (before, [])
    assert len(history(HOUSE, code)) == before


@pytest.mark.parametrize("nested", [False, True])
def test_a_process_that_slept_through_a_rotation_seals_under_the_master_of_today(code, wushan, monkeypatch, nested):
    monkeypatch.setattr(rotation, "FRESH", 0.0)
    home = home_folder()
    known = masters._read[home]
    rotate(partial(seen_by, HOUSE))
    monkeypatch.setitem(masters._read, home, replace(known, until=float("inf")))
    with transaction.atomic() if nested else nullcontext():
        (answer,) = report([Concern(PLACE, "web", text="井盖坏了")], wushan)
    assert answer.outcome == "written"
    assert "井盖坏了" in opened(answer.code)
    assert opened(code)


READ = {
    "matters_read": "select told from matters_read(%s::text[], array[(select c from code_of)], '{}', false)",
    "matters_lines": "select data from matters_lines(%s::text[], array[(select n from code_of)])",
}


@pytest.mark.parametrize("name", READ)
def test_whom_a_matter_is_turned_against_meanwhile_reads_nothing_of_it(code, owner, own_database, name):
    """Between the look under the scope and the look at what was seen, the matter turns against who reads it."""
    owner.execute(
        "create table code_of as select code as c, id as n from matters_matter; grant select on code_of to public;"
        "alter function matters_sight(text[]) rename to matters_sight_at_once;"
        "create function matters_sight(sight text[]) returns text[] language plpgsql as $$ begin"
        " if sight[1] = 'on' then perform pg_advisory_xact_lock(77); end if;"
        " return matters_sight_at_once(sight); end $$; grant execute on function matters_sight(text[]) to public;"
        "select pg_advisory_lock(77)"
    )
    owner.commit()

    def look() -> list[str]:
        with psycopg.connect(own_database.app) as app:
            return [row[0] for row in app.execute(READ[name], SEEN).fetchall()]

    with beside(look) as told:
        until_somebody_waits(owner)
        owner.execute("update matters_matter set hidden_from = '{40}', stage = 'turned'")
        owner.execute(
            "insert into ledger_line select stream, subject, seq + 900, happened, recorded, kind, actor,"
            " '{\"turned\": 1}', hash from ledger_line where stream = 1 order by seq desc limit 1"
        )
        owner.commit()
        owner.execute("select pg_advisory_unlock(77)")
        found = "".join(told.result())
    assert found and "turned" not in found
    assert look() == []
