"""Tables as counties send them: CSV in the encodings of old office machines, XLSX with dates and formulas.

A row is a mapping from column to text, with the line it stands on. What cannot be read is told row by row and the
rest goes on; nothing is guessed silently. A file that is no table at all is one sentence.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from minqing.base.errors import BadInput
from minqing.doors.exchange.workbooks import check_workbook

LARGEST_FILE = 512 * 1024 * 1024
LARGEST_CELL = 1024 * 1024
MOST_COLUMNS = 500
_OF_UNPACKED = 4  # so much of what a workbook unpacks to may be text of its cells
#: A sheet may number its rows as it likes, and each number that is left out is read as an empty row.
LAST_ROW = 1_048_576  # of any spreadsheet
LAST_ROW_HELD = 100_000  # of one that is read while somebody waits
EMPTY_RUN = 5_000
#: What a workbook that is none, or not whole, makes its library raise.
_TORN = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, AttributeError, LookupError, ValueError,
    TypeError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
_DELIMITERS = (",", "\t", ";", "|")
_HALF = "文件在这一行中间断了：请核对文件是否完整（the file ends in the middle of this row: is it whole?）"
_LONG = f"有一格超过 {LARGEST_CELL:,} 个字（has a cell of more than {LARGEST_CELL:,} characters）"
_QUOTES = "一格太长，或引号没有闭合：请在表格软件里核对，另存一次"
_QUOTES_EN = "a cell is too long or a quote is not closed: check it in a spreadsheet and save it again"
_FAR = "后面还有行号：请删去下面的空行，只留名单，另存一次"
_FAR_EN = "is not the last: delete the empty rows below and save it again"
_GAP = (
    f"连续 {EMPTY_RUN:,} 行是空的，读到这里为止：下面还有内容的，请删去中间的空行，再导入（{EMPTY_RUN:,} empty rows in"
)
_GAP += " a run, nothing was read beyond: if there is more below, delete the empty rows and import again）"
_BROKEN = re.compile("[\x00\ud800-\udfff]")
csv.field_size_limit(LARGEST_CELL * 4)


@dataclass(frozen=True)
class Row:
    """One row: where it stands (line of a CSV, row of a sheet) and its cells by column, outer blanks taken off."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """A row that cannot be taken, and why."""

    line: int
    why: str


@dataclass
class Table:
    """Columns, the rows that can be read, the faults of the others, and how the file was read."""

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    read_as: str = ""
    cut: bool = False  # more rows follow than were asked for

    def is_full(self, most: int | None) -> bool:
        """Whether so many rows were read; asked when one more is there: the table is cut then."""
        self.cut = most is not None and len(self.rows) + len(self.faults) >= most
        return self.cut


def read_table(path: Path) -> Table:
    """Reads a CSV or XLSX file; raises BadInput where there is no table in it."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            most = LARGEST_FILE >> 20
            raise BadInput(
                f"{path} 有 {size >> 20} MB，最多 {most} MB：请分成几个文件（split the file: {most} MB is the most）"
            )
        return read_content(path.read_bytes())
    except OSError as fault:
        raise BadInput(f"{path} 打不开（{path} cannot be read: {fault.strerror}）") from fault


def read_content(content: bytes, most: int | None = None, unpacked: int = LARGEST_FILE) -> Table:
    """The same of a file that is held in memory; no more than `most` rows (`cut` says that there are more), no workbook
    that unpacks to more."""
    if not content:
        raise BadInput("文件是空的：请核对是不是选错了文件（the file is empty）")
    if content[:4] == b"PK\x03\x04":
        return _read_sheet(content, most, unpacked)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise BadInput(
            "这是旧式 .xls 文件：请另存为 .xlsx 或 CSV（an old .xls workbook: save it as .xlsx or CSV first）"
        )
    return _read_csv(content, most)


def _read_csv(content: bytes, most: int | None) -> Table:
    text, encoding, remark = _decode(content)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = _Lines(text)
    try:
        return _of_lines(lines, delimiter, f"CSV, {encoding}, separator {delimiter!r}{remark}", most)
    except csv.Error as fault:
        raise BadInput(f"读到第 {lines.number} 行：{_QUOTES}（line {lines.number}: {_QUOTES_EN}）") from fault


def _of_lines(lines: _Lines, delimiter: str, read_as: str, most: int | None) -> Table:
    reader = csv.reader(lines, delimiter=delimiter)
    table = Table(_columns(next(reader, [])), read_as=read_as)
    line = lines.number + 1
    for cells in reader:
        broken = lines.row_is_half()
        if broken or any(cell.strip() for cell in cells):
            if table.is_full(most):
                break
            if broken:
                table.faults.append(Fault(line, _HALF))
            else:
                _take(table, line, cells)
        line = lines.number + 1
    return table


