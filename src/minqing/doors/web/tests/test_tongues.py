"""Sentences that are told in both tongues are shown in the one of the page."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tongues import in_tongue

SAID = [
    ("编码不对：请核对（the code is wrong: check it）", "编码不对：请核对", "The code is wrong: check it"),
    ("不在“东村”（那里）办", "不在“东村”（那里）办", "不在“东村”（那里）办"),
    ("这种文件不能上传（only pictures）。", "这种文件不能上传", "Only pictures"),
    ("没有“详情”这一列（the table has no column “详情”）", "没有“详情”这一列", "The table has no column “详情”"),
    ("请传照片（PDF 文件也行）", "请传照片（PDF 文件也行）", "请传照片（PDF 文件也行）"),
    ("只有中文", "只有中文", "只有中文"),
]


@pytest.mark.parametrize(("said", "zh", "en"), SAID)
def test_one_half_is_shown(said: str, zh: str, en: str) -> None:
    with override("zh-hans"):
        assert in_tongue(said) == zh
    with override("en"):
        assert in_tongue(said) == en


def test_a_page_in_english_refuses_in_english(pages: Pages) -> None:
    wrong = {"code": "2222-2222", "secret": "AAAAA-AAAAA"}
    page = pages.as_().post("/follow", wrong, headers={"accept-language": "en"}).content.decode()
    assert "The code or the secret is wrong" in page and "编码或密码不对" not in page
