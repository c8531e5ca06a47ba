"""Levels rise by themselves and never sink; a graver one shortens the running limit, none lengthens it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.rows import COLOURS, colour
from minqing.kernel.matters.testing import COUNTY, GRID, MONDAY, POLICE, TOWN, VILLAGE, Trial, worker
from minqing.kernel.methods.model import Method

WHY = {"body": "g" * 64}
DAY = dt.timedelta(days=1)


def at_town(method: Method, **told: object) -> Trial:
    trial = Trial(method)
    trial.report(category="land/demolition", **told)
    assert trial.matter.stage == "town"
    return trial


@pytest.mark.parametrize(("people", "level"), [(1, "calm"), (5, "yellow"), (30, "orange"), (100, "red")])
def test_the_gravest_level_that_holds_is_the_one(wushan: Method, people: int, level: str) -> None:
    assert at_town(wushan, people=people).matter.level == level


def test_a_level_does_not_sink_when_its_reason_goes(wushan: Method) -> None:
    trial = at_town(wushan, people=40)
    trial.act(worker(TOWN), "correct", people=2)
    assert (trial.matter.people, trial.matter.level) == (2, "orange")


def test_a_graver_level_shortens_the_running_limit(wushan: Method) -> None:
    trial = at_town(wushan)
    assert trial.matter.stage_duty().due == dt.datetime(2026, 6, 12, tzinfo=MONDAY.tzinfo)  # ten days, 24:00
    trial.moment += dt.timedelta(hours=5)
    trial.act(worker(TOWN), "correct", people=150)
    now = trial.moment
    assert trial.matter.stage_duty().due == now + DAY  # red: 24 hours from now on; nobody is late by a level of today
    assert trial.matter.stage_duty().starts == now
    trial.wait(dt.timedelta(minutes=1))
    assert not any(isinstance(event, ev.DutyMissed) for event in trial.history)


def test_no_level_lengthens_the_running_limit(panan: Method) -> None:
    """Green has one day in the village, yellow seven: who turns yellow keeps the one."""
    trial = Trial(panan)
    trial.report(category="order/neighbours")
    due = trial.matter.stage_duty().due
    trial.act(worker(VILLAGE), "grade", to="yellow", **WHY)
    assert trial.matter.level == "yellow"
    assert trial.matter.stage_duty().due == due


def test_grading_down_lengthens_nothing(wushan: Method) -> None:
    trial = at_town(wushan)
    trial.act(worker(TOWN), "correct", people=150)
    short = trial.matter.stage_duty().due
    trial.act(worker(COUNTY), "correct", people=1)
    trial.act(worker(TOWN), "grade", to="calm", **WHY)
    assert trial.matter.level == "calm"
    assert trial.matter.stage_duty().due == short


def test_grading_needs_a_level_and_a_reason_and_the_right_hand(wushan: Method) -> None:
    trial = at_town(wushan)
    assert trial.refused(worker(TOWN), "grade", to="purple", **WHY) == "level"
    assert trial.refused(worker(TOWN), "grade", to="red") == "reason"
    for unit in (GRID, VILLAGE, POLICE):
        assert trial.refused(worker(unit), "grade", to="red", **WHY) == "not-yours"


def test_a_level_reached_by_somebodys_word_has_what_follows_it(wushan: Method) -> None:
    """Red is 'one matter, one task force', whether a number or a person says so."""
    trial = at_town(wushan)
    before = len(trial.history)
    trial.act(worker(TOWN), "grade", to="red", **WHY)
    assert [duty.owed_by for duty in trial.matter.open_duties() if duty.kind == "task-force"] == [TOWN]
    assert any(set(e.units) == {TOWN, COUNTY} for e in trial.history[before:] if isinstance(e, ev.Told))


def test_red_rises_a_level_at_once_and_at_the_top_the_clock_runs_on(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(category="order/neighbours", people=12)
    assert (trial.matter.level, trial.matter.stage) == ("red", "town")
    top = Trial(panan)
    top.report(category="labour/wages")
    top.act(worker(TOWN), "refer")
    before = top.matter.stage_duty()
    top.moment += 4 * DAY
    top.act(worker(COUNTY), "correct", people=12)
    now = top.matter.stage_duty()
    assert (top.matter.level, now.id) == ("red", before.id)
    assert now.due < before.due


def test_a_matter_that_is_yellow_from_the_start_has_the_limit_of_yellow(panan: Method) -> None:
    """黄色限期: seven days in the village, not the one day of green."""
    trial = Trial(panan, facts={"text.repeats": 2})
    trial.report("路灯不亮")
    assert (trial.matter.level, trial.matter.stage) == ("yellow", "village")
    assert trial.matter.stage_duty().budget == "7d"


def test_a_method_may_have_more_levels_than_lists_tell_apart(wushan: Method) -> None:
    names = [f"level_{number}" for number in range(12)]  # mildest first
    levels = dict(zip(names, itertools.cycle(wushan.levels.values()), strict=False))
    many = dataclasses.replace(wushan, levels=levels)
    matter = at_town(wushan).matter
    duty = matter.stage_duty()
    colours = [colour(dataclasses.replace(matter, level=name), duty, many) for name in names]
    assert colours == sorted(colours, reverse=True)
    assert (colours[0], colours[-1]) == (COLOURS - 1, 1)  # the mildest is still counted in every list
