"""The trained classifier: two linear machines over the same runs, mixed half and half into one table of weights. One is
a plain support vector machine, one sees each run scaled by its log-count ratio (Wang and Manning 2012, "NB-SVM"). The
model holds hashes and weights, no texts. Its confidence grows with the lead over the next class; it is no probability.
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
from sklearn.svm import LinearSVC

from minqing.base.errors import BadInput
from minqing.tools.text.blocks import BATCH, Block, Found, Known, Pair, block_runs, learn_blocks, parts, scaled, seen_in
from minqing.tools.text.features import Hashes

Floats = npt.NDArray[np.float32]
_STRICTNESS = 2.0
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


def train(pairs: Sequence[Pair], labels: Sequence[str]) -> Model:
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise BadInput("只有一种标签，学不出区别；至少要两种。 Only one label: at least two kinds are needed to learn.")
    numbers = np.searchsorted(np.array(names), np.array(labels))
    return fit(learn_blocks(pairs), names, numbers)


def fit(blocks: Sequence[Block], names: tuple[str, ...], numbers: npt.NDArray[np.int64]) -> Model:
    rarities = [_rarity(block.counts) for block in blocks]
    matrix = scaled(parts([block.counts for block in blocks]), rarities, len(numbers)).tocsr()
    if not matrix.nnz:
        raise BadInput("样本太少：没有一个词在三条以上出现。 Too few texts: no word stands in three of them.")
    present = matrix.astype(bool).astype(np.float32)
    columns = [_mixed(matrix, present, numbers == n) for n in range(len(names))]
    weights = np.stack([weights for weights, _ in columns], axis=1).astype(np.float32)
    bias = np.array([bias for _, bias in columns], dtype=np.float32)
    return Model(names, tuple(b.hashes for b in blocks), tuple(rarities), weights, bias, len(numbers))


def _rarity(counts: sparse.csr_matrix) -> Floats:
    rarity: Floats = (np.log((1 + counts.shape[0]) / (1 + seen_in(counts))) + 1).astype(np.float32)
    return rarity


def _mixed(matrix: sparse.csr_matrix, present: sparse.csr_matrix, ours: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    """Weights for one label against the rest: both machines speak in margins, so they add as they are."""
    ratio = _log_count_ratio(present, ours)
    stretched = (matrix @ sparse.diags(ratio)).tocsr()
    length = float(np.sqrt(stretched.multiply(stretched).sum() / stretched.shape[0])) or 1.0
    plain, plain_bias = _machine(matrix, ours)
    counted, counted_bias = _machine(stretched / length, ours)
    return plain + counted * ratio / length, plain_bias + counted_bias


def _log_count_ratio(present: sparse.csr_matrix, ours: npt.NDArray[np.bool_]) -> Floats:
    inside = 1 + np.asarray(present[ours].sum(axis=0)).ravel()
    outside = 1 + np.asarray(present[~ours].sum(axis=0)).ravel()
    ratio: Floats = np.log((inside / inside.sum()) / (outside / outside.sum())).astype(np.float32)
    return ratio


def _machine(matrix: sparse.csr_matrix, ours: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    machine = LinearSVC(C=_STRICTNESS, tol=1e-3, max_iter=5000, random_state=0).fit(matrix, ours)
    return machine.coef_.ravel().astype(np.float32), float(machine.intercept_[0])
