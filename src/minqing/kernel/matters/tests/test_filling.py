"""Forms: what may stand in a journal line, and what is a body."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minqing.kernel.matters.commands import Refusal, Refused, Report
from minqing.kernel.matters.filling import check_form
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


@pytest.mark.parametrize(
    ("type_", "fits", "words"),
    [
        ("date", "2026-06-09", "下周三，张三家"),
        ("moment", "2026-06-09T10:00:00+08:00", "2026-06-09"),
        ("place", "330727101201001", "张家门口"),
        ("unit", "12", "水务所老王"),
    ],
)
def test_a_field_of_each_type_takes_no_words(wushan: Method, type_: str, fits: str, words: str) -> None:
    form = {**wushan.form, "cause": replace(wushan.form["cause"], type=type_, of=())}
    method = replace(wushan, form=form)
    check_form({"cause": fits}, (), method)
    with pytest.raises(Refused):
        check_form({"cause": words}, (), method)


def test_a_step_without_results_takes_no_words_as_its_result(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report("漏水")
    for verb in ("accept", "note", "assign"):
        assert trial.refused(worker(GRID), verb, result="某人电话", body="f" * 64, person=11) == "result"
