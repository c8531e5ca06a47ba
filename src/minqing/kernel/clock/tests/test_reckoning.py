"""What the properties and the conformance table do not say: bounds, open pauses, offsets, bad terms."""

from __future__ import annotations

import datetime as dt

import pytest

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import Budget, parse_budget, parse_rung
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.clock.hours import STANDARD
from minqing.kernel.clock.reckoning import BadTerms, Extension, OutOfRange, Pause, Terms, due, explain, rung_moment

DECREED = decreed_calendar()
TUESDAY = dt.datetime(2026, 3, 10, 9, tzinfo=CHINA)


def terms(budget: str, **others: object) -> Terms:
    return Terms(parse_budget(budget), DECREED, **others)


def test_a_due_moment_is_chinese_whatever_the_offset_of_the_start() -> None:
    utc = TUESDAY.astimezone(dt.UTC)
    assert due(utc, terms("3d")) == due(TUESDAY, terms("3d")) == due(TUESDAY.replace(tzinfo=None), terms("3d"))
    assert due(utc, terms("3h")).moment.utcoffset() == dt.timedelta(hours=8)


@pytest.mark.parametrize(
    "start",
    [dt.datetime.min.replace(tzinfo=CHINA), dt.datetime(1899, 12, 31, 23, 59, 59, tzinfo=CHINA),
     dt.datetime.max.replace(tzinfo=CHINA), dt.datetime.max.replace(tzinfo=dt.UTC),
     dt.datetime.min.replace(tzinfo=dt.timezone(dt.timedelta(hours=14)))],
)  # fmt: skip
@pytest.mark.parametrize("budget", ["1m", "1h", "1wh", "1d", "1wd", "1mo", "1y"])
def test_a_moment_beyond_the_years_gets_a_sentence(start: dt.datetime, budget: str) -> None:
    for ask in (lambda: due(start, terms(budget)), lambda: explain(start, terms(budget))):
        with pytest.raises(OutOfRange, match="outside the years 1900 to 9999"):
            ask()


@pytest.mark.parametrize("unit", ["m", "h", "wh", "d", "wd", "mo", "y"])
def test_the_longest_budget_is_reckoned_or_refused_but_never_overflows(unit: str) -> None:
    longest = Terms(Budget(999_999, unit), DECREED, extensions=(Extension(Budget(999_999, "wd"), ""),) * 3)
    for rung in ("1%", "99%", "due", "late 999999d", "late 999999y"):
        try:
            assert rung_moment(parse_rung(rung), TUESDAY, longest) > TUESDAY
        except BadInput as refusal:
            assert "1900 to 9999" in str(refusal) or "999999" in str(refusal)


def test_an_open_pause_gives_the_earliest_time_and_says_so() -> None:
    held = terms("24h", pauses=(Pause(TUESDAY + dt.timedelta(hours=2), None, "待当事人补正"),))
    reckoned = due(TUESDAY, held)
    assert reckoned.held and reckoned.moment == TUESDAY + dt.timedelta(hours=24)
    assert any("尚未恢复" in sentence and "待当事人补正" in sentence for sentence in explain(TUESDAY, held))
    assert not due(TUESDAY, terms("1h", pauses=held.pauses)).held, "it was due before the pause began"


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadTerms, match="swap them"):
        Pause(TUESDAY, TUESDAY - dt.timedelta(seconds=1), "")


def test_an_empty_pause_changes_nothing_even_where_it_lies_on_the_due_moment() -> None:
    for budget in ("24h", "2wh", "3d", "5wd"):
        plain = due(TUESDAY, terms(budget, hours=STANDARD))
        for moment in (TUESDAY, plain.moment, TUESDAY + dt.timedelta(hours=1)):
            assert due(TUESDAY, terms(budget, hours=STANDARD, pauses=(Pause(moment, moment, ""),))) == plain


@pytest.mark.parametrize("budget", ["30m", "24h", "2wh", "7wh", "3d", "5wd", "1mo"])
def test_a_pause_that_begins_as_the_time_is_up_changes_nothing(budget: str) -> None:
    plain = due(TUESDAY, terms(budget, hours=STANDARD))
    for later in (dt.timedelta(0), dt.timedelta(minutes=1)):
        pause = Pause(plain.moment + later, plain.moment + dt.timedelta(days=2), "")
        assert due(TUESDAY, terms(budget, hours=STANDARD, pauses=(pause,))) == plain


def test_an_unknown_roll_is_refused() -> None:
    with pytest.raises(BadTerms, match="none or next-day"):
        terms("3d", roll="next_workday")


def test_extensions_that_can_be_added_run_from_the_start_and_others_run_on() -> None:
    def extended(budget: str, *more: str) -> Terms:
        return terms(budget, extensions=tuple(Extension(parse_budget(text), "复杂") for text in more))

    end_of_january = dt.datetime(2026, 1, 31, 9, tzinfo=CHINA)
    assert [str(leg) for leg in extended("60d", "30d").legs] == ["90d"]
    assert [str(leg) for leg in extended("1h", "30m").legs] == ["90m"]
    assert [str(leg) for leg in extended("5wd", "2d", "1d").legs] == ["5wd", "3d"]
    assert due(end_of_january, extended("1mo", "1mo")).moment == dt.datetime(2026, 4, 1, tzinfo=CHINA)
    assert due(end_of_january, extended("1y", "1mo")).moment == dt.datetime(2027, 3, 1, tzinfo=CHINA)


def test_a_percentage_over_two_units_weighs_each_by_what_it_roughly_lasts() -> None:
    both = terms("2d", extensions=(Extension(parse_budget("48h"), ""),))
    assert rung_moment(parse_rung("50%"), TUESDAY, both) == dt.datetime(2026, 3, 13, tzinfo=CHINA)
    assert rung_moment(parse_rung("75%"), TUESDAY, both) == dt.datetime(2026, 3, 14, tzinfo=CHINA)


def test_working_hours_in_an_undecreed_year_are_provisional_from_the_first_day() -> None:
    new_year = dt.datetime(2027, 1, 1, 9, tzinfo=CHINA)
    assert due(new_year, terms("1wh")).provisional
    assert not due(new_year, terms("1h")).provisional


def test_the_first_day_of_working_days_is_not_looked_up() -> None:
    before_the_first_notice = dt.datetime(2003, 12, 31, 9, tzinfo=CHINA)
    assert not due(before_the_first_notice, terms("1wd")).provisional
    assert due(before_the_first_notice, terms("1wh")).provisional


def test_the_chain_says_what_becomes_of_a_last_day_on_a_holiday() -> None:
    before_national_day = dt.datetime(2026, 9, 30, 9, tzinfo=CHINA)
    assert any("（国庆节），本期限不顺延" in said for said in explain(before_national_day, terms("3d")))
    rolled = explain(before_national_day, terms("3d", roll="next-day"))
    assert any("顺延到休假日后的第一日2026年10月8日" in said for said in rolled)
    assert not any("法定休假日" in said for said in explain(before_national_day, terms("48h", roll="next-day")))


def test_a_microsecond_is_not_lost() -> None:
    start = TUESDAY + dt.timedelta(microseconds=1)
    assert due(start, terms("1h")).moment == start + dt.timedelta(hours=1)
    assert due(start, terms("1wh", hours=STANDARD)).moment == start + dt.timedelta(hours=1)
