"""Reading characters: every text is folded one character to one (full width, traditional, capitals), so that a place
found in the folded text is the same place in the original. Traditional characters fold singly: phrases are not weighed.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt
import opencc
import rjieba

Codes = npt.NDArray[np.uint32]
_POINTS = 0x110000
_COMPATIBLE = (range(0x00A0, 0x3400), range(0xF900, 0x10000), range(0x1D400, 0x1D800))  # where look-alikes live
_IDEOGRAPHS = range(0x3400, 0xA000)


@cache
def _fold_table() -> Codes:
    table = np.arange(_POINTS, dtype=np.uint32)
    for block in _COMPATIBLE:
        for point in block:
            alike = unicodedata.normalize("NFKC", chr(point)).lower()
            if len(alike) == 1:
                table[point] = ord(alike)
    table[ord("A") : ord("Z") + 1] += 32
    written = "".join(map(chr, _IDEOGRAPHS))
    simple = opencc.OpenCC("t2s").convert(written)
    if len(simple) == len(written):
        table[_IDEOGRAPHS.start : _IDEOGRAPHS.stop] = codes_of(simple)
    table[:0x20] = 0x20  # controls, NUL among them, read as a blank
    table[0x7F:0xA0] = 0x20
    table[ord("\n")] = ord("\n")
    table[0xD800:0xE000] = 0xFFFD  # lone surrogates
    return table


def codes_of(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def folded_codes(text: str) -> Codes:
    """As many as there are characters, whatever they are."""
    return _fold_table()[codes_of(text)]


def fold(text: str) -> str:
    return folded_codes(text).tobytes().decode("utf-32-le")


def words(folded: str) -> list[str]:
    """Cut a folded text; joined again the pieces are the text."""
    return rjieba.cut(folded)
