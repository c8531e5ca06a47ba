from __future__ import annotations

import datetime as dt

import pytest

from minqing.base.moments import CHINA
from minqing.tools.notice.wording import (
    CLOSED,
    RESIDENT,
    STAFF,
    by_when,
    digest,
    fill_resident,
    fill_staff,
    spoken,
    until_when,
)

NOW = dt.datetime(2026, 6, 1, 10, 0, tzinfo=CHINA)
GAPS = {
    "code": "K7M2-9QX7", "unit": "演示镇", "by": "，最迟6月3日", "back": "，您也可以回拨 12345", "letter": "告知书",
    "until": "没办好，7月1日前说一声就重新办。", "secret": "7KQ2M-XP94R", "site": "https://minqing.example.gov.cn/f",
    "phone": "12345", "from": "演示县民情中心",
}  # fmt: skip
SAID = [(kind, "") for kind in RESIDENT] + [("closed", end) for end in CLOSED]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("kind", "end"), SAID)
def test_every_sentence_is_whole_names_the_code_and_fits_a_few_messages(kind, end, lang):
    said = fill_resident(kind, end, False, GAPS, lang)
    assert "K7M2-9QX7" in said and "{" not in said and "。。" not in said and "  " not in said
    assert len(said) <= (210 if lang == "zh" else 420)
    assert ("7KQ2M" in said) is (kind == "receipt")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("phone", ["", "12345"])
def test_in_neutral_words_every_kind_sounds_the_same(lang, phone):
    said = {fill_resident(kind, end, True, GAPS | {"phone": phone}, lang) for kind, end in SAID}
    assert len(said) == 1
    (neutral,) = said
    assert not [word for word in ("演示", "反映", "concern", "办结", "closed", "7KQ2M", "https") if word in neutral]


@pytest.mark.parametrize(("site", "phone"), [("", ""), ("", "12345"), ("https://a.cn", ""), ("https://a.cn", "12345")])
def test_how_to_follow_names_only_what_the_county_has(site, phone):
    said = fill_resident("progress", "", False, GAPS | {"site": site, "phone": phone}, "zh")
    assert ("https://a.cn" in said) is bool(site) and ("12345" in said) is bool(phone)
    assert said.endswith("。") and "{" not in said


def test_a_moment_is_said_as_one_says_it():
    assert spoken(NOW.replace(day=3, hour=0), NOW) == "6月2日"
    assert spoken(NOW.replace(day=3, hour=18, minute=30), NOW) == "6月3日18点30分"
    assert spoken(NOW.replace(year=2027, hour=9), NOW) == "2027年6月1日9点"
    assert spoken(NOW.replace(day=3, hour=0), NOW, "en") == "2026-06-02"
    assert by_when(NOW - dt.timedelta(days=1), NOW, "zh") == "" == by_when(None, NOW, "zh")
    assert until_when(None, NOW, "zh") == ""


@pytest.mark.parametrize("kind", STAFF)
def test_a_unit_reads_the_code_and_what_to_do(kind):
    for lang in ("zh", "en"):
        assert "K7M2-9QX7" in fill_staff(kind, {"code": "K7M2-9QX7", "by": "", "letter": "督办单"}, lang)


def test_one_line_stands_alone_and_several_are_counted():
    assert digest(["甲"], "演示县", "zh") == "演示县：甲" and digest(["甲"], "", "zh") == "甲"
    assert digest(["甲", "乙"], "演示县", "zh").splitlines() == ["演示县：你单位有 2 条提醒", "甲", "乙"]
