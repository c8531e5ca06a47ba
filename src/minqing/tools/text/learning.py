"""How the classifier learns: two linear machines over the same runs, mixed half and half into one table of weights. One
is a plain support vector machine, one sees each run scaled by its log-count ratio (Wang and Manning 2012, "NB-SVM").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse
from sklearn.svm import LinearSVC

from minqing.base.errors import BadInput
from minqing.tools.text.blocks import Block, Pair, learn_blocks, parts, scaled, seen_in
from minqing.tools.text.classify import Floats, Model

_STRICTNESS = 2.0


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
