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


@dataclass(frozen=True)
class Runs:
    """One run a line: the text it stands in, where it begins in all texts laid end to end, how long, its hash."""

    laid: str
    rows: Rows
    starts: Rows
    lengths: Rows
    hashes: Hashes

    def only(self, kept: npt.NDArray[np.bool_]) -> Runs:
        return Runs(self.laid, self.rows[kept], self.starts[kept], self.lengths[kept], self.hashes[kept])


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
    """Folded texts end to end, a break between each two. `sums` and `undo` give the hash of any stretch at once."""

    text: str
    codes: Codes
    rows: Rows
    breaks: Rows
    sums: Hashes
    undo: Hashes

    def runs(self, starts: Rows, ends: Rows, kind: int) -> Runs:
        whole = np.flatnonzero(self.breaks[ends] == self.breaks[starts])
        starts, ends = starts[whole], ends[whole]
        return self._hashed(starts, ends - starts, (self.sums[ends] - self.sums[starts]) * self.undo[starts], kind)

    def runs_of(self, length: int) -> Runs:
        """Every run of so many characters; by slices, which is quicker than by places."""
        if len(self.codes) < length:
            return self.runs(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
        starts = np.flatnonzero(self.breaks[length:] == self.breaks[:-length])
        hashes = ((self.sums[length:] - self.sums[:-length]) * self.undo[:-length])[starts]
        return self._hashed(starts, np.full(len(starts), length), hashes, 0)

    def _hashed(self, starts: Rows, lengths: Rows, hashes: Hashes, kind: int) -> Runs:
        """Mixed, so that the leading bits tell runs apart as well as the trailing ones."""
        hashes = hashes + np.uint64(kind * int(_MIX) % 2**64)
        hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
        return Runs(self.text, self.rows[starts], starts, lengths, hashes ^ (hashes >> np.uint64(32)))


def _lay(texts: Sequence[str]) -> _Laid:
    codes = folded_codes("\n".join(texts) + "\n")
    rows = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])
    breaks = np.concatenate(([0], np.cumsum(~_kept()[codes])))
    powers, undo = _powers(len(codes) + 1, _BASE), _powers(len(codes) + 1, _UNDO)
    sums = np.concatenate(([np.uint64(0)], np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * powers[:-1])))
    return _Laid(codes.tobytes().decode("utf-32-le"), codes, rows, breaks, sums, undo)


def _powers(count: int, base: np.uint64) -> Hashes:
    steps = np.full(count, base, dtype=np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)


def runs(texts: Sequence[str], characters: Sequence[int] = (1, 2, 3)) -> tuple[Runs, Runs]:
    """(runs of characters, runs of words) of all texts; `rows` says which text."""
    laid = _lay(texts)
    by_length = [laid.runs_of(n) for n in characters]
    pieces = words(laid.text)
    lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    ends = np.cumsum(lengths)
    starts = ends - lengths
    return _join(by_length), _join([laid.runs(starts, ends, 1), laid.runs(starts[:-1], ends[1:], 2)])


def _join(parts: Sequence[Runs]) -> Runs:
    return Runs(
        parts[0].laid,
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.lengths for part in parts]),
        np.concatenate([part.hashes for part in parts]),
    )
