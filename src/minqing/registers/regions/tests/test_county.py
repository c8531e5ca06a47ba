"""One county in a real database: its ladder, its casts, its days and hours."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from minqing.base.errors import BadInput, Conflict
from minqing.registers.regions.actions import GridPlan, open_grids, open_unit, set_day, set_hours
from minqing.registers.regions.county import DepartmentPlan, units_of_county
from minqing.registers.regions.loading import load_divisions
from minqing.registers.regions.models import Division, Grid, Unit
from minqing.registers.regions.queries import (
    calendar_days,
    casts,
    divisions_in,
    find_division,
    grids_in,
    known_places,
    units_by_slug,
)
from minqing.registers.regions.rules import parse_code

pytestmark = pytest.mark.django_db

PANAN = parse_code("330727")
VILLAGE = parse_code("330727001002")
DEPARTMENTS = [
    DepartmentPlan("water-bureau", "县水利局", ("water",)),
    DepartmentPlan("general-office", "县综合科", ("*",)),
    DepartmentPlan("county-court", "县人民法院", kind="court"),
]


@pytest.fixture(autouse=True)
def panan(panan_list: Path) -> None:
    load_divisions(panan_list, only="330727")


def test_the_ladder_of_a_county_opens_in_one_go_and_every_unit_hangs_under_the_next() -> None:
    grids = open_grids([GridPlan(VILLAGE, "一网格"), GridPlan(VILLAGE, "集镇网格", "urban", households=320)])
    assert units_of_county("330727", DEPARTMENTS) == 1 + 14 + 236 + 2 + 3
    grid = Unit.objects.get(region=grids[1])
    assert [grid.name, grid.above.name, grid.above.above.name, grid.above.above.above.name] == [
        "集镇网格", "五指居委会", "安文街道", "磐安县社会治理中心",
    ]  # fmt: skip
    assert Unit.objects.filter(above=None).count() == 1


def test_a_second_run_opens_only_the_grids_that_came_since() -> None:
    units_of_county("330727", DEPARTMENTS)
    Unit.objects.filter(slug="county-330727").update(name="县矛调中心")
    open_grids([GridPlan(VILLAGE, "一网格")])
    assert units_of_county("330727", DEPARTMENTS) == 1
    assert units_of_county("330727", DEPARTMENTS) == 0
    assert Unit.objects.get(slug="county-330727").name == "县矛调中心"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("330727001", "不是县级区划"),
        ("3307", "下面还有县"),
        ("330728", "没有代码为 “330728” 的区划"),
        ("磐安", "不是区划代码"),
    ],
)
def test_a_ladder_is_opened_for_a_county_and_nothing_else(code: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        units_of_county(code)


def test_casts_take_the_same_number_of_statements_for_one_place_and_for_hundreds(django_assert_num_queries) -> None:
    villages = [place.key for place in divisions_in(PANAN, "village")]
    grids = open_grids([GridPlan(village, "一网格") for village in villages])
    units_of_county("330727", DEPARTMENTS)
    with django_assert_num_queries(3):
        one = casts(grids[:1])[grids[0]]
    with django_assert_num_queries(3):
        many = casts(grids)
    assert len(many) == 236
    assert many[grids[0]] == one
    assert {role for role in one.units if not role.startswith("unit:")} == {
        "grid", "village", "town", "county", "court", "department", "department:water",
    }  # fmt: skip
    assert one.names[one.units["grid"]] == "一网格"
    with django_assert_num_queries(1):
        assert casts(grids) == many, "kept by version: only the version is asked again"


def test_a_change_of_the_register_gives_new_casts_with_a_new_version() -> None:
    units_of_county("330727")
    before = casts([VILLAGE])[VILLAGE]
    assert "department:water" not in before.units
    open_unit("water-bureau", "县水利局", "county", PANAN, "department", above="county-330727", categories=["water"])
    after = casts([VILLAGE])[VILLAGE]
    assert after.units["department:water"] == units_by_slug(["water-bureau"])["water-bureau"]
    assert after.version != before.version


def test_casts_of_one_database_are_not_used_in_another(django_assert_num_queries, monkeypatch) -> None:
    units_of_county("330727")
    casts([VILLAGE])
    monkeypatch.setitem(connection.settings_dict, "NAME", "a_copy_with_the_same_versions")
    with django_assert_num_queries(3):
        casts([VILLAGE])


def test_a_place_known_only_to_its_town_has_no_village_and_no_grid() -> None:
    open_grids([GridPlan(VILLAGE, "一网格")])
    units_of_county("330727")
    town = parse_code("330727001")
    assert set(casts([town])[town].units) == {"county", "town"}


def test_hours_hold_from_their_day_and_earlier_ones_stay() -> None:
    units_of_county("330727")
    unit = units_by_slug(["town-330727001"])["town-330727001"]
    set_hours(["town-330727001"], "08:30-12:00,14:00-17:30", dt.date(2026, 1, 1))
    set_hours(["town-330727001"], "08:00-11:30,15:00-18:00", dt.date(2026, 7, 1))
    hours = {month: casts([VILLAGE], dt.date(2026, month, 1))[VILLAGE].hours for month in (6, 7)}
    assert hours[6] == {unit: ((510, 720), (840, 1050))}
    assert hours[7] == {unit: ((480, 690), (900, 1080))}
    assert casts([VILLAGE], dt.date(2025, 12, 31))[VILLAGE].hours == {}, "not known before"
    set_hours(["town-330727001"], "09:00-17:00", dt.date(2026, 7, 1))
    assert casts([VILLAGE], dt.date(2026, 8, 1))[VILLAGE].hours == {unit: ((540, 1020),)}, "the day is said once"


def test_the_county_says_its_own_days_and_takes_its_word_back() -> None:
    festival, saturday = dt.date(2026, 10, 18), dt.date(2026, 10, 24)
    set_day(PANAN, festival, works=False, reason="香菇节放假")
    set_day(PANAN, saturday, works=True, reason="补班")
    assert calendar_days(PANAN) == (frozenset({festival}), frozenset({saturday}))
    set_day(PANAN, saturday, works=False, reason="不补了")
    set_day(PANAN, festival, works=None)
    assert calendar_days(PANAN) == (frozenset({saturday}), frozenset())
    with pytest.raises(BadInput, match="日历按县设"):
        set_day(VILLAGE, festival, works=False, reason="村庆")
    with pytest.raises(BadInput, match="调整原因不能为空"):
        set_day(PANAN, festival, works=False)


def test_grids_get_the_next_free_serial_of_their_village() -> None:
    other = parse_code("330727001003")
    first = open_grids([GridPlan(VILLAGE, "一"), GridPlan(other, "一"), GridPlan(VILLAGE, "九", serial=9)])
    assert first == [VILLAGE + 1, other + 1, VILLAGE + 9]
    assert open_grids([GridPlan(VILLAGE, "十", "dedicated")]) == [VILLAGE + 10]
    assert [place.name for place in grids_in(VILLAGE)] == ["一", "九", "十"]
    assert known_places([VILLAGE + 9])[VILLAGE + 9].level == "grid"


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (GridPlan(VILLAGE, "一", "forest"), r"没有“forest”这种网格：可用的有 rural（农村网格）"),
        (GridPlan(VILLAGE, "一", households=-1), "户数不能是 -1"),
        (GridPlan(VILLAGE, " "), "网格名称不能为空"),
        (GridPlan(VILLAGE, "一", serial=1000), "1 到 999"),
        (GridPlan(VILLAGE, "一", serial=5), "已有序号为 5 的网格"),
        (GridPlan(parse_code("330727001"), "一"), "12 位的村级代码"),
        (GridPlan(parse_code("330727001099"), "一"), "没有代码为 “330727001099” 的区划"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_and_none_of_the_set_is_opened(plan: GridPlan, sentence: str) -> None:
    open_grids([GridPlan(VILLAGE, "五", serial=5)])
    with pytest.raises((BadInput, Conflict), match=sentence):
        open_grids([GridPlan(VILLAGE, "好的"), plan])
    assert Grid.objects.count() == 1


def test_a_division_is_found_by_name_short_name_or_code() -> None:
    assert find_division("磐安").key == find_division("330727").key == PANAN
    assert find_division("安文街道", PANAN).level == "town"
    assert find_division("安文").key == parse_code("330727001")
    assert find_division("五指居委会", PANAN).key == find_division("五指").key == VILLAGE


def test_a_name_that_means_several_places_or_none_gets_a_sentence() -> None:
    Division.objects.filter(code=parse_code("330727001003")).update(name="五指居委会")
    both = r"叫“五指”的村级区划不止一个：五指居委会（330727001002）、五指居委会（330727001003）。请写代码"
    with pytest.raises(BadInput, match=both):
        find_division("五指")
    with pytest.raises(BadInput, match="没有叫“乌有乡”的区划"):
        find_division("乌有乡")
    with pytest.raises(BadInput, match="没有叫“五指”的区划"):
        find_division("五指", parse_code("330727002"))
    with pytest.raises(BadInput, match="没有代码为"):
        find_division("330728")
