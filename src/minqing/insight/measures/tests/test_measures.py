"""Figures follow from the journal: a few matters played out, and counted by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from minqing.insight.measures.queries import count_journal
from minqing.insight.measures.rules import Counts, Duties, figures
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import GRID, MONDAY, POLICE, TOWN, VOLUNTEER, worker
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.measures import MEASURES
from minqing.wiring.vocabulary import VOCABULARY

METHOD = load_method(Path(__file__).resolve().parents[5] / "methods" / "wushan-three-rests.yaml", VOCABULARY)
DAY = dt.timedelta(days=1)


def found(counts: Counts) -> dict[tuple[str, str], tuple[float, float]]:
    return {(figure.measure, figure.of): (figure.part, figure.whole) for figure in figures(counts)}


def settled_by_the_grid(result: str) -> StoredTrial:
    trial = StoredTrial(METHOD)
    trial.report("路灯不亮")
    trial.act(worker(GRID), "settle", records=("result",))
    trial.act(VOLUNTEER, "call_back", result=result)
    return trial


@pytest.mark.django_db
def test_a_journal_of_four_matters_is_counted_as_by_hand() -> None:
    settled_by_the_grid("satisfied")
    settled_by_the_grid("unsatisfied")  # goes back to the grid, still open
    late = StoredTrial(METHOD)
    late.report("邻里漏水")
    late.wait(5 * DAY)  # grid missed, village missed, now with the town
    late.act(worker(TOWN), "whistle", to="department", unit=POLICE)
    late.act(worker(POLICE), "arrive")
    late.act(worker(TOWN), "arrive")
    asked = StoredTrial(METHOD)
    asked.report("低保怎么申请", wants_call_back=False)
    asked.act(worker(GRID), "settle", records=("result",))
    asked.act(worker(TOWN), "call_back", result="not_called")

    counts = count_journal(MONDAY + 6 * DAY)
    assert counts.ends == {"satisfied": 1, "not_called": 1}
    assert counts.called_back == {"satisfied": 1, "unsatisfied": 1, "not_called": 1}
    shown = found(counts)
    assert shown["closed_out", ""] == (2, 4)
    assert shown["ends", "satisfied"] == shown["satisfied", ""] == shown["returned", ""] == (0, 0), "fewer than five"
    assert shown["on_time", "grid"] == (3, 5), "three met, one missed, one reopened stage running late by Sunday"
    assert shown["on_time", "village"] == (0, 1)
    assert shown["settled_by_stage", "grid"] == (2, 2)
    assert shown["report_in_on_time", ""] == (1, 1) and shown["dual_attendance", ""] == (1, 1)


def test_who_was_never_asked_is_in_no_rate_of_satisfaction() -> None:
    shown = found(Counts(ended=30, ends={"satisfied": 10, "not_reached": 5, "not_called": 15}))
    assert shown["satisfied", ""] == (10, 15)


@pytest.mark.django_db
def test_an_empty_journal_gives_no_rate_instead_of_a_fault() -> None:
    assert all(figure.value is None for figure in figures(count_journal(MONDAY)))


def test_what_a_party_owes_or_a_helper_is_in_no_stage_rate() -> None:
    counts = Counts(duties=(Duties("@grid", "grid", 3, 1), Duties("report-in", "department", 0, 5)))
    assert found(counts)["on_time", ""] == (3, 4)


def test_returns_reopenings_and_ends_have_no_better_direction() -> None:
    """Guard rail: pushing these down would push people away."""
    for name in ("returned", "reopened", "not_reached", "ends", "settled_by_level", "settled_by_stage", "answered"):
        assert MEASURES[name].good == "neither"
