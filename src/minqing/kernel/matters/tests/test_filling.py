"""Forms: what may stand in a journal line, and what is a body."""

from __future__ import annotations

import pytest

from minqing.kernel.matters.commands import Refusal, Report
from minqing.kernel.matters.testing import GRID, PLACE, REPORTER, Trial, worker
from minqing.kernel.methods.model import Method


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"where": "张家门口"}, "words"),
        ({"phone": "13800138000"}, "words"),
        ({"cause": "天气"}, "value"),
        ({"nothing": "x"}, "field"),
    ],
)
def test_words_never_stand_in_a_line_and_values_fit_their_field(wushan: Method, form: dict, reason: str) -> None:
    trial = Trial(wushan)
    answer = trial.try_(REPORTER, Report("K7M29QXF", PLACE, "web", form=form))
    assert isinstance(answer, Refusal) and answer.reason == reason
    trial.report("漏水")
    assert trial.refused(worker(GRID), "correct", form=form) == reason


def test_a_field_of_words_is_named_as_filled_and_kept_as_a_body(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report("漏水", filled=("where", "phone"), form={"cause": "邻里"})
    assert trial.matter.filled == ("where", "phone") and trial.matter.form == {"cause": "邻里"}


@pytest.mark.parametrize("value", [-1, "两个", True, 1.5])
def test_a_count_is_a_whole_number_that_is_not_negative(panan: Method, value: object) -> None:
    trial = Trial(panan)
    answer = trial.try_(REPORTER, Report("K7M29QXF", PLACE, "web", form={"departments": value}))
    assert isinstance(answer, Refusal) and answer.reason == "value"
