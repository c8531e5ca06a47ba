from __future__ import annotations

import datetime as dt
import json

import psycopg
import pytest
from django.db import DatabaseError, connections

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.base.ledger.roots import seal, seal_until
from minqing.base.ledger.streams import KEPT_HERE, METHOD, Note, append
from minqing.base.ledger.verify import verify
from minqing.kernel.matters.reading import MATTERS
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import GRID, MONDAY, worker

STREAMS = (MATTERS, *KEPT_HERE)
DAY = dt.timedelta(days=1)


@pytest.fixture
def ledger(own_database, wushan):
    """Two matters with a week behind them, committed."""
    for code in ("AAAA-0001", "AAAA-0002"):
        trial = StoredTrial(wushan)
        trial.report("楼上漏水", code=code)
        trial.act(worker(GRID), "accept")
        trial.wait(7 * DAY)
    append(METHOD, "wushan", [Note("Published", MONDAY, {"version": "v1"})], MONDAY)
    return own_database


def tamper(database, *statements: str) -> None:
    """As the owner, with the triggers taken off and put back."""
    with psycopg.connect(database.owner) as owner:
        owner.execute("alter table ledger_line disable trigger ledger_line_grows")
        for statement in statements:
            assert owner.execute(statement).rowcount
        owner.execute("alter table ledger_line enable always trigger ledger_line_grows")


def faults(home) -> list[tuple[str, str, int]]:
    return [(fault.what, fault.where, fault.seq) for fault in verify(STREAMS, home).faults]


FIRST = "stream = 1 and subject = (select id from matters_matter where code = 'AAAA-0001')"


def test_an_untouched_ledger_has_no_faults_and_every_line_is_counted(ledger, home):
    found = verify(STREAMS, home)
    with psycopg.connect(ledger.owner) as owner:
        lines = owner.execute("select count(*) from ledger_line").fetchone()[0]
    assert (found.count, found.subjects, found.lines) == (0, 3, lines)
    assert lines > 20


def test_a_line_altered_in_any_column_is_found_and_named(ledger, home):
    columns = {
        2: 'data = \'{"to":"x"}\'',
        4: "kind = 'Told'",
        6: "actor = 999",
        8: "happened = happened - interval '1 microsecond'",
        10: "recorded = recorded - interval '1 microsecond'",
    }
    for seq, change in columns.items():
        tamper(ledger, f"update ledger_line set {change} where {FIRST} and seq = {seq}")
    assert faults(home) == [("altered", "AAAA-0001", seq) for seq in columns]
    tamper(ledger, f"update ledger_line set hash = '\\x00' where {FIRST} and seq = 11")
    assert ("altered", "AAAA-0001", 11) in faults(home)


def test_a_deleted_line_is_found_and_named(ledger, home):
    tamper(ledger, f"delete from ledger_line where {FIRST} and seq = 4")
    assert faults(home) == [("missing", "AAAA-0001", 4)]


def test_two_swapped_lines_are_found(ledger, home):
    tamper(
        ledger,
        f"update ledger_line set seq = 1000 where {FIRST} and seq = 4",
        f"update ledger_line set seq = 4 where {FIRST} and seq = 5",
        f"update ledger_line set seq = 5 where {FIRST} and seq = 1000",
    )
    assert {("altered", "AAAA-0001", 4), ("altered", "AAAA-0001", 5)} <= set(faults(home))


def test_a_line_moved_to_another_matter_is_found(ledger, home):
    tamper(
        ledger,
        f"delete from ledger_line where {FIRST} and seq = 2",
        "insert into ledger_line select stream, (select id from matters_matter where code = 'AAAA-0001'), seq,"
        " happened, recorded, kind, actor, data, hash from ledger_line where stream = 1 and seq = 2",
    )
    assert ("altered", "AAAA-0001", 2) in faults(home)


def test_a_cut_tail_is_found_by_the_row(ledger, home):
    tamper(ledger, f"delete from ledger_line where {FIRST} and seq > 5")
    assert faults(home) == [("missing", "AAAA-0001", 6)]


