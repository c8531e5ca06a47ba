"""The trained classifier: one table of weights, which `learning` makes. The model holds hashes and weights, no texts.
Its confidence grows with the lead over the next class; it is no probability. What learns is not loaded here: it would
take seconds of the first report that a process takes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from scipy.special import softmax

from minqing.tools.text.blocks import BATCH, Found, Known, Pair, block_runs, scaled
from minqing.tools.text.features import Hashes

Floats = npt.NDArray[np.float32]
_SHARPNESS = 3.0


_WEIGHED = 16
_SHOWN = 4


@dataclass(frozen=True)
class Verdict:
    label: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Per block: sorted hashes of its runs and their rarity; one row of weights a run, one column a label."""

    labels: tuple[str, ...]
    hashes: tuple[Hashes, ...]
    rarities: tuple[Floats, ...]
    weights: Floats
    bias: Floats
    trained_on: int

    @cached_property
    def _known(self) -> tuple[Known, ...]:
        return tuple(Known(block, hashes) for block, hashes in enumerate(self.hashes))

    def scores(self, pairs: Sequence[Pair]) -> Floats:
        """One row a text, one column a label; the largest wins."""
        batches = [pairs[n : n + BATCH] for n in range(0, len(pairs), BATCH)]
        scored = map(self._scored, batches)
        return np.vstack([np.zeros((0, len(self.labels)), np.float32), *scored])

    def _scored(self, pairs: Sequence[Pair]) -> Floats:
        return np.asarray(self._matrix(block_runs(pairs), len(pairs)) @ self.weights + self.bias, dtype=np.float32)

    def _matrix(self, found: Sequence[Found], texts: int) -> sparse.coo_matrix:
        known = zip(self._known, found, strict=True)
        return scaled([runs.counted(part) for runs, block in known for part in block], self.rarities, texts)

    def classify(self, pairs: Sequence[Pair]) -> list[tuple[str, float]]:
        """(label, confidence) of each text."""
        scores = self.scores(pairs)
        best = scores.argmax(axis=1)
        sure = softmax(scores * _SHARPNESS, axis=1).max(axis=1)
        return [(self.labels[n], float(s)) for n, s in zip(best, sure, strict=True)]

    def explain(self, pairs: Sequence[Pair]) -> Iterator[Verdict]:
        """Slower than classify: with the runs that weighed most for the label against the others."""
        for first in range(0, len(pairs), BATCH):
            yield from self._explained(pairs[first : first + BATCH])

    def _explained(self, pairs: Sequence[Pair]) -> Iterator[Verdict]:
        found = block_runs(pairs)
        matrix = self._matrix(found, len(pairs)).tocsr()
        scores = np.asarray(matrix @ self.weights + self.bias)
        best = scores.argmax(axis=1)
        telling = [self._telling(matrix, row, label) for row, label in enumerate(best)]
        known = np.concatenate(self.hashes)
        spelt = _spelt(found, np.unique(known[np.concatenate(telling)]))
        for label, sure, columns in zip(best, softmax(scores * _SHARPNESS, axis=1).max(axis=1), telling, strict=True):
            words = _apart(spelt[int(known[column])] for column in columns)
            yield Verdict(self.labels[label], float(sure), tuple(words[:_SHOWN]))

    def _telling(self, matrix: sparse.csr_matrix, row: int, label: int) -> npt.NDArray[np.int64]:
        stretch = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns = matrix.indices[stretch]
        weights = self.weights[columns]
        pull = matrix.data[stretch] * (weights[:, label] - weights.mean(axis=1))
        order = np.argsort(-pull)[:_WEIGHED]
        telling: npt.NDArray[np.int64] = columns[order][pull[order] > 0]
        return telling


def _spelt(found: Sequence[Found], wanted: Hashes) -> dict[int, str]:
    """What the runs of these hashes read like."""
    words: dict[int, str] = {}
    for block in chain.from_iterable(found):
        there = np.flatnonzero(np.isin(block.hashes, wanted))
        _, first = np.unique(block.hashes[there], return_index=True)
        for n in there[first]:
            words[int(block.hashes[n])] = block.laid[block.starts[n] : block.starts[n] + block.lengths[n]]
    return words


def _apart(words: Iterable[str]) -> list[str]:
    """Without those that say again what a heavier one said; single characters say too little to show."""
    kept: list[str] = []
    for word in words:
        if len(word) > 1 and not any(word in other or other in word for other in kept):
            kept.append(word)
    return kept
