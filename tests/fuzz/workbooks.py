"""Workbooks as an enemy packs them: parts of a sound one exchanged, so that a few kilobytes become a great deal."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
from openpyxl.xml.constants import SHARED_STRINGS

_NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"


def sound(*rows: tuple[object, ...]) -> bytes:
    """A workbook as a spreadsheet writes it."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows or (("代码", "名称"), ("1", "村")):
        book.active.append(row)
    told = io.BytesIO()
    book.save(told)
    return told.getvalue()


def repacked(book: bytes, others: Mapping[str, str | bytes]) -> bytes:
    """The workbook with other parts, and those it had not."""
    told = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as after:
        for one in before.infolist():
            after.writestr(one.filename, others.get(one.filename, before.read(one)))
        for name in others.keys() - set(before.namelist()):
            after.writestr(name, others[name])
    return told.getvalue()


def sheet(rows: str, before: str = "", entities: str = "") -> str:
    """The part of a sheet."""
    return f'<?xml version="1.0"?>{entities}<worksheet {_NAMES}>{before}<sheetData>{rows}</sheetData></worksheet>'


def text_cell(at: str, text: str) -> str:
    """A cell that holds its text itself."""
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "代码")}{text_cell("B1", "名称")}</row>'
ENTITY = '<!DOCTYPE x [<!ENTITY a "' + "A" * 100_000 + '">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


#: By name, what must be refused in a sentence before it fills the memory; made when it is asked for.
BOMBS: Mapping[str, Callable[[], bytes]] = {
    "cells of a row": lambda: packed_sheet(sheet("<row>" + "<c/>" * 300_000 + "</row>")),
    "cells without a row": lambda: packed_sheet(sheet("<c/>" * 300_000)),
    "rows within a row": lambda: packed_sheet(sheet("<row>" + "<row/>" * 300_000 + "</row>")),
    "columns": lambda: packed_sheet(sheet(HEADER, "<cols>" + "<col/>" * 300_000 + "</cols>")),
    "far columns": lambda: packed_sheet(sheet(HEADER + _far(3000))),
    "attributes": lambda: packed_sheet(sheet("<row " + " ".join(f'a{n}="1"' for n in range(60_000)) + "/>")),
    "depth": lambda: packed_sheet(sheet("<row>" + "<c>" * 100_000 + "</c>" * 100_000 + "</row>")),
    "one entity": lambda: packed_sheet(sheet(HEADER + f'<row r="2">{text_cell("A2", "&a;" * 3000)}</row>', "", ENTITY)),
    "billion laughs": lambda: packed_sheet(sheet(f'<row r="1">{text_cell("A1", "&a11;")}</row>', "", LAUGHS)),
    "entity of a file": lambda: packed_sheet(sheet(f'<row r="1">{text_cell("A1", "&a;")}</row>', "", OUTSIDE)),
    "styles": lambda: repacked(sound(), {STYLES: _fonts(300_000)}),
    "one text in many cells": lambda: _one_text(2000, 300_000),
    "empty bytes": lambda: repacked(sound(), {"xl/media/a.bin": b"\0" * 70_000_000}),
    "a zip of zips": lambda: repacked(sound(), {f"{n}.zip": b"\0" * 4_000_000 for n in range(20)}),
}  # fmt: skip


def _fonts(many: int) -> str:
    return f"<styleSheet {_NAMES}><fonts>{'<font/>' * many}</fonts></styleSheet>"


def _far(rows: int) -> str:
    return "".join(f'<row r="{n}">{text_cell(f"A{n}", "1")}<c r="ZZZ{n}"/></row>' for n in range(2, rows))


def _same(rows: int) -> str:
    cells = ("".join(f'<c r="{at}{n}" t="s"><v>0</v></c>' for at in "AB") for n in range(2, rows))
    return "".join(f"<row>{both}</row>" for both in cells)


def _one_text(rows: int, characters: int) -> bytes:
    """Shared strings, which the sound one has not: they are named among the kinds of its parts."""
    kinds, book = "[Content_Types].xml", sound()
    named = f'<Override PartName="/{STRINGS}" ContentType="{SHARED_STRINGS}"/></Types>'
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        told = packed.read(kinds).decode().replace("</Types>", named)
    return repacked(book, {kinds: told, SHEET: sheet(HEADER + _same(rows)), STRINGS: _long(characters)})


def _long(characters: int) -> str:
    return f"<sst {_NAMES}><si><t>{'长' * characters}</t></si></sst>"


def packed_sheet(part: str) -> bytes:
    """A sound workbook with this sheet."""
    return repacked(sound(), {SHEET: part})


def overlapping(copies: int = 4000) -> bytes:
    """A zip whose entries all lie in the same bytes: each is small, together they are much."""
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.xml", b"<a>" + b" " * 1_000_000)
        for _ in range(copies):
            made.filelist.append(made.filelist[0])
    return told.getvalue()
