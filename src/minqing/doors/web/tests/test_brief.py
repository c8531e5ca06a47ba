"""The brief of a day: figures with sentences, no small cell, one sheet of paper."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest

from minqing.base import moments
from minqing.doors.web.reception.sheet import sheet_of
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, html_of
from minqing.doors.web.tests.test_matter import COUNTY, GRID
from minqing.insight.measures.days import Day, Owing
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.versions import current_method
from minqing.registers.regions.codes import parse_code, town_of
from minqing.tools.letters.typesetting import typesetter


@pytest.fixture
def seven(pages: Pages) -> list[str]:
    """Six lamps and somebody in danger, today."""
    texts = ["村口路灯不亮"] * 6 + ["有人要跳楼，快来"]
    made = [Concern(place=parse_code(pages.grids[0]), channel="window", title=one, text=one) for one in texts]
    return [one.code for one in report(made, current_method("wushan-three-rests"))]


def test_the_page_tells_the_day_in_figures_and_sentences(pages: Pages, seven: list[str]) -> None:
    said = html_of(pages.as_(COUNTY), "/reception/brief")
    assert "当天收到反映 7 件" in said and "其中紧急事项 1 件" in said and "要盯住的事" in said


def test_the_sheet_is_one_page_in_chinese_without_a_word_of_anybody(pages: Pages, seven: list[str]) -> None:
    answer = pages.as_(TOWN).get("/reception/brief.pdf", headers={"accept-language": "en"})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    (sheet,) = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    said = "".join(sheet.extract_text().split())
    assert "社会治理日报" in said and "当天收到反映7件" in said
    assert "村口" not in said and "跳楼" not in said


def test_a_day_before_is_told_without_what_runs_now(pages: Pages, seven: list[str]) -> None:
    yesterday = moments.today() - timedelta(days=1)
    said = html_of(pages.as_(COUNTY), f"/reception/brief?day={yesterday}")
    assert "当天没有收到新的反映" in said and "要盯住的事" not in said


@pytest.mark.parametrize("day", ["tomorrow", "2999-01-01", "0001-01-01", "2026-13-01"])
def test_a_day_that_is_none_is_told_so(pages: Pages, day: str) -> None:
    assert pages.as_(COUNTY).get("/reception/brief", {"day": day}).status_code == 422


def test_only_leaders_and_centres_read_it(pages: Pages) -> None:
    for who in (GRID, VILLAGE):
        assert pages.as_(who).get("/reception/brief").status_code == 403
        assert pages.as_(who).get("/reception/brief.pdf").status_code == 403


def test_no_small_cell_is_shown_in_a_split_nor_which_it_would_be(pages: Pages) -> None:
    town = town_of(parse_code(pages.grids[0]))
    day = Day(came=19, places={town: 3}, categories={"order": 7, "utilities": 2, "land": 10}, owing=Owing(9))
    (categories,) = sheet_of(day, moments.today(), "演示县", "zh", today=True).tables
    assert [row[1] for row in categories.rows] == ["10"], "two of nineteen would come out by subtraction"
    late = sheet_of(replace(day, late={town: 1}), moments.today(), "演示县", "zh", today=True).tables[0]
    assert [len(row) for row in late.rows] == [2], "what is late is told, what came in is not"
    few = sheet_of(Day(came=3, places={town: 3}), moments.today(), "演示县", "zh", today=True).tables
    assert [table.title for table in few] == ["按类别"], "the only place would be that of all three"


def test_the_fullest_day_still_stands_on_one_sheet(pages: Pages) -> None:
    town = town_of(parse_code(pages.grids[0]))
    many = {f"class-{number}": 9 for number in range(40)}
    day = Day(999, 999, 99, 999, 999, 99, {town: 999}, many, {town: 99}, Owing(9999, 999, 999, 99, 99, 9))
    due = [("K7M2-9QXB", "演示一个名字很长的单位综合服务中心", "24:00")] * 8
    sheet = sheet_of(day, moments.today(), "演示县", "zh", today=True, due=due)
    assert len(typesetter().pictures(sheet, ppi=30)) == 1
