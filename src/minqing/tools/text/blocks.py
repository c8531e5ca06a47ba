"""Counted runs of many texts in four blocks: characters and words of title and text together, and of the title alone,
which says in few words what the writer holds for the matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from minqing.tools.text.features import Hashes, Runs, runs

Pair = tuple[str, str]
BLOCK_WEIGHTS = (1.0, 1.0, 0.5, 0.5)  # the title again counts half: it is already in the whole
_READ = 20_000  # characters: a complaint says what it is about long before
SEEN_IN = 3  # a run of fewer texts is dropped: it teaches little, and rare runs are where names would hide


@dataclass(frozen=True)
class Block:
    """Counts, one row a text, one column a run; the columns' hashes are sorted."""

    hashes: Hashes
    counts: sparse.csr_matrix


def block_runs(pairs: Sequence[Pair]) -> tuple[Runs, ...]:
    texts = [f"{title}\n{text}"[:_READ] for title, text in pairs]
    whole = runs(texts)
    begin = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
    title_ends = begin + [min(len(title), _READ) for title, _ in pairs] if pairs else begin
    return (*whole, *(part.only(part.starts < title_ends[part.rows]) for part in whole))


def learn_blocks(pairs: Sequence[Pair]) -> list[Block]:
    """Blocks with every run that stands in at least SEEN_IN texts."""
    return [_learned(found, len(pairs)) for found in block_runs(pairs)]


def _learned(found: Runs, texts: int) -> Block:
    hashes, columns = np.unique(found.hashes, return_inverse=True)
    counts = _counted(found.rows, columns, texts, len(hashes))
    kept = seen_in(counts) >= SEEN_IN
    return Block(hashes[kept], counts[:, kept])


class Known:
    """The columns of known hashes, found by their leading bits: most runs of a text are unknown and fall out."""

    def __init__(self, hashes: Hashes) -> None:
        """`hashes` sorted, each once."""
        bits = max(1, len(hashes).bit_length() + 3)
        self._hashes = hashes
        self._shift = np.uint64(64 - bits)
        drawers = np.bincount((hashes >> self._shift).astype(np.int64), minlength=2**bits)
        self._used = drawers > 0
        self._first = np.concatenate(([0], np.cumsum(drawers))).astype(np.int32)
        self._fullest = int(drawers.max(initial=0))

    def counts(self, found: Runs, texts: int) -> sparse.csr_matrix:
        """Counts of the known runs, one row a text, in the columns of their hashes."""
        drawer = (found.hashes >> self._shift).view(np.int64)
        left = np.flatnonzero(self._used[drawer])
        rows, hashes, column = found.rows[left], found.hashes[left], self._first[drawer[left]]
        kept_rows, kept_columns = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for _ in range(self._fullest):
            same = self._hashes[column] == hashes
            kept_rows.append(rows[same])
            kept_columns.append(column[same])
            on = np.flatnonzero(~same & (column + 1 < len(self._hashes)))
            rows, hashes, column = rows[on], hashes[on], column[on] + 1
        return _counted(np.concatenate(kept_rows), np.concatenate(kept_columns), texts, len(self._hashes))


def _counted(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], texts: int, width: int) -> sparse.csr_matrix:
    """Equal (row, column) pairs counted by sorting them as single numbers, which is the quick way."""
    pairs = np.sort(rows * width + columns)
    firsts = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1]))) if len(pairs) else pairs
    each = pairs[firsts]
    counts = np.diff(firsts, append=len(pairs)).astype(np.float32)
    starts = np.searchsorted(each, np.arange(texts + 1) * width)
    return sparse.csr_matrix(
        (counts, each - np.repeat(np.arange(texts) * width, np.diff(starts)), starts), (texts, width)
    )


def seen_in(counts: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    return np.bincount(counts.indices, minlength=counts.shape[1])


def scaled(counts: Sequence[sparse.csr_matrix], rarities: Sequence[npt.NDArray[np.float32]]) -> sparse.csr_matrix:
    """All blocks side by side: damped counts times rarity, each block of length one times its weight, each row of
    length one."""
    parts = [_weighted(*each) for each in zip(counts, rarities, BLOCK_WEIGHTS, strict=True)]
    return _unit(sparse.hstack(parts, format="csr", dtype=np.float32), 1.0)


def _weighted(counts: sparse.csr_matrix, rarity: npt.NDArray[np.float32], weight: float) -> sparse.csr_matrix:
    values = (1 + np.log(counts.data)) * rarity[counts.indices]
    return _unit(sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape), weight)


def _unit(matrix: sparse.csr_matrix, weight: float) -> sparse.csr_matrix:
    """Each row brought to the length `weight`; an empty row stays empty. Changes the matrix it is given."""
    ends = np.concatenate(([0.0], np.cumsum(matrix.data.astype(np.float64) ** 2)))
    lengths = np.sqrt(np.maximum(ends[matrix.indptr[1:]] - ends[matrix.indptr[:-1]], 0))
    per_row = weight / np.where(lengths > 0, lengths, 1)
    matrix.data = (matrix.data * np.repeat(per_row, np.diff(matrix.indptr))).astype(np.float32)
    return matrix