def _decode(content: bytes) -> tuple[str, str, str]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            text, bad = _lenient(content, encoding)
            return text, encoding, bad
    text, bad = _lenient(content, "utf-8")
    if _is_mostly_sound(text):
        return text, "utf-8", bad
    try:
        return content.decode("gb18030"), "gb18030", ""
    except UnicodeDecodeError:
        pass
    if text.count("�") > max(20, len(text) // 20):
        raise BadInput(
            "看不懂文件的编码：请另存为 UTF-8（text in no encoding known here: save it as UTF-8 or GB18030）"
        )
    return text, "utf-8", bad


def _is_mostly_sound(text: str) -> bool:
    """A few broken bytes, or an end cut through a character, do not make UTF-8 something else: GB18030 would take most
    of it, and show every word wrong."""
    broken = text.count("�")
    return broken == 0 or sum(mark > "\x7f" for mark in text) - broken >= 4 * broken


def _lenient(content: bytes, encoding: str) -> tuple[str, str]:
    text = content.decode(encoding, "replace")
    bad = text.count("�")
    return text, f"; {bad} characters that are none were replaced" if bad else ""


class _Lines:
    """Lines of a text for the csv reader, counting them and whether the last row was left open by a quote."""

    def __init__(self, text: str) -> None:
        self._source = io.StringIO(text, newline="")
        self.number = 0
        self._quotes = 0
        self._ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._source.readline()
        if not line:
            self._ended = True
            raise StopIteration
        self.number += 1
        self._quotes += line.count('"')
        return line

    def row_is_half(self) -> bool:
        """Whether the row just read was cut off by the end of the file inside a quoted cell."""
        half = self._ended and self._quotes % 2 == 1
        self._quotes = 0
        return half


def _columns(header: Sequence[str]) -> tuple[str, ...]:
    if len(header) > MOST_COLUMNS:
        raise BadInput(f"有 {len(header)} 列，太多了：请核对分隔符（{len(header)} columns: is the separator right?）")
    columns = tuple(clean(name) for name in header)
    if not any(columns):
        raise BadInput("缺表头：第一行要写各列的名称（there is no header row: the first row must name the columns）")
    doubled = {name for name in columns if name and columns.count(name) > 1}
    if doubled:
        raise BadInput(f"“{min(doubled)}”这一列出现了两次：请改掉一个列名（a column stands twice: rename one）")
    return columns


def _too_many(cells: int, columns: int) -> str:
    return f"有 {cells} 格，表头只有 {columns} 列：请核对分隔符和引号（has {cells} cells for {columns} columns）"


def _too_few(cells: int, columns: int) -> str:
    return f"只有 {cells} 格，表头有 {columns} 列：请补齐（has only {cells} of {columns} cells）"


def _take(table: Table, line: int, cells: Sequence[str]) -> None:
    if len(cells) != len(table.columns) and any(cell.strip() for cell in cells[len(table.columns) :]):
        table.faults.append(Fault(line, _too_many(len(cells), len(table.columns))))
        return
    if len(cells) < len(table.columns):
        table.faults.append(Fault(line, _too_few(len(cells), len(table.columns))))
        return
    if any(len(cell) > LARGEST_CELL for cell in cells):
        table.faults.append(Fault(line, _LONG))
        return
    pairs = zip(table.columns, cells, strict=False)
    table.rows.append(Row(line, {name: clean(cell) for name, cell in pairs if name}))


def clean(cell: str) -> str:
    """Outer blanks, tabs and stray marks off; what is no character becomes U+FFFD, so that nothing is lost unseen."""
    return _BROKEN.sub("�", cell).strip(" \t\r\n\u3000\ufeff\xa0")


def _read_sheet(content: bytes, most: int | None, unpacked: int) -> Table:
    """The first sheet. What a workbook unpacks to is measured before it is unpacked."""
    try:
        check_workbook(content, unpacked)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return _of_sheet(book.worksheets[0], most, unpacked // _OF_UNPACKED)
        finally:
            book.close()
    except _TORN as fault:
        raise BadInput(
            "工作簿不完整或打不开：请用表格软件打开，另存一次（no whole workbook"
            f" [{type(fault).__name__}]: open and save it again）"
        ) from fault


def _of_sheet(sheet: Any, most: int | None, left: int) -> Table:
    """`left`: characters that its cells may have together. A text stands once in a workbook, in however many cells."""
    rows = sheet.iter_rows()
    header = _columns([_shown(cell.value) for cell in next(rows, ())])
    table = Table(header, read_as=f"XLSX, sheet “{sheet.title}”")
    last, empty = LAST_ROW if most is None else LAST_ROW_HELD, 0
    for number, cells in enumerate(rows, 2):
        if number > last:
            raise BadInput(f"第 {last:,} 行{_FAR}（row {last:,} {_FAR_EN}）")
        values = [cell.value for cell in cells]
        if any(value not in (None, "") for value in values):
            if table.is_full(most):
                break
            texts = [_shown(value) for value in values]
            if (left := left - sum(map(len, texts))) < 0:
                raise BadInput(
                    f"读到第 {number:,} 行，字太多了：请分成几个文件（too much text by row {number:,}: split it）"
                )
            _take(table, number, texts + [""] * (len(header) - len(texts)))
            empty = 0
        elif (empty := empty + 1) > EMPTY_RUN:
            table.faults.append(Fault(number, _GAP))
            break
    return table


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date().isoformat()  # a sheet has no plain days
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a sheet keeps whole numbers as 12.0
    return str(value)
