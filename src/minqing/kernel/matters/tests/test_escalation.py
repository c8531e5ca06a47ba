from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from django.db import connection

from minqing.base.errors import NotReady
from minqing.kernel.matters import decide as deciding
from minqing.kernel.matters import escalation, ports, versions
from minqing.kernel.matters.commands import Refused
from minqing.kernel.matters.escalation import RungsStuck, next_rung, still_due, sweep
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.reading import histories, read_ids
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.wiring.vocabulary import VOCABULARY

DAY = dt.timedelta(days=1)
HALFWAY = MONDAY.replace(day=3, hour=12)  # of the three days of the grid, the first not counted
OVER = dt.datetime(2026, 6, 5, tzinfo=MONDAY.tzinfo)  # and their end: 24:00 of the third day after


def ask(statement: str, *values: object) -> object:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def ids() -> list[int]:
    return ask("select array_agg(id order by id) from matters_matter")


@pytest.fixture
def ground(db, wushan, tmp_path):
    """The method published, the county open; matters are stored by moment."""
    return lay_ground(wushan, tmp_path)


def lay_ground(method, folder):
    ports.bind(vocabulary=VOCABULARY)
    publish(method, moment=MONDAY)
    places = open_trial_county(folder)
    return lambda *moments, people=1: store_made_up(method, places, moments, MONDAY, people=people)


def test_one_sweep_moves_a_matter_one_rung_and_the_next_budget_starts_on_arrival(ground):
    ground(MONDAY)
    swept = sweep(HALFWAY, by="t")
    assert (swept.fired, swept.moved, swept.kinds) == (1, 0, {"@grid": 1})
    late = OVER + 2 * DAY
    swept = sweep(late, by="t")
    assert (swept.fired, swept.moved, swept.kinds) == (1, 1, {"@grid": 1})
    (stored,) = read_ids(HOUSE, ids()).values()
    assert stored.matter.stage == "village"
    assert stored.matter.stage_duty().starts == late == stored.happened
    assert next_rung(late) == stored.matter.stage_duty().next_at == late + DAY


def test_at_rung_time_the_clock_acts_as_if_it_had_never_slept(ground):
    ground(MONDAY)
    swept = sweep(OVER + 3 * DAY, by="t", at_rung_time=True)
    (stored,) = read_ids(HOUSE, ids()).values()
    assert (stored.matter.stage, swept.moved) == ("town", 2)
    assert stored.matter.stage_duty().starts == OVER + DAY  # three days in the grid, 24 hours in the village
    (lines,) = histories(HOUSE, ids()).values()
    fired = [(line.happened, line.event.at) for line in lines if type(line.event).__name__ == "RungFired"]
    assert fired and all(happened == at for happened, at in fired)


def test_what_was_stored_is_what_the_journal_leads_to_and_nothing_is_left_due(ground):
    ground(*(MONDAY + number * dt.timedelta(hours=1) for number in range(40)), people=120)
    until = MONDAY + 40 * DAY
    rungs = []
    swept = sweep(until, by="t", batch=7, at_rung_time=True, progress=rungs.append)
    assert still_due(until) == 0
    assert rungs == sorted(rungs) and len(rungs) == swept.batches and rungs[-1] == swept.fired
    assert ask("select count(*) from matters_fired where by = 't'") == swept.fired
    assert ask("select count(*) from ledger_line where kind = 'RungFired'") == swept.fired
    told = histories(HOUSE, ids())
    for number, stored in read_ids(HOUSE, ids()).items():
        assert replay([line.event for line in told[number]]) == stored.matter


def test_a_batch_is_written_by_one_statement_however_many_rungs_it_has(ground, django_assert_max_num_queries):
    ground(*[MONDAY] * 30)
    with django_assert_max_num_queries(30):
        assert sweep(HALFWAY, by="t").batches == 1


def test_a_sweep_that_is_asked_to_stop_leaves_the_rest_due(ground):
    ground(*[MONDAY] * 10)
    asked = iter([False, True])
    swept = sweep(HALFWAY, by="t", batch=4, stop=lambda: next(asked))
    assert (swept.fired, still_due(HALFWAY)) == (4, 6)


