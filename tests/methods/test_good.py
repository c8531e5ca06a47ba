"""Every method file of the checkout loads without a complaint and can do what its county is known for."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.kernel.clock.budgets import Budget
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.loader import check_file, load_folder, load_method
from minqing.kernel.methods.model import SIX_ENDS, Method
from minqing.kernel.methods.remarks import remarks
from minqing.kernel.methods.vocabulary import Vocabulary

FOLDER = Path(__file__).parents[2] / "methods"
FILES = sorted(FOLDER.glob("*.yaml"))
each_file = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


@each_file
def test_the_file_loads_without_a_complaint(path: Path, vocabulary: Vocabulary) -> None:
    assert [str(one) for one in check_file(path, vocabulary)] == []


def test_the_three_methods_are_there(vocabulary: Vocabulary) -> None:
    methods = load_folder(FOLDER, vocabulary)
    assert {(slug, one.source, one.place) for slug, one in methods.items()} >= {
        ("panan-three-feelings", "S01", "330727"),
        ("wushan-three-rests", "S26", "500237"),
        ("shengzhou-people-diary", "S03", "330683"),
    }


@each_file
def test_each_of_the_six_ends_can_be_reached(path: Path, vocabulary: Vocabulary) -> None:
    method = load_method(path, vocabulary)
    graph = Graph(method)
    reached = graph.reached_from([edge.target for edge in graph.starts])
    assert {method.stages[slug].end for slug in reached} >= set(SIX_ENDS)


@each_file
def test_a_bare_message_can_be_taken_in(path: Path, vocabulary: Vocabulary) -> None:
    """Imports bring a title and a text: no field of the form may be asked for at the report."""
    assert [one.slug for one in load_method(path, vocabulary).form.values() if one.required or one.required_for] == []


@each_file
def test_every_category_of_the_tree_has_a_kind(path: Path, vocabulary: Vocabulary) -> None:
    method = load_method(path, vocabulary)
    assert [one.slug for one in method.kinds.values() if not one.takes] == [_default_kind(method)]


def _default_kind(method: Method) -> str:
    return {"wushan-three-rests": "appeal", "panan-three-feelings": "village-affair"}.get(method.slug, "worry")


@each_file
def test_nothing_is_said_in_chinese_only(path: Path, vocabulary: Vocabulary) -> None:
    """Who reads the pages in English reads the county's own names and reasons in English too."""
    method = load_method(path, vocabulary)
    assert [(trail, one.zh) for trail, one in method.said.items() if not one.english] == []
    assert remarks(method, path.name) == []
    assert len(method.said) >= 40


@each_file
def test_what_is_said_twice_in_chinese_is_said_the_same_in_english(path: Path, vocabulary: Vocabulary) -> None:
    """The journal keeps reasons in Chinese: their English is found by them."""
    said = set(load_method(path, vocabulary).said.values())
    assert len({one.zh for one in said}) == len(said)


@each_file
def test_a_file_is_a_page_and_not_a_programme(path: Path) -> None:
    assert 40 <= len(path.read_text(encoding="utf-8").splitlines()) <= 200


def test_wushan_rises_from_three_days_over_a_day_to_ten_days(vocabulary: Vocabulary) -> None:
    method = load_method(FOLDER / "wushan-three-rests.yaml", vocabulary)
    limits = [method.stages[slug].limit for slug in ("grid", "village", "town")]
    assert [limit and limit.at("calm") for limit in limits] == [Budget(3, "d"), Budget(24, "h"), Budget(10, "d")]
    assert [step.then.go for slug in ("grid", "village") for step in method.stages[slug].rungs if step.then.go] == [
        "village",
        "town",
    ]


def test_wushans_whistle_is_answered_by_a_report_in_within_24_hours_and_both_attend(vocabulary: Vocabulary) -> None:
    whistle = load_method(FOLDER / "wushan-three-rests.yaml", vocabulary).whistle
    assert whistle is not None
    assert (whistle.report_in.time, whistle.attend) == (Budget(24, "h"), "both")


def test_panans_private_matters_are_left_to_people_only_as_an_offer(vocabulary: Vocabulary) -> None:
    own = load_method(FOLDER / "panan-three-feelings.yaml", vocabulary).stages["own"]
    assert own.self_help
    assert "reporter" in own.moves["refer"].by
