"""What the classifier sees of a text: its runs of one to three characters and of one and two words, as 64-bit hashes.
No run crosses a punctuation mark, digit or blank, so numbers are never learned. Whole batches are hashed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from minqing.tools.text.segment import Codes, folded_codes, words

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
_BASE = np.uint64(0x9E3779B97F4A7C15)
_UNDO = np.uint64(pow(int(_BASE), -1, 2**64))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_ONE = np.uint64(1)


@dataclass(frozen=True)
class Runs:
    """One run a line: where it begins in all texts laid end to end, how long, its hash. `row_of` says for each place
    in what text it lies."""

    laid: str
    row_of: Rows
    starts: Rows
    lengths: Rows
    hashes: Hashes

    @property
    def rows(self) -> Rows:
        return self.row_of.take(self.starts)

    def only(self, kept: npt.NDArray[np.bool_]) -> Runs:
        return Runs(self.laid, self.row_of, self.starts[kept], self.lengths[kept], self.hashes[kept])


@cache
def _kept() -> npt.NDArray[np.bool_]:
    """Ideographs and Latin letters; everything else parts one run from the next."""
    kept = np.zeros(0x110000, dtype=bool)
    kept[0x3400:0xA000] = True
    kept[0x20000:0x33480] = True
    kept[ord("a") : ord("z") + 1] = True
    return kept


@dataclass(frozen=True)
class _Laid:
    """Folded texts end to end, a break between each two."""

    text: str
    codes: Codes
    row_of: Rows
    kept: npt.NDArray[np.bool_]

    def runs(self, starts: Rows, lengths: Rows, hashes: Hashes) -> Runs:
        return Runs(self.text, self.row_of, starts, lengths, hashes)


def _lay(texts: Sequence[str]) -> _Laid:
    codes = folded_codes("\n".join(texts) + "\n")
    row_of = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts]) if texts else np.zeros(1, np.int64)
    return _Laid(codes.tobytes().decode("utf-32-le"), codes, row_of, _kept().take(codes))


def character_runs(texts: Sequence[str], lengths: Sequence[int] = (1, 2, 3)) -> tuple[Runs, ...]:
    """Every run of so many characters, one part a length."""
    laid = _lay(texts)
    letters = laid.codes.astype(np.uint64) + _ONE
    whole, sums, found = laid.kept, letters, []
    for length in range(1, max(lengths) + 1):
        if length > 1:
            whole = whole[:-1] & laid.kept[length - 1 :]
            sums = sums[:-1] + letters[length - 1 :] * np.uint64(pow(int(_BASE), length - 1, 2**64))
        if length in lengths:
            starts = np.flatnonzero(whole)
            found.append(
                laid.runs(starts, np.broadcast_to(np.int64(length), len(starts)), _mixed(sums.take(starts), 0))
            )
    return tuple(found)


def word_runs(texts: Sequence[str]) -> tuple[Runs, ...]:
    """Every word, and every two that follow each other."""
    laid = _lay(texts)
    pieces = words(laid.text)
    lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    ends = np.cumsum(lengths)
    starts = ends - lengths
    stretches = _Stretches(laid)
    return stretches.runs(starts, ends, 1), stretches.runs(starts[:-1], ends[1:], 2)


class _Stretches:
    """Hashes of stretches of any length: sums of all that stands before, taken from each other."""

    def __init__(self, laid: _Laid) -> None:
        count = len(laid.codes) + 1
        self._laid = laid
        self._breaks = np.concatenate(([0], np.cumsum(~laid.kept)))
        self._undo = _powers(count, _UNDO)
        powers = _powers(count, _BASE)[:-1]
        self._sums = np.concatenate(([np.uint64(0)], np.cumsum((laid.codes.astype(np.uint64) + _ONE) * powers)))

    def runs(self, starts: Rows, ends: Rows, kind: int) -> Runs:
        whole = np.flatnonzero(self._breaks.take(ends) == self._breaks.take(starts))
        starts, ends = starts[whole], ends[whole]
        hashes = (self._sums.take(ends) - self._sums.take(starts)) * self._undo.take(starts)
        return self._laid.runs(starts, ends - starts, _mixed(hashes, kind))


def _powers(count: int, base: np.uint64) -> Hashes:
    steps = np.full(count, base, dtype=np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)


def _mixed(hashes: Hashes, kind: int) -> Hashes:
    """Changes `hashes` in place, so that the leading bits tell runs apart as well as the trailing ones."""
    hashes += np.uint64(kind * int(_MIX) % 2**64)
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(32)
    return hashes
