"""Who sees which matter: role by role, in queries and in raw SQL under the application's role."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from minqing.base.errors import Conflict, NotFound
from minqing.kernel.matters.actions import act
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.journal import append, entry
from minqing.kernel.matters.queries import Wanted, counts, inbox, lines_of, listing, look
from minqing.kernel.matters.reading import codes_of, histories, history, read, read_ids, read_one
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.tests.sight_ground import (
    ALL,
    HOUSE_ONLY,
    OF_MATTERS,
    any_event,
    column,
    count,
    lay,
)
from minqing.registers.accounts.rules import HOUSE, NOTHING, Scope, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import county_of


def test_each_role_sees_its_area_and_what_it_has_a_part_in_less_what_is_against_it(ground):
    shown = {}
    for name, viewer in ground.viewers():
        wanted = {one.code for one in ground.matters if one.seen(viewer.scope)}
        shown[name] = len(wanted)
        codes = [one.code for one in ground.matters]
        assert set(read(viewer.scope, codes)) == wanted, name
        assert {s.matter.code for s in read_ids(viewer.scope, [one.id for one in ground.matters]).values()} == wanted
        ids = {one.id for one in ground.matters if one.code in wanted}
        assert set(histories(viewer.scope, [one.id for one in ground.matters])) == ids
        with seen_by(viewer.scope):  # whatever the application asks
            assert column("select code from matters_matter") == wanted, name
            assert column("select matter_id from matters_duty") == ids, name
            assert column("select subject from ledger_line where stream = 1") == ids, name
            assert column("select subject from vault_key") == wanted, name
            assert sum(count(f"select count(*) from {table}") for table in HOUSE_ONLY) == 0, name
    assert shown["administrator county"] == 0
    assert 0 < shown["village village"] < shown["town_centre town"] < shown["county_centre county"]
    assert 0 < shown["grid_worker grid"] < shown["county_centre county"] < len(ground.matters) == ALL
    assert 0 < shown["department county"] < shown["county_centre county"]


def test_without_a_scope_every_table_is_empty(ground):
    for table in (*OF_MATTERS, *HOUSE_ONLY, "matters_fired", "vault_value", "vault_file", "vault_mark"):
        where = " where stream < 3" if table == "ledger_line" else ""
        assert count(f"select count(*) from {table}{where}") == 0, table
    assert read(NOTHING, [one.code for one in ground.matters]) == {}


def test_half_a_scope_and_a_malformed_one_see_nothing(ground):
    whole = "select count(*) from matters_matter"
    for half in ("house", "areas", "sensitivity", "units", "barred", "code"):
        value = {"house": "on", "areas": "{[1,999999999999999)}", "sensitivity": "9", "units": "{1}", "barred": "{}"}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config(%s, %s, true)", [f"minqing.{half}", value.get(half, "AAAA-0000")])
            assert count(whole) == 0, half
            transaction.set_rollback(True)
    everywhere = Scope(areas=((1, 10**15),), sensitivity=2)
    for broken, scope in (("areas", NOTHING), ("sensitivity", everywhere), ("units", NOTHING), ("barred", everywhere)):
        with pytest.raises(DatabaseError), seen_by(scope), connection.cursor() as cursor:
            cursor.execute("select set_config(%s, 'everything', true)", [f"minqing.{broken}"])
            count(whole)


def test_a_scope_ends_where_it_began(ground):
    whole = "select count(*) from matters_matter"
    with seen_by(HOUSE):
        assert count(whole) == ALL
        with seen_by(NOTHING):
            assert count(whole) == 0
            assert len(read(HOUSE, ["AAAA-0001"])) == 1  # a read of another scope is of that scope alone
            assert count(whole) == 0
        assert count(whole) == ALL
        with pytest.raises(ZeroDivisionError), seen_by(NOTHING):
            raise ZeroDivisionError
        assert count(whole) == ALL
        read(NOTHING, ["AAAA-0001"])
        histories(NOTHING, [1])
        assert count(whole) == ALL
    assert count(whole) == 0


def test_a_scope_does_not_reach_the_next_transaction(own_database, wushan, tmp_path):
    lay(wushan, tmp_path)
    whole = "select count(*) from matters_matter"
    with seen_by(HOUSE):
        assert count(whole) == ALL
    assert count(whole) == 0
    assert len(read(HOUSE, ["AAAA-0001"])) == 1
    assert count(whole) == 0
    with pytest.raises(ZeroDivisionError), seen_by(HOUSE):
        raise ZeroDivisionError
    assert count(whole) == 0


def test_the_reporter_sees_the_one_matter_of_the_secret_and_only_that(ground):
    reporter = reporter_of("AAAA-0005")
    assert set(read(reporter.scope, [one.code for one in ground.matters])) == {"AAAA-0005"}
    seen = look(reporter, "AAAA-0005")
    assert (seen.title, seen.stored.matter.code) == ("井盖 5", "AAAA-0005")
    assert lines_of(reporter, "AAAA-0005") == history(HOUSE, "AAAA-0005")
    with seen_by(reporter.scope):
        assert column("select code from matters_matter") == {"AAAA-0005"}
        assert len(column("select matter_id from matters_duty")) == 1
    assert (listing(reporter, Wanted(state="all")).rows, inbox(reporter), counts(reporter)) == ((), [], {})


def test_an_unseen_matter_and_none_at_all_have_the_same_sentence(ground):
    viewer = dict(ground.viewers())["grid_worker grid"]
    hidden = next(one.code for one in ground.matters if not one.seen(viewer.scope))
    asked = (
        lambda code: read_one(viewer.scope, code),
        lambda code: history(viewer.scope, code),
        lambda code: look(viewer, code),
        lambda code: lines_of(viewer, code),
        lambda code: act(code, Command("note"), viewer, words="看看"),
    )
    for ask in asked:
        told = []
        for code in (hidden, "ZZZZ-9999"):
            with pytest.raises(NotFound) as caught:
                ask(code)
            told.append(str(caught.value).replace(code, "…"))
        assert told[0] == told[1]


def test_the_writing_function_answers_the_same_for_a_matter_unseen_and_for_none(ground, wushan):
    stored = read_one(HOUSE, "AAAA-0003")
    events = [line.event for line in history(HOUSE, "AAAA-0003")]
    for number in (stored.id, 10**9):
        unseen = replace(stored, id=number, head=b"?" * 32)
        with pytest.raises(Conflict):
            append([entry(stored.matter, events[-1:], MONDAY, wushan, before=unseen)])


def test_the_code_of_an_outside_number_is_told_for_that_number_alone(ground):
    assert codes_of([("演示", "7"), ("演示", "no"), ("", "")]) == {("演示", "7"): "AAAA-0007"}
    assert codes_of([]) == {}


def test_who_has_read_what_is_seen_by_auditors_and_the_house(ground):
    with connection.cursor() as cursor:
        cursor.execute(
            "select last_seq from ledger_append(2::smallint, 'AAAA-0001',"
            """ '[{"kind": "Revealed", "happened": "2026-06-01T10:00:00+08:00", "data": {}}]'::json, now())"""
        )
    auditor = dict(ground.viewers())["auditor county"].scope
    for table, where in (("ledger_line", "stream = 2"), ("ledger_subject", "stream = 2")):
        asked = f"select count(*) from {table} where {where}"
        for scope, seen in ((HOUSE, 1), (auditor, 1), (replace(auditor, access=False), 0)):
            with seen_by(scope):
                assert count(asked) == seen, (table, scope)
        assert count(asked) == 0


def test_an_auditor_sees_who_has_read_only_what_they_may_see_themselves(ground):
    auditor = dict(ground.viewers())["auditor county"].scope
    for kept in ground.matters:
        with connection.cursor() as cursor:
            cursor.execute(
                "select last_seq from ledger_append(2::smallint, %s,"
                """ '[{"kind": "Revealed", "happened": "2026-06-01T10:00:00+08:00", "data": {}}]'::json, now())""",
                [kept.code],
            )
    seen = {kept.code for kept in ground.matters if kept.seen(auditor)}
    assert 0 < len(seen) < len(ground.matters)
    with seen_by(auditor):
        assert column("select code from ledger_subject where stream = 2") == seen
        assert count("select count(*) from ledger_line where stream = 2") == len(seen)


def test_a_unit_that_joins_reads_all_duties_of_the_matter_also_those_that_were_over_before(ground, wushan):
    """Decisions count duties by their place: one that is missing would put another in its stead."""
    water = ground.unit("department", county_of(ground.places[0]))
    code = next(one.code for one in ground.matters if water not in one.units and not one.hidden_from)
    stored = read_one(HOUSE, code)
    first = stored.matter.duties[0]
    over = replace(stored.matter, duties=(replace(first, state="done"), replace(first, id=2)))
    append([entry(over, any_event(code), MONDAY, wushan, before=stored)])
    department = dict(ground.viewers())["department county"].scope
    assert read(department, [code]) == {}
    stored = read_one(HOUSE, code)
    joined = replace(over, duties=(*over.duties, replace(first, id=3, owed_by=water)), position=stored.matter.position)
    append([entry(joined, any_event(code), MONDAY, wushan, before=stored)])
    assert [duty.id for duty in read_one(department, code).matter.duties] == [1, 2, 3]


def test_when_a_matter_turns_out_to_be_against_a_unit_all_its_duties_are_hidden_from_it(ground, wushan):
    viewer = dict(ground.viewers())["grid_worker grid"]
    code = next(one.code for one in ground.matters if one.seen(viewer.scope))
    stored = read_one(HOUSE, code)
    first = stored.matter.duties[0]
    two = replace(stored.matter, duties=(replace(first, state="done"), replace(first, id=2)))
    append([entry(two, any_event(code), MONDAY, wushan, before=stored)])
    with seen_by(viewer.scope):
        assert count("select count(*) from matters_duty where matter_id = %s", stored.id) == 2
    stored = read_one(HOUSE, code)
    append([entry(replace(two, against=(viewer.unit,)), any_event(code), MONDAY, wushan, before=stored)])
    with seen_by(viewer.scope):
        assert count("select count(*) from matters_duty where matter_id = %s", stored.id) == 0


def test_when_the_sensitivity_of_a_matter_rises_all_its_duties_are_seen_by_fewer(ground, wushan):
    volunteer = Scope(areas=((1, 10**15),), sensitivity=0, barred=(1,))
    code = next(one.code for one in ground.matters if one.seen(volunteer))
    stored = read_one(HOUSE, code)
    first = stored.matter.duties[0]
    two = replace(stored.matter, duties=(replace(first, state="done"), replace(first, id=2)))
    append([entry(two, any_event(code), MONDAY, wushan, before=stored)])
    for sensitivity, seen in ((0, 2), (1, 0)):
        append([entry(two, any_event(code), MONDAY, wushan, before=read_one(HOUSE, code), sensitivity=sensitivity)])
        with seen_by(volunteer):
            assert count("select count(*) from matters_duty where matter_id = %s", stored.id) == seen
