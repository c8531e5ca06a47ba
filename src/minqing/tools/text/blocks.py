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
    whole = runs([f"{title}\n{text}"[:_READ] for title, text in pairs])
    return (*whole, *runs([title[:_READ] for title, _ in pairs]))


def learn_blocks(pairs: Sequence[Pair]) -> list[Block]:
    """Blocks with every run that stands in at least SEEN_IN texts."""
    return [_learned(found, len(pairs)) for found in block_runs(pairs)]


def _learned(found: Runs, texts: int) -> Block:
    hashes, columns = np.unique(found.hashes, return_inverse=True)
    counts = _counted(found.rows, columns, texts, len(hashes))
    kept = seen_in(counts) >= SEEN_IN
    return Block(hashes[kept], counts[:, kept])


def known_counts(found: Runs, hashes: Hashes, texts: int) -> sparse.csr_matrix:
    """Counts of the runs whose hashes are known, in the columns of those hashes."""
    if not len(hashes):
        return sparse.csr_matrix((texts, 0), dtype=np.float32)
    columns = np.minimum(np.searchsorted(hashes, found.hashes), len(hashes) - 1)
    known = hashes[columns] == found.hashes
    return _counted(found.rows[known], columns[known], texts, len(hashes))


def _counted(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], texts: int, width: int) -> sparse.csr_matrix:
    counts = sparse.coo_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(texts, width)).tocsr()
    counts.sum_duplicates()
    return counts


def seen_in(counts: sparse.csr_matrix) -> npt.NDArray[np.int64]:
    return np.bincount(counts.indices, minlength=counts.shape[1])


def scaled(counts: Sequence[sparse.csr_matrix], rarities: Sequence[npt.NDArray[np.float32]]) -> sparse.csr_matrix:
    """All blocks side by side: damped counts times rarity, each block of length one times its weight, each row of
    length one."""
    parts = [
        _unit(_damped(block) @ sparse.diags(rarity)) * weight
        for block, rarity, weight in zip(counts, rarities, BLOCK_WEIGHTS, strict=True)
    ]
    return _unit(sparse.hstack(parts, format="csr", dtype=np.float32))


def _damped(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    damped = counts.copy()
    damped.data = 1 + np.log(damped.data)
    return damped


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ matrix).tocsr().astype(np.float32)
