"""Every change of the registers is a line of the journal: in the same transaction, without names, verifiable."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.base.ledger.streams import CALENDAR, REGISTER
from minqing.base.ledger.verify import verify
from minqing.registers.regions import actions
from minqing.registers.regions.actions import (
    GridPlan,
    PostPlan,
    end_post,
    move_unit,
    open_grids,
    open_post,
    open_posts,
    open_unit,
    set_day,
    set_hours,
    set_leave,
)
from minqing.registers.regions.county import units_of_county
from minqing.registers.regions.journal import changed_by, hash_of
from minqing.registers.regions.loading import load_divisions
from minqing.registers.regions.rules import parse_code

PANAN, VILLAGE = parse_code("330727"), parse_code("330727001002")
GRID_SLUG = "grid-330727001002001"
NEW_YEAR, DAY = dt.date(2026, 1, 1), dt.date(2026, 5, 11)


@pytest.fixture
def panan(db: None, panan_list: Path) -> None:
    load_divisions(panan_list, only="330727001002")
    open_grids([GridPlan(VILLAGE, "一网格")])
    units_of_county("330727")


@pytest.fixture
def later() -> Iterator[None]:
    before = moments.shift()
    yield
    moments.shift_by(before)


def lines(stream: int = REGISTER.number) -> list[tuple[str, str, dict[str, object]]]:
    """Subject, kind and data of the lines of a stream, in the order they were written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select s.code, l.kind, l.data::text from ledger_line l join ledger_subject s using (stream, subject)"
            " where l.stream = %s order by l.recorded, l.subject, l.seq",
            [stream],
        )
        return [(code, kind, json.loads(data)) for code, kind, data in cursor.fetchall()]


def test_each_change_is_a_line_of_what_it_changed(panan: None, tmp_path: Path) -> None:
    before = len(lines())
    post = open_post(GRID_SLUG, "worker", "陈网格", NEW_YEAR)
    set_leave(post, DAY)
    end_post(post, DAY)
    open_unit("water", "水利局", "county", PANAN, "department")
    move_unit("water", "county-330727")
    set_hours([GRID_SLUG], "08:00-12:00", DAY)
    told = {(code, kind) for code, kind, _ in lines()}
    for line in [
        (f"post:{post}", "PostOpened"),
        (f"post:{post}", "LeaveSet"),
        (f"post:{post}", "PostEnded"),
        ("water", "UnitsOpened"),
        ("water", "UnitMoved"),
        (GRID_SLUG, "HoursSet"),
        ("county", "DivisionsLoaded"),
        ("county", "GridsOpened"),
    ]:
        assert line in told
    assert len(lines()) == before + 6
    assert (f"post:{post}", "PostEnded", {"post": post, "ends": "2026-05-11"}) in lines()
    assert not verify([REGISTER, CALENDAR], tmp_path).count


def test_the_countys_own_days_stand_in_the_calendar_stream_without_the_clerks_words(panan: None) -> None:
    set_day(PANAN, DAY, works=False, reason="陈主任六十大寿")
    set_day(PANAN, DAY, works=None)
    told = {"county": PANAN, "day": "2026-05-11"}
    assert lines(CALENDAR.number) == [
        ("330727", "DaySet", told | {"works": False, "reason": hash_of("陈主任六十大寿")}),
        ("330727", "DaySet", told | {"works": None, "reason": hash_of("")}),
    ]


def test_a_line_names_who_changed_the_register_where_that_is_known(panan: None) -> None:
    with changed_by(7):
        set_day(PANAN, DAY, False, "演示")
    set_day(PANAN, DAY, None)
    with connection.cursor() as cursor:
        cursor.execute("select actor from ledger_line where stream = %s order by seq", [CALENDAR.number])
        assert [actor for (actor,) in cursor.fetchall()] == [7, 0]


def test_names_never_stand_in_lines(panan: None) -> None:
    post = open_post(GRID_SLUG, "worker", "陈网格", NEW_YEAR)
    open_posts([PostPlan(GRID_SLUG, "clerk", f"李{number}网格", NEW_YEAR) for number in range(30)])
    set_leave(post, DAY)
    open_grids([GridPlan(VILLAGE, "陈家大院网格")])
    told = json.dumps([*lines(), *lines(CALENDAR.number)], ensure_ascii=False)
    assert not [word for word in ("陈", "李", "网格") if word in told]


def test_what_touches_many_is_one_line_with_a_count_and_the_hash_of_all(panan: None) -> None:
    before = len(lines())
    plans = [PostPlan(GRID_SLUG, "clerk", f"李{number}", NEW_YEAR) for number in range(30)]
    numbers = open_posts(plans)
    (line,) = lines()[before:]
    opened = [
        {"post": number, "unit": GRID_SLUG, "role": "clerk", "starts": "2026-01-01", "ends": None} for number in numbers
    ]
    assert line == ("county", "PostOpened", {"count": 30, "sha256": hash_of(opened)})
    open_grids([GridPlan(VILLAGE, f"{number}号网格") for number in range(40)])
    assert lines()[-1][2]["keys"]["count"] == 40


def test_the_whole_county_is_a_handful_of_lines(db: None, panan_list: Path) -> None:
    load_divisions(panan_list, only="330727")
    units_of_county("330727")
    kinds = [kind for _, kind, _ in lines()]
    assert kinds == ["DivisionsLoaded", "UnitsOpened"]


def test_a_refused_change_leaves_no_line(panan: None) -> None:
    before = lines()
    with pytest.raises(BadInput):
        set_hours([GRID_SLUG, "nowhere"], "08:00-12:00", DAY)
    with pytest.raises(BadInput):
        end_post(10**6, DAY)
    assert lines() == before


def test_a_clock_that_was_shifted_back_stops_no_change(panan: None, later: None) -> None:
    moments.shift_by(dt.timedelta(days=30))
    post = open_post(GRID_SLUG, "worker", "陈网格", NEW_YEAR)
    moments.shift_by(dt.timedelta(0))
    end_post(post, DAY)
    assert lines()[-1][1] == "PostEnded"


def test_verify_finds_an_altered_line_of_the_register_and_of_the_calendar(
    own_database, panan_list: Path, tmp_path: Path
) -> None:
    load_divisions(panan_list, only="330727001002")
    units_of_county("330727")
    post = open_post("village-330727001002", "head", "陈主任", NEW_YEAR)
    actions.set_day(PANAN, DAY, works=False, reason="县庆")
    assert not verify([REGISTER, CALENDAR], tmp_path).count
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("alter table ledger_line disable trigger ledger_line_grows")
        altered = "update ledger_line set data = replace(data::text, '2026', '2016')::json where kind = any(%s)"
        assert owner.execute(altered, [["PostOpened", "DaySet"]]).rowcount == 2
    found = verify([REGISTER, CALENDAR], tmp_path)
    assert [(fault.what, fault.where) for fault in found.faults] == [("altered", f"post:{post}"), ("altered", "330727")]
