"""Whoever is asked to call back finds what waits to be called in their own list, and nothing they may not call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.base import moments
from minqing.kernel.matters import call_list
from minqing.kernel.matters.actions import Concern, act, report
from minqing.kernel.matters.call_list import to_call
from minqing.kernel.matters.changes import newest_duty, since
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.own_list import ASKING
from minqing.kernel.matters.queries import counts, inbox, look, tally
from minqing.kernel.matters.reading import read_one
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.posts import ROLES, scope_of
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.regions.codes import lineage

DAY = timedelta(days=1)


@dataclass
class Ground:
    places: list[int]
    method: object

    def viewer(self, level: str, role: str, person: int, place: int = 0) -> Viewer:
        """Somebody of the unit of that level at a place."""
        place = place or self.places[0]
        cast = around([place]).places[place].cast
        unit = cast.units[level]
        over, up = [], unit
        while up := cast.above.get(up, 0):
            over.append(up)
        scope = scope_of(role, level, place, unit, over, person)
        roles = frozenset({role}) & frozenset({"volunteer"})
        return Viewer(person, unit, roles, scope, role, ROLES[role].rights)

    def settled(self, place: int = 0, person: int = 5, **told) -> str:
        """The code of a matter whose grid says it is solved, in that person."""
        place = place or self.places[0]
        (answer,) = report([Concern(place, "web", title="路灯不亮", text="演示", **told)], self.method)
        done = act(
            answer.code, Command("settle", records=("result",)), self.viewer("grid", "grid_worker", person, place)
        )
        assert not isinstance(done, Refusal), done
        return answer.code


@pytest.fixture
def ground(db, reader, wushan, tmp_path: Path) -> Iterator[Ground]:
    publish(wushan)
    folder = tmp_path / "lists"
    folder.mkdir()
    before = moments.shift()
    yield Ground(open_trial_county(folder, 1, 2, 1), wushan)
    moments.shift_by(before)


def test_a_volunteer_finds_what_waits_to_be_called_though_the_town_owes_it(ground):
    volunteer, newest = ground.viewer("grid", "volunteer", 9), newest_duty()
    assert (inbox(volunteer), counts(volunteer), tally(volunteer), to_call(volunteer, 5)) == ([], {}, {}, [])
    code = ground.settled()
    owing = read_one(HOUSE, code).matter.stage_duty()
    assert owing.owed_by == ground.viewer("town", "town_centre", 1).unit != volunteer.unit
    assert [(line.code, line.kind) for line in inbox(volunteer)] == [(code, ASKING)]
    assert [one.line.code for one in to_call(volunteer, 5)] == [code]
    assert tally(volunteer, mine=True)[ASKING].count == sum(counts(volunteer).values()) == 1
    assert since(volunteer, newest).came == 1
    assert [one.line.code for one in to_call(ground.viewer("town", "town_centre", 1), 5)] == [code]


def test_what_waits_elsewhere_or_is_over_is_in_no_callers_list(ground):
    volunteer = ground.viewer("grid", "volunteer", 9)
    ground.settled(ground.places[1])
    assert lineage(ground.places[1])[1] != lineage(ground.places[0])[1]
    assert inbox(volunteer) == []
    act(ground.settled(), Command("call_back", result="satisfied"), volunteer)
    assert inbox(volunteer) == []


def test_a_volunteer_acts_for_no_unit_and_has_nothing_of_theirs_in_hand(ground):
    (answer,) = report([Concern(ground.places[0], "web", title="路灯不亮", text="演示")], ground.method)
    volunteer = ground.viewer("grid", "volunteer", 9)
    assert read_one(HOUSE, answer.code).matter.holder == volunteer.unit
    assert inbox(volunteer) == [] and look(volunteer, answer.code).offers == ()
    for verb in ("accept", "note", "record", "settle", "merge"):
        done = act(answer.code, Command(verb, records=("result",)), volunteer, words="演示")
        assert isinstance(done, Refusal) and done.reason == "not-yours", verb
    code = ground.settled()
    assert [offer.verb for offer in look(volunteer, code).offers] == ["call_back"]


def test_a_method_that_asks_no_volunteer_gives_them_nothing(ground, wushan):
    ground.settled()
    block = replace(wushan.call_back, by=("town", "county"))
    publish(
        replace(
            wushan,
            call_back=block,
            version="none",
            text=wushan.text.replace("[town, volunteer, county]", "[town, county]"),
        )
    )
    assert inbox(ground.viewer("grid", "volunteer", 9)) == []


def test_who_solved_it_and_whom_nobody_is_to_call_stand_in_no_list_of_calls(ground):
    grid = ground.viewer("grid", "grid_worker", 5)
    code = ground.settled()
    solver = replace(ground.viewer("grid", "volunteer", 5), person=grid.person)
    assert [line.code for line in inbox(solver)] == [code]
    assert to_call(solver, 5) == []
    declined = ground.settled(wants_call_back=False)
    assert {one.line.code for one in to_call(ground.viewer("grid", "volunteer", 9), 5)} == {code} != {declined}


def test_a_caller_finds_their_calls_behind_any_number_of_matters_they_solved_themselves(ground, monkeypatch):
    monkeypatch.setattr(call_list, "_SPARE", 1)
    grid = ground.viewer("grid", "grid_worker", 5)
    solver = replace(ground.viewer("grid", "volunteer", 5), person=grid.person)
    for _ in range(5):
        ground.settled()
    theirs = [ground.settled(person=6) for _ in range(3)]
    assert [line.code for line in inbox(solver)][5:] == theirs, "they stand behind their own"
    assert [one.line.code for one in to_call(solver, 2)] == theirs[:2]
    assert [one.line.code for one in to_call(solver, 9)] == theirs


def test_tries_are_told_with_the_day_and_the_hours_of_the_next(ground):
    volunteer, code = ground.viewer("grid", "volunteer", 9), ground.settled()
    (fresh,) = to_call(volunteer, 5)
    assert (fresh.tries.made, fresh.tries.not_before, fresh.tries.apart, fresh.tries.needed) == ((), None, (), 3)
    act(code, Command("call_back", result="not_reached"), volunteer)
    now = moments.now()
    (tried,) = to_call(volunteer, 5)
    assert len(tried.tries.made) == 1 and tried.tries.not_before == now.date() + DAY
    ((first, last),) = tried.tries.apart
    minute = now.hour * 60 + now.minute
    told = [one.hour * 60 + one.minute for one in (first, last)]
    assert told == [max(0, minute - 60), min(24 * 60 - 1, minute + 60)]
    moments.shift_by(moments.shift() + DAY)
    (again,) = to_call(volunteer, 5)
    assert again.tries.not_before is None and again.tries.apart == tried.tries.apart


def test_a_callers_list_walks_what_waits_to_be_called_by_its_index(ground):
    ground.settled()
    store_made_up(ground.method, ground.places[1:], [MONDAY] * 2_000, MONDAY)
    with CaptureQueriesContext(connection) as captured:
        inbox(ground.viewer("grid", "volunteer", 9))
    statement = next(query["sql"] for query in captured if "matters_duty" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("explain " + statement)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "matters_duty_asking" in plan, plan
