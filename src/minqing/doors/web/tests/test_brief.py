"""The brief of a day: figures with sentences, no small cell, one sheet of paper."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pypdf
import pytest

from minqing.base import moments
from minqing.doors.web.reception import sheet
from minqing.doors.web.reception.sheet import sheet_of
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_desk import TOWN, VILLAGE, html_of
from minqing.doors.web.tests.test_matter import COUNTY, GRID
from minqing.insight.measures.days import Day, Owing
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.versions import current_method
from minqing.kernel.methods.words import ENDS
from minqing.registers.regions.codes import code_of, county_of, parse_code, town_of
from minqing.registers.regions.queries import units_by_slug
from minqing.tools.letters.typesetting import typesetter


class _Named(NamedTuple):
    name: str


@pytest.fixture
def seven(pages: Pages) -> list[str]:
    """Six lamps and somebody in danger, today."""
    texts = ["村口路灯不亮"] * 6 + ["有人要跳楼，快来"]
    made = [Concern(place=parse_code(pages.grids[0]), channel="window", title=one, text=one) for one in texts]
    return [one.code for one in report(made, current_method("wushan-three-rests"))]


def test_the_page_tells_the_day_in_figures_and_sentences(pages: Pages, seven: list[str]) -> None:
    said = html_of(pages.as_(COUNTY), "/reception/brief")
    assert "当天收到反映 7 件" in said and "其中紧急事项 1 件，已发出通知" in said and "要盯住的事" in said
    assert "已当场通知" not in said, "nobody is known to have been reached"


def test_what_is_against_a_unit_is_not_counted_for_it_nor_for_those_below(pages: Pages) -> None:
    town = units_by_slug([TOWN])[TOWN]

    def came(who: str) -> str:
        return re.findall(r"heap-count[^>]*>([^<]+)<", html_of(pages.as_(who), "/reception/brief"))[0]

    before = came(TOWN), came(COUNTY)
    concern = Concern(
        parse_code(pages.grids[0]), channel="window", title="办事拖拉", text="镇上办事拖拉", against=(town,)
    )
    report([concern], current_method("wushan-three-rests"))
    assert (came(TOWN), came(COUNTY)) == (before[0], str(int(before[1]) + 1))


def test_only_of_those_somebody_answered_to_is_that_said() -> None:
    def said(urgent: int, answered: int) -> str:
        day = Day(came=30, urgent=urgent, answered=answered)
        return sheet_of(day, moments.today(), "演示县", "zh", today=False).sections[0].text[0]

    assert "其中紧急事项 7 件，2 件已有人到场或回应，5 件已发出通知。" in said(7, 2)
    assert "其中紧急事项 7 件，已有人到场或回应。" in said(7, 7)
    assert "其中紧急事项 7 件，已发出通知。" in said(7, 0)


def test_ends_stand_apart_and_what_came_back_is_told_by_its_reason() -> None:
    day = Day(came=30, ends={"satisfied": 12, "not_called": 6}, reopened=2, alarmed=1, sent_back=3)
    sheet = sheet_of(day, moments.today(), "演示县", "zh", today=False)
    said = sheet.sections[0].text[0]
    assert "办结 18 件" in said and "2 件应反映人要求重新办理" in said
    assert "3 件回访时反映人不满意" in said and "1 件办结后发现紧急情况" in said
    (ends,) = [table for table in sheet.tables if table.title == "怎样办结的"]
    assert ends.rows == (("回访满意", "12"), (ENDS["not_called"][0], "6"))


def test_a_place_below_the_towns_does_not_tell_how_few_came_in() -> None:
    day = Day(
        came=3, came_before=1, urgent=1, settled=2, ends={"satisfied": 1}, categories={"order": 3}, owing=Owing(9, 2)
    )
    village = sheet_of(day, moments.today(), "演示村", "zh", today=True, few=True)
    assert [tile.count for tile in village.tiles] == ["不到 5", "不到 5", "不到 5", "不到 5", "2"]
    assert village.tiles[0].beside == "前一天 不到 5" and "收到反映 不到 5 件" in village.sections[0].text[0]
    town = sheet_of(day, moments.today(), "演示镇", "zh", today=True)
    assert town.tiles[0].count == "3"


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
    late = sheet_of(replace(day, late={town: 6}), moments.today(), "演示县", "zh", today=True).tables[0]
    assert late.head == ("地方", "在办已超时") and [row[1] for row in late.rows] == ["6"]
    few = sheet_of(Day(came=3, places={town: 3}), moments.today(), "演示县", "zh", today=True).tables
    assert [table.title for table in few] == ["按类别"], "the only place would be that of all three"


def test_a_small_cell_of_what_is_late_does_not_come_out_beside_what_is_known_of_no_place(pages: Pages) -> None:
    town = town_of(parse_code(pages.grids[0]))
    assert town is not None

    def places(late: dict[int, int], came: dict[int, int]) -> list[tuple[str, ...]]:
        day = Day(came=sum(came.values()), late=late, places=came, owing=Owing(90, sum(late.values())))
        tables = sheet_of(day, moments.today(), "演示县", "zh", today=True).tables
        return [row[1:] for table in tables if table.title == "按地方" for row in table.rows]

    assert places({town: 2}, {town: 9}) == [("9",)], "two late ones are hidden, the column with them"
    assert places({town: 9, 0: 2}, {town: 9, 0: 7}) == [("9",), ("7",)], "else the two of no place were 11 less 9"
    assert places({town: 9, 0: 6}, {town: 9, 0: 7}) == [("9", "9"), ("7", "6")]


def test_the_fullest_day_still_stands_on_one_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = [parse_code(f"330727{number}") for number in range(101, 115)]
    monkeypatch.setattr(
        sheet, "known_places", lambda keys: {key: _Named("演示一个名字很长的民族乡（街道）") for key in keys}
    )
    day = Day(
        999, 999, 99, 50, 999, dict.fromkeys(ENDS, 99), 99, 99, 99,
        places=dict.fromkeys(towns, 999), categories={f"class-{number}": 9 for number in range(40)},
        late=dict.fromkeys(towns, 99), owing=Owing(9999, 999, 999, 99, 99, 9),
    )  # fmt: skip
    due = [("K7M2-9QXB", "演示一个名字很长的单位综合服务中心", "24:00")] * 8
    made = sheet_of(day, moments.today(), "演示县", "zh", today=True, due=due)
    assert [len(table.rows) for table in made.tables] == [14, 14, len(ENDS), 8]
    assert len(typesetter().pictures(made, ppi=30)) == 1


def test_what_ends_today_stands_in_its_order_in_one_statement(
    pages: Pages, seven: list[str], django_assert_max_num_queries: Any
) -> None:
    client = pages.as_(COUNTY)
    html_of(client, "/reception/brief")
    with django_assert_max_num_queries(30):
        html_of(client, "/reception/brief")


def test_what_the_countys_own_units_owe_late_has_a_row_of_its_own(pages: Pages) -> None:
    town = town_of(parse_code(pages.grids[0]))
    assert town is not None

    def places(day: Day, own: str = "县级单位手上的") -> list[tuple[str, ...]]:
        tables = sheet_of(day, moments.today(), "演示县", "zh", today=True, own=own).tables
        return [row for table in tables if table.title == "按地方" for row in table.rows]

    many = Day(came=9, places={town: 9}, late={town: 20}, owing=Owing(90, 20, late_own=16))
    assert places(many)[-1] == ("县级单位手上的", "", "16") and len(places(many)) == 2
    assert [row[1:] for row in places(many, own="")] == [("9", "20")], "a village has no parts"
    assert places(replace(many, late={town: 3}, places={}, owing=Owing(90, 3, late_own=2))) == [("县级单位手上的", "2")]
    assert len(places(replace(many, owing=Owing(90, 20)))) == 1


def test_figures_lead_to_the_lists_that_count_the_same(pages: Pages, seven: list[str]) -> None:
    client = pages.as_(COUNTY)
    moments.shift_by(timedelta(days=30))
    try:
        said = html_of(client, "/reception/brief")
        (late,) = re.findall(r'<a class="card heap" href="([^"]+)">.*?heap-count[^>]*>(\d+)<', said, re.S)
        assert late[0] == "/inbox?list=area&amp;late=1" and int(late[1]) == 7
        town = town_of(parse_code(pages.grids[0]))
        (there,) = re.findall(r'href="(/matters\?place=\d+&amp;late=1)">(\d+)<', said)
        assert f"place={code_of(town)}" in there[0] and int(there[1]) == 7
        assert "县级单位手上的" not in said, "the grid owes them all"
        for address, count in (late, there):
            listed = html_of(client, address.replace("&amp;", "&"))
            assert len({code for code in seven if code in listed}) == int(count), address
    finally:
        moments.shift_by(timedelta(0))


def test_what_a_county_unit_owes_late_is_told_apart(pages: Pages) -> None:
    county = county_of(parse_code(pages.grids[0]))
    report([Concern(county, channel="window", title="灯", text="路灯不亮")] * 2, current_method("wushan-three-rests"))
    moments.shift_by(timedelta(days=60))
    try:
        said = html_of(pages.as_(COUNTY), "/reception/brief")
    finally:
        moments.shift_by(timedelta(0))
    row = re.search(r"县级单位手上的</th>(.*?)</tr>", said, re.S)
    assert row is not None and ">2<" in row[1]
