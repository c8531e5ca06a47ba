"""Never to the one complained of: route, rush, whistle, call-back and word pass over that unit and all under it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.testing import (
    CAST,
    COUNTY,
    GRID,
    INSPECTION,
    POLICE,
    TOWN,
    VILLAGE,
    WATER,
    Trial,
    worker,
)
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import Viewer


def reported(method: Method, *against: int, **told: object) -> Trial:
    trial = Trial(method)
    trial.report(category="order/neighbours", against=against, **told)
    return trial


@pytest.mark.parametrize(
    ("against", "stage", "holder"),
    [
        ((), "grid", GRID),
        ((GRID,), "village", VILLAGE),
        ((VILLAGE,), "town", TOWN),
        ((TOWN,), "county", COUNTY),
        ((COUNTY,), "county", INSPECTION),
        ((GRID, TOWN), "county", COUNTY),
        ((POLICE,), "grid", GRID),
    ],
)
def test_a_matter_goes_to_the_next_level_above_the_one_complained_of(
    wushan: Method, against: tuple[int, ...], stage: str, holder: int
) -> None:
    trial = reported(wushan, *against)
    assert (trial.matter.stage, trial.matter.holder) == (stage, holder)


def test_inspection_works_on_what_is_said_of_the_county_to_its_end(wushan: Method) -> None:
    trial = reported(wushan, COUNTY)
    assert trial.refused(worker(COUNTY), "accept") == "not-yours"
    trial.act(worker(INSPECTION), "accept")
    trial.act(worker(INSPECTION), "settle", records=("opinion",))
    trial.act(worker(INSPECTION, 79), "call_back", result="satisfied")
    assert trial.matter.end == "satisfied"


def test_whoever_has_a_second_post_where_the_matter_is_against_takes_no_part_in_their_first(wushan: Method) -> None:
    trial = reported(wushan, VILLAGE)
    clerk = worker(TOWN)
    assert trial.refused(replace(clerk, units_besides=(VILLAGE, TOWN, COUNTY)), "accept") == "not-yours"
    trial.act(replace(clerk, units_besides=(WATER,)), "accept")


def test_what_is_said_of_county_and_inspection_goes_to_nobody_here(wushan: Method) -> None:
    assert reported(wushan, COUNTY, INSPECTION).matter.holder == 0


def test_an_emergency_passes_over_the_one_complained_of_too(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report("镇干部要打死人", against=(TOWN,))
    assert (trial.matter.emergency, trial.matter.holder) == ("life", COUNTY)
    called = {unit for event in trial.history if isinstance(event, ev.Told) for unit in event.units}
    assert called == {COUNTY}


def test_a_whistle_to_the_department_complained_of_is_refused(wushan: Method) -> None:
    trial = reported(wushan, POLICE)
    trial.act(worker(GRID), "refer")
    trial.act(worker(VILLAGE), "refer")
    assert trial.refused(worker(TOWN), "whistle", to="department", unit=POLICE) == "against"
    trial.act(worker(TOWN), "whistle", to="department", unit=WATER)
    trial.act(worker(TOWN), "whistle", to="department")
    assert POLICE not in {duty.owed_by for duty in trial.matter.duties}


def test_the_unit_complained_of_makes_no_call_back_whatever_role_its_people_have(wushan: Method) -> None:
    """A village cadre on the list of volunteers is a village cadre."""
    trial = reported(wushan, VILLAGE)
    trial.act(worker(TOWN), "settle", records=("opinion",))
    trial.act(worker(TOWN), "fulfil", duty=next(d.id for d in trial.matter.open_duties() if d.kind == "answer-village"))
    cadre = Viewer(25, VILLAGE, frozenset({"volunteer"}))
    assert trial.refused(cadre, "call_back", result="satisfied") == "not-yours"
    trial.act(Viewer(26, POLICE, frozenset({"volunteer"})), "call_back", result="satisfied")


def test_staff_of_the_unit_complained_of_may_themselves_be_the_reporter(wushan: Method) -> None:
    trial = reported(wushan, VILLAGE)
    trial.act(Viewer(25, VILLAGE, frozenset({"reporter"})), "withdraw")
    assert trial.matter.end == "withdrawn"


def test_a_referral_down_does_not_reach_the_one_complained_of(panan: Method) -> None:
    trial = reported(panan, TOWN)
    assert trial.matter.stage == "county"
    assert trial.refused(worker(COUNTY), "refer") == "nowhere"


def test_where_no_grid_is_known_none_is_invented(wushan: Method) -> None:
    for gone, stage in ((("grid",), "village"), (("grid", "village"), "town"), (("grid", "village", "town"), "county")):
        cast = replace(CAST, units={role: unit for role, unit in CAST.units.items() if role not in gone})
        trial = Trial(wushan, cast=cast)
        trial.report(category="order/neighbours")
        assert trial.matter.stage == stage
