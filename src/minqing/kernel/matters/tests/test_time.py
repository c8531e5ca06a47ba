"""Nobody buys time: not by referring to and fro, merging, splitting or waiving; and no clock falls silent by it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from minqing.kernel.clock.budgets import Budget
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Command, Decision
from minqing.kernel.matters.joining import child_of, next_on
from minqing.kernel.matters.pausing import legal_end
from minqing.kernel.matters.reprojection import reckon_again
from minqing.kernel.matters.testing import COUNTY, MONDAY, POLICE, REPORTER, TOWN, Trial, worker
from minqing.kernel.methods.model import Limit, Method, Then

WHY = {"body": "t" * 64}
DAY = dt.timedelta(days=1)
PARTIES = {"result": "parties", "records": ("request",), **WHY}


def running(trial: Trial, kind: str = "") -> list[ev.DutyAdded]:
    return [duty for duty in trial.matter.open_duties() if duty.kind.startswith(kind)]


def two(method: Method, **told: object) -> tuple[Trial, Trial]:
    """A complex one in the town, fifteen days; and what may become its lead."""
    one, lead = Trial(method), Trial(method)
    one.report(kind="complex", **told)
    one.wait(10 * DAY)
    lead.moment = one.moment
    lead.report(code="QQQQ2222", kind="complex")
    one.other, lead.other = lead.matter, one.matter
    return one, lead


def merge(one: Trial, lead: Trial) -> tuple[ev.Event, ...]:
    command = Command("merge", code="QQQQ2222", **WHY)
    one.take(worker(TOWN), command)
    lead.other = one.matter
    return lead.take(worker(TOWN), next_on(command, one.matter))


def test_a_pause_is_not_waived_so_that_its_clock_never_stands_still_for_good(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.act(REPORTER, "suspend", **PARTIES)
    (pause,) = running(trial, "pause:")
    assert trial.refused(worker(COUNTY), "waive", duty=pause.id, **WHY) == "not-yours"
    trial.wait(6 * DAY)
    assert trial.matter.stage_duty().next_at is not None


def test_dropping_all_that_is_owed_lets_the_clock_run_on(panan: Method) -> None:
    accept = panan.stages["town"].moves["accept"]
    town = replace(panan.stages["town"], moves={
        **panan.stages["town"].moves, "accept": replace(accept, then=replace(accept.then, drop=("all",))),
    })  # fmt: skip
    trial = Trial(replace(panan, stages={**panan.stages, "town": town}))
    trial.report(kind="complex")
    trial.act(REPORTER, "suspend", **PARTIES)
    trial.act(worker(TOWN), "accept")
    assert not running(trial, "pause:") and not [stop for stop in trial.matter.stops if stop.end is None]
    assert trial.matter.stage_duty().next_at is not None


def test_a_graver_level_ends_a_pause_where_the_limit_is_the_same_for_all_levels(panan: Method) -> None:
    plain = replace(panan.stages["town"], limit=Limit(Budget(15, "d")))
    red = replace(panan.levels["red"], then=Then())  # nothing but the level changes
    trial = Trial(replace(panan, stages={**panan.stages, "town": plain}, levels={**panan.levels, "red": red}))
    trial.report(kind="complex")
    trial.act(REPORTER, "suspend", **PARTIES)
    trial.act(worker(COUNTY), "grade", to="red", **WHY)
    assert trial.matter.stage == "town" and not running(trial, "pause:")


def test_referring_to_and_fro_buys_no_time(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    town = trial.matter.stage_duty().due
    trial.wait(14 * DAY)
    trial.act(worker(TOWN), "refer")
    county = trial.matter.stage_duty().due
    trial.act(worker(COUNTY), "refer")
    again = trial.matter.stage_duty()
    assert (again.kind, again.due, again.owed_by) == ("@town", town, TOWN)
    assert [event.after for event in trial.history if isinstance(event, ev.DutyAdded)] == [0, 0, 1]
    trial.wait(3 * DAY)  # it is late there, and goes up by itself: to the time that the county had
    assert (trial.matter.stage, trial.matter.stage_duty().due) == ("county", county)
    for _ in range(6):
        trial.wait(14 * DAY)
        trial.act(worker(trial.matter.holder), "refer")
    assert {duty.due for duty in trial.matter.duties if duty.kind.startswith("@")} == {town, county}


def test_what_is_sent_where_its_time_is_long_over_is_late_there_and_speaks_again(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.wait(16 * DAY)
    assert trial.matter.stage == "county"  # the town's time was over
    trial.act(worker(COUNTY), "refer")
    again = trial.matter.stage_duty()
    assert again.due < trial.moment < again.next_at <= trial.moment + 12 * DAY


def test_a_new_round_and_a_shorter_limit_have_their_own_time(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.act(worker(TOWN), "settle", records=("result", "minutes"))
    trial.wait(2 * DAY)
    trial.act(worker(COUNTY), "call_back", result="unsatisfied")
    assert trial.matter.stage_duty().starts == trial.moment
    trial.act(worker(TOWN), "refer")
    trial.act(worker(COUNTY), "grade", to="red", **WHY)
    trial.act(worker(COUNTY), "refer")
    assert trial.matter.stage_duty().due == trial.moment + DAY  # red: 24 hours, sooner than what was left


def test_taken_out_again_everybody_owes_what_they_owed(panan: Method) -> None:
    one, lead = two(panan)
    one.act(worker(TOWN), "whistle", unit=POLICE)
    one.act(worker(COUNTY), "supervise", **WHY)
    one.act(worker(TOWN), "refuse", **WHY)
    waived = next(duty.id for duty in running(one, "report-in"))
    one.act(worker(COUNTY), "waive", duty=waived, **WHY)
    before = [(duty.kind, duty.owed_by, duty.due, duty.next_rung) for duty in running(one)]
    assert [kind for kind, *_ in before] == ["@town", "answer", "report-back", "ruling"]
    merge(one, lead)
    one.act(worker(TOWN), "unmerge", **WHY)
    assert [(duty.kind, duty.owed_by, duty.due, duty.next_rung) for duty in running(one)] == before
    assert one.matter.aside == ()


def test_what_is_late_is_not_merged(panan: Method) -> None:
    one, _ = two(panan, external_due=MONDAY + 12 * DAY)
    one.wait(3 * DAY)
    assert one.refused(worker(TOWN), "merge", code="QQQQ2222", **WHY) == "late"


def test_nothing_is_merged_into_what_its_reporter_is_asked_about(panan: Method) -> None:
    one, lead = two(panan)
    lead.act(worker(TOWN), "settle", records=("result", "minutes"))
    one.other = lead.matter
    assert one.refused(worker(TOWN), "merge", code="QQQQ2222", **WHY) == "other-ended"


def test_what_is_merged_brings_its_due_time_and_the_sending_bodys_along(panan: Method) -> None:
    one, lead = two(panan, external_due=MONDAY + 12 * DAY)
    due = one.matter.stage_duty().due
    assert due < lead.matter.stage_duty().due
    events = merge(one, lead)
    assert lead.matter.stage_duty().due == due
    assert [(duty.due, duty.owed_by) for duty in running(lead, "outside")] == [(MONDAY + 12 * DAY, TOWN)]
    assert any(isinstance(event, ev.Told) and event.units == (TOWN,) for event in events)
    lead.act(worker(COUNTY), "extend", to="5d", **WHY)
    assert lead.matter.stage_duty().due == due + 5 * DAY  # reckoned from the day that it came in
    one.act(worker(TOWN), "unmerge", **WHY)
    lead.other = one.matter
    lead.take(worker(TOWN), Command("mirror", code=one.matter.code))
    assert not running(lead, "outside") and running(one, "outside")


def test_a_lead_that_stands_higher_keeps_its_own_time(panan: Method) -> None:
    one, lead = two(panan)
    lead.act(worker(TOWN), "refer")
    one.other, due = lead.matter, lead.matter.stage_duty().due
    merge(one, lead)
    assert lead.matter.stage_duty().due == due


def test_a_part_waits_since_the_day_of_the_whole(panan: Method) -> None:
    whole, _ = two(panan, external_due=MONDAY + 12 * DAY)
    command = Command("split", code="NNNN3333", **WHY)
    whole.take(worker(TOWN), command)
    part = Trial(panan, moment=whole.moment)
    part.take(REPORTER, child_of(whole.matter, command))
    ends = [legal_end(trial.matter, trial.matter.stage_duty(), trial.context(REPORTER)) for trial in (part, whole)]
    assert ends[0] == ends[1] and part.matter.since == MONDAY
    assert [duty.due for duty in running(part, "outside")] == [MONDAY + 12 * DAY]


def test_a_calendar_decreed_later_rewrites_no_rung_that_has_fired(panan: Method) -> None:
    """A rung that has fired stands as it was, reckoned again or resumed: one rule."""
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.wait(9 * DAY)  # half of the time is used
    duty = trial.matter.stage_duty()
    assert duty.next_rung == 1
    moved = replace(duty, rungs=(duty.rungs[0] - DAY, duty.rungs[1] + DAY, *duty.rungs[2:]))
    trial.matter = replace(trial.matter, duties=(moved,))
    (event,) = reckon_again(panan, trial.matter, trial.context(REPORTER))
    assert event.rungs == (moved.rungs[0], *duty.rungs[1:])


def test_of_a_duty_that_nobody_here_can_owe_the_level_above_hears(wushan: Method) -> None:
    kind = replace(wushan.duties["answer-village"], owed_by="city")
    trial = Trial(replace(wushan, duties={**wushan.duties, "answer-village": kind}))
    trial.report(category="land/demolition")
    events = trial.act(worker(TOWN), "settle", records=("opinion",))
    assert [duty.kind for duty in running(trial)] == ["@call-back"]
    assert any(isinstance(event, ev.Told) and event.roles == ("above",) for event in events)


def test_no_pause_reaches_past_the_law(panan: Method) -> None:
    long = replace(panan.stages["town"], limit=Limit(Budget(80, "d")))
    trial = Trial(replace(panan, stages={**panan.stages, "town": long}))
    trial.report(kind="complex")
    assert trial.refused(worker(COUNTY), "suspend", result="appraisal", records=("entrust",), **WHY) == "law"
    trial.act(REPORTER, "suspend", **PARTIES)


@pytest.mark.parametrize("way", ["in hand", "settled it"])
def test_who_has_it_in_hand_does_not_pause_it_from_another_post(panan: Method, way: str) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    told = {"worker": 31} if way == "in hand" else {"settlers": (31,)}
    trial.matter = replace(trial.matter, **told)
    papers = {"result": "appraisal", "records": ("entrust",), **WHY}
    assert trial.refused(worker(COUNTY, 31), "suspend", **papers) == "not-yours"
    assert trial.refused(worker(COUNTY, 31), "extend", **WHY) == "not-yours"
    assert isinstance(trial.try_(worker(COUNTY, 42), Command("suspend", **papers)), Decision)
