"""'Not ours': with a reason, ruled by somebody else in time, seen by the resident; the stage's clock runs on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from minqing.kernel.clock.budgets import Budget
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.telling import Teller
from minqing.kernel.matters.testing import CAST, COUNTY, GRID, POLICE, REPORTER, TOWN, VILLAGE, WATER, Trial, worker
from minqing.kernel.methods.model import Limit, Method, Refusal

WHY = {"body": "r" * 64}
DAY = dt.timedelta(days=1)


def at_village(panan: Method, **told: object) -> Trial:
    trial = Trial(panan)
    trial.report(category="order/neighbours", **told)
    assert trial.matter.holder == VILLAGE
    return trial


def test_only_the_holder_refuses_with_a_reason_and_where_the_file_lets(panan: Method, wushan: Method) -> None:
    trial = at_village(panan)
    for actor in (worker(TOWN), worker(GRID), REPORTER):
        assert trial.refused(actor, "refuse", **WHY) == "not-yours"
    assert trial.refused(worker(VILLAGE), "refuse") == "reason"
    first = Trial(wushan)
    first.report(category="order/neighbours")
    assert first.refused(worker(GRID), "refuse", **WHY) == "no-refusal"


def test_the_unit_above_owes_the_ruling_and_the_stages_clock_runs_on(panan: Method) -> None:
    trial = at_village(panan)
    before = trial.matter.stage_duty()
    trial.moment += dt.timedelta(hours=2)
    trial.act(worker(VILLAGE), "refuse", **WHY)
    (ruling,) = [duty for duty in trial.matter.open_duties() if duty.kind == "ruling"]
    assert ruling.owed_by == TOWN
    assert trial.matter.stage_duty() == before
    assert (trial.matter.holder, trial.matter.refusals) == (VILLAGE, 1)
    assert trial.refused(worker(VILLAGE), "refuse", **WHY) == "ruling"
    (told,) = [event for event in trial.history if isinstance(event, ev.Told) and "退单" in event.because]
    assert "reporter" in told.roles and told.units == (TOWN,)


def test_the_trail_is_told_in_plain_words(panan: Method) -> None:
    trial = at_village(panan)
    trial.act(worker(VILLAGE), "refuse", unit=POLICE, **WHY)
    trial.act(worker(COUNTY), "rule", result="not_theirs", unit=POLICE, **WHY)
    teller = Teller(panan, CAST.names)
    lines = [teller.tell(event) for event in trial.history]
    assert "演示村退单，认为应由演示公安局办理，由演示县中心裁定；办理时限照常计算" in lines
    assert "演示县中心裁定：改由演示公安局办理" in lines


def test_the_nearest_common_superior_rules(panan: Method) -> None:
    """The town stands above the village, but not above the police: the county above both rules."""
    trial = at_village(panan)
    trial.act(worker(VILLAGE), "refuse", unit=POLICE, **WHY)
    (ruling,) = [duty for duty in trial.matter.open_duties() if duty.kind == "ruling"]
    assert ruling.owed_by == COUNTY
    assert trial.refused(worker(TOWN), "rule", result="theirs", **WHY) == "not-yours"


def test_the_one_complained_of_rules_on_nothing(panan: Method) -> None:
    clean = at_village(panan)
    clean.act(worker(VILLAGE), "refuse", **WHY)
    clean.act(worker(VILLAGE), "correct", against=(TOWN,), **WHY)
    assert not [duty for duty in clean.matter.open_duties() if duty.owed_by == TOWN]


def test_theirs_stays_and_not_theirs_goes_where_the_ruler_says(panan: Method) -> None:
    trial = at_village(panan)
    before = trial.matter.stage_duty()
    trial.act(worker(VILLAGE), "refuse", **WHY)
    assert trial.refused(worker(TOWN), "rule", result="theirs") == "reason"
    assert trial.refused(worker(TOWN), "rule", result="maybe", **WHY) == "result"
    trial.act(worker(TOWN), "rule", result="theirs", **WHY)
    assert trial.matter.stage_duty() == before
    trial.act(worker(VILLAGE), "refuse", **WHY)
    assert trial.refused(worker(TOWN), "rule", result="not_theirs", **WHY) == "whom"
    assert trial.refused(worker(TOWN), "rule", result="not_theirs", unit=VILLAGE, **WHY) == "whom"
    assert trial.refused(worker(TOWN), "rule", result="not_theirs", unit=99, **WHY) == "whom"
    trial.act(worker(TOWN), "rule", result="not_theirs", unit=WATER, **WHY)
    assert (trial.matter.stage, trial.matter.holder) == ("village", WATER)
    assert trial.matter.stage_duty().owed_by == WATER
    trial.act(worker(WATER), "accept")


def test_a_level_may_be_named_instead_of_a_unit(panan: Method) -> None:
    trial = at_village(panan)
    trial.act(worker(VILLAGE), "refuse", **WHY)
    trial.act(worker(TOWN), "rule", result="not_theirs", to="town", **WHY)
    assert (trial.matter.stage, trial.matter.holder) == ("town", TOWN)


def test_it_is_refused_so_often_and_no_more(panan: Method) -> None:
    trial = at_village(panan)
    for _ in range(2):
        trial.act(worker(VILLAGE), "refuse", **WHY)
        trial.act(worker(TOWN), "rule", result="theirs", **WHY)
    assert trial.refused(worker(VILLAGE), "refuse", **WHY) == "refusals"


def test_a_ruling_that_does_not_come_is_told_above(panan: Method) -> None:
    slow = replace(panan, refusal=Refusal("above", Limit(Budget(2, "h"))))
    trial = Trial(slow)
    trial.report(category="order/neighbours")
    trial.act(worker(VILLAGE), "refuse", **WHY)
    trial.wait(dt.timedelta(hours=3))
    told = [event for event in trial.history if isinstance(event, ev.Told) and event.because == "退单逾期未裁定"]
    assert [set(event.units) for event in told] == [{TOWN, COUNTY}]


def test_what_the_clock_took_on_needs_no_ruling_any_more(panan: Method) -> None:
    trial = at_village(panan)
    trial.act(worker(VILLAGE), "refuse", **WHY)
    trial.wait(2 * DAY)
    assert trial.matter.stage == "town"
    assert not [duty for duty in trial.matter.open_duties() if duty.kind == "ruling"]


def test_an_emergency_is_not_refused(panan: Method) -> None:
    trial = Trial(panan)
    trial.report("有人要跳楼")
    assert trial.refused(worker(TOWN), "refuse", **WHY) == "emergency"
