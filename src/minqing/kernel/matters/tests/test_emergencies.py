"""Emergencies come before all triage: gravest level, people called at once, neither graded down nor withdrawn."""

from __future__ import annotations

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.testing import COUNTY, TOWN, VILLAGE, Trial, worker
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import REPORTER

WHY = {"body": "g" * 64}


@pytest.fixture
def rushed(wushan: Method) -> Trial:
    trial = Trial(wushan)
    trial.report("邻居要跳楼", category="order/neighbours")
    return trial


def test_an_emergency_is_gravest_and_goes_its_own_way(rushed: Trial) -> None:
    assert (rushed.matter.emergency, rushed.matter.level, rushed.matter.stage) == ("life", "red", "town")
    assert rushed.matter.stage_duty().due == rushed.moment.replace(day=2)  # red: 24 hours


def test_people_are_called_at_once(rushed: Trial) -> None:
    urgent = [event for event in rushed.history if isinstance(event, ev.Told) and event.urgent]
    assert [set(event.units) for event in urgent] == [{VILLAGE, TOWN, COUNTY}]


def test_what_the_gravest_level_adds_is_owed(rushed: Trial) -> None:
    assert [duty.owed_by for duty in rushed.matter.open_duties() if duty.kind == "task-force"] == [TOWN]


def test_an_emergency_is_not_graded_down(rushed: Trial) -> None:
    for level in ("calm", "yellow", "orange"):
        assert rushed.refused(worker(COUNTY), "grade", to=level, **WHY) == "emergency"


def test_nobody_waives_the_first_act_on_an_emergency(rushed: Trial) -> None:
    duty = next(duty.id for duty in rushed.matter.open_duties() if duty.kind.startswith("respond:"))
    assert rushed.refused(worker(COUNTY), "waive", duty=duty, **WHY) == "not-yours"


def test_an_emergency_is_not_dropped_by_a_withdrawal(rushed: Trial) -> None:
    assert rushed.refused(REPORTER, "withdraw") == "emergency"


def test_a_beaten_wife_is_no_private_matter(panan: Method) -> None:
    trial = Trial(panan)
    trial.report("老公又在往死里打我", category="order/family")
    assert (trial.matter.emergency, trial.matter.stage) == ("home-violence", "town")


def test_a_private_matter_without_danger_is_offered_self_help(panan: Method) -> None:
    trial = Trial(panan)
    trial.report("想离婚", category="order/family")
    assert (trial.matter.emergency, trial.matter.stage) == ("", "own")


def test_a_tag_of_the_reader_is_as_good_as_a_word(wushan: Method) -> None:
    assert spot_emergency(wushan, "出事了", ("child-harmed",)) == "child"
    assert spot_emergency(wushan, "出事了", ("noise",)) == ""


@pytest.mark.parametrize("text", ["跳楼价大甩卖", "反家暴讲座几号开", "防溺水宣传", "货车天天堵路", "打死我也不信"])
def test_a_word_that_only_sounds_alike_calls_nobody(wushan: Method, panan: Method, text: str) -> None:
    assert [spot_emergency(method, text, ()) for method in (wushan, panan)] == ["", ""]
