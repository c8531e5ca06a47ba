"""More time: by somebody else, for a listed reason, with its papers, and told; a pause gives back what it took."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from minqing.kernel.clock.budgets import Budget
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.matter import DROPPED, OPEN
from minqing.kernel.matters.reckoning import explain_duty
from minqing.kernel.matters.reprojection import reckon_again
from minqing.kernel.matters.testing import COUNTY, MONDAY, REPORTER, TOWN, VILLAGE, Trial, worker
from minqing.kernel.methods.model import Extend, Limit, Method, Suspension
from minqing.kernel.methods.titles import Title

WHY = {"body": "p" * 64}
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
PAPERS = {"result": "appraisal", "records": ("entrust",), **WHY}


def at_town(method: Method, **told: object) -> Trial:
    """Yellow, fifteen days, in the town."""
    trial = Trial(method)
    trial.report(kind="complex", **told)
    assert (trial.matter.stage, trial.matter.level) == ("town", "yellow")
    return trial


def midnight(day: int, month: int = 6) -> dt.datetime:
    return dt.datetime(2026, month, day, tzinfo=MONDAY.tzinfo)


def told_the_reporter(trial: Trial, words: str) -> bool:
    told = [event for event in trial.history if isinstance(event, ev.Told) and "reporter" in event.roles]
    return any(words in event.because for event in told)


def test_who_has_the_matter_never_pauses_it_and_nobody_does_without_reason_and_papers(panan: Method) -> None:
    trial = at_town(panan)
    assert trial.refused(worker(TOWN), "suspend", **PAPERS) == "not-yours"
    assert trial.refused(worker(COUNTY), "suspend", result="appraisal", **WHY) == "needs"
    assert trial.refused(worker(COUNTY), "suspend", result="appraisal", records=("entrust",)) == "reason"
    assert trial.refused(worker(COUNTY), "suspend", result="holidays", **WHY) == "result"
    assert trial.refused(worker(VILLAGE), "suspend", **PAPERS) == "not-yours"
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    assert trial.refused(worker(COUNTY), "suspend", result="parties", records=("request",), **WHY) == "paused"


def test_the_unit_that_has_it_is_not_the_one_that_pauses_though_the_file_names_its_role(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.act(worker(TOWN), "refer")
    assert trial.matter.holder == COUNTY
    assert trial.refused(worker(COUNTY), "suspend", **PAPERS) == "not-yours"


def test_a_paused_clock_is_silent_and_each_day_begun_is_given_back(panan: Method) -> None:
    trial = at_town(panan)
    due = trial.matter.stage_duty().due
    assert due == midnight(17)
    trial.moment += 2 * DAY
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    held = trial.matter.stage_duty()
    assert held.next_at is None and held.due == due + 15 * DAY  # at the latest
    assert told_the_reporter(trial, "等鉴定或检测结论")
    fired = sum(isinstance(event, ev.RungFired) for event in trial.history)
    trial.wait(3 * DAY)
    assert sum(isinstance(event, ev.RungFired) for event in trial.history) == fired
    trial.act(worker(TOWN), "resume")
    again = trial.matter.stage_duty()
    assert again.due == due + 3 * DAY  # 4, 5 and 6 June began while it stood still
    assert again.next_at is not None and len(again.rungs) == 3
    assert told_the_reporter(trial, "恢复计时")
    assert any("暂停" in line for line in explain_duty(again, trial.context(REPORTER), "zh", trial.matter))


def test_hours_get_back_the_seconds(panan: Method) -> None:
    short = replace(panan.stages["town"], limit=Limit(Budget(30, "h")))
    trial = Trial(replace(panan, stages={**panan.stages, "town": short}))
    trial.report(kind="complex")
    due = trial.matter.stage_duty().due
    trial.moment += HOUR
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    trial.moment += dt.timedelta(hours=5, seconds=7)
    trial.act(worker(COUNTY), "resume")
    assert trial.matter.stage_duty().due == due + dt.timedelta(hours=5, seconds=7)


def test_a_pause_ends_by_itself_and_nobody_is_late_by_it(panan: Method) -> None:
    trial = at_town(panan)
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    latest = trial.matter.stage_duty().due
    trial.wait(16 * DAY)
    assert not [stop for stop in trial.matter.stops if stop.end is None]
    (pause,) = [duty for duty in trial.matter.duties if duty.kind == "pause:appraisal"]
    assert (pause.state, pause.late) == (DROPPED, False)
    assert trial.matter.stage_duty().due == latest
    assert trial.refused(worker(COUNTY), "suspend", **PAPERS) == "times"


def test_what_is_late_is_neither_paused_nor_extended(panan: Method) -> None:
    trial = at_town(panan)
    trial.moment = midnight(17)
    assert trial.refused(worker(COUNTY), "suspend", **PAPERS) == "late"
    assert trial.refused(worker(COUNTY), "extend", **WHY) == "late"


def test_an_emergency_is_neither_paused_nor_extended_and_ends_what_stands_still(panan: Method) -> None:
    trial = Trial(panan)
    trial.report("有人要跳楼")
    assert trial.refused(worker(COUNTY), "suspend", **PAPERS) == "emergency"
    assert trial.refused(worker(COUNTY), "extend", **WHY) == "emergency"
    later = at_town(panan)
    later.act(worker(COUNTY), "suspend", **PAPERS)
    later.act(REPORTER, "note", emergency="life", **WHY)
    assert not [stop for stop in later.matter.stops if stop.end is None]
    assert later.matter.stage_duty().next_at is not None


def test_a_graver_level_or_the_next_step_ends_a_pause(panan: Method) -> None:
    trial = at_town(panan)
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    trial.act(worker(TOWN), "correct", people=40)
    assert not [stop for stop in trial.matter.stops if stop.end is None]
    other = at_town(panan)
    other.act(worker(COUNTY), "suspend", **PAPERS)
    other.act(worker(TOWN), "settle", records=("result", "minutes"))
    assert not [duty for duty in other.matter.open_duties() if duty.kind.startswith("pause:")]
    assert not other.matter.duty(1).late


def test_a_pause_stops_the_duties_it_names_and_no_other(wushan: Method) -> None:
    pause = Suspension("wait", Title("等结论"), ("county",), Budget(5, "d"), (), ("answer-village",))
    trial = Trial(replace(wushan, pauses={"wait": pause}))
    trial.report(category="land/demolition")
    assert trial.refused(worker(COUNTY), "suspend", result="wait", **WHY) == "nothing"
    trial.act(worker(TOWN), "settle", records=("opinion",))
    assert trial.refused(worker(COUNTY), "suspend", result="wait", **WHY) == "asking"


def test_more_time_is_given_from_above_so_much_so_often_and_told(panan: Method) -> None:
    trial = at_town(panan)
    assert trial.refused(worker(TOWN), "extend", **WHY) == "not-yours"
    assert trial.refused(worker(COUNTY), "extend") == "reason"
    assert trial.refused(worker(COUNTY), "extend", to="8d", **WHY) == "budget"
    assert trial.refused(worker(COUNTY), "extend", to="一周", **WHY) == "budget"
    trial.act(worker(COUNTY), "extend", to="5d", **WHY)
    assert trial.matter.stage_duty().due == midnight(22)
    assert told_the_reporter(trial, "延长时限")
    assert trial.refused(worker(COUNTY), "extend", to="1d", **WHY) == "times"


def test_more_time_and_a_pause_add_up(panan: Method) -> None:
    trial = at_town(panan)
    trial.act(worker(COUNTY), "extend", to="5d", **WHY)
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    assert trial.refused(worker(COUNTY), "extend", **WHY) == "times"
    trial.moment += DAY
    trial.act(worker(COUNTY), "resume")
    assert trial.matter.stage_duty().due == midnight(23)


def test_no_extension_passes_what_the_law_gives_for_the_whole(panan: Method) -> None:
    """Sixty days and thirty more from the day it came in, whatever stage it stands in."""
    long = replace(panan.stages["town"], limit=Limit(Budget(80, "d")), extend=Extend(("county",), Budget(30, "d"), 2))
    trial = Trial(replace(panan, stages={**panan.stages, "town": long}))
    trial.report(kind="complex")
    assert trial.refused(worker(COUNTY), "extend", to="11d", **WHY) == "law"
    trial.act(worker(COUNTY), "extend", to="10d", **WHY)
    assert trial.matter.stage_duty().due == midnight(31, 8)


def test_the_reporter_may_ask_for_a_pause_the_file_gives_them(panan: Method) -> None:
    trial = at_town(panan)
    trial.act(REPORTER, "suspend", result="parties", records=("request",), **WHY)
    (pause,) = [duty for duty in trial.matter.open_duties() if duty.kind == "pause:parties"]
    assert pause.state == OPEN
    assert trial.refused(REPORTER, "suspend", result="appraisal", records=("entrust",), **WHY) == "not-yours"


@pytest.mark.parametrize("actor", [worker(VILLAGE), worker(TOWN, 0)])
def test_only_who_has_a_part_resumes(panan: Method, actor) -> None:
    trial = at_town(panan)
    assert trial.refused(worker(TOWN), "resume") == "running"
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    if actor.unit == VILLAGE:
        assert trial.refused(actor, "resume") == "not-yours"


def test_a_calendar_decreed_meanwhile_forgets_neither_pause_nor_extension(panan: Method) -> None:
    trial = at_town(panan)
    trial.act(worker(COUNTY), "extend", to="5d", **WHY)
    assert reckon_again(panan, trial.matter, trial.context(REPORTER)) == ()
    trial.act(worker(COUNTY), "suspend", **PAPERS)
    assert reckon_again(panan, trial.matter, trial.context(REPORTER)) == ()
    trial.moment += DAY
    trial.act(worker(COUNTY), "resume")
    assert reckon_again(panan, trial.matter, trial.context(REPORTER)) == ()


def test_an_emergency_told_where_it_stands_at_the_top_ends_the_pause_too(panan: Method) -> None:
    """Red already and in the county already: neither a level nor a move would end it."""
    trial = Trial(panan)
    trial.report(kind="complex", people=12)
    assert (trial.matter.stage, trial.matter.level) == ("county", "red")
    trial.act(REPORTER, "suspend", result="parties", records=("request",), **WHY)
    trial.act(REPORTER, "note", emergency="life", **WHY)
    assert trial.matter.emergency == "life"
    assert not [stop for stop in trial.matter.stops if stop.end is None]
