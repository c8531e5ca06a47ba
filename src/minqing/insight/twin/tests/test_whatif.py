"""What if a limit were another one: only the limit named changes, and only in the copy."""

from __future__ import annotations

import pytest

from minqing.base.errors import BadInput
from minqing.insight.twin.whatif import for_method, with_limits
from minqing.kernel.clock.budgets import parse_budget
from minqing.kernel.methods.model import Method


def test_a_limit_for_all_levels_replaces_every_one_of_them(panan: Method) -> None:
    limit = with_limits(panan, [("stages.village.limit", "2d")]).stages["village"].limit
    assert limit is not None and limit.at("green") == limit.at("red") == parse_budget("2d")


def test_a_limit_of_one_level_leaves_the_others(panan: Method) -> None:
    tried = with_limits(panan, [("stages.village.limit.red", "12h")]).stages["village"].limit
    kept = panan.stages["village"].limit
    assert tried is not None and kept is not None
    assert tried.at("red") == parse_budget("12h") != kept.at("red")
    assert tried.at("yellow") == kept.at("yellow")


def test_the_call_back_has_a_limit_too(panan: Method) -> None:
    limit = with_limits(panan, [("call_back.within", "3d")]).stages["call-back"].limit
    assert limit is not None and limit.at("green") == parse_budget("3d")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("stages.vilage.limit", "2d", 'Did you mean "village"?'),
        ("stages.closed.limit", "2d", "no stage “closed” has a limit"),
        ("stages.village.limit.blue", "2d", "no level “blue”"),
        ("stages.village.limit", "soon", "is not a budget"),
    ],
)
def test_a_limit_that_is_not_there_gets_a_sentence(panan: Method, name: str, value: str, says: str) -> None:
    with pytest.raises(BadInput) as told:
        with_limits(panan, [(name, value)])
    assert says in str(told.value)


def test_hours_of_a_stage_belong_to_the_scenario() -> None:
    assert for_method(("stages.grid.limit", "2d")) and for_method(("call_back.within", "2d"))
    assert not for_method(("stages.grid.hours", "2")) and not for_method(("arrivals", "2"))
