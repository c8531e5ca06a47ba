"""Tables that are held in memory: read no further than asked, and written so that they are read back as they were."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.base.errors import BadInput
from minqing.doors.exchange import tables
from minqing.doors.exchange.tables import EMPTY_RUN, LAST_ROW_HELD, read_content
from minqing.doors.exchange.writing import as_csv, as_xlsx, harmless, unharmed

COLUMNS = ("代码", "名称")


@pytest.mark.parametrize("write", [as_csv, lambda columns, rows: as_xlsx(columns, rows, "places")])
def test_no_more_rows_are_read_than_were_asked_for(write) -> None:
    content = write(COLUMNS, [[str(number), "村"] for number in range(30)])
    assert len(read_content(content, 7).rows) == 7
    assert len(read_content(content).rows) == 30


@pytest.mark.parametrize("write", [as_csv, lambda columns, rows: as_xlsx(columns, rows, "places")])
def test_a_table_says_that_it_was_cut_and_only_then(write) -> None:
    content = write(COLUMNS, [[str(number), "村"] for number in range(7)] + [["", ""]])
    assert [read_content(content, most).cut for most in (6, 7, None)] == [True, False, False]


def numbered(*rows: int) -> bytes:
    """A workbook in which the rows after the header bear these numbers."""
    whole, file = io.BytesIO(as_xlsx(COLUMNS, [["1", "村"]] * len(rows), "places")), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                part = re.sub("<dimension [^>]*>", "", part)
                for there, told in reversed(list(enumerate(rows, 2))):
                    part = part.replace(f'<row r="{there}"', f'<row r="{told}"')
                    part = re.sub(rf'r="([A-Z])({there})"', rf'r="\g<1>{told}"', part)
            new.writestr(name, part)
    return file.getvalue()


def test_rows_that_are_left_out_are_read_as_empty_ones() -> None:
    assert [row.line for row in read_content(numbered(2, 3, 900)).rows] == [2, 3, 900]


def test_reading_stops_where_thousands_of_rows_are_empty_and_says_where() -> None:
    table = read_content(numbered(2, 1_000_000))
    assert [row.line for row in table.rows] == [2]
    ((line, why),) = [(fault.line, fault.why) for fault in table.faults]
    assert line == EMPTY_RUN + 3 and "5,000 行是空的" in why and "5,000 empty rows" in why


@pytest.mark.parametrize("most", [50_000, None])
def test_a_sheet_that_numbers_its_rows_too_far_is_a_sentence(most: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LAST_ROW", 20_000)
    last = LAST_ROW_HELD if most else 20_000
    with pytest.raises(BadInput, match=f"第 {last:,} 行后面还有行号"):
        read_content(numbered(*range(4_000, last + 4_001, 4_000)), most)


@pytest.mark.parametrize("where", ["header", "row"])
def test_a_quote_that_is_never_closed_is_a_sentence_with_its_line(where: str) -> None:
    start = '代码,"名称\n' if where == "header" else '代码,名称\n1,村\n2,"村\n'
    content = start + f"{'长' * 99_999}\n" * 43
    with pytest.raises(BadInput, match="引号没有闭合") as refused:
        read_content(content.encode())
    assert re.search(r"读到第 4\d 行：.*（line 4\d: .*quote", str(refused.value))


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b" " * 5_000_000)
    assert len(file.getvalue()) < 10_000
    with pytest.raises(BadInput, match="太大"):
        read_content(file.getvalue(), unpacked=1_000_000)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_with_a_torn_part_is_a_sentence(part: str) -> None:
    whole, torn = io.BytesIO(as_xlsx(COLUMNS, [["1", "村"]], "places")), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(torn, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[: -20 if name == part else None])
    with pytest.raises(BadInput, match="工作簿不完整"):
        read_content(torn.getvalue())


def test_long_codes_stay_whole_in_a_workbook_and_nothing_in_it_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(COLUMNS, [["330727001002001", "=1+1"]], "places"))).active
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("330727001002001", "s"), ("=1+1", "s")]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+86", "-1", "@x"])
def test_what_a_spreadsheet_would_run_gets_a_quote_that_comes_off_again(cell: str) -> None:
    assert harmless(cell) == "'" + cell and unharmed(harmless(cell)) == cell
    assert unharmed("'quoted") == "'quoted"


@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")), min_size=1), min_size=1)
)
def test_a_table_written_out_is_read_back_as_it_was(names: list[str]) -> None:
    rows = read_content(as_csv(COLUMNS, [[str(number), name] for number, name in enumerate(names)])).rows
    assert [unharmed(row.cells["名称"]) for row in rows] == names