def test_time_already_passed_in_a_matter_is_not_run_backwards(ground):
    """A sweep at an earlier moment than the last one, over a rung that the last one left."""
    ground(MONDAY)
    asked = iter([False, True])
    sweep(OVER + DAY, by="t", stop=lambda: next(asked))
    assert sweep(OVER, by="t").moved == 1
    (stored,) = read_ids(HOUSE, ids()).values()
    assert stored.matter.stage_duty().starts == stored.happened == OVER + DAY


def test_a_rung_that_is_refused_stops_no_other_and_is_named_at_the_end(ground, monkeypatch):
    """Also the other duties of the same matter go on, and a batch that holds nothing else does not block the queue."""
    ground(*[MONDAY] * 6, people=100)
    first = min(ids())

    def refusing(draft, step, follow=deciding.follow):
        if draft.matter.code == code and draft.owing and draft.events[-1].duty == 1:
            raise Refused("undecidable", "条件无法判断", "cannot be decided")
        follow(draft, step)

    code = read_ids(HOUSE, [first])[first].matter.code
    monkeypatch.setattr(deciding, "follow", refusing)
    with pytest.raises(RungsStuck, match=code) as told:
        sweep(HALFWAY, by="t", batch=1)
    (stuck,) = told.value.swept.refused
    assert (stuck.code, stuck.kind, stuck.rung, stuck.why) == (code, "@grid", 0, "条件无法判断（cannot be decided）")
    assert still_due(HALFWAY) == 1
    assert told.value.swept.kinds == {"@grid": 5, "task-force": 6}
    assert read_ids(HOUSE, [first])[first].matter.duty(2).next_rung == 1
    monkeypatch.undo()
    assert sweep(HALFWAY, by="t").fired == 1


def test_a_fault_of_ours_in_one_matter_stops_no_other_and_keeps_its_traceback(ground, monkeypatch):
    ground(*[MONDAY] * 3)
    code = read_ids(HOUSE, ids())[max(ids())].matter.code

    def failing(method, matter, command, context, decide=escalation.decide):
        if matter.code == code:
            raise ZeroDivisionError("a fault of ours")
        return decide(method, matter, command, context)

    monkeypatch.setattr(escalation, "decide", failing)
    with pytest.raises(RungsStuck, match="a fault of ours") as told:
        sweep(HALFWAY, by="t")
    assert isinstance(told.value.__cause__, ZeroDivisionError)
    assert (told.value.swept.fired, still_due(HALFWAY)) == (2, 1)


def test_a_method_that_cannot_be_read_stops_only_its_own_matters(ground, wushan, monkeypatch):
    ground(*[MONDAY] * 3)

    def lost(pairs):
        raise NotReady("库里没有工作法")

    monkeypatch.setattr(escalation, "methods_of", lost)
    with pytest.raises(RungsStuck, match="共 3 项"):
        sweep(HALFWAY, by="t")
    assert still_due(HALFWAY) == 3


def test_the_method_of_a_sweep_is_the_version_the_matter_opened_under(ground, wushan, monkeypatch):
    ground(MONDAY)
    monkeypatch.setattr(versions, "_loaded", {})
    assert sweep(OVER, by="t").moved == 1


def test_a_duty_is_only_held_by_whoever_holds_its_matter(own_database, wushan, tmp_path):
    """Two sweeps that held duties of each other's matters would wait for each other for ever."""
    lay_ground(wushan, tmp_path)(MONDAY, people=100)
    until = MONDAY + 30 * DAY
    take = "select number from matters_take_due(%s, %s, '{}')"
    with psycopg.connect(own_database.app) as one, psycopg.connect(own_database.app) as other:
        for connected in (one, other):
            connected.execute("set minqing.house = 'on'")
        (held,) = one.execute(take, [until, 1]).fetchone()
        assert other.execute(take, [until, 9]).fetchall() == []
        with psycopg.connect(own_database.owner) as owner:
            rest = owner.execute(
                "select number from matters_duty where number <> %s and next_at is not null for update nowait", [held]
            ).fetchall()
    assert rest


def test_a_rung_that_fired_already_rolls_its_whole_batch_back(own_database, wushan, tmp_path):
    lay_ground(wushan, tmp_path)(*[MONDAY] * 3)
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("insert into matters_fired select min(id), 0, now(), 'somebody' from matters_duty")
    with pytest.raises(Exception, match="matters_fired_pkey"):
        sweep(HALFWAY, by="t")
    assert ask("select count(*) from ledger_line where kind = 'RungFired'") == 0
    assert still_due(HALFWAY) == 3
