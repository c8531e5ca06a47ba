"""Bodies and headers are read strictly."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import RequestFactory
from pydantic import ValidationError

from minqing.doors.api.preconditions import expected, requested, tongue
from minqing.doors.api.reading import read_json
from minqing.doors.counter.faults import of_shape
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import ReportIn
from minqing.registers.accounts.rules import Viewer

FACTORY = RequestFactory()
REPORT = {"title": "路灯不亮", "text": "", "place": "330727", "channel": "web"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (rb'{"a": "\ud800"}', 422),
        (rb'{"\udfff": 1}', 422),
        (rb'["\u0000"]', 422),
        (b'{"a": 1, "a": 1}', 422),
        (b'[{"b": {"a": 1, "c": 2, "a": 1}}]', 422),
    ],
)
def test_what_is_no_json_or_cannot_be_stored_is_a_problem(body: bytes, status: int) -> None:
    with pytest.raises(Problem) as told:
        read_json(body)
    assert told.value.status == status


def test_a_pair_of_surrogates_is_a_character_like_any_other() -> None:
    assert read_json(rb'{"a": "\ud83d\ude00"}') == {"a": "😀"}


@pytest.mark.parametrize(("header", "position"), [("7", 7), ('"7"', 7), ('W/"7"', 7), ("*", None), (None, None)])
def test_if_match_takes_the_position_quoted_or_bare(header: str | None, position: int | None) -> None:
    headers = {"If-Match": header} if header else {}
    assert expected(FACTORY.post("/", headers=headers)) == position


@pytest.mark.parametrize("header", ["seven", '"', "-1", "٣", '"1", "2"'])
def test_another_if_match_is_a_problem(header: str) -> None:
    with pytest.raises(Problem):
        expected(FACTORY.post("/", HTTP_IF_MATCH=header))


def test_a_key_is_the_tokens_own_and_its_digest_covers_address_and_body() -> None:
    def asked(path: str, body: bytes, token: int, key: str = "k"):
        request = FACTORY.post(path, body, "application/json", headers={"Idempotency-Key": key})
        return requested(request, Viewer(token=token), body)

    one = asked("/a", b"{}", 1)
    assert asked("/a", b"{}", 1) == one
    assert asked("/a", b"[]", 1).key == one.key and asked("/a", b"[]", 1).digest != one.digest
    assert asked("/b", b"{}", 1).digest != one.digest
    assert asked("/a", b"{}", 2).key != one.key
    assert asked("/a", b"{}", 1, "l").key != one.key
    for key in ("", " ", "键", "k" * 201):
        with pytest.raises(Problem):
            asked("/a", b"{}", 1, key)


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "zh"),
        ("en", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr", "zh"),
        ("*;q=x", "zh"),
    ],
)
def test_titles_are_chinese_unless_english_is_liked_better(header: str, lang: str) -> None:
    assert tongue(FACTORY.get("/", headers={"Accept-Language": header})) == lang


@pytest.mark.parametrize(
    "told",
    [
        {"place": 330727},
        {"place": "12345"},
        {"place": "033072"},
        {"title": ""},
        {"title": " \u3000"},
        {"title": "灯\n"},
        {"title": "灯\u0085"},
        {"title": "长" * 501},
        {"text": "长" * 100_001},
        {"text": "\ud800"},
        {"people": "3"},
        {"people": True},
        {"people": 0},
        {"external_due": 1780000000},
        {"external_due": "2026-13-01T00:00:00Z"},
        {"reporter": {"name": "演示", "nickname": "x"}},
        {"reporter": {"nobody": 1}},
        {"against": ["演示镇"]},
        {"against": ["post:0"]},
        {"channel": "热线"},
        {"tags": []},
    ],
)
def test_a_report_has_exactly_its_fields_and_their_kinds(told: dict[str, object]) -> None:
    ReportIn.model_validate(REPORT)
    with pytest.raises(ValidationError):
        ReportIn.model_validate(REPORT | told)


@pytest.mark.parametrize(
    ("told", "at", "said"),
    [
        ({"title": "长" * 501}, "title", "最多 500 字"),
        ({"title": None}, "title", "应为文字"),
        ({"people": 0}, "people", "不能小于 1"),
        ({"people": 3_000_000}, "people", "不能大于 1000000"),
        ({"place": "x"}, "place", "[1-9][0-9]{5,14}"),
        ({"against": ["police"] * 21}, "against", "最多 20 项"),
        ({"reporter": {"way": "鸽子"}}, "reporter.way", "'phone'"),
        ({"reporter": "王"}, "reporter", "应为 JSON 对象"),
        ({"external_due": "明天"}, "external_due", "2026-06-01T10:00:00+08:00"),
        ({"字" * 5000: 1}, "字" * 60, "没有这一栏"),
    ],
)
def test_a_fault_of_shape_says_where_and_what_to_do_and_repeats_nothing(
    told: dict[str, object], at: str, said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        ReportIn.model_validate(REPORT | told)
    for before in ((), ("body", "body")):
        faults = [{**fault, "loc": (*before, *fault["loc"])} for fault in caught.value.errors()]
        document = of_shape(faults).document()
        (fault,) = document["errors"]
        assert fault["at"] == at and said in fault["fault"]
        assert re.match("[\u4e00-\u9fff]", fault["fault"]) and fault["fault"].endswith("）")
        assert f"{at} {fault['fault']}" in document["detail"] and len(document["detail"]) < 300
        assert "鸽子" not in str(document) and "明天" not in str(document)


def test_every_kind_of_fault_that_our_shapes_can_have_is_said_in_chinese() -> None:
    assert of_shape([{"loc": ("body", "body"), "type": "missing"}]).detail.startswith("请求的内容不合格式：必填")
    assert "接口说明" in of_shape([{"loc": ("query", "query", "late"), "type": "new_kind"}]).detail


def test_a_moment_is_told_with_its_offset_and_kept_in_chinese_time() -> None:
    read = ReportIn.model_validate(REPORT | {"external_due": "2026-06-01T02:00:00Z"}).external_due
    assert read == dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC) and read.utcoffset() == dt.timedelta(hours=8)
