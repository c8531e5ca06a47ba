"""A day is counted as by hand, and split only into cells in which nobody can be recognised."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.insight.measures.cells import shown_cells
from minqing.insight.measures.days import count_day
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import CAST, GRID, MONDAY, TOWN, VOLUNTEER, worker
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE, Scope
from minqing.registers.regions.codes import county_of, range_of, town_of
from minqing.wiring.vocabulary import VOCABULARY

METHOD = load_method(Path(__file__).resolve().parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
DAY = dt.timedelta(days=1)


@pytest.mark.django_db
def test_a_day_of_a_county_is_counted_as_by_hand() -> None:
    before = StoredTrial(METHOD)
    before.report("路灯不亮")
    before.wait(DAY)
    before.act(worker(GRID), "settle", records=("result",))
    before.act(VOLUNTEER, "call_back", result="satisfied")
    second = StoredTrial(METHOD)
    second.moment = MONDAY + DAY
    second.report("邻里漏水")
    urgent = StoredTrial(METHOD)
    urgent.moment = MONDAY + DAY
    urgent.report("有人要跳楼")
    assert urgent.matter.emergency
    county, town = county_of(second.matter.place), town_of(second.matter.place)

    day = count_day(county, (MONDAY + DAY).date(), MONDAY + DAY, HOUSE)
    assert (day.came, day.came_before, day.urgent) == (2, 1, 1)
    assert (day.settled, day.ends, day.reopened) == (1, {"satisfied": 1}, 0)
    assert day.places == {town: 2}
    assert day.owing.running == 2 and day.owing.late == 0 and day.owing.urgent >= 1
    late = count_day(county, (MONDAY + DAY).date(), MONDAY + 30 * DAY, HOUSE)
    assert late.owing.late == 2 and late.late == {town: 2}
    assert late.owing.late_own == 0, "grid workers of a village owe both"


@pytest.mark.django_db
def test_what_is_elsewhere_is_not_counted() -> None:
    trial = StoredTrial(METHOD)
    trial.report("路灯不亮")
    elsewhere = county_of(trial.matter.place) + 10**9  # the next town's area is not this one
    assert count_day(elsewhere, MONDAY.date(), MONDAY, HOUSE).came == 0


@pytest.mark.django_db
def test_nothing_is_counted_that_is_against_the_viewer_or_closer_than_they_may_see() -> None:
    for told in ({}, {"against": (TOWN,)}, {"tags": ("violence-at-home",)}):
        StoredTrial(METHOD).report("路灯不亮", **told)
    town = town_of(CAST.place)
    assert town is not None
    scopes = {name: Scope(areas=(range_of(town),), **told) for name, told in {  # type: ignore[arg-type]
        "one of the town": {"sensitivity": 2, "barred": (TOWN,)}, "one of a low cap": {"sensitivity": 0},
        "one who may see all": {"sensitivity": 2},
    }.items()}  # fmt: skip
    found = {name: count_day(town, MONDAY.date(), MONDAY, scope) for name, scope in scopes.items()}
    counted = {name: (day.came, sum(day.categories.values()), day.owing.running) for name, day in found.items()}
    assert counted == {
        "one of the town": (2, 2, 2), "one of a low cap": (1, 1, 1), "one who may see all": (3, 3, 3),
    }  # fmt: skip


@given(split=st.dictionaries(st.integers(0, 20), st.integers(0, 30), max_size=9))
def test_no_cell_under_five_is_shown_nor_comes_out_by_subtraction(split: dict[int, int]) -> None:
    shown = shown_cells(split)
    assert shown.keys() == split.keys()
    assert not any(count is not None and 0 < count < 5 for count in shown.values())
    hidden = [split[key] for key, count in shown.items() if count is None]
    told = [count for count in shown.values() if count is not None]
    if hidden and told:
        assert len(hidden) > 1 and sum(hidden) >= 5


def test_without_a_small_cell_nothing_is_hidden() -> None:
    assert shown_cells({"a": 5, "b": 0, "c": 12}) == {"a": 5, "b": 0, "c": 12}


def test_beside_noughts_alone_nothing_is_told() -> None:
    assert shown_cells({"a": 2, "b": 0, "c": 0}) == {"a": None, "b": None, "c": None}


def test_one_small_cell_takes_the_next_smallest_with_it() -> None:
    assert shown_cells({"a": 30, "b": 2, "c": 12}) == {"a": 30, "b": None, "c": None}
