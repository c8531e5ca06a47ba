"""Posts, stand-ins, units and hours, without a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.registers.regions.rules import (
    Term,
    check_level,
    check_slug,
    check_term,
    collides,
    on_duty,
    one_line,
    parse_code,
    parse_hours,
    relief,
    way_up,
)

DAY = dt.date(2026, 5, 11)
NOON = dt.datetime(2026, 5, 11, 12, tzinfo=CHINA)


def term(number: int, **changes: object) -> Term:
    return replace(Term(number, 1, "worker", f"网格员{number}", dt.date(2026, 1, 1)), **changes)


LEAVE = {"absent_from": dt.date(2026, 5, 10), "absent_to": dt.date(2026, 5, 12)}

DUTIES = [
    # what holds of post 1, of its stand-in 2, of the stand-in's stand-in 3; who serves (0: nobody, the unit above)
    ({}, {}, {}, 1),
    (LEAVE, {}, {}, 0),
    (LEAVE | {"stand_in": 2}, {}, {}, 2),
    (LEAVE | {"stand_in": 2}, LEAVE, {}, 0),
    (LEAVE | {"stand_in": 2}, LEAVE | {"stand_in": 3}, {}, 3),
    (LEAVE | {"stand_in": 2}, LEAVE | {"stand_in": 1}, {}, 0),  # two who name each other
    (LEAVE | {"stand_in": 2}, {"ends": dt.date(2026, 5, 10)}, {}, 0),  # the stand-in left
    (LEAVE | {"stand_in": 9}, {}, {}, 0),  # the stand-in is not known
    ({"absent_from": DAY}, {}, {}, 0),  # away until further notice
    ({"absent_from": DAY, "absent_to": DAY, "stand_in": 2}, {}, {}, 2),  # one day, both ends included
    ({"absent_from": dt.date(2026, 5, 12), "stand_in": 2}, {}, {}, 1),  # not away yet
    ({"absent_from": dt.date(2026, 5, 1), "absent_to": dt.date(2026, 5, 10), "stand_in": 2}, {}, {}, 1),  # back
    ({"ends": DAY}, {}, {}, 1),  # the last day is served
    ({"ends": dt.date(2026, 5, 10)}, {}, {}, 0),
    ({"starts": dt.date(2026, 5, 12)}, {}, {}, 0),
]


@pytest.mark.parametrize(("first", "second", "third", "serves"), DUTIES)
def test_the_post_serves_or_its_stand_in_or_nobody(first: dict, second: dict, third: dict, serves: int) -> None:
    terms = {1: term(1, **first), 2: term(2, **second), 3: term(3, **third)}
    there = on_duty(terms[1], NOON, terms)
    assert (there.id if there else 0) == serves


def test_the_day_of_a_leave_is_the_chinese_one() -> None:
    away = term(1, absent_from=DAY, absent_to=DAY)
    still_the_tenth = dt.datetime(2026, 5, 10, 15, 59, tzinfo=dt.UTC)  # 23:59 in China
    assert on_duty(away, still_the_tenth, {1: away}) is away
    assert on_duty(away, still_the_tenth + dt.timedelta(minutes=1), {1: away}) is None


def test_where_nobody_serves_the_nearest_staffed_unit_above_does() -> None:
    above = {1: 2, 2: 3}
    assert [relief(1, above, staffed) for staffed in ([1, 3], [3], [])] == [1, 3, None]


def test_a_circle_of_units_gets_a_sentence() -> None:
    assert way_up(1, {1: 2, 2: 3}) == (1, 2, 3)
    with pytest.raises(BadInput, match="绕成了圈"):
        way_up(1, {1: 2, 2: 3, 3: 2})


REFUSED_TERMS = [
    ({"ends": dt.date(2025, 12, 31)}, "任期结束.*早于开始"),
    ({"absent_to": DAY}, "却没有离岗开始日"),
    ({"stand_in": 2}, "却没有离岗开始日"),
    ({"absent_from": DAY, "absent_to": dt.date(2026, 5, 1)}, "离岗的结束.*早于开始"),
    ({"absent_from": dt.date(2025, 12, 31)}, "不在任期内"),
    ({"absent_from": DAY, "ends": dt.date(2026, 5, 10)}, "不在任期内"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSED_TERMS)
def test_a_post_whose_days_make_no_sense_is_refused(changes: dict, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        check_term(term(1, **changes))


def test_one_person_is_not_twice_in_one_post_at_a_time() -> None:
    first = term(1, person="甲", ends=DAY)
    assert collides(first, term(2, person="甲", starts=DAY))
    assert not collides(first, term(2, person="甲", starts=DAY + dt.timedelta(days=1)))
    assert not collides(first, term(2, person="乙", starts=DAY)), "a grid may have two workers"
    assert not collides(first, term(2, person="甲", role="mediator"))
    assert not collides(first, term(2, person="甲", unit=2))


def test_a_unit_has_one_head_at_a_time() -> None:
    head = term(1, role="head", person="甲")
    assert collides(head, term(2, role="head", person="乙", starts=DAY))


DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2027, 1, 1))


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_two_posts_of_a_person_collide_if_and_only_if_they_share_a_day(
    starts: dt.date, ends: dt.date | None, starts2: dt.date, ends2: dt.date | None
) -> None:
    one, other = term(1, person="甲", starts=starts, ends=ends), term(2, person="甲", starts=starts2, ends=ends2)
    span = [dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(800)]
    shared = any(one.runs_on(day) and other.runs_on(day) for day in span)
    assert collides(one, other) == collides(other, one)
    if (ends is None or ends >= starts) and (ends2 is None or ends2 >= starts2):
        assert collides(one, other) == shared


HOURS = [
    ("08:30-12:00,14:00-17:30", ((510, 720), (840, 1050))),
    (" 8:30－12:00， 14：00~17：30 ", ((510, 720), (840, 1050))),
    ("00:00-24:00", ((0, 1440),)),
    ("8:30至12:00、13:00到17:00", ((510, 720), (780, 1020))),
]


@pytest.mark.parametrize(("text", "spans"), HOURS)
def test_hours_are_read_as_clerks_write_them(text: str, spans: tuple) -> None:
    assert parse_hours(text) == spans


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "看不懂工作时间"),
        ("朝九晚五", "看不懂工作时间"),
        ("08:30", "看不懂工作时间"),
        ("25:00-26:00", "看不懂工作时间"),
        ("08:60-12:00", "看不懂工作时间"),
        ("1" * 10**6, "看不懂工作时间"),
        ("14:00-17:30,08:30-12:00", "按先后排列"),
        ("08:30-12:00,12:00-17:30", "相接的请并成一段"),
        ("08:30-12:00,11:00-17:30", "互不重叠"),
        ("22:00-06:00", "跨夜的请写成两段"),
        ("08:00-24:30", "同一天内"),
        ("08:00-08:00", "结束晚于开始"),
    ],
)
def test_hours_that_cannot_be_kept_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        parse_hours(text)


def test_a_unit_stands_at_the_level_of_its_area_and_under_none_lower() -> None:
    town = parse_code("330727001")
    check_level("安文街道", "town", town, "county")
    with pytest.raises(BadInput, match="县级单位，330727001 却是乡镇级区划"):
        check_level("某中心", "county", town, None)
    with pytest.raises(BadInput, match="上级不能是村级"):
        check_level("安文街道", "town", town, "village")
    check_level("东莞市社会治理中心", "county", parse_code("4419"), None)


@pytest.mark.parametrize("name", ["", " \t ", "长" * 61, "长" * 10**6, "a\0b", "\ud800", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="单位名称"):
        one_line(name, "单位名称")


def test_a_name_is_kept_in_one_clean_line() -> None:
    assert one_line("  安文\n街道 ", "单位名称") == "安文 街道"
    assert one_line("高\ue170村", "单位名称") == "高\ue170村", "two villages of the public list are written so"


@pytest.mark.parametrize("slug", ["", "Town", "镇", "a b", "-a", "a--b", "a" * 61, "a\n"])
def test_a_slug_is_lower_case_letters_digits_and_hyphens(slug: str) -> None:
    with pytest.raises(BadInput, match="不能作标识"):
        check_slug(slug)
