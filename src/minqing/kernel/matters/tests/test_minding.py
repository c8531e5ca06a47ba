"""Remind, rate, supervise, hand over, whom it is against; several helpers at once; the sending body's own limit."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Report
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.matter import DONE, OPEN
from minqing.kernel.matters.reckoning import explain_duty
from minqing.kernel.matters.testing import (
    COUNTY,
    GRID,
    INSPECTION,
    MONDAY,
    PLACE,
    POLICE,
    REPORTER,
    TOWN,
    VILLAGE,
    VOLUNTEER,
    WATER,
    Trial,
    worker,
)
from minqing.kernel.matters.tests.open_duties import owed
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import MACHINE, Viewer

WHY = {"body": "s" * 64}
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def test_a_reminder_is_told_to_holder_and_above_and_moves_nothing(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "remind") == "not-yours"
    before = trial.matter
    events = trial.act(REPORTER, "remind")
    assert [event.units for event in events if isinstance(event, ev.Told)] == [(GRID, VILLAGE)]
    assert (trial.matter.duties, trial.matter.level) == (before.duties, before.level)


def test_the_reporter_rates_the_handling_once_a_round(trial: Trial) -> None:
    assert trial.refused(REPORTER, "rate", stars=5) == "not-yet"
    trial.act(worker(GRID), "settle", records=("result",))
    for stars in (0, 6, -1):
        assert trial.refused(REPORTER, "rate", stars=stars) == "stars"
    assert trial.refused(worker(TOWN), "rate", stars=5) == "not-yours"
    trial.act(REPORTER, "rate", stars=2)
    assert trial.matter.stars == 2
    assert trial.refused(REPORTER, "rate", stars=5) == "rated"
    trial.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert trial.matter.stars == 0
    trial.act(worker(GRID), "settle", records=("result",))
    trial.act(VOLUNTEER, "call_back", result="satisfied")
    trial.act(REPORTER, "rate", stars=5)


def test_a_superior_has_the_holder_report_back(trial: Trial) -> None:
    for actor in (worker(GRID), worker(POLICE), REPORTER, replace(worker(TOWN), person=0)):
        assert trial.refused(actor, "supervise", **WHY) == "not-yours"
    assert trial.refused(worker(TOWN), "supervise") == "reason"
    assert trial.refused(worker(TOWN), "supervise", to="9y", **WHY) == "budget"
    trial.act(worker(TOWN), "supervise", to="1wd", **WHY)
    assert owed(trial, "report-back") == [GRID]
    assert trial.refused(worker(COUNTY), "supervise", **WHY) == "supervised"
    trial.act(worker(GRID), "answer", **WHY)
    assert owed(trial, "report-back") == []
    assert [d.state for d in trial.matter.duties if d.kind == "report-back"] == [DONE]


def test_a_report_back_that_does_not_come_is_told_above(trial: Trial) -> None:
    trial.act(worker(TOWN), "supervise", to="1wd", **WHY)
    trial.wait(2 * DAY)
    told = [event for event in trial.history if isinstance(event, ev.Told) and event.because == "督办逾期未报告"]
    assert {GRID, VILLAGE, COUNTY} <= {unit for event in told for unit in event.units}


def test_who_has_it_in_hand_changes_and_a_post_that_ends_leaves_it_to_nobody(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "hand_over", person=12) == "nothing"
    trial.act(worker(GRID), "assign", person=11)
    assert trial.refused(worker(GRID), "hand_over", person=11) == "whom"
    assert trial.refused(worker(GRID), "hand_over", person=52) == "whom"
    assert trial.refused(worker(POLICE), "hand_over", person=12) == "not-yours"
    assert trial.refused(Viewer(roles=frozenset({"machine"})), "hand_over") == "not-yours"  # a program's token
    trial.act(worker(VILLAGE), "hand_over", person=12)
    assert trial.matter.worker == 12
    events = trial.act(MACHINE, "hand_over")
    assert trial.matter.worker == 0
    assert [event.units for event in events if isinstance(event, ev.Told)] == [(GRID,)]


def test_whoever_is_complained_of_later_loses_it_at_once(trial: Trial) -> None:
    trial.act(worker(GRID), "accept")
    trial.act(REPORTER, "correct", against=(GRID,))
    assert (trial.matter.stage, trial.matter.holder, trial.matter.against) == ("village", VILLAGE, (GRID,))
    assert [e.because for e in trial.history if isinstance(e, ev.DutyDropped)] == ["against"]
    assert moves(trial.method, trial.matter, trial.context(worker(GRID))) == []
    trial.act(worker(VILLAGE), "correct", against=(VILLAGE, TOWN, COUNTY), **WHY)
    assert trial.matter.holder == INSPECTION


def test_in_the_top_stage_another_unit_takes_over(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.act(worker(TOWN), "refer")
    assert trial.matter.holder == COUNTY
    trial.act(REPORTER, "correct", against=(COUNTY,))
    assert (trial.matter.stage, trial.matter.holder) == ("county", INSPECTION)
    assert trial.matter.stage_duty().owed_by == INSPECTION


def test_what_a_helper_who_is_complained_of_owed_is_owed_by_the_level_above(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.act(worker(TOWN), "whistle", unit=POLICE, units=(WATER,))
    trial.act(REPORTER, "correct", against=(POLICE,))
    assert (owed(trial, "answer"), owed(trial, "report-in")) == ([COUNTY, WATER], [COUNTY, WATER])


def test_the_reporter_says_only_whom_it_is_against(trial: Trial) -> None:
    assert trial.refused(REPORTER, "correct", against=(POLICE,), people=9) == "not-yours"
    assert trial.refused(VOLUNTEER, "correct", against=(POLICE,)) == "not-yours"


def test_named_ones_on_no_register_are_counted_and_never_dropped(trial: Trial) -> None:
    trial.act(worker(GRID), "correct", against_unknown=1, **WHY)
    trial.act(worker(GRID), "correct", against_unknown=2, **WHY)
    assert trial.matter.against_unknown == 3
    trial.act(worker(GRID), "correct", against_unknown=-3, people=2)
    assert trial.matter.against_unknown == 3


def test_staff_say_why_they_name_somebody_and_the_reporter_hears_of_it_and_of_a_clearing(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "correct", against=(POLICE,)) == "reason"
    for actor, verb in ((worker(GRID), "correct"), (worker(TOWN), "clear")):
        events = trial.act(actor, verb, against=(POLICE,), against_unknown=1, **WHY)
        assert [event.roles for event in events if isinstance(event, ev.Told)] == [("reporter",)]
    assert (trial.matter.against, trial.matter.against_unknown) == ((), 0)


def test_the_reporter_counts_whom_they_cannot_find_on_the_list(trial: Trial) -> None:
    (offer,) = [one for one in moves(trial.method, trial.matter, trial.context(REPORTER)) if one.verb == "correct"]
    assert [ask.name for ask in offer.asks] == ["against", "against_unknown", "reason"]
    trial.act(REPORTER, "correct", against_unknown=2)
    (offer,) = [one for one in moves(trial.method, trial.matter, trial.context(worker(TOWN))) if one.verb == "clear"]
    assert "against_unknown" in {ask.name for ask in offer.asks}


def test_where_the_place_was_wrong_who_has_the_stage_there_has_it_and_no_time_is_bought(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.wait(3 * DAY)
    before = trial.matter.stage_duty()
    trial.there = replace(trial.cast, units={**trial.cast.units, "town": 33}, above={**trial.cast.above, 33: COUNTY})
    events = trial.act(worker(TOWN), "correct", place=PLACE + 1_000_000_000)
    assert (trial.matter.stage, trial.matter.holder) == ("town", 33)
    now = trial.matter.stage_duty()
    assert (now.id, now.due, now.owed_by) == (before.id, before.due, 33)
    assert any(isinstance(event, ev.Told) and event.roles == ("reporter",) for event in events)


def test_nobody_but_those_above_clears_and_only_with_a_reason(trial: Trial) -> None:
    trial.act(REPORTER, "correct", against=(GRID, POLICE), against_people=(77,), against_unknown=1)
    assert trial.refused(worker(VILLAGE), "clear", against=(POLICE,), **WHY) == "not-yours"  # the holder
    assert trial.refused(worker(GRID), "clear", against=(GRID,), **WHY) == "not-yours"
    assert trial.refused(worker(TOWN), "clear", against=(POLICE,)) == "reason"
    assert trial.refused(worker(TOWN), "clear", against=(WATER,), **WHY) == "nothing"
    trial.act(worker(TOWN), "clear", against=(POLICE,), against_people=(77,), **WHY)
    matter = trial.matter
    assert (matter.against, matter.against_people, matter.against_unknown) == ((GRID,), (), 1)
    assert matter.holder == VILLAGE


def test_a_person_complained_of_has_no_part_whatever_their_role(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours", against_people=(11, 901))
    assert trial.matter.holder == GRID  # the unit is not complained of
    bad, good = worker(GRID, 11), worker(GRID, 12)
    assert moves(wushan, trial.matter, trial.context(bad)) == []
    for verb in ("accept", "settle", "note", "assign"):
        assert trial.refused(bad, verb, person=12, records=("result",), **WHY) == "not-yours"
    assert trial.refused(good, "assign", person=11) == "whom"
    (offer,) = [one for one in moves(wushan, trial.matter, trial.context(good)) if one.verb == "assign"]
    assert [person for person, _ in offer.asks[0].of] == [12]
    trial.act(good, "settle", records=("result",))
    assert trial.refused(VOLUNTEER, "call_back", result="satisfied") == "not-yours"


def test_who_has_it_in_hand_and_is_complained_of_later_has_it_no_more(trial: Trial) -> None:
    trial.act(worker(GRID), "assign", person=11)
    trial.act(REPORTER, "correct", against=(), against_people=(11,))
    assert trial.matter.worker == 0


def test_several_helpers_are_called_at_once_and_all_have_to_answer(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    assert trial.refused(worker(TOWN), "whistle", unit=POLICE, units=(TOWN,)) in ("nobody", "whom")
    trial.act(worker(TOWN), "whistle", unit=POLICE, units=(WATER,))
    assert owed(trial, "report-in") == owed(trial, "answer") == [POLICE, WATER]
    trial.act(worker(POLICE), "answer")
    assert trial.refused(worker(TOWN), "guide", records=("guidance",)) == "helpers"
    last = next(duty.id for duty in trial.matter.open_duties() if duty.kind == "answer")
    report = next(duty.id for duty in trial.matter.open_duties() if duty.kind == "report-in")
    assert trial.refused(worker(TOWN), "waive", duty=last, **WHY) == "not-yours"
    trial.act(worker(COUNTY), "waive", duty=last, **WHY)
    trial.act(worker(COUNTY), "waive", duty=report, **WHY)
    trial.act(worker(TOWN), "guide", records=("guidance",))


def test_the_holder_withdraws_only_with_the_reporters_own_word(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "withdraw", **WHY) == "needs"
    assert trial.refused(replace(worker(GRID), person=0), "withdraw", records=("reporter-word",)) == "person"
    assert trial.refused(worker(VILLAGE), "withdraw", records=("reporter-word",)) == "not-yours"
    assert trial.refused(worker(GRID), "withdraw", records=("reporter-word",)) == "reason"  # a tick is no word
    events = trial.act(worker(GRID), "withdraw", records=("reporter-word",), **WHY)
    assert trial.matter.end == "withdrawn" and trial.matter.reopen_until is not None
    assert any(isinstance(event, ev.Told) and event.roles == ("reporter",) for event in events)


def test_where_there_is_no_reporter_nobody_withdraws_for_them(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours", reporter="nobody")
    assert trial.refused(worker(GRID), "withdraw", records=("reporter-word",)) == "not-yours"


def test_the_sending_bodys_limit_stands_in_the_list_and_lights_its_rungs(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours", external_due=MONDAY + 2 * DAY)
    (outside,) = [duty for duty in trial.matter.open_duties() if duty.kind == "outside"]
    assert (outside.owed_by, outside.due, outside.rungs[0]) == (GRID, MONDAY + 2 * DAY, MONDAY + DAY)
    assert trial.matter.stage_duty().due == MONDAY.replace(hour=0) + 4 * DAY  # it shortens nothing
    assert explain_duty(outside, trial.context(REPORTER)) == ("来件单位给出的时限",)
    trial.act(worker(GRID), "refer")
    assert owed(trial, "outside") == [VILLAGE]
    trial.wait(DAY + HOUR)
    told = [event.because for event in trial.history if isinstance(event, ev.Told)]
    assert "来件单位的时限用去一半" in told
    trial.act(worker(VILLAGE if trial.matter.stage == "village" else TOWN), "settle", records=("minutes", "opinion"))
    assert [duty.state for duty in trial.matter.duties if duty.kind == "outside"] == [DONE]


def test_a_limit_that_is_over_when_it_comes_is_told(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours", external_due=MONDAY - DAY)
    assert owed(trial, "outside") == []
    assert "来件时，来件单位的时限已过" in [event.because for event in trial.history if isinstance(event, ev.Told)]


def test_a_matter_is_at_least_as_grave_as_whoever_brought_it_says(wushan: Method) -> None:
    plain, grave, said = Trial(wushan), Trial(wushan), Trial(wushan)
    plain.report(category="order/neighbours")
    grave.report(category="order/neighbours", severity="orange")
    said.report(category="order/neighbours", severity="yellow", people=200)
    assert [one.matter.level for one in (plain, grave, said)] == ["calm", "orange", "red"]
    answer = plain.try_(REPORTER, Report("X", 1, "web"))
    assert answer.reason == "known"
    fresh = Trial(wushan)
    assert fresh.try_(REPORTER, Report("X", 1, "web", severity="purple")).reason == "level"
    assert all(duty.state == OPEN for duty in plain.matter.duties)
