"""Keys without effect so far are told to whoever checks a file, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

from minqing.kernel.methods.model import Method
from minqing.kernel.methods.remarks import remarks
from minqing.kernel.methods.titles import Title


def test_what_has_no_effect_yet_is_told_with_its_line(little: Method) -> None:
    lines = {
        "stages.open": 1, "records.do": 2, "stages.grid.moves.open": 3, "stages.grid.moves.settle.results.open": 4,
        "pauses": 5, "pauses.wait": 6, "stages.grid.extend": 7, "stages.grid.extend.by": 8, "duties.pay.each": 9,
        "stages.grid.enter.do": 10, "triage.0.open": 11, "stages.grid.in_batches": 12, "duties.open": 13,
    }  # fmt: skip
    told = remarks(replace(little, lines=lines), "little.yaml")
    assert [one.line for one in told] == [9, 10, 11, 12]
    assert str(told[0]) == 'little.yaml:9: "each" is read and checked, but has no effect yet'
    assert told[0].zh == "写了“each”：会检查，但目前还不起作用"


def test_what_a_file_that_speaks_english_leaves_in_chinese_is_told_with_its_line(little: Method) -> None:
    said = {
        "title": Title("小镇办法", "Little town"),
        "kinds.plea": Title("诉求", "plea"),
        "stages.grid.is": Title("网格先办"),
    }
    lines = {"title": 2, "kinds.plea": 6, "stages.grid.is": 20}
    told = remarks(replace(little, said=said, lines=lines), "little.yaml")
    assert [str(one) for one in told] == ['little.yaml:20: "网格先办" has no English: write {zh: ..., en: ...}']
    assert told[0].zh == "“网格先办”没有英文：请写成 {zh: ..., en: ...}"


def test_a_file_that_is_chinese_but_for_its_title_is_told_nothing(little: Method) -> None:
    said = {"title": Title("小镇办法", "Little town"), "stages.grid.is": Title("网格先办")}
    assert remarks(replace(little, said=said, lines={"title": 2, "stages.grid.is": 20}), "little.yaml") == []


def test_the_same_chinese_with_two_english_wordings_is_told_where_the_second_stands(little: Method) -> None:
    said = {
        "kinds.plea": Title("诉求", "plea"),
        "kinds.other": Title("诉求", "appeal"),
        "kinds.third": Title("诉求", "plea"),
    }
    lines = {"kinds.plea": 6, "kinds.other": 7, "kinds.third": 8}
    (told,) = remarks(replace(little, said=said, lines=lines), "a.yaml")
    assert str(told).startswith('a.yaml:7: "诉求" is "plea" in English in line 6: ')
    assert "第 6 行的英文是“plea”" in told.zh
