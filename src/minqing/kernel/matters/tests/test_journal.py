from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from minqing.base.errors import Conflict
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.journal import Body, append, entry
from minqing.kernel.matters.reading import read, read_one, take_due
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import GRID, MONDAY, Trial, worker
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import open_values
from minqing.wiring.vocabulary import VOCABULARY

WUSHAN = load_method(Path(__file__).resolve().parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
HOUR = dt.timedelta(hours=1)


def ask(statement: str, *values: object) -> object:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


@pytest.fixture
def trial(db: None) -> StoredTrial:
    return StoredTrial(WUSHAN)


def reported(**told: object):
    """An entry for a fresh report, and the trial that made it."""
    trial = Trial(WUSHAN)
    events = trial.report(**({"code": told.pop("code", "AAAA-0001")} | told))
    return entry(trial.matter, events, trial.moment, WUSHAN, actor=7)


def next_step(stored, moment=MONDAY + HOUR):
    """The entry of the grid accepting a stored matter."""
    trial = Trial(WUSHAN, matter=stored.matter, moment=moment)
    decision = decide(WUSHAN, stored.matter, Command("accept"), trial.context(worker(GRID)))
    return entry(decision.matter, decision.events, moment, WUSHAN, actor=11, before=stored)


def test_a_matter_comes_back_from_its_rows_as_it_was_decided(trial):
    trial.report("楼上漏水", tags=("noise",), people=3, form={}, links=("BBBB-1111",), emergency="")
    trial.act(worker(GRID), "accept")
    trial.wait(dt.timedelta(days=6))
    assert trial.matter.position == len(trial.history) == ask("select count(*) from ledger_line")
    assert replay(trial.history) == trial.matter


def test_each_rung_the_clock_fired_is_put_down_once(trial):
    trial.report("楼上漏水")
    trial.wait(dt.timedelta(days=6))
    fired = sum(type(event).__name__ == "RungFired" for event in trial.history)
    assert fired > 2
    assert ask("select count(*) from matters_fired where by = 'trial'") == fired


def test_the_hash_of_a_line_is_chained_by_the_database_in_the_written_form(db):
    (written,) = append([reported(code="KETT-0001")], recorded=MONDAY)
    head = hashlib.sha256(b"matter|KETT-0001").digest()
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select seq, happened, recorded, kind, actor, data::text, hash from ledger_line order by seq")
        for seq, happened, recorded, kind, actor, data, stored in cursor.fetchall():
            happened_us, recorded_us = (round(moment.timestamp() * 1_000_000) for moment in (happened, recorded))
            body = f"KETT-0001|{seq}|{happened_us}|{recorded_us}|{kind}|{actor}|{data}"
            head = hashlib.sha256(head + body.encode()).digest()
            assert bytes(stored) == head
    assert written.head == head == read_one(HOUSE, "KETT-0001").head


def test_whoever_read_an_older_state_is_refused_and_nothing_of_it_is_written(db):
    append([reported()])
    stored = read_one(HOUSE, "AAAA-0001")
    append([next_step(stored)])
    lines = ask("select count(*) from ledger_line")
    with pytest.raises(Conflict, match="AAAA-0001"):
        append([next_step(stored)])
    assert ask("select count(*) from ledger_line") == lines
    assert ask("select count(*) from matters_outbox") == 2


def test_in_a_batch_the_conflicting_one_is_told_and_the_others_are_written(db):
    append([reported(code="AAAA-0001"), reported(code="AAAA-0002"), reported(code="AAAA-0003")])
    found = read(HOUSE, ["AAAA-0001", "AAAA-0002", "AAAA-0003"])
    append([next_step(found["AAAA-0002"])])
    again = append([next_step(found[f"AAAA-000{n}"]) for n in (3, 2, 1)])
    assert [(one.code[-1], one.outcome) for one in again] == [("3", "written"), ("2", "conflict"), ("1", "written")]


def test_the_right_position_with_a_wrong_head_is_a_conflict_too(db):
    append([reported()])
    stored = replace(read_one(HOUSE, "AAAA-0001"), head=b"\0" * 32)
    with pytest.raises(Conflict):
        append([next_step(stored)])


def test_an_outside_number_that_is_on_record_answers_with_its_code_and_writes_nothing(db):
    append([reported(code="AAAA-0001", source="12345", external_id="n-1")])
    lines = ask("select count(*) from ledger_line")
    (known,) = append([reported(code="AAAA-0002", source="12345", external_id="n-1")])
    assert (known.outcome, known.code) == ("known", "AAAA-0001")
    (other,) = append([reported(code="AAAA-0003", source="letters", external_id="n-1")])
    assert other.outcome == "written"
    assert ask("select count(*) from ledger_line where subject = 1 or subject < %s", other.id) == lines


def test_the_same_outside_number_twice_in_one_batch_is_written_once(db):
    pair = [reported(code=f"AAAA-000{n}", source="12345", external_id="n-1") for n in (1, 2)]
    assert [one.outcome for one in append(pair)] == ["written", "known"]
    assert ask("select count(*) from matters_matter") == 1


def test_a_code_in_use_is_told_and_not_written_over(db):
    append([reported()])
    (taken,) = append([reported()])
    assert taken.outcome == "taken"


def test_what_happened_cannot_run_backwards_within_a_matter(db):
    append([reported()])
    with pytest.raises(DatabaseError), transaction.atomic():
        append([next_step(read_one(HOUSE, "AAAA-0001"), MONDAY - HOUR)])
    assert append([next_step(read_one(HOUSE, "AAAA-0001"), MONDAY)])[0].outcome == "written"


def test_what_was_recorded_never_decreases_when_the_clock_of_the_machine_was_set_back(db):
    (first,) = append([reported()], recorded=MONDAY + HOUR)
    (second,) = append([next_step(read_one(HOUSE, "AAAA-0001"))], recorded=MONDAY)
    assert second.recorded == first.recorded == MONDAY + HOUR


def test_words_with_quotes_rare_characters_and_line_breaks_survive(db):
    words = '他说："不行\'"\\ 𠮷野家\n第二行\t{}|%s ␀ 1.10'
    one = replace(reported(), bodies=(Body("f" * 64, "text", words),), title=words, text=words)
    append([replace(one, after=replace(one.after, category=words))])
    stored = read_one(HOUSE, "AAAA-0001")
    assert (stored.title, stored.text, stored.matter.category) == (words, words, words)
    with seen_by(HOUSE):
        assert open_values("AAAA-0001") == {"f" * 64: words.encode()}


def test_a_correction_of_the_level_moves_all_running_duties_in_the_lists(trial):
    trial.report("楼上漏水")
    level, colour = trial.matter.level, ask("select max(colour) from matters_duty where state = 0")
    graver = list(WUSHAN.levels)[-1]
    assert level != graver
    trial.act(worker(GRID), "accept")
    trial.act(worker(GRID), "grade", to=graver, body="a" * 64)
    assert ask("select max(colour) from matters_duty where state = 0") < colour
    assert ask("select count(*) from matters_duty where main and state = 0") == 1


def test_due_rungs_are_taken_earliest_first_and_one_a_matter(trial):
    trial.report("楼上漏水")
    other = StoredTrial(WUSHAN, moment=MONDAY - 26 * HOUR)
    other.report("路灯不亮")
    with seen_by(HOUSE):
        late = take_due(MONDAY + dt.timedelta(days=30), 100)
        assert [due.matter_id for due in late] == [other.stored.id, trial.stored.id]
        assert (late[0].at, late[0].number, late[0].rung) == other.next_rung()
        assert take_due(late[0].at - dt.timedelta(microseconds=1), 100) == []


@pytest.mark.parametrize("table", ["ledger_line", "matters_matter", "matters_duty", "matters_fired", "ledger_root"])
@pytest.mark.parametrize(
    "statement",
    [
        "update {table} set {column} = {column}",
        "delete from {table}",
        "truncate {table}",
        "insert into {table} overriding system value select * from {table}",
    ],
)
def test_the_application_role_changes_no_table_by_itself(db, table, statement):
    column = {"matters_fired": "by", "ledger_root": "root"}.get(table, "kind")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ask(statement.format(table=table, column=column))
