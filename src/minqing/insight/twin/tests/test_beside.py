"""Two versions beside each other: the same concerns, bounded, and no word about differences that are chance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minqing.insight.twin.beside import clear, run_beside, scenarios
from minqing.insight.twin.outcome import OnTime
from minqing.insight.twin.whatif import with_limits
from minqing.kernel.methods.model import Method


def test_a_version_beside_itself_comes_to_the_same(wushan: Method) -> None:
    found = run_beside(wushan, wushan, 3)
    assert found.before is not None and found.new == found.before
    assert found.new.matters > 50 and found.days == 3


def test_shorter_limits_meet_the_same_concerns_and_the_same_work(wushan: Method) -> None:
    hasty = with_limits(wushan, [("stages.village.limit", "2h")])
    ours, theirs = scenarios(hasty, wushan)
    assert theirs is not None and ours.stages["village"].hours == theirs.stages["village"].hours
    found = run_beside(hasty, wushan, 10)
    assert found.before is not None and found.new.matters == found.before.matters
    new, before = found.new.on_time_by_stage["village"], found.before.on_time_by_stage["village"]
    assert new.rate < before.rate - 0.1 and clear(new, before)
    assert not clear(found.new.on_time_by_stage["grid"], found.before.on_time_by_stage["grid"])


def test_time_that_is_up_ends_both_after_the_same_day(wushan: Method) -> None:
    lived: list[int] = []

    def after_two() -> bool:
        lived.append(1)
        return len(lived) >= 2

    found = run_beside(wushan, wushan, 30, after_two)
    assert (found.days, found.asked) == (2, 30)
    assert found.before is not None and found.new.days == found.before.days == 2


def test_a_method_that_has_no_version_yet_stands_alone(wushan: Method) -> None:
    found = run_beside(wushan, None, 2)
    assert found.before is None and found.new.matters > 0


def test_a_kind_that_only_the_new_version_knows_comes_in_there(panan: Method) -> None:
    kind = next(iter(panan.kinds))
    wider = replace(panan, kinds={**panan.kinds, "new-kind": panan.kinds[kind]})
    ours, theirs = scenarios(wider, panan)
    assert theirs is not None and "new-kind" in ours.arrivals.kinds and "new-kind" not in theirs.arrivals.kinds
    assert all("new-kind" in stage.settles for stage in ours.stages.values())
    assert run_beside(wider, panan, 2).new.matters > 0


@pytest.mark.parametrize(
    ("new", "before", "told"),
    [
        (OnTime(96, 100), OnTime(94, 100), False),
        (OnTime(960, 1000), OnTime(900, 1000), True),
        (OnTime(5, 5), OnTime(0, 0), False),
        (OnTime(100, 100), OnTime(100, 100), False),
        (OnTime(100, 100), OnTime(0, 100), True),
    ],
)
def test_a_difference_is_told_only_where_it_is_more_than_chance(new: OnTime, before: OnTime, told: bool) -> None:
    assert clear(new, before) is told


def test_one_row_of_many_has_to_differ_by_more_than_a_row_alone() -> None:
    """Of twenty rows that do not differ, one is two standard errors apart."""
    new, before = OnTime(930, 1000), OnTime(902, 1000)  # 2.25 standard errors
    assert clear(new, before) and not clear(new, before, rows=20)
    assert clear(OnTime(960, 1000), OnTime(900, 1000), rows=20)
