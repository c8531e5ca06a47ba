"""Which characters a font file has a letter for: its table `cmap`, as OpenType tells it (formats 4 and 12).

A file that cannot be read, or tells it in another way, has none: what is not known to be there is not promised.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

Spans = tuple[tuple[int, int], ...]  # first and last of each run of characters, as tables tell them


def covers(path: str, index: int, character: str) -> bool:
    """Whether that font (`index`: which one of a collection) has a letter for the character."""
    spans, one = _known(path, index), ord(character)
    at = bisect_right(spans, (one, 0x110000)) - 1
    return at >= 0 and spans[at][0] <= one <= spans[at][1]


@cache
def _known(path: str, index: int) -> Spans:
    try:
        with Path(path).open("rb") as file:
            return tuple(sorted(_spans(file, index)))
    except (OSError, struct.error):
        return ()


def _spans(file: BinaryIO, index: int) -> Spans:
    start = _table(file, _font(file, index), b"cmap")
    if not start:
        return ()
    (count,) = _told(file, start + 2, ">H")
    found: Spans = ()
    for at in range(count):
        platform, encoding, offset = _told(file, start + 4 + 8 * at, ">HHI")
        (form,) = _told(file, start + offset, ">H")
        if form == 12 and (platform, encoding) in ((0, 4), (0, 6), (3, 10)):
            return _format_12(file, start + offset)
        if form == 4 and (platform == 0 or (platform, encoding) == (3, 1)):
            found = _format_4(file, start + offset)
    return found


def _font(file: BinaryIO, index: int) -> int:
    """Where the directory of the font begins."""
    if file.read(4) != b"ttcf":
        return 0
    return int(_told(file, 12 + 4 * index, ">I")[0])


def _table(file: BinaryIO, font: int, name: bytes) -> int:
    (count,) = _told(file, font + 4, ">H")
    for at in range(count):
        tag, _, offset = _told(file, font + 12 + 16 * at, ">4sII")
        if tag == name:
            return int(offset)
    return 0


def _format_12(file: BinaryIO, start: int) -> Spans:
    (count,) = _told(file, start + 12, ">I")
    told = _told(file, start + 16, f">{3 * count}I")
    return tuple((told[at], told[at + 1]) for at in range(0, 3 * count, 3) if told[at + 1] <= 0x10FFFF)


def _format_4(file: BinaryIO, start: int) -> Spans:
    """By segments; where one goes through a list of glyphs a few of it may be missing, which is not looked into."""
    (count,) = _told(file, start + 6, ">H")
    ends = _told(file, start + 14, f">{count // 2}H")
    firsts = _told(file, start + 16 + count, f">{count // 2}H")
    return tuple((first, last) for first, last in zip(firsts, ends, strict=True) if first != 0xFFFF)


def _told(file: BinaryIO, at: int, form: str) -> tuple[Any, ...]:
    file.seek(at)
    return struct.unpack(form, file.read(struct.calcsize(form)))
