"""Guard rail (e): no aggregate about people for fewer than five of them, by any endpoint or export, nor by subtraction.

Work counts (an inbox, how many duties are late) are none. What people answered when they were called is one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.insight.measures.rules import ENDS, Counts, Figure, figures
from minqing.kernel.methods.measures import MEASURES

SOURCE = Path(__file__).parents[2] / "src" / "minqing"
FEWEST = 5  # told again here: the guard rail says five
PEOPLES = st.integers(0, 12)
COUNTS = st.builds(
    lambda ends, called: Counts(
        matters=sum(ends.values()) + 20, ended=sum(ends.values()), ends=ends, called_back=called
    ),
    st.fixed_dictionaries({end: PEOPLES for end in ENDS}),
    st.fixed_dictionaries({"satisfied": PEOPLES, "unsatisfied": PEOPLES, "not_reached": PEOPLES}),
)


def _about_people(counts: Counts) -> list[Figure]:
    return [figure for figure in figures(counts) if MEASURES[figure.measure].people]


@given(counts=COUNTS)
def test_no_published_figure_about_people_has_a_cell_of_fewer_than_five(counts: Counts) -> None:
    for figure in _about_people(counts):
        assert not 0 < figure.part < FEWEST, figure
        assert not 0 < figure.whole - figure.part < FEWEST, figure


@given(counts=COUNTS)
def test_no_cell_of_fewer_than_five_comes_out_by_subtraction(counts: Counts) -> None:
    """What is left of all that ended when the shown shares are taken away is several ends and five people at least,
    or everything is hidden."""
    shares = [figure for figure in figures(counts) if figure.measure == "ends"]
    hidden = [end for end, figure in zip(ENDS, shares, strict=True) if figure.hidden]
    shown = [end for end, figure in zip(ENDS, shares, strict=True) if not figure.hidden and figure.part]
    asked = next(figure for figure in figures(counts) if figure.measure == "satisfied")
    if hidden:
        assert asked.hidden, "the rate of satisfaction holds the same people"
        assert len(hidden) > 1
        assert not shown or sum(counts.ends[end] for end in hidden) >= FEWEST


@given(counts=COUNTS)
def test_what_is_about_people_in_the_figures_is_told_so(counts: Counts) -> None:
    assert {figure.measure for figure in _about_people(counts)} == {"satisfied", "ends", "returned"}


@pytest.mark.parametrize("few", range(1, FEWEST))
def test_the_answers_of_fewer_than_five_are_hidden_and_of_five_are_shown(few: int) -> None:
    hidden = {one.measure: one.hidden for one in figures(Counts(ended=few, ends={"satisfied": few}))}
    shown = {one.measure: one.hidden for one in figures(Counts(ended=5, ends={"satisfied": 5}))}
    assert hidden["satisfied"] and not shown["satisfied"]


def test_no_answer_of_the_api_counts_people() -> None:
    """The API gives matters, one by one, and the work waiting on a list; a statement that groups is a new aggregate."""
    api = [path for path in (SOURCE / "doors" / "api").rglob("*.py") if "tests" not in path.parts]
    assert api
    assert [
        path.name for path in api if re.search(r"group by|select count|count\(\*|sum\(", path.read_text("utf-8"))
    ] == []


def test_every_statement_that_groups_matters_stands_with_the_measures_or_counts_work() -> None:
    """Where matters are counted by something: the measures (hidden above), the splits of a day (which pass
    `shown_cells` in the brief, as its own tests show), and the work on a desk."""
    known = {
        "insight/measures/queries.py", "insight/measures/days.py", "insight/measures/day_by_day.py",
        "kernel/matters/queries.py", "kernel/matters/versions.py",
        "registers/vault/erasures.py",  # how often each one matter was erased, for restoring: nobody is shown it
    }  # fmt: skip
    found = set()
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.sql")]:
        inside = path.relative_to(SOURCE).as_posix()
        text = path.read_text("utf-8")
        if "tests/" not in inside and re.search(r"group by", text) and re.search(r"matters_matter|ledger_line", text):
            found.add(inside)
    assert found <= known, "a new count of matters: is it about people? then it hides fewer than five"
