from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.kernel.clock.calendars import Calendar, decreed_calendar

untimed = settings(deadline=None)  # a busy machine is no fault of the calendar
DECREED = decreed_calendar()
DAYS = st.dates(dt.date(2003, 1, 1), dt.date(2028, 12, 31))


@untimed
@given(DAYS)
def test_counting_agrees_with_looking_day_by_day(day: dt.date) -> None:
    ordinal = day.toordinal()
    assert DECREED.rank(ordinal) - DECREED.rank(ordinal - 1) == DECREED.is_workday(day)
    if DECREED.is_workday(day):
        assert DECREED.nth(DECREED.rank(ordinal)) == ordinal


@untimed
@given(st.frozensets(DAYS, max_size=30), st.frozensets(DAYS, max_size=30), DAYS)
def test_a_calendar_of_any_days_finds_the_next_working_day(
    off: frozenset[dt.date], work: frozenset[dt.date], day: dt.date
) -> None:
    calendar = Calendar("made up", frozenset(), off, work)
    later = day + dt.timedelta(days=1)
    while not calendar.is_workday(later):
        later += dt.timedelta(days=1)
    assert calendar.next_workday(day) == later
    assert calendar.workdays_between(day, later) == 1


def test_a_make_up_saturday_is_worked_and_a_festival_weekday_is_not() -> None:
    assert DECREED.is_workday(dt.date(2026, 2, 14)) and not DECREED.is_holiday(dt.date(2026, 2, 14))
    assert not DECREED.is_workday(dt.date(2026, 2, 17)) and DECREED.is_holiday(dt.date(2026, 2, 17))
    assert DECREED.names[dt.date(2026, 4, 4)] == "清明节"


def test_a_year_without_a_notice_is_monday_to_friday_and_provisional() -> None:
    new_year = dt.date(2027, 1, 1)
    assert DECREED.is_workday(new_year) and DECREED.is_provisional(new_year)
    assert not DECREED.is_provisional(dt.date(2026, 12, 31))


def test_a_county_wins_over_the_decree_and_has_its_own_version() -> None:
    saturday, tuesday = dt.date(2026, 2, 14), dt.date(2026, 2, 17)
    county = DECREED.with_days(version="panan 3", off=[saturday], work=[tuesday], names={saturday: "县庆"})
    assert not county.is_workday(saturday) and county.is_workday(tuesday)
    assert tuesday not in county.holidays_within(tuesday, tuesday), "a day is off or made up, never both"
    assert saturday not in county.make_up_days_within(saturday, saturday)
    assert county.names[saturday] == "县庆" and county.version == "panan 3"
    assert DECREED.is_workday(saturday), "the decreed calendar itself is unchanged"


def test_years_with_a_gap_between_them_are_still_told_apart() -> None:
    gappy = Calendar("gappy", frozenset({2024, 2026}), frozenset(), frozenset())
    ordinal = {year: dt.date(year, 6, 1).toordinal() for year in (2024, 2025, 2026)}
    assert not gappy.is_provisional_between(ordinal[2024], ordinal[2024])
    assert gappy.is_provisional_between(ordinal[2024], ordinal[2026])
    assert not gappy.is_provisional_between(ordinal[2026], ordinal[2026])
