"""Moves describe themselves: each offer of the kernel becomes a JSON Schema that needs no other knowledge."""

from __future__ import annotations

import jsonschema_rs
import pytest

from minqing.doors.counter.forms import schema_of, shown_moves
from minqing.kernel.matters.offers import Ask, Offer, ResultOffer
from minqing.kernel.methods.titles import Title

WORDS = Ask("reason", "text", False, "说明", "remarks")
PAPERS = Ask("records", "records", True, "材料", "records", (("result", "办理结果"), ("photo", "照片")))
SETTLE = Offer("settle", "办结", "settle", (PAPERS, WORDS), clears=(1,))
CALL_BACK = Offer(
    "call_back", "回访", "call back", (WORDS,),
    (
        ResultOffer("satisfied", "满意", "satisfied", (), (2,)),
        ResultOffer("unsatisfied", "不满意", "unsatisfied", (Ask("reason", "text", True, "理由", "why"),)),
    ),
)  # fmt: skip
CORRECT = Offer(
    "correct", "更正", "correct",
    (
        Ask("people", "count", False, "人数", "people"),
        Ask("form.cause", "choice", False, "起因", "cause", (("邻里", "邻里"), ("物业", "物业"))),
        Ask("against", "choices", False, "单位", "units", ((3, "演示镇"), (4, "演示县"))),
    ),
    one_of=("people", "form.cause", "against"),
)  # fmt: skip

RECORD = Offer(
    "record", "收录材料", "record",
    (Ask("records", "records", False, "材料", "records", (("result", "办理结果"),)), WORDS),
    one_of=("records", "reason"),
)  # fmt: skip


def accepts(offer: Offer, fields: dict[str, object]) -> bool:
    schema = schema_of(offer, "zh")
    assert jsonschema_rs.meta.is_valid(schema)
    return jsonschema_rs.Draft202012Validator(schema).is_valid(fields)


@pytest.mark.parametrize(
    ("offer", "fields", "fits"),
    [
        (SETTLE, {"records": ["result", "photo"]}, True),
        (SETTLE, {"records": ["photo", "result"], "reason": "修好了"}, True),
        (SETTLE, {"records": ["result"]}, False),
        (SETTLE, {}, False),
        (SETTLE, {"records": ["result", "photo"], "unit": 3}, False),
        (CALL_BACK, {"result": "satisfied"}, True),
        (CALL_BACK, {"result": "satisfied", "reason": "谢谢"}, True),
        (CALL_BACK, {"result": "unsatisfied", "reason": "还漏"}, True),
        (CALL_BACK, {"result": "unsatisfied"}, False),
        (CALL_BACK, {"result": "angry"}, False),
        (CALL_BACK, {"result": "satisfied", "to": "red"}, False),
        (CORRECT, {"people": 3}, True),
        (CORRECT, {"form.cause": "物业", "against": [4]}, True),
        (CORRECT, {"against": [5]}, False),
        (CORRECT, {}, False),
        (RECORD, {"records": ["result"]}, True),
        (RECORD, {"records": [], "reason": "已到现场"}, True),
        (RECORD, {"records": []}, False),
    ],
)
def test_a_schema_takes_what_the_kernel_takes_and_nothing_else(
    offer: Offer, fields: dict[str, object], fits: bool
) -> None:
    assert accepts(offer, fields) is fits


def test_records_that_the_step_and_a_result_need_are_sent_in_one_list() -> None:
    result = ResultOffer("done", "办成", "done", (Ask("records", "records", True, "材料", "records", (("x", "甲"),)),))
    offer = Offer("act", "办", "act", (PAPERS,), (result,))
    assert accepts(offer, {"result": "done", "records": ["result", "photo", "x"]})
    assert not accepts(offer, {"result": "done", "records": ["x"]})


def test_papers_that_may_come_along_stand_back_for_those_that_are_needed() -> None:
    optional = Ask("records", "records", False, "材料", "records", (("minutes", "记录"),))
    offer = Offer("act", "办", "act", (optional, PAPERS))
    assert accepts(offer, {"records": ["result", "photo"]})
    assert not accepts(offer, {})


def test_results_without_needs_are_one_list_of_words_with_titles() -> None:
    offer = Offer("rule", "裁定", "rule", (), (ResultOffer("theirs", "由其办理", "for them"),))
    assert schema_of(offer, "zh")["properties"]["result"]["oneOf"] == [{"const": "theirs", "title": "由其办理"}]
    assert schema_of(offer, "en")["properties"]["result"]["oneOf"][0]["title"] == "for them"
    assert schema_of(offer, "zh")["required"] == ["result"]


def test_values_are_told_in_the_readers_tongue_and_sent_as_they_are_kept() -> None:
    of = (("邻里", Title("邻里", "neighbours")), ("物业", Title("物业")))
    offer = Offer("correct", "更正", "correct", (Ask("form.cause", "choice", False, "起因", "cause", of),))
    zh, en = (schema_of(offer, lang)["properties"]["form.cause"] for lang in ("zh", "en"))
    assert zh["enum"] == en["enum"] == ["邻里", "物业"]
    assert "oneOf" not in zh, "they are their own titles"
    assert [(one["const"], one["title"]) for one in en["oneOf"]] == [("邻里", "neighbours"), ("物业", "物业")]


def test_a_move_says_its_title_in_either_tongue_and_all_that_it_may_clear() -> None:
    zh, en = shown_moves([CALL_BACK], "zh")[0], shown_moves([CALL_BACK], "en")[0]
    assert (zh["move"], zh["title"], en["title"]) == ("call_back", "回访", "call back")
    assert zh["clears"] == [2]


def test_people_are_offered_by_number_and_name() -> None:
    offer = Offer("assign", "指定", "assign", (Ask("person", "person", True, "承办人", "who", ((11, "演示甲"),)),))
    person = schema_of(offer, "zh")["properties"]["person"]
    assert person["enum"] == [11] and person["oneOf"] == [{"const": 11, "title": "演示甲"}]
