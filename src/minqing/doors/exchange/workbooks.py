"""A workbook looked through before its library opens it: a few kilobytes unpack to what would fill a machine's memory.

Bytes are counted before anything is unpacked. Of what is unpacked, piece by piece, it is counted what the library
holds all at once: a row, a shared string, everything else together. Entities, which grow when read, are refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.parsers import expat

from minqing.base.errors import BadInput

_PIECE = 64 * 1024
LONGEST_TAG = 256 * 1024  # characters of a tag with its attributes
DEEPEST = 60
MOST_OUTSIDE = 200_000  # elements of styles, columns, links and so on; a spreadsheet has 65,536 styles at most
MOST_INSIDE = 50_000  # elements of one row or one shared string
MOST_FAR = 200  # rows with a cell beyond column ZZ: the library fills each up to there
_BYTES_AN_ELEMENT = 30  # of what may be unpacked: what a cell takes, and no less
_FAR = re.compile("[A-Za-z]{3}")
_RECORDS = frozenset({"row", "si"})


def check_workbook(content: bytes, unpacked: int) -> None:
    """Raises BadInput where it unpacks to more than so many bytes, or to more than its library should be given."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if sum(one.file_size for one in parts) > unpacked:
            raise BadInput("工作簿太大：请分成几个文件（the workbook unpacks to too much: split it）")
        for one in parts:
            _Part(unpacked // _BYTES_AN_ELEMENT).look_through(packed, one)


@dataclass
class _Part:
    """One part of the package. What is no XML is not read by the library either, or fails there as here."""

    most: int
    depth: int = 0
    elements: int = 0
    outside: int = 0
    inside: int = 0
    record: int = 0  # the depth of the row or string that is open; 0 for none
    far: int = 0
    is_far: bool = False

    def look_through(self, packed: zipfile.ZipFile, one: zipfile.ZipInfo) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_entities
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        read = 0
        with packed.open(one) as stream:
            while piece := stream.read(_PIECE):
                read += len(piece)
                try:
                    parser.Parse(piece, False)
                except expat.ExpatError:
                    return
                if read - parser.CurrentByteIndex > LONGEST_TAG:
                    _refuse("有一处标记太长", "a tag is too long")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.record:
            self.inside += 1
            self.is_far = self.is_far or _FAR.match(attributes.get("r", "")) is not None
        elif name.rpartition(":")[2] in _RECORDS:
            self.record, self.inside, self.is_far = self.depth, 0, False
        else:
            self.outside += 1
        if self.depth > DEEPEST:
            _refuse("套得太深", "nested too deeply")
        if max(self.elements - self.most, self.outside - MOST_OUTSIDE, self.inside - MOST_INSIDE) > 0:
            _refuse("格子、列或样式太多", "too many cells, columns or styles")

    def _end(self, name: str) -> None:
        if self.depth == self.record:
            self.record = 0
            self.far += self.is_far
            if self.far > MOST_FAR:
                _refuse("右边还有很多列（ZZ 列以外）", "cells beyond column ZZ")
        self.depth -= 1


def _refuse_entities(*told: Any) -> NoReturn:
    _refuse("含有 DOCTYPE", "has a DOCTYPE")


def _refuse(zh: str, en: str) -> NoReturn:
    raise BadInput(
        f"工作簿里{zh}，不能读：请只留要用的行和列，复制到新的工作簿，再另存一次"
        f"（{en}: copy the rows and columns you need into a new workbook）"
    )
