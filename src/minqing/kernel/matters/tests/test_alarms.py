"""Danger that is told later, or of which nobody does anything: whatever became of the matter, people come."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.deciding import TOLD_LATER
from minqing.kernel.matters.telling import Teller
from minqing.kernel.matters.testing import CAST, COUNTY, POLICE, REPORTER, TOWN, VILLAGE, Trial, worker
from minqing.kernel.methods.model import Method

WHY = {"body": "a" * 64}
DANGER = {"emergency": "life", **WHY}
DAY = dt.timedelta(days=1)


def unanswered(trial: Trial) -> list[int]:
    return [duty.owed_by for duty in trial.matter.open_duties() if duty.kind.startswith("respond:")]


def calls(events: tuple[ev.Event, ...]) -> list[ev.Told]:
    return [event for event in events if isinstance(event, ev.Told) and event.urgent]


@pytest.fixture
def rushed(wushan: Method) -> Trial:
    trial = Trial(wushan)
    trial.report("邻居要跳楼", category="order/neighbours")
    assert unanswered(trial) == [TOWN]
    return trial


def test_danger_told_of_a_merged_matter_takes_it_out_and_calls_people(wushan: Method) -> None:
    one, lead = Trial(wushan), Trial(wushan)
    one.report()
    lead.report(code="QQQQ2222")
    one.other = lead.matter
    one.act(worker(VILLAGE), "merge", code="QQQQ2222", **WHY)
    events = one.act(REPORTER, "note", **DANGER)
    assert (one.matter.end, one.matter.emergency, one.matter.stage, one.matter.links) == ("", "life", "town", ())
    assert calls(events) and unanswered(one) == [TOWN]


def test_danger_told_of_an_ended_matter_opens_it_again_within_the_window(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report()
    trial.act(REPORTER, "withdraw")
    late = replace(trial, history=[*trial.history], moment=trial.moment + 40 * DAY)
    events = trial.act(REPORTER, "note", **DANGER)
    assert (trial.matter.end, trial.matter.stage, trial.matter.reopenings) == ("", "town", 1)
    assert calls(events) and unanswered(trial) == [TOWN]
    events = late.act(REPORTER, "note", **DANGER)  # the window is over: it stays ended, but people are called
    assert late.matter.end == "withdrawn" and [set(told.units) for told in calls(events)] == [{VILLAGE, TOWN, COUNTY}]


def test_danger_told_of_what_the_county_had_is_not_sent_down(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="land/demolition")
    trial.act(worker(TOWN), "refer")
    trial.act(REPORTER, "withdraw")
    trial.act(REPORTER, "note", **DANGER)
    assert trial.matter.stage == "county" and unanswered(trial) == [COUNTY]
    told = "\n".join(map(Teller(wushan, CAST.names).tell, trial.history))
    assert "发现紧急情况" in told and "emergency" not in told


def test_what_is_heard_while_the_reporter_is_asked_is_looked_through() -> None:
    assert "call_back" in TOLD_LATER


def test_all_that_is_told_of_an_emergency_is_urgent_until_it_is_settled(rushed: Trial) -> None:
    rushed.wait(8 * dt.timedelta(hours=1))
    told = [event for event in rushed.history if isinstance(event, ev.Told)]
    assert len(told) > 3 and all(event.urgent for event in told)
    rushed.act(worker(TOWN), "settle", records=("opinion",))
    rushed.wait(9 * DAY)  # the call-back is late: that is nobody's danger
    assert not [event for event in rushed.history if isinstance(event, ev.Told)][-1].urgent


@pytest.mark.parametrize(
    ("unit", "verb", "told"),
    [
        (COUNTY, "supervise", WHY),
        (COUNTY, "note", WHY),
        (COUNTY, "correct", {"people": 2}),
        (TOWN, "correct", {"people": 2}),
        (TOWN, "split", {"code": "NNNN3333", **WHY}),
        (TOWN, "link", {"code": "QQQQ2222"}),
    ],
)
def test_paperwork_is_no_first_act_on_an_emergency(rushed: Trial, unit: int, verb: str, told: dict) -> None:
    lead = Trial(rushed.method)
    lead.report(code="QQQQ2222")
    rushed.other = lead.matter
    rushed.act(worker(unit), verb, **told)
    assert unanswered(rushed) == [TOWN]


@pytest.mark.parametrize("verb", ["accept", "note"])
def test_a_step_of_who_has_it_is_a_first_act(rushed: Trial, verb: str) -> None:
    rushed.act(worker(TOWN), verb, **WHY)
    assert not unanswered(rushed)


def test_passing_an_emergency_on_is_no_first_act_and_who_gets_it_owes_it(rushed: Trial) -> None:
    due = [duty.due for duty in rushed.matter.open_duties() if duty.kind.startswith("respond:")]
    rushed.act(worker(TOWN), "refer")
    assert unanswered(rushed) == [COUNTY]
    assert [duty.due for duty in rushed.matter.open_duties() if duty.kind.startswith("respond:")] == due


def test_a_called_unit_has_acted_first_when_it_arrives_not_when_it_writes(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.act(worker(TOWN), "whistle", unit=POLICE)
    trial.take(REPORTER, Command("note", **DANGER))
    trial.act(worker(POLICE), "note", **WHY)
    assert unanswered(trial) == [TOWN]
    trial.act(worker(POLICE), "arrive")
    assert not unanswered(trial)


def test_an_emergency_is_not_ruled_away_and_nobody_is_ruled_into_helping_themselves(panan: Method) -> None:
    trial = Trial(panan)
    trial.report(kind="complex")
    trial.act(worker(TOWN), "refuse", **WHY)
    calm = replace(trial, history=[*trial.history])
    assert calm.refused(worker(COUNTY), "rule", result="not_theirs", to="own", **WHY) == "whom"
    trial.take(REPORTER, Command("note", **DANGER))
    assert not [duty for duty in trial.matter.open_duties() if duty.kind == "ruling"]
    assert trial.refused(worker(COUNTY), "rule", result="not_theirs", to="village", **WHY) == "not-yours"
