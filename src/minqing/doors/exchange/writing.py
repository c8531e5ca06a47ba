"""Tables out: CSV with the mark that spreadsheets ask for, XLSX whose cells are all text (long codes stay whole).

A cell that a spreadsheet would take for a formula gets a quote before it in CSV; `unharmed` takes it off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.utils import get_column_letter

_FORMULA = "=+-@\t\r"
_AS_TEXT = "@"
#: Characters that no XML holds: a workbook with one of them cannot be opened again.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def harmless(cell: str) -> str:
    """The cell as a spreadsheet shows it and never runs it."""
    return "'" + cell if cell[:1] in _FORMULA and cell else cell


def unharmed(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA and cell[1:] else cell


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The table as CSV."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> bytes:
    """The table as a workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title, sheet.freeze_panes = title, "A2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].number_format = _AS_TEXT  # what is added is text too
        sheet.column_dimensions[get_column_letter(number)].width = max(12, 2 * len(column) + 4)
    for line, row in enumerate((columns, *rows), start=1):
        for number, said in enumerate(row, start=1):
            cell = sheet.cell(line, number)
            told = _NOT_IN_XML.sub("�", said)
            cell.value, cell.data_type, cell.number_format = told, "s", _AS_TEXT
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