def test_a_journal_that_is_gone_altogether_is_found_and_so_is_one_without_its_row(ledger, home):
    tamper(ledger, f"delete from ledger_line where {FIRST}")
    assert faults(home) == [("missing", "AAAA-0001", 1)]
    tamper(ledger, "delete from matters_matter where code = 'AAAA-0002'")
    assert {what for what, _, _ in faults(home)} == {"missing", "stray"}


def test_a_row_that_was_put_back_is_found_by_its_head(ledger, home):
    tamper(ledger, "update matters_matter set head = '\\x00' where code = 'AAAA-0001'")
    assert [what for what, _, _ in faults(home)] == ["row"]


def test_a_cut_tail_with_a_rewritten_head_is_found_by_the_root_of_its_day(ledger, home):
    last = MONDAY.date() + 7 * DAY
    seal_until(home, last)
    assert faults(home) == []
    tamper(
        ledger,
        f"delete from ledger_line where {FIRST} and seq > 5",
        "update matters_matter m set position = 5, head = l.hash from ledger_line l"
        " where m.code = 'AAAA-0001' and l.stream = 1 and l.subject = m.id and l.seq = 5",
    )
    found = faults(home)
    assert found and {what for what, _, _ in found} == {"root"}


def test_a_root_is_sealed_once_in_order_and_only_when_the_day_is_over(ledger, home):
    seal(home, MONDAY.date())
    for day, words in ((MONDAY.date(), "已经封存"), (MONDAY.date() - DAY, "已经封存"), (moments.today(), "还没有过完")):
        with pytest.raises(BadInput, match=words):
            seal(home, day)


def test_what_comes_after_a_sealed_day_is_recorded_after_it(ledger, home):
    seal_until(home, MONDAY.date() + 8 * DAY)
    append(METHOD, "wushan", [Note("Published", MONDAY, {"version": "v2"})], MONDAY)
    with psycopg.connect(ledger.owner) as owner:
        latest = owner.execute("select max(recorded) from ledger_line").fetchone()[0]
    assert latest == dt.datetime.combine(MONDAY.date() + 9 * DAY, dt.time(), MONDAY.tzinfo)
    assert faults(home) == []


def test_a_root_file_that_was_rewritten_signed_by_another_key_or_lost_is_found(ledger, home):
    roots = seal_until(home, MONDAY.date() + 7 * DAY)
    path = home / "roots" / f"{roots[0].day}.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"statement": told["statement"].replace('"subjects":', '"subjects":1')}))
    assert ("root", roots[0].day.isoformat(), 0) in faults(home)
    path.write_text(json.dumps(told | {"signature": "00" * 64}))
    assert any("签名" in fault.sentence for fault in verify(STREAMS, home).faults)
    path.unlink()
    assert any("文件不见了" in fault.sentence for fault in verify(STREAMS, home).faults)


def test_the_ledger_only_grows_also_for_its_owner(ledger):
    for statement in (
        "update ledger_line set kind = kind",
        "update ledger_line set kind = kind where false",
        "delete from ledger_line",
        "truncate ledger_line cascade",
        "insert into ledger_line select * from ledger_line limit 1 on conflict (stream, subject, seq)"
        " do update set kind = 'x'",
        "merge into ledger_line l using (values (1)) v(x) on l.seq = v.x when matched then delete",
        "delete from ledger_root",
    ):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows")
        with psycopg.connect(ledger.owner) as owner, refused:
            owner.execute(statement)


def test_the_setting_of_the_maintenance_gate_opens_nothing_without_its_login(ledger):
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows")
    with psycopg.connect(ledger.owner) as owner, refused:
        owner.execute("set minqing.maintenance = 'erasure'; delete from ledger_line")


def test_the_door_of_the_small_streams_does_not_open_the_matters(ledger):
    with connections["default"].cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("select ledger_append(1::smallint, 'AAAA-0001', '[]', now())")
