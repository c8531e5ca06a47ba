"""Tables that are held in memory: read no further than asked, and written so that they are read back as they were."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minqing.base.errors import BadInput
from minqing.doors.exchange.tables import read_content
from minqing.doors.exchange.writing import as_csv, as_xlsx, harmless, unharmed

COLUMNS = ("代码", "名称")


@pytest.mark.parametrize("write", [as_csv, lambda columns, rows: as_xlsx(columns, rows, "places")])
def test_no_more_rows_are_read_than_were_asked_for(write) -> None:
    content = write(COLUMNS, [[str(number), "村"] for number in range(30)])
    assert len(read_content(content, 7).rows) == 7
    assert len(read_content(content).rows) == 30


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
