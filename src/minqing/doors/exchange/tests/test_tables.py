"""Tables in the dirt they come in."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.base.errors import BadInput
from minqing.doors.exchange.tables import read_table
from minqing.doors.exchange.times import read_moment


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_reads_in_the_encodings_of_old_and_new_machines(tmp_path: Path, encoding: str) -> None:
    table = read_table(write(tmp_path / "a.csv", "编号,内容\n1,路灯不亮\n2,𠮷家门前积水\n".encode(encoding)))
    assert table.columns == ("编号", "内容")
    assert [row.cells["内容"] for row in table.rows] == ["路灯不亮", "𠮷家门前积水"]


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_file_cut_through_a_character_is_not_taken_for_another_encoding(tmp_path: Path, cut: int) -> None:
    whole = "编号,内容\n1,路灯不亮\n2,村口的水管坏了，没人来修\n".encode()
    table = read_table(write(tmp_path / "a.csv", whole[:-cut]))
    assert table.columns == ("编号", "内容")
    assert table.rows[0].cells["内容"] == "路灯不亮"


def test_stray_tabs_blanks_and_full_width_blanks_come_off(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", "编号,内容\n 1\t,\u3000\t路灯 不亮\n".encode()))
    assert table.rows[0].cells == {"编号": "1", "内容": "路灯 不亮"}


def test_a_quoted_cell_may_hold_lines_and_separators(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", '编号,内容\n1,"第一行,\n第二行"\n2,好\n'.encode()))
    assert table.rows[0].cells["内容"] == "第一行,\n第二行"
    assert [row.line for row in table.rows] == [2, 4]


def test_half_a_file_loses_only_its_last_row_and_says_so(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", '编号,内容\n1,好\n2,"断在这'.encode()))
    assert [row.cells["编号"] for row in table.rows] == ["1"]
    assert table.faults[0].line == 3 and "middle of this row" in table.faults[0].why


def test_rows_of_too_few_or_too_many_cells_are_told(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", "编号,内容\n1\n2,好,多\n3,好,\n".encode()))
    assert [fault.line for fault in table.faults] == [2, 3]
    assert [row.cells["编号"] for row in table.rows] == ["3"]


def test_nul_and_lone_surrogates_are_replaced_and_the_row_is_kept(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "a.csv", "编号,内容\n1,a\x00b\n".encode()))
    assert table.rows[0].cells["内容"] == "a�b"
    table = read_table(write(tmp_path / "b.csv", "编号,内容\n1,a".encode() + b"\xed\xa0\x80" + "乙，丙丁\n".encode()))
    assert len(table.rows) == 1


def test_a_megabyte_cell_is_kept_and_a_larger_one_told(tmp_path: Path) -> None:
    long, longer = "长" * 1024 * 1024, "长" * (1024 * 1024 + 1)
    table = read_table(write(tmp_path / "a.csv", f"编号,内容\n1,{long}\n2,{longer}\n".encode()))
    assert len(table.rows[0].cells["内容"]) == 1024 * 1024
    assert table.faults[0].line == 3


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n", "no header"),
        ("甲,甲\n1,2\n".encode(), "twice"),
        (b"\xd0\xcf\x11\xe0rest", ".xls"),
        (b"PK\x03\x04 cut off", "no whole workbook"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        read_table(write(tmp_path / "a.csv", content))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_table(tmp_path / "none.csv")


def test_a_sheet_gives_dates_numbers_and_formulas_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "时间", "内容", "人数"])
    book.active.append([7, dt.date(2026, 3, 5), "路灯", 12.0])
    book.active.append([8, "2026/3/5", "=1+1", None])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    assert table.rows[0].cells == {"编号": "7", "时间": "2026-03-05", "内容": "路灯", "人数": "12"}
    assert table.rows[1].cells["内容"] == "", "a formula that was never calculated has no value"


def test_half_a_workbook_is_one_sentence(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号"])
    book.save(tmp_path / "a.xlsx")
    content = (tmp_path / "a.xlsx").read_bytes()
    with pytest.raises(BadInput, match="no whole workbook"):
        read_table(write(tmp_path / "b.xlsx", content[: len(content) // 2]))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019/2/28 11:25:05", "2019-02-28T11:25:05+08:00"),
        ("2019-02-28 1:05", "2019-02-28T01:05:00+08:00"),
        ("2019年2月28日 9时5分", "2019-02-28T09:05:00+08:00"),
        ("2019.2.28", "2019-02-28T00:00:00+08:00"),
        ("2026-03-05T10:30:00Z", "2026-03-05T18:30:00+08:00"),
        ("2026-03-05T10:30:00.125+09:00", "2026-03-05T09:30:00+08:00"),
        ("06/26/2018 12:05:00 AM", "2018-06-26T00:05:00+08:00"),
        ("06/26/2018 06:58:54 PM", "2018-06-26T18:58:54+08:00"),
        ("06/26/2018 12:00:00 PM", "2018-06-26T12:00:00+08:00"),
    ],
)
def test_dates_read_as_people_write_them(text: str, moment: str) -> None:
    assert read_moment(text).isoformat() == moment


@pytest.mark.parametrize(
    "text",
    ["0001-01-01", "9999/12/31 23:59:59", "2019/2/30", "2019-13-01", "昨天", "", "13/26/2018", "2019-02-28 25:00"],
)
def test_dates_that_are_none_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadInput):
        read_moment(text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert read_moment(text).year >= 1989
