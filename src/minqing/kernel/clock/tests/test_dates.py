from __future__ import annotations

import datetime as dt

import pytest

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import BadBudget, Budget
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.clock.dates import DatedTime, LawName, parse_time, reckon
from minqing.kernel.clock.hours import STANDARD
from minqing.kernel.clock.reckoning import Terms

START = dt.datetime(2026, 9, 1, 10, tzinfo=CHINA)
TERMS = Terms(Budget(1, "d"), decreed_calendar(), STANDARD)
ROLLING = Terms(Budget(1, "d"), decreed_calendar(), STANDARD, "next-day")


def test_a_time_of_a_method_file_is_a_budget_a_day_or_a_law() -> None:
    assert parse_time("5wd") == Budget(5, "wd")
    assert parse_time("same day") == DatedTime("same day")
    assert parse_time("on form.until") == DatedTime("on", None, "form.until")
    assert parse_time("7d before form.day") == DatedTime("before", Budget(7, "d"), "form.day")
    assert parse_time("2d after form.from_day") == DatedTime("after", Budget(2, "d"), "form.from_day")
    law = parse_time("petition.close")
    assert isinstance(law, LawName) and law == "petition.close"


@pytest.mark.parametrize(
    "text", ["5wd", "same day", "on form.until", "7d before form.day", "2d after form.day", "a.b.c"]
)
def test_a_time_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_time(text)) == text


@pytest.mark.parametrize(
    "text", ["", "soon", "on", "on 5d", "before form.day", "0d before form.day", "2wh after form.day", "5 days",
             "same  day", "7d befor form.day", "Petition.close", "5wd\n", "x" * 10_000],
)  # fmt: skip
def test_a_bad_time_gets_a_sentence(text: str) -> None:
    with pytest.raises(BadBudget) as refusal:
        parse_time(text)
    assert 20 < len(str(refusal.value)) < 300


@pytest.mark.parametrize(
    ("text", "day", "expected", "rolled"),
    [
        ("same day", None, "2026-09-02 00:00", "2026-09-02 00:00"),
        ("on form.day", "2026-09-10", "2026-09-11 00:00", "2026-09-11 00:00"),
        ("on form.day", "2026-10-03", "2026-10-04 00:00", "2026-10-09 00:00"),  # National Day, notice 2026
        ("7d before form.day", "2026-09-10", "2026-09-04 00:00", "2026-09-04 00:00"),
        ("7d before form.day", "2026-10-10", "2026-10-04 00:00", "2026-10-04 00:00"),  # never rolls
        ("2d after form.day", "2026-09-10", "2026-09-13 00:00", "2026-09-15 00:00"),  # Saturday -> Monday
        ("2h after form.day", "2026-10-03", "2026-10-04 02:00", "2026-10-04 02:00"),
        ("12h before form.day", "2026-09-10", "2026-09-09 12:00", "2026-09-09 12:00"),
        ("1mo before form.day", "2026-03-31", "2026-03-01 00:00", "2026-03-01 00:00"),
        ("1mo after form.day", "2026-01-31", "2026-03-01 00:00", "2026-03-01 00:00"),  # 28 Feb is made up
        ("2wd before form.day", "2026-10-09", "2026-09-30 17:30", "2026-09-30 17:30"),
        ("2wd before form.day", "2026-10-05", "2026-09-29 17:30", "2026-09-29 17:30"),
        ("1wd after form.day", "2026-09-30", "2026-10-08 17:30", "2026-10-08 17:30"),
    ],
)
def test_dated_times_hang_on_their_day(text: str, day: str | None, expected: str, rolled: str) -> None:
    time = parse_time(text)
    assert isinstance(time, DatedTime)
    anchor = None if day is None else dt.date.fromisoformat(day)
    for terms, moment in ((TERMS, expected), (ROLLING, rolled)):
        due = reckon(time, START, anchor, terms)
        assert due.moment == dt.datetime.fromisoformat(moment).replace(tzinfo=CHINA)
        assert due.provisional is False


def test_a_dated_time_in_an_undecreed_year_is_provisional_only_where_days_are_looked_up() -> None:
    day = dt.date(2027, 5, 3)
    assert reckon(DatedTime("before", Budget(2, "wd"), "x"), START, day, TERMS).provisional
    assert not reckon(DatedTime("before", Budget(2, "d"), "x"), START, day, TERMS).provisional
    assert reckon(DatedTime("on", None, "x"), START, dt.date(2027, 5, 1), ROLLING).provisional


def test_the_same_day_is_the_same_day_also_on_a_holiday() -> None:
    national_day = dt.datetime(2026, 10, 3, 10, tzinfo=CHINA)
    assert reckon(DatedTime("same day"), national_day, None, ROLLING).moment == dt.datetime(2026, 10, 4, tzinfo=CHINA)


def test_an_empty_day_is_told_by_name() -> None:
    with pytest.raises(BadInput, match=r"form\.day"):
        reckon(DatedTime("on", None, "form.day"), START, None, TERMS)


@pytest.mark.parametrize(
    ("text", "day"),
    [("on form.day", "9999-12-31"), ("999999d after form.day", "9000-01-01"), ("9999y before form.day", "2026-01-01"),
     ("999999d before form.day", "2026-01-01"), ("999999wd before form.day", "2026-01-01"),
     ("on form.day", "0001-01-01"), ("2000y before form.day", "2026-01-01")],
)  # fmt: skip
def test_a_day_beyond_the_years_gets_a_sentence(text: str, day: str) -> None:
    time = parse_time(text)
    assert isinstance(time, DatedTime)
    with pytest.raises(BadInput, match="outside the years 1900 to 9999"):
        reckon(time, START, dt.date.fromisoformat(day), TERMS)
