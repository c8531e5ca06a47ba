from __future__ import annotations

import pytest

from minqing.kernel.clock.hours import STANDARD, BadHours, Hours, parse_hours

MINUTE = 60_000_000


def test_hours_are_written_as_they_were_read() -> None:
    assert str(parse_hours("08:30-12:00, 14:00-17:30")) == "08:30-12:00,14:00-17:30"
    assert parse_hours("00:00-24:00").closing == 1440


def test_the_standard_day_has_seven_hours_and_closes_at_half_past_five() -> None:
    assert STANDARD.length == 7 * 60 * MINUTE and STANDARD.closing == 17 * 60 + 30


def test_what_was_worked_and_when_it_was_worked_agree() -> None:
    for minute in range(1, 7 * 60 + 1):
        assert STANDARD.worked(STANDARD.at(minute * MINUTE)) == minute * MINUTE
    assert STANDARD.at(210 * MINUTE) == 12 * 60 * MINUTE, "used up at noon is noon, not the end of the lunch break"


@pytest.mark.parametrize(
    "text",
    ["", "8:30-12:00", "12:00-08:30", "08:30-08:30", "08:30-12:00,11:00-14:00", "14:00-17:30,08:30-12:00",
     "22:00-06:00", "08:30-24:01", "25:00-26:00", "08:60-12:00", "08:30", "08:30-12:00,", "０8:30-12:00", "\x00"],
)  # fmt: skip
def test_bad_hours_get_a_sentence(text: str) -> None:
    with pytest.raises(BadHours, match="like 08:30-12:00,14:00-17:30"):
        parse_hours(text)


def test_hours_without_a_span_are_refused() -> None:
    with pytest.raises(BadHours):
        Hours(())
