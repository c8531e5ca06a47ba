"""Repeats in an imported table: the same words again, by whoever, count once (guard rail)."""

from __future__ import annotations

from minqing.doors.exchange.messages import Imported, _with_repeats
from minqing.doors.exchange.tables import Row
from minqing.kernel.matters.actions import Concern

COUNTY, TOWN = 330727000000000, 330727001000000


def noted(place: int, groups: list) -> list[int]:
    taken = [(Row(line, {}), Concern(place, "web", text=str(line))) for line in range(2, 6)]
    found = _with_repeats(taken, COUNTY, lambda texts, places: groups, Imported("CSV"))
    return [int(concern.facts.get("text.repeats", 0)) for _, concern in found]


def test_differently_worded_repeats_are_counted_as_they_come() -> None:
    assert noted(TOWN, [((0, 1, 2, 3), (0, 1, 2, 3), "同一处")]) == [0, 1, 2, 3]


def test_the_same_words_again_count_once_so_that_insistence_moves_nothing() -> None:
    assert noted(TOWN, [((0, 1, 2, 3), (0, 0, 0, 0), "同一处")]) == [0, 0, 0, 0]
    assert noted(TOWN, [((0, 1, 2, 3), (0, 0, 2, 0), "同一处")]) == [0, 0, 1, 1]


def test_nothing_is_counted_where_no_place_is_known() -> None:
    assert noted(COUNTY, [((0, 1, 2, 3), (0, 1, 2, 3), "没有写地点")]) == [0, 0, 0, 0]
