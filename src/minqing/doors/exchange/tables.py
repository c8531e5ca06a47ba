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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from minqing.base.errors import BadInput

LARGEST_FILE = 512 * 1024 * 1024
LARGEST_CELL = 1024 * 1024
MOST_COLUMNS = 500
_DELIMITERS = (",", "\t", ";", "|")
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


def read_table(path: Path) -> Table:
    """Reads a CSV or XLSX file; raises BadInput where there is no table in it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as fault:
        raise BadInput(f"{path} cannot be read: {fault.strerror}") from fault
    if size == 0:
        raise BadInput(f"{path} is empty")
    if size > LARGEST_FILE:
        raise BadInput(f"{path} has {size >> 20} MB: split it, {LARGEST_FILE >> 20} MB is the most")
    if start[:4] == b"PK\x03\x04":
        return _read_sheet(path)
    if start[:4] == b"\xd0\xcf\x11\xe0":
        raise BadInput(f"{path} is an old .xls workbook: save it as .xlsx or CSV first")
    return _read_csv(path)


def _read_csv(path: Path) -> Table:
    text, encoding, remark = _decode(path.read_bytes(), path)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    header = _columns(next(reader, []), path)
    table = Table(header, read_as=f"CSV, {encoding}, separator {delimiter!r}{remark}")
    line = lines.number + 1
    for cells in reader:
        broken = lines.row_is_half()
        if broken:
            table.faults.append(Fault(line, "the file ends in the middle of this row: is it whole?"))
        elif any(cell.strip() for cell in cells):
            _take(table, line, cells)
        line = lines.number + 1
    return table


def _decode(content: bytes, path: Path) -> tuple[str, str, str]:
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
        raise BadInput(f"{path} is text in no encoding known here: save it as UTF-8 or GB18030")
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


def _columns(header: Sequence[str], path: Path) -> tuple[str, ...]:
    columns = tuple(_clean(name) for name in header)
    if not any(columns):
        raise BadInput(f"{path} has no header row: the first row must name the columns")
    if len(columns) > MOST_COLUMNS:
        raise BadInput(f"{path} has {len(columns)} columns: is the separator right?")
    doubled = {name for name in columns if name and columns.count(name) > 1}
    if doubled:
        raise BadInput(f"{path} has the column “{min(doubled)}” twice: rename one")
    return columns


def _take(table: Table, line: int, cells: Sequence[str]) -> None:
    if len(cells) != len(table.columns) and any(cell.strip() for cell in cells[len(table.columns) :]):
        table.faults.append(Fault(line, f"has {len(cells)} cells for {len(table.columns)} columns"))
        return
    if len(cells) < len(table.columns):
        table.faults.append(Fault(line, f"has only {len(cells)} of {len(table.columns)} cells"))
        return
    if any(len(cell) > LARGEST_CELL for cell in cells):
        table.faults.append(Fault(line, f"has a cell of more than {LARGEST_CELL:,} characters"))
        return
    pairs = zip(table.columns, cells, strict=False)
    table.rows.append(Row(line, {name: _clean(cell) for name, cell in pairs if name}))


def _clean(cell: str) -> str:
    """Outer blanks, tabs and stray marks off; what is no character becomes U+FFFD, so that nothing is lost unseen."""
    return _BROKEN.sub("�", cell).strip(" \t\r\n\u3000\ufeff\xa0")


def _read_sheet(path: Path) -> Table:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError) as fault:
        raise BadInput(f"{path} is no whole workbook ({type(fault).__name__}): open and save it again") from fault
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows()
        header = _columns([_shown(cell.value) for cell in next(rows, ())], path)
        table = Table(header, read_as=f"XLSX, sheet “{sheet.title}”")
        for number, cells in enumerate(rows, 2):
            values = [cell.value for cell in cells]
            if any(value not in (None, "") for value in values):
                texts = [_shown(value) for value in values]
                _take(table, number, texts + [""] * (len(header) - len(texts)))
    finally:
        book.close()
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
