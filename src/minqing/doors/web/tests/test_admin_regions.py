"""The county's places on the administrator's pages: table, map, list taken out, changed and taken back in."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.trial_county import COUNTY
from minqing.registers.accounts.queries import posts
from minqing.registers.regions.actions import end_post
from minqing.registers.regions.codes import parse_code
from minqing.registers.regions.grids import GridChange, change_grids, locate
from minqing.registers.regions.place_cells import COLUMNS
from minqing.registers.regions.place_list import MOST_ROWS
from minqing.registers.regions.places import places_in

TOWN, VILLAGE = f"{COUNTY}101", f"{COUNTY}101201"
GRID = f"{VILLAGE}001"


def sheet(*rows: dict[str, str], names: tuple[str, ...] = tuple(COLUMNS)) -> SimpleUploadedFile:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([COLUMNS[name] for name in names])
    writer.writerows([[row.get(name, "") for name in names] for row in rows])
    return SimpleUploadedFile("名单.csv", file.getvalue().encode("gb18030"))


def hidden(page: str) -> dict[str, str]:
    """What the preview sends back when it is confirmed."""
    rows = re.search(r'<textarea name="rows" hidden>(.*?)</textarea>', page, re.S)
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert rows and mark
    return {"rows": rows[1].replace("&quot;", '"').replace("&#x27;", "'"), "mark": mark[1], "do": "apply"}


def grids() -> list[tuple[str, int | None, bool]]:
    rows = [row for row in places_in(parse_code(COUNTY)) if row.level == "grid"]
    return [(row.name, row.households, row.closed is not None) for row in rows]


def points_in(page: str) -> list[dict[str, object]]:
    told = re.search(r'<script id="points" type="application/json">(.*?)</script>', page)
    return json.loads(told[1]) if told else []


def test_a_place_stands_with_its_unit_and_who_serves_there(office: Client) -> None:
    first = office.get("/admin/regions").content.decode()
    assert f"?town={TOWN}" in first and "1 个村（社区）" in first and GRID not in first
    page = office.get("/admin/regions", {"town": TOWN}).content.decode()
    assert f"/admin/units/grid-{GRID}" in page and f'id="p-{GRID}"' in page
    serving = [row.person for row in posts(f"grid-{GRID}")]
    assert serving and f"网格员 {'、'.join(serving)}" in page


def test_where_nobody_serves_the_unit_that_acts_is_named(office: Client) -> None:
    for row in posts(f"grid-{GRID}"):
        end_post(row.post, row.starts)
    page = office.get("/admin/regions", {"q": GRID}).content.decode()
    assert "无人任职" in page and "现由演示201村办" in page


def test_the_map_draws_the_places_of_the_table_and_no_others(office: Client) -> None:
    locate({parse_code(TOWN): (29.1, 120.4), parse_code(VILLAGE): (29.12, 120.41), parse_code(GRID): (29.13, 120.42)})
    page = office.get("/admin/regions", {"town": TOWN}).content.decode()
    drawn = points_in(page)
    assert [one["code"] for one in drawn] == [TOWN, VILLAGE, GRID]
    assert all(f'id="p-{one["code"]}"' in page for one in drawn)
    assert drawn[2]["up"] == VILLAGE and drawn[2]["at"] == [29.13, 120.42]
    assert [one["code"] for one in points_in(office.get("/admin/regions").content.decode())] == [TOWN]
    without = office.get("/admin/regions", {"only": "unlocated"}).content.decode()
    assert points_in(without) == [] and f'id="p-{GRID}"' not in without


def test_the_list_that_is_taken_out_is_taken_back_in_without_a_change(office: Client) -> None:
    locate({parse_code(GRID): (29.13, 120.42)})
    for form in ("csv", "xlsx"):
        answer = office.get("/admin/regions/list", {"as": form})
        assert f'filename="places-{COUNTY}.{form}"' in answer["Content-Disposition"]
        sent = SimpleUploadedFile(f"list.{form}", answer.content)
        page = office.post("/admin/regions/import", {"file": sent}).content.decode()
        assert "没有可以写入的内容" in page and "没有变化 4" in page, form
    book = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    codes = [cell for cell in book["A"] if cell.value == GRID]
    assert [(cell.data_type, cell.number_format) for cell in codes] == [("s", "@")]


def test_nothing_is_written_before_it_was_seen_and_confirmed(office: Client) -> None:
    before = grids()
    rows = [
        {"code": GRID, "name": "东片网格", "households": "120"},
        {"above": VILLAGE, "name": "三网格", "kind": "城市网格"},
        {"above": VILLAGE, "name": "四网格", "households": "许多"},
    ]
    page = office.post("/admin/regions/import", {"file": sheet(*rows)}).content.decode()
    assert "读到 3 行" in page and "写入这 2 行" in page and grids() == before
    assert "东片网格" in page and "请写 0 到 999999 的整数" in page and 'data-label="行">4<' in page
    answer = office.post("/admin/regions/import", hidden(page))
    assert answer.status_code == 302 and answer["Location"] == "/admin/regions"
    assert grids() == [("东片网格", 120, False), before[1], ("三网格", None, False)]
    assert "新增 1，修改 1，停用 0，恢复 0" in office.get("/admin/regions").content.decode()


def test_a_confirmation_sent_twice_writes_once_and_says_so(office: Client) -> None:
    page = office.post("/admin/regions/import", {"file": sheet({"above": VILLAGE, "name": "三网格"})}).content.decode()
    sent = hidden(page)
    office.post("/admin/regions/import", sent)
    again = office.post("/admin/regions/import", sent)
    assert again.status_code == 422 and "名录有了变化" in again.content.decode()
    assert [name for name, *_rest in grids()].count("三网格") == 1


def test_a_second_preview_tells_again_what_could_not_be_read(office: Client) -> None:
    sent = SimpleUploadedFile("a.csv", f"代码,名称,备注\n{GRID},东片网格,x\n,乙\n".encode())
    confirmed = hidden(office.post("/admin/regions/import", {"file": sent}).content.decode())
    change_grids([GridChange(parse_code(GRID), "别的名", "rural", None)])
    answer = office.post("/admin/regions/import", confirmed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "名录有了变化" in page
    assert "只有 2 格，表头有 3 列" in page and "没有读：备注" in page and "读到 2 行" in page
    assert office.post("/admin/regions/import", hidden(page)).status_code == 302


def sent_back(**told: object) -> str:
    row = [2, [GRID if name == "code" else "x" if name == "name" else "" for name in COLUMNS]]
    return json.dumps({"rows": [row], "unread": [], "ignored": []} | told)


BROKEN = [
    sent_back(rows=[[1e999, [""] * len(COLUMNS)]]), sent_back(rows=[["2", [""] * len(COLUMNS)]]),
    sent_back(rows=[[10**400, [""] * len(COLUMNS)]]), sent_back(rows=[[2, [None] * len(COLUMNS)]]),
    sent_back(unread=[[True, "x"]]), sent_back(unread=[[2, 3]]), sent_back(ignored=[1]), sent_back(rows={"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize("rows", BROKEN)
def test_rows_that_no_preview_wrote_are_a_sentence(office: Client, rows: str) -> None:
    assert office.post("/admin/regions/import", {"rows": sent_back(), "mark": "", "do": "apply"}).status_code == 422
    answer = office.post("/admin/regions/import", {"rows": rows, "mark": "", "do": "apply"})
    assert answer.status_code == 422 and "预览的内容不完整" in answer.content.decode()


def test_half_a_character_sent_back_is_shown_and_breaks_nothing(office: Client) -> None:
    row = [2, [{"code": GRID, "name": "网\ud800格\x00"}.get(name, "") for name in COLUMNS]]
    answer = office.post("/admin/regions/import", {"rows": sent_back(rows=[row]), "mark": "", "do": "apply"})
    assert answer.status_code == 422 and "网�格�" in answer.content.decode()


def test_a_list_of_too_many_rows_is_refused_whole(office: Client) -> None:
    lines = "".join(f",网格{number}\n" for number in range(MOST_ROWS + 1))
    answer = office.post("/admin/regions/import", {"file": SimpleUploadedFile("a.csv", f"代码,名称\n{lines}".encode())})
    assert answer.status_code == 422 and "最多 5,000 行" in answer.content.decode()


@pytest.mark.parametrize("size", [6_000_000, 11_000_000])
def test_a_file_that_is_too_large_is_told_with_its_size(office: Client, size: int) -> None:
    """The larger one is dropped before a page sees it."""
    answer = office.post("/admin/regions/import", {"file": SimpleUploadedFile("a.csv", b"x" * size)})
    assert answer.status_code == 422 and f"{size // 10**6}.0 MB，最多 5 MB" in answer.content.decode()


@pytest.mark.parametrize("rows", ["", "[]", "{}", "[[1]]", '[["x",[]]]', "[[1,[1,2]]]", "[" * 5000])
def test_a_confirmation_that_is_not_whole_is_a_sentence(office: Client, rows: str) -> None:
    answer = office.post("/admin/regions/import", {"rows": rows, "mark": "", "do": "apply"})
    assert answer.status_code == 422 and "alert-danger" in answer.content.decode()


FILES = [
    (b"", "文件是空的"),
    ("甲,乙\n1,2\n".encode(), "请用这里下载的表"),
    ("代码,名称\n".encode(), "一行内容都没有"),
    (b"PK\x03\x04 torn", "工作簿不完整"),
    (b"\xd0\xcf\x11\xe0old", "另存为"),
]


@pytest.mark.parametrize(("content", "said"), FILES)
def test_a_file_that_is_no_list_is_a_sentence(office: Client, content: bytes, said: str) -> None:
    sent = SimpleUploadedFile("a.csv", content)
    answer = office.post("/admin/regions/import", {"file": sent} if content else {"file": ""})
    assert answer.status_code == 422
    assert (said if content else "请先选择文件") in answer.content.decode()


def test_lines_that_cannot_be_read_are_told_with_their_number(office: Client) -> None:
    sent = SimpleUploadedFile("a.csv", f"代码,名称,备注\n{GRID},甲\n,乙,x,多\n".encode())
    page = office.post("/admin/regions/import", {"file": sent}).content.decode()
    assert "只有 2 格，表头有 3 列" in page and "有 4 格，表头只有 3 列" in page and "备注" in page
    assert "has only" not in page


def test_what_is_said_of_rows_has_its_english(pages: Pages) -> None:
    office = browser_of(one_more(pages, "administrator"), "en")
    page = office.post("/admin/regions/import", {"file": sheet({"above": VILLAGE, "name": "x", "lat": "29.1"})})
    assert "Latitude and longitude go together" in page.content.decode()


def test_only_an_administrator_opens_these_pages(pages: Pages) -> None:
    for who in (f"grid-{GRID}", f"town-{TOWN}"):
        for path in ("regions", "regions/list", "regions/import", "mappings"):
            assert pages.as_(who).get(f"/admin/{path}").status_code == 403
    auditor = browser_of(one_more(pages, "auditor"))
    assert auditor.get("/admin/regions").status_code == 403
    assert auditor.post("/admin/regions/import", {"file": sheet({"code": GRID, "name": "x"})}).status_code == 403
