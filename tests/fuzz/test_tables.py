"""Tables spoilt and hostile: read row by row or refused in a sentence, within a bound of memory; and harmless again
where they leave the house."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import strategies as some
from tests.fuzz.damage import bytes_gone_wrong, words
from tests.fuzz.fuzzing import Fuzz
from tests.fuzz.workbooks import BOMBS, HEADER, overlapping, packed_sheet, sheet, sound, text_cell

from minqing.base.errors import BadInput
from minqing.doors.exchange.mapping import read_map
from minqing.doors.exchange.tables import LARGEST_FILE, Table, read_content
from minqing.doors.exchange.times import read_moment
from minqing.doors.exchange.writing import as_csv, as_xlsx, unharmed

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
MAP = Path(__file__).resolve().parents[2] / "maps"
UNPACKED, ROWS = 60_000_000, 5_000  # what the page of places allows
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "big5", "utf-32", "utf-7")


def read(content: bytes) -> Table | None:
    """None where it is refused in a sentence; else every cell can be stored."""
    try:
        table = read_content(content, ROWS, UNPACKED)
    except BadInput as refused:
        assert str(refused).strip()
        return None
    for row in table.rows:
        assert set(row.cells) <= set(table.columns)
        assert not any(mark in cell for cell in row.cells.values() for mark in ("\0", "\ud800", "\udfff"))
        "".join(row.cells.values()).encode()
    assert all(fault.line > 0 and fault.why for fault in table.faults)
    return table


@some.composite
def csv_files(draw: Any) -> bytes:
    """Rows of hostile cells in some encoding, with some separator; quotes as they come."""
    columns = draw(some.lists(words, min_size=1, max_size=6))
    rows = draw(some.lists(some.lists(words, max_size=7), max_size=6))
    mark = draw(some.sampled_from((",", "\t", ";", "|", "，")))
    end = draw(some.sampled_from(("\n", "\r\n", "\r", "\x85", "\n\n")))
    quote = draw(some.sampled_from(('"', "", "'", '""')))
    text = end.join(mark.join(f"{quote}{cell}{quote}" for cell in row) for row in (columns, *rows))
    encoding = draw(some.sampled_from(ENCODINGS))
    halves = encoding.startswith("utf") and encoding != "utf-7" and draw(some.booleans())
    return text.encode(encoding, "surrogatepass" if halves else "replace")


def test_a_csv_of_hostile_cells_is_read_or_told(fuzz: Fuzz) -> None:
    def holds(content: bytes) -> None:
        read(content)

    fuzz(some.one_of(csv_files(), some.binary(max_size=300)), holds, few=40, many=3000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_csv_spoilt_in_its_bytes_is_read_or_told(encoding: str, fuzz: Fuzz) -> None:
    lines = ["编号,主题,正文", *(f'{n},"路灯，坏了",“村口”三盏不亮 {n}' for n in range(20))]
    whole = "\r\n".join(lines).encode(encoding)
    fuzz(bytes_gone_wrong(whole), lambda content: read(content) and None, few=10, many=800)


def test_a_workbook_spoilt_in_its_bytes_is_read_or_told(fuzz: Fuzz) -> None:
    whole = sound(("编号", "主题"), *((n, f"路灯{n}") for n in range(30)), ("=1+1", "x"))
    fuzz(bytes_gone_wrong(whole), lambda content: read(content) and None, few=15, many=1500)


def test_a_workbook_spoilt_in_its_xml_is_read_or_told(fuzz: Fuzz) -> None:
    rows = HEADER + "".join(
        f'<row r="{n}">{text_cell(f"A{n}", str(n))}<c r="B{n}"><v>{n}</v></c></row>' for n in (2, 3, 9)
    )
    odd = ("t", "s", "n", "d", "b", "e", "str", "inlineStr", "", "x")
    values = ("1e999", "-1e300", "9" * 400, "99999999", "-5", "NaN", "", "2026-13-45", "x", "60.5", "1")
    cells = some.builds(
        lambda at, kind, style, value: f'<row><c r="{at}" t="{kind}" s="{style}"><v>{value}</v></c></row>',
        some.sampled_from(("A2", "ZZZ1", "A0", "A99999999999", "a2", "$A$2", "2", "", "A1048577", "AAAA1")),
        some.sampled_from(odd), some.sampled_from(("0", "1", "-1", "999", "x")), some.sampled_from(values),
    )  # fmt: skip
    parts = some.one_of(cells.map(lambda cell: sheet(HEADER + cell).encode()), bytes_gone_wrong(sheet(rows).encode()))
    fuzz(parts.map(lambda part: packed_sheet(part)), lambda content: read(content) and None, few=20, many=1500)


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_does(name: str, fuzz: Fuzz) -> None:
    content = BOMBS[name]()
    assert len(content) < 2_000_000
    fuzz(some.just(content), lambda one: _refused(one), few=1, many=1, megabytes=120)


def _refused(content: bytes) -> None:
    assert read(content) is None


def test_entries_that_lie_in_the_same_bytes_are_refused(fuzz: Fuzz) -> None:
    fuzz(some.just(overlapping()), _refused, few=1, many=1, megabytes=80)


def test_a_million_columns_and_a_quote_that_is_never_closed_are_refused(fuzz: Fuzz) -> None:
    whole = [
        b"a," * 1_000_000, b"a;" * 2_400_000, b'"' + b"a" * 4_900_000, b'a,b\n"' + b"x\n" * 2_400_000, b"," * 4_900_000,
        ("列," * 1_000_000).encode("utf-16"), b"\0" * 4_900_000,
    ]  # fmt: skip
    fuzz(some.sampled_from(whole), _refused, few=len(whole), many=len(whole), megabytes=250)


def test_a_sound_workbook_of_a_county_is_read_whole() -> None:
    """What guards against bombs must not stand in the way: 2,000 rows, one of them styled out to the last column."""
    rows = HEADER + "".join(
        f'<row r="{n}">' + "".join(text_cell(f"{at}{n}", f"{at}{n}") for at in "AB") + "</row>" for n in range(2, 2002)
    )
    styled = f'<row r="2002">{text_cell("A2002", "x")}{text_cell("B2002", "y")}<c r="XFD2002" s="0"/></row>'
    table = read_content(packed_sheet(sheet(rows + styled)), 6_000, UNPACKED)
    assert len(table.rows) == 2001 and not table.faults and table.rows[-1].cells == {"代码": "x", "名称": "y"}
    assert read_content(packed_sheet(sheet(rows)), None, LARGEST_FILE).rows[0].cells["名称"] == "B2"


def test_what_leaves_as_a_table_runs_nothing_and_comes_back_as_it_was(fuzz: Fuzz) -> None:
    def holds(rows: list[list[str]]) -> None:
        content = as_csv(["甲", "乙"], rows).decode("utf-8-sig")
        cells = [cell for row in list(csv.reader(io.StringIO(content, newline="")))[1:] for cell in row]
        assert not any(cell.startswith(FORMULAS) for cell in cells)
        assert [unharmed(cell) for cell in cells] == [cell for row in rows for cell in row]
        sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(["甲", "乙"], rows, "表"))).worksheets[0]
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.max_row == len(rows) + 1

    stored = words.filter(is_stored)
    fuzz(some.lists(some.lists(stored, min_size=2, max_size=2), max_size=8), holds, few=10, many=800)


def is_stored(text: str) -> bool:
    """Whether a database holds it."""
    return "\0" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text)


def test_no_word_stops_the_reading_of_a_moment(fuzz: Fuzz) -> None:
    parts = some.sampled_from(
        ("2026", "9999", "-", "/", "年", "月", "13", "31", "٣", "²", " ", "T", "25", ":", "+99:99", "Z", "AM", "0")
    )

    def holds(text: str) -> None:
        try:
            assert read_moment(text).tzinfo is not None
        except BadInput as refused:
            assert str(refused)

    fuzz(some.one_of(words, some.lists(parts, max_size=12).map("".join)), holds, few=80, many=4000)


def test_a_mapping_reads_any_table_or_says_what_it_lacks(fuzz: Fuzz) -> None:
    mapping = read_map(next(MAP.glob("*.yaml")))

    def holds(content: bytes) -> None:
        table = read(content)
        if table is not None:
            try:
                mapping.check_columns(table.columns)
            except BadInput as refused:
                assert "列" in str(refused)

    fuzz(csv_files(), holds, few=10, many=800)
