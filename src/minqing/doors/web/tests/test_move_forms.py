"""Moves are drawn from their own schema and read back into what the schema takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from minqing.doors.counter.forms import shown_moves
from minqing.doors.web.matter.move_forms import MoveForm, form_of, read
from minqing.kernel.matters.offers import Ask, Offer, ResultOffer

WORDS = Ask("reason", "text", False, "说明", "remarks")
PAPERS = Ask("records", "records", True, "材料", "records", (("result", "办理结果"), ("photo", "照片")))
UNITS = tuple((number, f"演示单位{number}") for number in range(1, 31))
SETTLE = Offer("settle", "办结", "settle", (PAPERS, WORDS), clears=(1,))
CALL_BACK = Offer(
    "call_back", "回访", "call back", (WORDS,),
    (
        ResultOffer("satisfied", "满意", "satisfied", (), (2,)),
        ResultOffer("unsatisfied", "不满意", "unsatisfied", (Ask("reason", "text", True, "理由", "why"),)),
    ),
)  # fmt: skip
RULE = Offer("rule", "裁定", "rule", (), (ResultOffer("theirs", "由其办理", "theirs"),))
WHISTLE = Offer(
    "whistle", "吹哨", "whistle",
    (Ask("unit", "unit", True, "吹哨给", "whom", UNITS), Ask("units", "choices", False, "同时", "more", UNITS)),
)  # fmt: skip
EVERY = Offer(
    "correct", "更正", "correct",
    (
        Ask("people", "count", False, "人数", "people", least=1),
        Ask("form.cost", "number", False, "费用", "cost"),
        Ask("form.safe", "yes_no", False, "是否安全", "safe"),
        Ask("form.on", "date", False, "日期", "day"),
        Ask("form.at", "moment", False, "时间", "moment"),
        Ask("form.cause", "choice", False, "起因", "cause", (("邻里", "邻里"), ("物业", "物业"))),
        Ask("place", "place", False, "地点", "place"),
        Ask("against", "choices", False, "单位", "units", UNITS[:3]),
        Ask("form.who", "text", False, "姓名", "who", most=40),
    ),
    one_of=("people", "form.cost", "form.safe", "form.on", "form.at", "form.cause", "place", "against", "form.who"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def move_of(offer: Offer) -> dict[str, Any]:
    return shown_moves([offer], "zh")[0]


def html_of(form: MoveForm) -> str:
    return render_to_string("web/parts/move_form.html", {"form": form, "action": "/there", "hidden": [("once", "1")]})


@pytest.mark.parametrize(
    ("offer", "typed", "fields"),
    [
        (SETTLE, "records=result&records=photo&reason=", {"records": ["result", "photo"]}),
        (SETTLE, "records=photo&records=result&reason=+修好了%0D%0A谢谢 ",
         {"records": ["photo", "result"], "reason": "修好了\n谢谢"}),
        (CALL_BACK, "result=satisfied&reason%40unsatisfied=不看&reason%40satisfied=好",
         {"result": "satisfied", "reason": "好"}),
        (CALL_BACK, "result=unsatisfied&reason%40unsatisfied=还漏", {"result": "unsatisfied", "reason": "还漏"}),
        (RULE, "result=theirs", {"result": "theirs"}),
        (WHISTLE, "unit=3&units=4&units=5&units=4", {"unit": 3, "units": [4, 5]}),
        (EVERY, "people=3&form.cost=1.5&form.safe=false&form.on=2026-06-01&form.at=2026-06-01T10:00",
         {"people": 3, "form.cost": 1.5, "form.safe": False, "form.on": "2026-06-01",
          "form.at": "2026-06-01T10:00:00+08:00"}),
        (EVERY, "form.cause=物业&place=330727101201&against=1&against=3&form.who=演示甲",
         {"form.cause": "物业", "place": "330727101201", "against": [1, 3], "form.who": "演示甲"}),
    ],
)  # fmt: skip
def test_what_was_typed_is_read_as_the_schema_takes_it(offer: Offer, typed: str, fields: dict[str, Any]) -> None:
    told = read(move_of(offer), QueryDict(typed))
    assert (told.fields, told.faults) == (fields, {})
    assert jsonschema_rs.Draft202012Validator(move_of(offer)["fields"]).is_valid(told.fields)


@pytest.mark.parametrize(
    ("offer", "typed", "where", "said"),
    [
        (SETTLE, "", "records", "请选择"),
        (SETTLE, "records=result", "records", "2 项都要有"),
        (CALL_BACK, "", "result", "请选一个结果"),
        (CALL_BACK, "result=unsatisfied&reason%40satisfied=别处", "reason", "请填写"),
        (RULE, "", "result", "请选择"),
        (WHISTLE, "unit=abc", "unit", "整数"),
        (EVERY, "", "people", "至少填一项"),
        (EVERY, "people=0", "people", "不能小于 1"),
        (EVERY, "people=99999999", "people", "不能大于"),
        (EVERY, "form.cost=much", "form.cost", "数字"),
        (EVERY, "form.on=1.6.2026", "form.on", "日期"),
        (EVERY, "form.at=gestern", "form.at", "日期和时间"),
        (EVERY, "form.safe=maybe", "form.safe", "请选"),
        (EVERY, "form.who=" + "长" * 41, "form.who", "最多 40 字"),
        (EVERY, "form.who=a%00b", "form.who", "不能保存"),
    ],
)
def test_what_is_missing_or_wrong_is_told_beside_its_field(offer: Offer, typed: str, where: str, said: str) -> None:
    posted = QueryDict(typed)
    told = read(move_of(offer), posted)
    assert said in told.faults[where]
    form = form_of(move_of(offer), posted, told.faults)
    assert form.faults and said in form.faults[0][2]
    assert said in html_of(form) and f'href="#{form.faults[0][0]}"' in html_of(form)


def test_what_was_typed_stands_in_the_controls_again() -> None:
    posted = QueryDict("result=unsatisfied&reason%40unsatisfied=<b>还漏</b>&reason%40satisfied=好")
    html = html_of(form_of(move_of(CALL_BACK), posted))
    assert "&lt;b&gt;还漏&lt;/b&gt;</textarea>" in html and ">好</textarea>" in html
    assert 'value="unsatisfied" id="call_back-result-unsatisfied" checked' in html
    html = html_of(form_of(move_of(WHISTLE), QueryDict("unit=7&units=9")))
    assert '<option value="7" selected>' in html and 'value="9" checked' in html


def test_a_long_list_gets_a_box_to_find_in_and_a_short_one_none() -> None:
    assert html_of(form_of(move_of(WHISTLE))).count("data-finds=") == 2
    assert "data-finds=" not in html_of(form_of(move_of(SETTLE)))


def test_places_are_offered_where_the_page_knows_some() -> None:
    form = form_of(move_of(EVERY), choices={"place": [("330727101201", "演示村")]})
    assert '<option value="330727101201">演示村</option>' in html_of(form)


def test_every_control_has_a_title_of_its_own() -> None:
    for offer in (SETTLE, CALL_BACK, RULE, WHISTLE, EVERY):
        form = form_of(move_of(offer))
        html = html_of(form)
        every = (*form.controls, *(one for branch in form.branches for one in branch.controls))
        for control in every:
            titled = f'for="{control.id}"' if not control.grouped else f'<fieldset class="mb-3" id="{control.id}"'
            assert html.count(titled) == 1, control
        assert len({control.id for control in every}) == len(every)


def test_a_move_that_asks_for_nothing_can_be_sent_as_it_is() -> None:
    assert form_of(move_of(Offer("accept", "接单", "accept", (WORDS,)))).plain
    assert not form_of(move_of(SETTLE)).plain and not form_of(move_of(EVERY)).plain
