"""A county's list of places as a table: told row by row first, then done in one go."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.db import connection

from minqing.base.errors import BadInput, Conflict, MinqingError
from minqing.registers.regions import grids
from minqing.registers.regions.actions import GridPlan, end_post, open_grids, open_post
from minqing.registers.regions.county import units_of_county
from minqing.registers.regions.grids import GridChange, change_grids, locate
from minqing.registers.regions.journal import changed_by
from minqing.registers.regions.loading import load_divisions
from minqing.registers.regions.models import Division, Grid, Revision, Spot, Unit
from minqing.registers.regions.place_list import Foreseen, foresee, mark_of, take
from minqing.registers.regions.places import places_in
from minqing.registers.regions.queries import grids_in, known_places
from minqing.registers.regions.rules import parse_code

pytestmark = pytest.mark.django_db

PANAN, VILLAGE = parse_code("330727"), parse_code("330727001002")
FIRST, SECOND = VILLAGE + 1, VILLAGE + 2
NEW_YEAR = dt.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def panan(panan_list: Path) -> None:
    load_divisions(panan_list, only="330727001")
    open_grids([GridPlan(VILLAGE, "一网格", households=300), GridPlan(VILLAGE, "二网格")])
    units_of_county("330727")


def rows(*cells: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
    return list(enumerate(cells, start=2))


def told(*cells: dict[str, str]) -> list[Foreseen]:
    return foresee(PANAN, rows(*cells))


def done(*cells: dict[str, str]) -> list[Foreseen]:
    return take(PANAN, rows(*cells), mark_of(told(*cells)))


def test_what_would_come_of_each_row_is_told_and_nothing_is_written() -> None:
    before = Revision.objects.count()
    found = told(
        {"code": str(FIRST), "name": "一网格", "households": "300"},
        {"code": str(FIRST + 1), "name": "东片网格", "households": "120"},
        {"above": "330727001002", "name": "三网格", "kind": "城市网格"},
        {"code": "330727001777", "name": "新设社区"},
        {"code": "330727001777001", "name": "新设社区一格"},
    )
    assert [one.outcome for one in found] == ["same", "changed", "new", "new", "new"]
    assert found[1].changes() == [("name", "二网格", "东片网格"), ("households", None, 120)]
    assert Revision.objects.count() == before


def test_what_was_foreseen_is_done_with_the_units_that_go_with_it() -> None:
    done(
        {"code": str(SECOND), "name": "东片网格", "households": "120", "lat": "29.05", "lon": "120.44"},
        {"above": "330727001002", "name": "三网格", "kind": "城市网格", "lat": "29.06", "lon": "120.45"},
        {"code": "330727001002009", "name": "九网格"},
        {"code": "330727001777", "name": "新设社区"},
        {"above": "330727001777", "name": "新设社区一格"},
    )
    there = Grid.objects.filter(village_id=VILLAGE).order_by("key")
    assert [(row.key % 1000, row.name, row.kind) for row in there] == [
        (1, "一网格", "rural"), (2, "东片网格", "rural"), (9, "九网格", "rural"), (10, "三网格", "urban"),
    ]  # fmt: skip
    assert Unit.objects.get(region=SECOND).name == "东片网格"
    assert Unit.objects.get(region=VILLAGE + 10).above.region == VILLAGE
    assert Division.objects.get(code=parse_code("330727001777")).level == 4
    assert Unit.objects.get(slug="grid-330727001777001").above.name == "新设社区"
    assert (Spot.objects.get(place=VILLAGE + 10).lat, Spot.objects.get(place=SECOND).lon) == (29.06, 120.44)


def test_a_table_taken_in_twice_changes_nothing_the_second_time() -> None:
    cells = {"above": "330727001002", "name": "三网格", "households": "9"}
    done(cells)
    before = Revision.objects.count()
    (again,) = done(cells)
    assert again.outcome == "refused" and "330727001002003" in again.faults[0][1]
    assert Grid.objects.count() == 3 and Revision.objects.count() == before


def test_two_grids_swap_their_names_in_one_list() -> None:
    found = done({"code": str(FIRST), "name": "二网格"}, {"code": str(SECOND), "name": "一网格"})
    assert [one.outcome for one in found] == ["changed", "changed"]
    assert [row.name for row in Grid.objects.order_by("key")] == ["二网格", "一网格"]
    assert [Unit.objects.get(region=key).name for key in (FIRST, SECOND)] == ["二网格", "一网格"]


def test_a_name_that_is_freed_by_a_later_row_may_be_taken_by_a_new_grid() -> None:
    found = done({"above": "330727001002", "name": "一网格"}, {"code": str(FIRST), "name": "东片网格"})
    assert [one.outcome for one in found] == ["new", "changed"]
    assert sorted(row.name for row in Grid.objects.all()) == sorted(["东片网格", "二网格", "一网格"])


def test_a_name_is_not_free_where_the_row_that_frees_it_is_refused() -> None:
    new = {"above": "330727001002", "name": "一网格"}
    found = told(new, {"code": str(FIRST), "name": "二网格"})
    assert [one.outcome for one in found] == ["refused", "refused"] and str(SECOND) in found[1].faults[0][1]
    found = told(new, {"code": str(FIRST), "name": "东片网格", "households": "x"})
    assert [one.outcome for one in found] == ["refused", "refused"]


def test_of_two_rows_that_want_one_name_the_first_gets_it() -> None:
    cells = {"above": "330727001002", "name": "三网格"}
    found = told(cells, {"code": str(FIRST), "name": "三网格"}, cells)
    assert [one.outcome for one in found] == ["new", "refused", "refused"]
    assert all("第 2 行" in one.faults[0][1] for one in found[1:])


def test_a_grid_closes_where_nobody_serves_and_stays_known() -> None:
    post = open_post("grid-330727001002001", "worker", "陈网格", NEW_YEAR)
    closing = {"code": str(FIRST), "state": "停用"}
    (refused,) = told(closing)
    assert refused.outcome == "refused" and refused.faults[0][0] == "state"
    end_post(post, NEW_YEAR)
    assert [one.outcome for one in done(closing)] == ["closed"]
    assert [place.key for place in grids_in(PANAN)] == [SECOND]
    assert FIRST in known_places([FIRST])
    with pytest.raises(BadInput, match="已停用"):
        open_post("grid-330727001002001", "worker", "陈网格", NEW_YEAR)
    assert [one.outcome for one in done({"code": str(FIRST), "state": "在用"})] == ["reopened"]
    assert len(grids_in(PANAN)) == 2


REFUSED = [
    ({"code": "3.30727E+14", "name": "甲"}, "code", "文本"),
    ({"code": "440100", "name": "甲"}, "code", "本县"),
    ({"code": "330727", "name": "甲"}, "code", "本县"),
    ({"code": "abc", "name": "甲"}, "code", "不是区划代码"),
    ({"name": "甲"}, "above", "12 位"),
    ({"above": "330727001999", "name": "甲"}, "above", "没有代码为"),
    ({"above": "330727001", "name": "甲"}, "above", "没有代码为"),
    ({"above": "330727001002"}, "name", "名称"),
    ({"above": "330727001002", "name": "甲" * 61}, "name", "太长"),
    ({"above": "330727001002", "name": "一网格"}, "name", "同名"),
    ({"above": "330727001002", "name": "甲", "kind": "水上网格"}, "kind", "农村网格"),
    ({"above": "330727001002", "name": "甲", "households": "三百"}, "households", "整数"),
    ({"above": "330727001002", "name": "甲", "lat": "120.4", "lon": "29.1"}, "lat", "填反"),
    ({"above": "330727001002", "name": "甲", "lat": "29.1"}, "lon", "一起填"),
    ({"above": "330727001002", "name": "甲", "lat": "29°", "lon": "120"}, "lat", "度分秒"),
    ({"above": "330727001002", "name": "甲", "state": "撤"}, "state", "停用"),
    ({"above": "330727001002", "name": "甲", "state": "停用"}, "state", "不用停用"),
    ({"code": "330727001002", "name": "别名居委会"}, "name", "五指居委会"),
    ({"code": "330727001002", "households": "9"}, "households", "只有网格"),
    ({"code": "330727001002", "state": "停用"}, "state", "不能停用"),
]


@pytest.mark.parametrize(("cells", "column", "word"), REFUSED)
def test_a_row_that_cannot_be_taken_is_told_with_its_column(cells: dict[str, str], column: str, word: str) -> None:
    (one,) = told(cells)
    assert one.outcome == "refused" and one.line == 2
    ((where, said),) = one.faults
    assert where == column and word in said


def test_all_cells_of_a_row_that_cannot_be_taken_are_told_at_once() -> None:
    (one,) = told({"above": "330727001002", "name": "甲", "kind": "水上", "households": "x", "state": "撤"})
    assert [column for column, _said in one.faults] == ["kind", "households", "state"]


def test_a_code_that_stands_twice_is_refused_with_the_row_it_stands_in() -> None:
    found = told({"code": str(FIRST), "households": "1"}, {"code": str(FIRST), "households": "2"})
    assert [one.outcome for one in found] == ["changed", "refused"] and "第 2 行" in found[1].faults[0][1]


def test_refused_rows_are_left_out_and_the_others_done() -> None:
    done({"above": "330727001002", "name": "三网格"}, {"above": "330727001002", "name": "四网格", "households": "x"})
    assert [row.name for row in Grid.objects.order_by("key")] == ["一网格", "二网格", "三网格"]


def test_a_register_that_changed_since_the_preview_takes_nothing() -> None:
    cells = {"code": str(FIRST), "households": "310"}
    mark = mark_of(told(cells))
    done({"code": str(FIRST), "name": "别的名"})
    with pytest.raises(Conflict, match="什么都没有写入"):
        take(PANAN, rows(cells), mark)
    assert Grid.objects.get(key=FIRST).households == 300


def test_places_come_with_all_that_stands_of_them_in_the_order_of_their_codes() -> None:
    with changed_by(7):
        locate({VILLAGE: (29.05, 120.44)})
    found = {row.key: row for row in places_in(PANAN)}
    assert list(found) == sorted(found)
    assert (found[VILLAGE].spot, found[FIRST].spot) == ((29.05, 120.44), None)
    assert (found[FIRST].households, found[FIRST].kind, found[VILLAGE].kind) == (300, "rural", "")


def test_a_rename_stands_in_the_journal_with_both_names() -> None:
    change_grids([GridChange(FIRST, "东片网格", "rural", 300), GridChange(SECOND, "二网格", "rural", 9)])
    with connection.cursor() as cursor:
        cursor.execute("select data::text from ledger_line where kind = 'GridsChanged'")
        ((line,),) = cursor.fetchall()
    assert json.loads(line)["renamed"] == [[FIRST, "一网格", "东片网格"]]


def test_what_is_refused_of_a_place_is_said_in_both_tongues() -> None:
    open_post("grid-330727001002002", "worker", "陈网格", NEW_YEAR)
    grids.close_grids([FIRST])
    refused = [
        lambda: open_post("grid-330727001002001", "worker", "陈网格", NEW_YEAR),
        lambda: grids.close_grids([SECOND]),
        lambda: grids.close_grids([VILLAGE + 777]),
        lambda: grids.open_divisions([grids.DivisionPlan(FIRST, "甲")]),
        lambda: grids.open_divisions([grids.DivisionPlan(VILLAGE, "甲")]),
        lambda: change_grids([GridChange(FIRST, "甲", "rural", -1)]),
    ]
    for doing in refused:
        with pytest.raises(MinqingError) as told:
            doing()
        assert re.fullmatch(r"[^（）]*(（代码[^（）]*）)?[^（）]*（[a-z0-9][ -~]+）", str(told.value))


def test_a_point_outside_of_the_country_or_of_an_unknown_place_is_refused() -> None:
    with pytest.raises(BadInput, match="填反"):
        locate({VILLAGE: (120.44, 29.05)})
    with pytest.raises(BadInput, match="没有代码为"):
        locate({VILLAGE + 777: (29.05, 120.44)})
    assert not Spot.objects.exists()
