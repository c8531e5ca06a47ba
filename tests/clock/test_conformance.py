"""The table a clerk can read, row by row, and the calendar against an independent list."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from pathlib import Path

import pytest

from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import parse_budget, parse_rung
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.clock.hours import STANDARD, parse_hours
from minqing.kernel.clock.reckoning import Extension, Pause, Terms, due, rung_moment

TABLE = (Path(__file__).parent / "conformance.md").read_text(encoding="utf-8")
LINES = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("|")]
ROWS = [line for line in LINES if line[0].isdigit()]


def moment(text: str) -> dt.datetime:
    """`2026-03-10 24:00` is the beginning of the day after."""
    if text.endswith(" 24:00"):
        return moment(text.replace(" 24:00", " 00:00")) + dt.timedelta(days=1)
    read = dt.datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=CHINA)


def terms_of(budget: str, conditions: str) -> tuple[Terms, str]:
    """The terms of a row and the rung it asks for."""
    said: dict[str, list[str]] = {word: [] for word in ("上班", "顺延", "暂停", "延长", "档", "本地放假", "本地上班")}
    for condition in filter(None, conditions.split("；")):
        word, _, rest = condition.partition(" ")
        said[word].append(rest)
    terms = Terms(
        parse_budget(budget),
        decreed_calendar().with_days(version="county", off=days(said["本地放假"]), work=days(said["本地上班"])),
        hours=(parse_hours(said["上班"][0]) if said["上班"][0] else STANDARD) if said["上班"] else None,
        roll="next-day" if said["顺延"] else "none",
        extensions=tuple(Extension(parse_budget(text), "复杂") for text in said["延长"]),
        pauses=tuple(Pause(*map(moment, text.split(" 至 ")), "补正") for text in said["暂停"]),
    )
    return terms, said["档"][0] if said["档"] else "due"


def days(texts: list[str]) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[3]}")
def test_the_clock_agrees_with_the_table(row: list[str]) -> None:
    _, _, start, budget, conditions, expected, provisional, _ = row
    terms, rung = terms_of(budget, conditions)
    reckoned = due(moment(start), terms)
    assert rung_moment(parse_rung(rung), moment(start), terms) == moment(expected)
    assert reckoned.provisional is (provisional == "是")


def test_the_table_is_numbered_without_gaps_and_long_enough() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, len(ROWS) + 1))
    assert len(ROWS) >= 60


def test_every_row_rests_on_a_ground_that_is_listed() -> None:
    listed = TABLE[TABLE.index("## 依据") :]
    handbook = (Path(__file__).parents[2] / "docs" / "clock.md").read_text(encoding="utf-8")
    for ground in {ground for row in ROWS for ground in row[7].split("、")}:
        if ground.startswith("说明·"):
            assert f"· {ground.removeprefix('说明·')}\n" in handbook, f"docs/clock.md has no section {ground}"
        else:
            family, article = re.fullmatch(r"(\D+)(\d+改?)", ground).groups()
            assert re.search(rf"^- {family}[\d、]*{article}[、：]", listed, re.MULTILINE), ground


@pytest.mark.real
def test_every_day_of_2008_to_2026_agrees_with_the_independent_list() -> None:
    folder = os.environ.get("MINQING_REAL_DATA")
    if folder is None:
        pytest.skip("set MINQING_REAL_DATA to the folder of real inputs")
    listed = {
        dt.date.fromisoformat(day["date"]): not day["isOffDay"]
        for file in sorted((Path(folder) / "holidays").glob("*.json"))
        if file.stem != "2007"
        for day in json.loads(file.read_text(encoding="utf-8"))["days"]
    }
    calendar = decreed_calendar()
    days = [dt.date(2008, 1, 1) + dt.timedelta(days=n) for n in range(19 * 365 + 5)]
    assert days[-1] == dt.date(2026, 12, 31)
    unlike = [day for day in days if calendar.is_workday(day) != listed.get(day, day.weekday() < 5)]
    assert unlike == []
