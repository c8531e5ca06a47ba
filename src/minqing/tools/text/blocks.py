"""Counted runs of many texts in four blocks: characters and words of title and text together, and of the title alone,
which says in few words what the writer holds for the matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from minqing.tools.text.features import Hashes, Rows, Runs, character_runs, word_runs

Pair = tuple[str, str]
Found = tuple[Runs, ...]
Floats = npt.NDArray[np.float32]
BLOCK_WEIGHTS = (1.0, 1.0, 0.5, 0.5)  # the title again counts half: it is already in the whole
_READ = 20_000  # characters: a complaint says what it is about long before
BATCH = 256  # texts hashed at once: bounded memory, and a row's number fits in eight bits
_ROW_BITS = np.uint64(8)
_ROW = np.uint64(BATCH - 1)
SEEN_IN = 3  # a run of fewer texts is dropped: it teaches little, and rare runs are where names would hide


@dataclass(frozen=True)
class Block:
    """Counts, one row a text, one column a run; the columns' hashes are sorted."""

    hashes: Hashes
    counts: sparse.csr_matrix


def block_runs(pairs: Sequence[Pair]) -> tuple[Found, ...]:
    texts = [f"{title}\n{text}"[:_READ] for title, text in pairs]
    titles = [title[:_READ] for title, _ in pairs]
    spoken = word_runs(texts)
    begin = np.cumsum([0, *(len(text) + 1 for text in texts)])[:-1]
    title_ends = begin + np.array([len(title) for title in titles], dtype=np.int64)
    of_titles = tuple(part.only(part.starts < title_ends[part.rows]) for part in spoken)
    return character_runs(texts), spoken, character_runs(titles), of_titles


def learn_blocks(pairs: Sequence[Pair]) -> list[Block]:
    """Blocks with every run that stands in at least SEEN_IN texts."""
    return [_learned(found, len(pairs)) for found in block_runs(pairs)]


def _learned(found: Found, texts: int) -> Block:
    hashes, columns = np.unique(np.concatenate([part.hashes for part in found]), return_inverse=True)
    counts = _matrix(np.concatenate([part.rows for part in found]), columns, texts, len(hashes))
    kept = seen_in(counts) >= SEEN_IN
    return Block(hashes[kept], counts[:, kept])


@dataclass(frozen=True)
class Part:
    """How often which run (a column of this block) stands in which text (a row), one line a pair that occurs."""

    block: int
    rows: Rows
    columns: npt.NDArray[np.int32]
    numbers: Floats


class Known:
    """The columns of one block's known hashes. Runs are sorted before they are looked up: equal ones are then counted
    in passing, and memory is read from front to back, which is several times quicker than reading it crosswise."""

    def __init__(self, block: int, hashes: Hashes) -> None:
        """`hashes` sorted, each once."""
        bits = max(1, len(hashes).bit_length() + 2)
        self._block = block
        self._leading = hashes >> _ROW_BITS
        self._shift = np.uint64(64 - bits)
        drawers = (hashes >> self._shift).astype(np.int64)
        self._used = np.zeros(2**bits, dtype=bool)
        self._used[drawers] = True
        self._first = np.zeros(2**bits, dtype=np.int32)
        self._first[drawers[::-1]] = np.arange(len(hashes), dtype=np.int32)[::-1]
        self._more = np.append(drawers[1:] == drawers[:-1], np.zeros(min(1, len(hashes)), dtype=bool))

    def counted(self, found: Runs) -> Part:
        """The known ones of a batch of at most BATCH texts. The last bits of a hash make room for the row: 56 are
        enough to tell runs apart."""
        each, numbers = _counted((found.hashes & ~_ROW) | found.rows.view(np.uint64))
        drawers = (each >> self._shift).view(np.int64)
        left = np.flatnonzero(self._used.take(drawers))
        leading, columns = each.take(left) >> _ROW_BITS, self._first.take(drawers.take(left))
        hits, hit_columns = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        while len(left):
            same = self._leading.take(columns) == leading
            hits.append(left[same])
            hit_columns.append(columns[same])
            on = np.flatnonzero(~same)
            on = on[self._more.take(columns.take(on))]
            left, leading, columns = left[on], leading[on], columns[on] + np.int32(1)
        hit = np.concatenate(hits)
        rows = (each.take(hit) & _ROW).view(np.int64)
        return Part(self._block, rows, np.concatenate(hit_columns), numbers.take(hit))


def _counted(places: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Floats]:
    """Each place once, in order, and how often it stood there. Sorts `places`."""
    places.sort()
    firsts = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))[: len(places)]
    return places.take(firsts), np.diff(firsts, append=len(places)).astype(np.float32)


def _matrix(rows: Rows, columns: Rows, texts: int, width: int) -> sparse.csr_matrix:
    places, numbers = _counted(rows * width + columns)
    starts = np.searchsorted(places, np.arange(texts + 1) * width)
    return sparse.csr_matrix(
        (numbers, places - np.repeat(np.arange(texts) * width, np.diff(starts)), starts), (texts, width)
    )


def seen_in(counts: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    return np.bincount(counts.indices, minlength=counts.shape[1])


def parts(counts: Sequence[sparse.csr_matrix]) -> list[Part]:
    """One a block."""
    return [
        Part(block, np.repeat(np.arange(one.shape[0]), np.diff(one.indptr)), one.indices, one.data)
        for block, one in enumerate(counts)
    ]


def scaled(given: Sequence[Part], rarities: Sequence[Floats], texts: int) -> sparse.coo_matrix:
    """All blocks side by side: damped counts times rarity; in each row each block is brought to the length of its
    weight, then the row to length one."""
    values = [(1 + np.log(part.numbers)) * rarities[part.block].take(part.columns) for part in given]
    squares = np.zeros((len(rarities), texts))
    for part, value in zip(given, values, strict=True):
        squares[part.block] += np.bincount(part.rows, value * value, minlength=texts)
    weights = np.array(BLOCK_WEIGHTS)[:, None]
    whole = np.sqrt(((squares > 0) * weights**2).sum(axis=0))
    factors = (weights / (np.sqrt(squares) * whole + (squares == 0))).astype(np.float32)
    firsts = np.cumsum([0, *map(len, rarities)]).astype(np.int32)
    data = [value * factors[part.block].take(part.rows) for part, value in zip(given, values, strict=True)]
    rows = np.concatenate([part.rows for part in given]).astype(np.int32)
    columns = np.concatenate([part.columns + firsts[part.block] for part in given])
    return sparse.coo_matrix((np.concatenate(data), (rows, columns)), shape=(texts, int(firsts[-1])))
