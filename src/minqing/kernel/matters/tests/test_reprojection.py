from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import connection

from minqing.kernel.matters import journal, ports, reprojection
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.journal import entry
from minqing.kernel.matters.reading import histories, read_ids
from minqing.kernel.matters.reprojection import foresee, reproject
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.actions import set_day
from minqing.wiring.vocabulary import VOCABULARY

COUNTY = 330727000000000
IN_TOWN = MONDAY + dt.timedelta(days=25)  # past grid and village; the town's letter and late rungs are in working days


@pytest.fixture
def ground(db, wushan, tmp_path):
    ports.bind(vocabulary=VOCABULARY)
    publish(wushan, moment=MONDAY)
    places = open_trial_county(tmp_path)
    store_made_up(wushan, places, [MONDAY] * 3, MONDAY)
    sweep(MONDAY + dt.timedelta(days=15, hours=20), by="t", at_rung_time=True)
    return [stored for stored in _all().values()]


def _all():
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select array_agg(id) from matters_matter")
        return read_ids(HOUSE, cursor.fetchone()[0])


def test_nothing_is_written_while_the_calendar_says_the_same(ground):
    assert (reproject().matters, reproject().duties) == (3, 0)


def test_a_day_off_of_the_county_moves_what_is_counted_in_working_days_and_says_why(ground):
    """The reply to a letter of supervision is owed in five working days."""
    before = {stored.id: stored.matter for stored in ground}
    (letter,) = {duty.due for matter in before.values() for duty in matter.open_duties() if duty.budget == "5wd"}
    set_day(COUNTY, letter.date() - dt.timedelta(days=1), works=False, reason="演示县停工一天")
    done = reproject(batch=2)
    assert done.duties >= 3
    for number, stored in _all().items():
        told = [line.event for line in histories(HOUSE, [number])[number]]
        assert replay(told) == stored.matter
        (event,) = [e for e in told if type(e).__name__ == "DutyReckoned" and e.budget == "5wd"]
        duty = stored.matter.duty(event.duty)
        assert duty.due > before[number].duty(event.duty).due
        assert (event.because, event.calendar) == ("calendar", duty.calendar) and "330727" in duty.calendar
        natural = [duty.due for duty in stored.matter.open_duties() if not duty.budget.endswith("wd")]
        assert natural == [d.due for d in before[number].open_duties() if not d.budget.endswith("wd")]
    assert reproject().duties == 0


def test_what_a_change_would_move_is_foreseen_and_all_of_it_taken_back(ground):
    (letter,) = {duty.due for stored in ground for duty in stored.matter.open_duties() if duty.budget == "5wd"}
    before = {number: stored.matter for number, stored in _all().items()}
    change = partial(set_day, COUNTY, letter.date() - dt.timedelta(days=1), works=False, reason="演示县停工一天")
    seen = foresee(COUNTY, change, batch=2)
    assert seen.matters == 3 and seen.duties >= 3
    assert {number: stored.matter for number, stored in _all().items()} == before
    assert reproject().duties == 0, "the day itself was taken back too"
    change()
    assert reproject().duties == seen.duties


def test_nothing_that_a_change_holds_is_held_while_it_is_foreseen(ground, monkeypatch):
    mark = 0x6D71
    held = []

    def change():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [mark])
        set_day(COUNTY, MONDAY.date(), works=False, reason="演示县停工一天")
        held.append(_holds(mark))

    def looked(*args, **kwargs):
        held.append(_holds(mark))
        return read_ids(*args, **kwargs)

    monkeypatch.setattr(reprojection, "read_ids", looked)
    foresee(COUNTY, change)
    assert held == [True, False]


def _holds(mark):
    with connection.cursor() as cursor:
        cursor.execute("select true from pg_locks where locktype = 'advisory' and objid = %s", [mark])
        return bool(cursor.fetchall())


def test_a_matter_that_somebody_moves_meanwhile_is_read_and_reckoned_anew(ground, wushan, monkeypatch):
    (letter,) = {duty.due for stored in ground for duty in stored.matter.open_duties() if duty.budget == "5wd"}
    set_day(COUNTY, letter.date() - dt.timedelta(days=1), works=False, reason="演示县停工一天")
    moved = []

    def slow(entries, append=reprojection.append):
        if not moved:
            moved.append(_note(entries[0].before, wushan))
        return append(entries)

    monkeypatch.setattr(reprojection, "append", slow)
    assert reproject().duties >= 3
    assert moved and reproject().duties == 0


def _note(stored, method):
    place = stored.matter.place
    context = around([place]).context(place, stored.happened, Viewer(5, stored.matter.holder), {})
    decision = decide(method, stored.matter, Command("note", body="a" * 64), context)
    (written,) = journal.append([entry(decision.matter, decision.events, stored.happened, method, before=stored)])
    return written
