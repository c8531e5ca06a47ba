"""The call-back: by somebody other than the solver, three real tries, three times unsatisfied and no further."""

from __future__ import annotations

import datetime as dt

import pytest

from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.testing import (
    COUNTY,
    GRID,
    POLICE,
    REPORTER,
    TOWN,
    VILLAGE,
    VOLUNTEER,
    Trial,
    worker,
)
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import Viewer

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ENDING = {"records": ("reasons", "remedies")}


def settled(method: Method, **told: object) -> Trial:
    trial = Trial(method)
    trial.report(category="order/neighbours", **told)
    trial.act(worker(trial.matter.holder), "settle", records=("result",))
    return trial


def test_the_solver_never_asks_about_their_own_work(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(category="labour/wages")
    trial.act(worker(TOWN), "settle", records=("result", "minutes"))
    assert trial.refused(worker(TOWN), "call_back", result="satisfied") == "solver"
    trial.act(worker(TOWN, 39), "call_back", result="satisfied")
    assert trial.matter.end == "satisfied"


def test_only_those_whom_the_file_names_call_back(wushan: Method) -> None:
    trial = settled(wushan)
    for unit in (GRID, VILLAGE, POLICE):
        assert trial.refused(worker(unit), "call_back", result="satisfied") == "not-yours"


def test_a_result_that_is_none_is_refused(wushan: Method) -> None:
    trial = settled(wushan)
    assert trial.refused(VOLUNTEER, "call_back", result="delighted") == "result"
    assert trial.refused(VOLUNTEER, "call_back") == "result"


def tried(trial: Trial, *spans: dt.timedelta) -> None:
    for span in spans:
        trial.moment += span
        trial.act(VOLUNTEER, "call_back", result="not_reached")


def test_three_tries_on_three_days_at_three_hours_end_it_as_not_reached(wushan: Method) -> None:
    trial = settled(wushan)
    tried(trial, HOUR, DAY + HOUR)
    assert trial.matter.is_open
    tried(trial, DAY + HOUR)
    assert trial.matter.end == "not_reached"


@pytest.mark.parametrize(
    "spans", [(HOUR, HOUR, HOUR, HOUR), (HOUR, DAY, DAY, DAY), (HOUR, DAY + HOUR, DAY - HOUR)],
    ids=["one day", "one hour", "back at the first hour"],
)  # fmt: skip
def test_tries_on_one_day_or_at_one_hour_do_not_count(wushan: Method, spans: tuple[dt.timedelta, ...]) -> None:
    trial = settled(wushan)
    tried(trial, *spans)
    assert trial.matter.is_open
    assert len(trial.matter.tries) < 3


def test_tries_begin_anew_after_the_matter_went_back(wushan: Method) -> None:
    trial = settled(wushan)
    tried(trial, HOUR, DAY + HOUR)
    trial.act(VOLUNTEER, "call_back", result="unsatisfied")
    trial.act(worker(GRID), "settle", records=("result",))
    tried(trial, DAY + HOUR)
    assert trial.matter.is_open


def test_unsatisfied_goes_back_then_a_level_up_then_to_the_top(wushan: Method) -> None:
    trial, stages = settled(wushan), []
    for _ in range(3):
        trial.act(VOLUNTEER, "call_back", result="unsatisfied")
        stages.append(trial.matter.stage)
        trial.act(worker(trial.matter.holder), "settle", records=("result", "minutes", "opinion"))
    assert stages == ["grid", "village", "county"]


def test_only_the_county_ends_it_after_the_third_and_only_in_writing(wushan: Method) -> None:
    trial = settled(wushan)
    for _ in range(2):
        trial.act(VOLUNTEER, "call_back", result="unsatisfied")
        assert trial.refused(worker(COUNTY), "close", **ENDING) == "no-move"
        trial.act(worker(trial.matter.holder), "settle", records=("result", "minutes"))
    trial.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert trial.matter.stage == "county"
    assert trial.refused(worker(TOWN), "close", **ENDING) == "not-yours"
    assert trial.refused(worker(COUNTY), "close", records=("remedies",)) == "needs"
    trial.act(worker(COUNTY), "close", **ENDING)
    assert trial.matter.end == "answered"


def test_not_called_is_the_reporters_wish_and_nobody_elses(wushan: Method) -> None:
    assert settled(wushan).refused(VOLUNTEER, "call_back", result="not_called") == "call-first"
    trial = settled(wushan, wants_call_back=False)
    trial.act(VOLUNTEER, "call_back", result="not_called")
    assert trial.matter.end == "not_called"


def test_what_somebody_reported_is_not_merely_looked_at(wushan: Method) -> None:
    assert settled(wushan).refused(VOLUNTEER, "verify", records=("photo",)) == "call-first"


@pytest.mark.parametrize("result", ["satisfied", "unsatisfied", "not_reached", "not_called"])
def test_where_nobody_reported_nobody_is_called_and_somebody_else_looks(wushan: Method, result: str) -> None:
    trial = settled(wushan, reporter="nobody", wants_call_back=False)
    assert trial.refused(VOLUNTEER, "call_back", result=result) == "nobody"
    assert trial.refused(VOLUNTEER, "verify") == "needs"
    trial.act(VOLUNTEER, "verify", records=("photo",))
    assert trial.matter.end == "verified"


def shown(trial: Trial, actor: Viewer = VOLUNTEER) -> set[str]:
    """The results that the buttons of a call-back show."""
    offers = moves(trial.method, trial.matter, trial.context(actor))
    return {result.name for offer in offers if offer.verb == "call_back" for result in offer.results}


def test_who_answered_unsatisfied_is_never_put_down_as_satisfied(wushan: Method) -> None:
    trial = settled(wushan)
    trial.act(REPORTER, "note", to="unsatisfied")
    assert trial.refused(VOLUNTEER, "call_back", result="satisfied") == "answered"
    assert shown(trial) == {"unsatisfied", "not_reached"}
    trial.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert (trial.matter.stage, trial.matter.returns) == ("grid", 1)


def test_who_declined_to_be_called_and_answered_unsatisfied_is_not_put_down_as_not_called(wushan: Method) -> None:
    trial = settled(wushan, wants_call_back=False)
    assert "not_called" in shown(trial)
    trial.act(REPORTER, "note", to="unsatisfied")
    assert trial.refused(worker(TOWN), "call_back", result="not_called") == "answered"
    assert shown(trial, worker(TOWN)) == {"unsatisfied", "not_reached"}


def test_no_try_ends_what_the_reporter_answered_unsatisfied(wushan: Method) -> None:
    trial = settled(wushan)
    trial.act(REPORTER, "note", to="unsatisfied")
    tried(trial, HOUR, DAY + HOUR)
    trial.moment += HOUR
    assert "not_reached" in shown(trial), "a try that does not count ends nothing"
    trial.moment += DAY
    assert trial.refused(VOLUNTEER, "call_back", result="not_reached") == "answered"
    assert shown(trial) == {"unsatisfied"}


def test_an_answer_to_the_call_back_moves_no_clock(wushan: Method) -> None:
    trial = settled(wushan)
    before = trial.matter.duties
    trial.act(REPORTER, "note", to="unsatisfied")
    assert trial.matter.duties == before and trial.matter.own_answer == "unsatisfied"


def test_an_answer_that_was_changed_binds_no_longer(wushan: Method) -> None:
    trial = settled(wushan)
    trial.act(REPORTER, "note", to="unsatisfied")
    trial.act(REPORTER, "note", to="satisfied")
    trial.act(REPORTER, "note", body="f" * 64)
    assert shown(trial) == {"satisfied", "unsatisfied", "not_reached"}
    trial.act(VOLUNTEER, "call_back", result="satisfied")
    assert trial.matter.end == "satisfied"


def test_an_answer_binds_in_its_own_round_alone(wushan: Method) -> None:
    trial = settled(wushan)
    trial.act(REPORTER, "note", to="unsatisfied")
    trial.act(VOLUNTEER, "call_back", result="unsatisfied")
    trial.act(worker(GRID), "settle", records=("result",))
    trial.act(VOLUNTEER, "call_back", result="satisfied")
    assert trial.matter.end == "satisfied"


def test_where_nobody_reported_nobody_is_asked_for_an_answer(wushan: Method) -> None:
    trial = settled(wushan, reporter="nobody", wants_call_back=False)
    assert trial.refused(REPORTER, "note", to="unsatisfied") == "not-asked"
