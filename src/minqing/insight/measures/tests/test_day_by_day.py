"""Days in their order are counted as each day counts itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from minqing.insight.measures.day_by_day import OneDay, count_days
from minqing.insight.measures.days import count_day
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import CAST, GRID, MONDAY, TOWN, VOLUNTEER, worker
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE, Scope
from minqing.registers.regions.codes import county_of, range_of, town_of
from minqing.wiring.vocabulary import VOCABULARY

METHOD = load_method(Path(__file__).resolve().parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
DAY = dt.timedelta(days=1)
COUNTY = county_of(CAST.place)


def reported(at: dt.datetime, text: str, **told: object) -> StoredTrial:
    trial = StoredTrial(METHOD)
    trial.moment = at
    trial.report(text, **told)
    return trial


@pytest.mark.django_db
def test_each_day_has_what_came_what_ended_and_what_ran_past_its_limit() -> None:
    ended = reported(MONDAY, "路灯不亮")
    ended.wait(DAY)
    ended.act(worker(GRID), "settle", records=("result",))
    ended.act(VOLUNTEER, "call_back", result="satisfied")
    waiting = reported(MONDAY + DAY, "邻里漏水")
    due = waiting.matter.stage_duty().due
    night = dt.datetime.combine(MONDAY.date(), dt.time(23, 59), MONDAY.tzinfo)
    reported(night, "井盖坏了")

    days = count_days(COUNTY, (MONDAY + DAY).date(), 3, MONDAY + DAY, HOUSE)
    assert [one.day for one in days] == [(MONDAY + n * DAY).date() for n in (-1, 0, 1)]
    assert [(one.came, one.ended, one.late) for one in days] == [(0, 0, 0), (2, 0, 0), (1, 1, 0)]
    for one in days:
        alone = count_day(COUNTY, one.day, MONDAY + DAY, HOUSE)
        assert (one.came, one.ended) == (alone.came, sum(alone.ends.values()))

    assert count_days(COUNTY, due.date(), 1, due - DAY / 48, HOUSE) == (OneDay(due.date()),), "not yet"
    (late,) = count_days(COUNTY, due.date(), 1, due + DAY / 48, HOUSE)
    assert late.late >= 1


@pytest.mark.django_db
def test_days_do_not_count_what_is_against_the_viewer_or_lies_elsewhere() -> None:
    for told in ({}, {"against": (TOWN,)}):
        reported(MONDAY, "路灯不亮", **told)
    town = town_of(CAST.place)
    assert town is not None

    def came(area: int, scope: Scope) -> int:
        return count_days(area, MONDAY.date(), 1, MONDAY, scope)[0].came

    own = Scope(areas=(range_of(town),), sensitivity=2, barred=(TOWN,))
    assert (came(town, own), came(town, HOUSE), came(COUNTY + 10**9, HOUSE)) == (1, 2, 0)
