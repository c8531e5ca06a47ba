"""Rounds, grading, reminders, emergencies told later: what keeps a matter honest from one round of work to the next."""

from __future__ import annotations

import datetime as dt

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.testing import COUNTY, GRID, INSPECTION, MONDAY, TOWN, VILLAGE, VOLUNTEER, Trial, worker
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import Viewer


@pytest.fixture
def at_town(wushan: Method) -> Trial:
    """A matter that the grid and the village have sent up."""
    trial = Trial(wushan)
    trial.report("邻里漏水")
    trial.act(worker(GRID), "refer")
    trial.act(worker(VILLAGE), "refer")
    return trial


def test_a_unit_without_a_person_neither_settles_nor_calls_back(at_town: Trial) -> None:
    """Else nobody could tell the solver from who asks afterwards."""
    assert at_town.refused(Viewer(0, TOWN), "settle", records=("opinion",)) == "person"
    at_town.act(worker(TOWN), "settle", records=("opinion",))
    assert at_town.refused(Viewer(0, TOWN), "call_back", result="satisfied") == "person"


def test_each_round_of_work_brings_its_own_papers(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "settle", records=("opinion",))
    at_town.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert at_town.refused(worker(TOWN), "settle") == "needs"


def test_words_have_no_place_in_the_line_of_a_verb(at_town: Trial) -> None:
    assert at_town.refused(worker(TOWN), "note", to="某甲 13800000000", body="w" * 64) == "not-asked"


def test_the_one_complained_of_takes_no_part_and_does_not_learn_why(wushan: Method) -> None:
    """The county stands above inspection, which has the matter against it: standing above gives it no part in it."""
    trial = Trial(wushan)
    trial.report("县里处理不公", against=(COUNTY,))
    assert trial.matter.holder == INSPECTION
    for verb in ("note", "assign", "correct", "grade"):
        told = {"people": 2, "person": 41, "body": "w" * 64, "to": "red" if verb == "grade" else ""}
        assert trial.refused(worker(COUNTY), verb, **told) == "not-yours"
    assert moves(wushan, trial.matter, trial.context(worker(COUNTY))) == []


def test_what_is_graded_by_hand_stands_until_the_facts_change(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report("矛盾", people=120)
    holder = trial.matter.holder
    trial.act(worker(holder), "grade", to="calm", body="w" * 64)
    trial.act(worker(holder), "note", body="w" * 64)
    assert trial.matter.level == "calm"
    trial.act(worker(holder), "correct", people=130)
    assert trial.matter.level == "red"


def test_words_told_later_make_it_an_emergency(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report("邻里漏水")
    trial.act(worker(GRID), "note", emergency="life", body="w" * 64)
    assert (trial.matter.emergency, trial.matter.level, trial.matter.holder) == ("life", "red", TOWN)
    assert [duty.kind for duty in trial.matter.open_duties() if duty.kind.startswith("respond")] == ["respond:life"]


def test_a_matter_that_nobody_takes_up_is_never_silent(wushan: Method) -> None:
    """After the last rung the clock speaks again, each time twice as long after the due time."""
    trial = Trial(wushan)
    trial.report("征地补偿", category="land/land-taking")
    trial.wait(dt.timedelta(days=400))
    reminders = [event for event in trial.history if isinstance(event, ev.DutyReckoned) and event.because == "again"]
    assert len(reminders) >= 4
    assert trial.next_rung() is not None


def test_a_window_of_reopening_that_ends_in_a_holiday_rolls(wushan: Method) -> None:
    """What a resident may still do is lengthened: 2 October is National Day, the next working day is the 8th."""
    trial = Trial(wushan, moment=dt.datetime(2026, 9, 2, 10, 0, tzinfo=MONDAY.tzinfo))
    trial.report("路灯不亮")
    trial.act(worker(GRID), "settle", records=("result",))
    trial.act(VOLUNTEER, "call_back", result="satisfied")
    assert trial.matter.reopen_until == dt.datetime(2026, 10, 9, tzinfo=MONDAY.tzinfo)
