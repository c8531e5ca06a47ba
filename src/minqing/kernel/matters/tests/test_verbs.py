"""The verbs that are always there: who may, who may not, what each does. One sentence a test, by the real files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from minqing.kernel.matters.commands import Command, Refusal, Report
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.matter import DONE, DROPPED, OPEN
from minqing.kernel.matters.offers import title_of_verb
from minqing.kernel.matters.testing import (
    CAST,
    COUNTY,
    GRID,
    PLACE,
    POLICE,
    TOWN,
    VILLAGE,
    VOLUNTEER,
    WATER,
    Trial,
    worker,
)
from minqing.kernel.matters.tests.open_duties import number, owed
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import REPORTER

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


# ---- report


def test_a_kind_that_the_method_does_not_know_is_refused(wushan: Method) -> None:
    answer = Trial(wushan).try_(REPORTER, Report(code="K7M29QXF", place=PLACE, channel="web", kind="moon"))
    assert isinstance(answer, Refusal)
    assert answer.reason == "kind"


@pytest.mark.parametrize("people", [0, -3])
def test_nobody_and_less_than_nobody_are_no_number_of_people(wushan: Method, people: int) -> None:
    answer = Trial(wushan).try_(REPORTER, Report(code="K7M29QXF", place=PLACE, channel="web", people=people))
    assert isinstance(answer, Refusal)
    assert answer.reason == "people"


def test_a_matter_is_not_reported_twice_under_one_code(trial: Trial) -> None:
    answer = trial.try_(REPORTER, Report(code="K7M29QXF", place=PLACE, channel="web"))
    assert isinstance(answer, Refusal)
    assert answer.reason == "known"


def test_a_verb_on_no_matter_is_refused(wushan: Method) -> None:
    assert Trial(wushan).refused(worker(GRID), "accept") == "unknown"


# ---- moves of the file


def test_a_move_that_the_stage_does_not_have_is_refused(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "guide") == "no-move"


def test_only_the_holder_takes_a_step_of_the_stage(trial: Trial) -> None:
    for unit in (VILLAGE, TOWN, COUNTY, POLICE):
        assert trial.refused(worker(unit), "accept") == "not-yours"
    trial.act(worker(GRID), "accept")
    assert trial.matter.stage == "grid"


def test_settling_needs_its_record(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "settle") == "needs"
    trial.act(worker(GRID), "settle", records=("result",))
    assert trial.matter.stage == "call-back"


def test_a_record_that_the_method_does_not_know_is_refused(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "settle", records=("result", "gift")) == "record"


def test_a_referral_to_oneself_buys_no_time(panan: Method) -> None:
    """The county refers down to the town; where no town is known it would only begin its own thirty days anew."""
    few = replace(
        CAST, units={role: unit for role, unit in CAST.units.items() if role not in ("grid", "village", "town")}
    )
    trial = Trial(panan, cast=few)
    trial.report(category="order/neighbours")
    assert trial.matter.stage == "county"
    before = trial.matter.stage_duty()
    assert trial.refused(worker(COUNTY), "refer") == "nowhere"
    assert "refer" not in [offer.verb for offer in moves(panan, trial.matter, trial.context(worker(COUNTY)))]
    assert trial.matter.stage_duty() == before


# ---- assign, note, record, correct


def test_holder_and_those_above_name_a_worker_and_nobody_else_does(trial: Trial) -> None:
    trial.act(worker(GRID), "assign", person=12)
    assert trial.matter.worker == 12
    trial.act(worker(COUNTY), "assign", person=11)
    assert trial.matter.worker == 11
    assert trial.refused(worker(COUNTY), "assign", person=13) == "whom"
    assert trial.refused(worker(POLICE), "assign", person=14) == "not-yours"
    assert trial.refused(REPORTER, "assign", person=14) == "not-yours"
    assert trial.refused(worker(GRID), "assign") == "whom"


def test_a_new_holder_begins_without_a_worker(trial: Trial) -> None:
    trial.act(worker(GRID), "assign", person=12)
    trial.act(worker(GRID), "refer")
    assert trial.matter.worker == 0


def test_a_note_has_words_and_a_record_words_or_papers(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "note") == "words"
    assert trial.refused(worker(GRID), "note", records=("photo",)) == "words"
    assert trial.refused(worker(GRID), "record") == "words"
    trial.act(worker(GRID), "record", records=("photo",))


@pytest.mark.parametrize("verb", ["note", "record"])
def test_whoever_has_a_part_may_note_and_nobody_else(trial: Trial, verb: str) -> None:
    for actor in (REPORTER, worker(GRID), worker(VILLAGE), worker(COUNTY)):
        trial.act(actor, verb, body="n" * 64)
    assert trial.refused(worker(POLICE), verb) == "not-yours"
    assert trial.refused(VOLUNTEER, verb) == "not-yours"


def test_a_called_department_may_note(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    at_town.act(worker(POLICE), "note", body="n" * 64)
    assert at_town.refused(worker(WATER), "note") == "not-yours"


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("note", {"body": "n" * 64}),
        ("record", {"records": ("photo",)}),
        ("correct", {"people": 2}),
        ("assign", {"person": 12}),
    ],
)
def test_no_comment_moves_a_clock(trial: Trial, verb: str, told: dict[str, object]) -> None:
    before = trial.matter.stage_duty()
    trial.moment += HOUR
    trial.act(worker(GRID), verb, **told)
    assert trial.matter.stage_duty() == before


def test_a_note_is_taken_after_the_end_and_a_correction_is_not(trial: Trial) -> None:
    trial.act(worker(GRID), "settle", records=("result",))
    trial.act(VOLUNTEER, "call_back", result="satisfied")
    trial.act(REPORTER, "note", body="n" * 64)
    assert trial.refused(worker(TOWN), "correct", people=3) == "ended"


def test_a_correction_says_what_and_keeps_to_the_form(trial: Trial) -> None:
    assert trial.refused(worker(GRID), "correct") == "nothing"
    assert trial.refused(worker(GRID), "correct", form={"shoe-size": 43}) == "field"
    assert trial.refused(worker(GRID), "correct", people=0) == "people"
    assert trial.refused(REPORTER, "correct", people=2) == "not-yours"
    trial.act(worker(GRID), "correct", form={"cause": "邻里"}, filled=("phone",), people=2)
    assert (trial.matter.form["cause"], trial.matter.filled, trial.matter.people) == ("邻里", ("phone",), 2)


# ---- fulfil, waive


def test_a_duty_of_the_file_is_fulfilled_by_who_owes_it(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "settle", records=("opinion",))
    duty = number(at_town, "answer-village")
    assert at_town.refused(worker(VILLAGE), "fulfil", duty=duty) == "not-yours"
    assert at_town.refused(worker(TOWN), "fulfil", duty=99) == "no-duty"
    assert at_town.refused(worker(TOWN), "fulfil", duty=at_town.matter.stage_duty().id) == "not-yours"
    at_town.act(worker(TOWN), "fulfil", duty=duty)
    assert at_town.matter.duty(duty).state == DONE
    assert at_town.refused(worker(TOWN), "fulfil", duty=duty) == "not-yours"


def test_what_outlives_the_matter_is_fulfilled_after_its_end(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(category="order/neighbours")
    trial.act(worker(VILLAGE), "settle", records=("result",))
    trial.act(worker(TOWN), "call_back", result="satisfied")
    assert owed(trial, "write-back") == [VILLAGE]
    trial.act(worker(VILLAGE), "note", body="n" * 64)
    assert owed(trial, "write-back") == []


def test_what_is_owed_besides_is_offered_under_its_own_name(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "settle", records=("opinion",))
    offers = moves(at_town.method, at_town.matter, at_town.context(worker(TOWN)))
    (title,) = [(one.title_zh, one.title_en) for one in offers if one.verb == "fulfil"]
    own = at_town.method.duties["answer-village"].title
    assert title == (own.zh, own.en) != title_of_verb("fulfil")


def test_the_matter_does_not_end_while_something_is_owed(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "settle", records=("opinion",))
    assert at_town.refused(VOLUNTEER, "call_back", result="satisfied") == "owed"
    at_town.act(worker(TOWN), "fulfil", duty=number(at_town, "answer-village"))
    at_town.act(VOLUNTEER, "call_back", result="satisfied")
    assert at_town.matter.end == "satisfied"


def test_what_is_missing_and_what_is_owed_is_named_in_the_tongue_of_the_sentence(at_town: Trial) -> None:
    lacking = at_town.try_(worker(TOWN), Command("settle"))
    assert isinstance(lacking, Refusal)
    assert (lacking.zh, lacking.en) == ("还缺：办理意见", "still needed: opinion")
    at_town.act(worker(TOWN), "settle", records=("opinion",))
    owing = at_town.try_(VOLUNTEER, Command("call_back", result="satisfied"))
    assert isinstance(owing, Refusal)
    title = at_town.method.duties["answer-village"].title
    assert (owing.zh, owing.en) == (f"尚有未完成的责任：{title.zh}", f"still owed: {title.english}")


def test_the_matter_does_not_end_while_a_helper_owes_its_answer(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    assert at_town.refused(worker(TOWN), "guide", records=("guidance",)) == "helpers"
    for kind in ("report-in", "answer", "attend"):
        at_town.act(worker(COUNTY), "waive", duty=number(at_town, kind), body="w" * 64)
    at_town.act(worker(TOWN), "guide", records=("guidance",))
    assert at_town.matter.end == "guided"


def test_only_a_superior_of_who_owes_waives_and_with_a_reason(at_town: Trial) -> None:
    """The lead who called a department does not release it: their common superior does."""
    at_town.act(worker(TOWN), "whistle", to="department")
    duty = number(at_town, "answer")
    assert at_town.refused(worker(COUNTY), "waive", duty=duty) == "reason"
    for unit in (POLICE, VILLAGE, TOWN):
        assert at_town.refused(worker(unit), "waive", duty=duty, body="w" * 64) == "not-yours"
    at_town.act(worker(COUNTY), "waive", duty=duty, body="w" * 64)
    assert at_town.matter.duty(duty).state == DROPPED


def test_nobody_waives_what_they_owe_themselves_nor_the_residents_clock(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    reason = {"body": "w" * 64}
    assert at_town.refused(worker(TOWN), "waive", duty=number(at_town, "attend"), **reason) == "not-yours"
    for unit in (TOWN, COUNTY):
        assert at_town.refused(worker(unit), "waive", duty=at_town.matter.stage_duty().id, **reason) == "not-yours"


# ---- withdraw, reopen


def test_only_the_reporter_withdraws_and_all_duties_go(at_town: Trial) -> None:
    at_town.act(worker(TOWN), "whistle", to="department")
    for actor in (worker(COUNTY), worker(POLICE), VOLUNTEER):
        assert at_town.refused(actor, "withdraw") == "not-yours"
    assert at_town.refused(worker(TOWN), "withdraw") == "needs"  # the holder: only with the reporter's own word
    at_town.act(REPORTER, "withdraw")
    assert at_town.matter.end == "withdrawn"
    assert all(duty.state != OPEN for duty in at_town.matter.duties)


def closed(method: Method) -> Trial:
    trial = Trial(method)
    trial.report(category="order/neighbours")
    trial.act(worker(trial.matter.holder), "settle", records=("result",))
    trial.act(worker(TOWN), "call_back", result="satisfied")
    return trial


def test_the_window_for_reopening_is_open_to_its_last_minute(wushan: Method) -> None:
    trial = closed(wushan)
    end = dt.datetime(2026, 7, 2, tzinfo=trial.moment.tzinfo)  # 1 June and thirty days: to 1 July 24:00
    assert trial.matter.reopen_until == end
    trial.moment = end + dt.timedelta(minutes=1)
    assert trial.refused(REPORTER, "reopen") == "window"
    trial.moment = end
    trial.act(REPORTER, "reopen")
    assert (trial.matter.stage, trial.matter.reopenings, trial.matter.is_open) == ("grid", 1, True)


def test_no_later_note_moves_the_window(wushan: Method) -> None:
    trial = closed(wushan)
    until = trial.matter.reopen_until
    trial.moment += 20 * DAY
    trial.act(REPORTER, "note", body="n" * 64)
    assert trial.matter.reopen_until == until


def test_who_may_reopen_stands_in_the_file(wushan: Method, panan: Method) -> None:
    trial = closed(wushan)
    assert trial.refused(worker(GRID), "reopen") == "not-yours"
    trial.act(worker(COUNTY), "reopen")
    assert trial.refused(REPORTER, "reopen") == "open"
    assert closed(panan).refused(worker(COUNTY), "reopen") == "not-yours"


def test_an_emergency_is_not_guided_away(panan: Method) -> None:
    trial = Trial(panan)
    trial.report("又被家暴了", category="order/family")
    assert trial.refused(worker(TOWN), "guide", records=("guidance",)) == "emergency"


def test_a_reopened_matter_comes_back_where_it_was_worked_on_and_never_to_self_help(panan: Method) -> None:
    """What was guided to a court from the town comes back to the town: nobody is left to settle it alone."""
    trial = Trial(panan)
    trial.report("两家争界址", kind="complex")
    trial.act(worker(TOWN), "guide", records=("guidance",))
    assert trial.matter.end == "guided"
    trial.act(REPORTER, "reopen")
    assert (trial.matter.stage, trial.matter.holder) == ("town", TOWN)


def test_every_refusal_says_why_in_both_tongues(trial: Trial) -> None:
    for verb in ("guide", "settle", "withdraw", "waive", "reopen", "fulfil", "grade"):
        answer = trial.try_(worker(GRID), Command(verb))
        assert isinstance(answer, Refusal), verb
        assert answer.zh and answer.en
