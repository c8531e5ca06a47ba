"""Guard rail (c): what counts fewer petitions, complaints or call-backs as better is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minqing.insight.measures.rules import Counts, figures
from minqing.kernel.methods.loader import check_file
from minqing.kernel.methods.measures import MEASURES
from minqing.wiring.vocabulary import VOCABULARY

METHODS = sorted((Path(__file__).parents[2] / "methods").glob("*.yaml"))
#: Counts of what people bring: told again here, so that a shorter list in the product is noticed.
COUNTS_OF_PEOPLE = {
    "petitions", "repeat_petitions", "petition_rate", "complaints", "complaint_rate", "police_calls", "reports",
    "matters", "suits", "escalated",
}  # fmt: skip
#: What a place could push down by silencing people, or by not asking them.
SILENCEABLE = ("returned", "reopened", "not_reached", "not_called", "answered", "guided", "settled_by_level", "ends")


def _with_measures(path: Path, told: str, folder: Path) -> list[str]:
    text = re.sub(r"^measures:.*?(?=^\S|\Z)", f"measures: {told}\n", path.read_text("utf-8"), flags=re.M | re.S)
    changed = folder / path.name
    changed.write_text(text, "utf-8")
    return [complaint.text for complaint in check_file(changed, VOCABULARY)]


@pytest.mark.parametrize("path", METHODS, ids=lambda path: path.stem)
@pytest.mark.parametrize("measure", sorted(COUNTS_OF_PEOPLE))
def test_no_method_publishes_a_count_of_petitions_or_complaints(path: Path, measure: str, tmp_path: Path) -> None:
    assert _with_measures(path, "[on_time]", tmp_path) == []
    said = _with_measures(path, f"[on_time, {measure}]", tmp_path)
    assert any("never counted as better" in sentence for sentence in said), said


@pytest.mark.parametrize("measure", SILENCEABLE)
def test_no_method_sets_a_target_for_what_silence_would_improve(measure: str, tmp_path: Path) -> None:
    said = _with_measures(METHODS[0], f"[{{{measure}: 5%}}]", tmp_path)
    assert said, f"a target for {measure} was taken"


@pytest.mark.parametrize("measure", SILENCEABLE)
def test_what_silence_would_improve_has_no_better_direction(measure: str) -> None:
    assert MEASURES[measure].good == "neither"
    assert {figure.good for figure in figures(Counts()) if figure.measure == measure} <= {"neither"}


def test_every_measure_with_a_direction_is_about_what_offices_do() -> None:
    """A new measure that is better when lower needs a look here: late duties and long handling are the office's own."""
    assert {name for name, kind in MEASURES.items() if kind.good == "down"} == {"late", "handling_time"}
    assert {name for name, kind in MEASURES.items() if kind.good == "up"} == {
        "on_time", "closed_out", "satisfied", "report_in_on_time", "dual_attendance", "coverage",
    }  # fmt: skip
