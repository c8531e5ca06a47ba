"""How well a classifier does on labelled texts: folds, macro-F1 with its spread, each class, and what would lift it.
Texts that say nearly the same lie in the same fold, else the test would meet what the training has seen. Classes with
fewer texts than folds are left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import StratifiedGroupKFold

from minqing.base.errors import BadInput
from minqing.tools.text.blocks import SEEN_IN, Block, Pair, learn_blocks, parts, scaled, seen_in
from minqing.tools.text.learning import fit
from minqing.tools.text.repeats import near_identical

Numbers = npt.NDArray[np.int64]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class ClassScore:
    label: str
    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True)
class Score:
    """`spread` is the standard deviation over the folds."""

    macro_f1: float
    spread: float
    folds: tuple[float, ...]
    classes: tuple[ClassScore, ...]
    advice: tuple[str, ...]


def score(
    pairs: Sequence[Pair], labels: Sequence[str], folds: int = 5, seed: int = 0, progress: Progress | None = None
) -> Score:
    """Cross-validation. `progress` is told 1 after each fitting; there are folds + 1 (one more on half the texts)."""
    pairs, names, numbers, rare = _usable(pairs, labels, folds)
    groups = np.array(near_identical([f"{title}\n{text}" for title, text in pairs]))
    blocks = learn_blocks(pairs)
    splits = list(StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(numbers, numbers, groups))
    said = np.empty_like(numbers)
    marks = []
    for taught, tested in splits:
        said[tested] = _said(blocks, names, numbers, taught, tested)
        marks.append(_macro_f1(numbers[tested], said[tested], len(names)))
        _tell(progress)
    halved = _half_mark(blocks, names, numbers, splits[0], seed)
    _tell(progress)
    doubles = len(numbers) - len(set(groups.tolist()))
    advice = (*_advice(names, numbers, said), *_growth(marks[0], halved), *_notes(rare, doubles))
    classes = tuple(_classes(names, numbers, said))
    return Score(float(np.mean(marks)), float(np.std(marks)), tuple(marks), classes, advice)


def _tell(progress: Progress | None) -> None:
    if progress:
        progress(1)


def _usable(
    pairs: Sequence[Pair], labels: Sequence[str], folds: int
) -> tuple[list[Pair], tuple[str, ...], Numbers, tuple[str, ...]]:
    if folds < 2:
        raise BadInput("至少分两折。 At least two folds are needed.")
    counts = {label: labels.count(label) for label in set(labels)}
    names = tuple(sorted(label for label, count in counts.items() if count >= folds))
    if len(names) < 2:
        raise BadInput(
            f"至少要两种标签各有 {folds} 条以上，才能分 {folds} 折评分。"
            f" At least two labels with {folds} texts each are needed."
        )
    kept = [(pair, label) for pair, label in zip(pairs, labels, strict=True) if label in names]
    numbers = np.array([names.index(label) for _, label in kept], dtype=np.int64)
    return [pair for pair, _ in kept], names, numbers, tuple(sorted(set(labels) - set(names)))


def _said(
    blocks: Sequence[Block], names: tuple[str, ...], numbers: Numbers, taught: Numbers, tested: Numbers
) -> Numbers:
    """What a model that learned from `taught` alone (its runs, their rarity, its weights) says of `tested`."""
    learned = [seen_in(block.counts[taught]) >= SEEN_IN for block in blocks]
    kept = [Block(block.hashes[k], block.counts[:, k]) for block, k in zip(blocks, learned, strict=True)]
    model = fit([Block(block.hashes, block.counts[taught]) for block in kept], names, numbers[taught])
    matrix = scaled(parts([block.counts[tested] for block in kept]), model.rarities, len(tested))
    said: Numbers = np.asarray(matrix @ model.weights + model.bias).argmax(axis=1)
    return said


def _macro_f1(right: Numbers, said: Numbers, classes: int) -> float:
    return float(np.mean(_figures(right, said, classes)[2]))


def _figures(right: Numbers, said: Numbers, classes: int) -> npt.NDArray[np.float64]:
    """Precision, recall, F1 and number of texts: four rows, one column a class."""
    return np.array(precision_recall_fscore_support(right, said, labels=range(classes), zero_division=0.0))


def _classes(names: Sequence[str], right: Numbers, said: Numbers) -> Iterator[ClassScore]:
    for name, (precision, recall, f1, n) in zip(names, _figures(right, said, len(names)).T, strict=True):
        yield ClassScore(name, float(precision), float(recall), float(f1), int(n))


def _half_mark(
    blocks: Sequence[Block], names: tuple[str, ...], numbers: Numbers, split: tuple[Numbers, Numbers], seed: int
) -> float:
    """The first fold again, taught with half of its texts."""
    taught, tested = split
    half = np.sort(np.random.default_rng(seed).permutation(taught)[: len(taught) // 2])
    if len(set(numbers[half].tolist())) < len(names):
        return float("nan")
    return _macro_f1(numbers[tested], _said(blocks, names, numbers, half, tested), len(names))


def _advice(names: Sequence[str], right: Numbers, said: Numbers) -> Iterator[str]:
    weakest = min(_classes(names, right, said), key=lambda one: one.f1)
    yield f"最弱的是“{weakest.label}”（F1 {weakest.f1:.3f}，{weakest.n} 条）：先为它补充样本，收效最大。"
    wrong = int((right != said).sum())
    if not wrong:
        return
    pairs = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(pairs, (right, said), 1)
    both = np.triu(pairs + pairs.T, 1)
    for place in np.argsort(both.ravel())[::-1][:3]:
        one, other = divmod(int(place), len(names))
        if both[one, other]:
            share = both[one, other] / wrong
            yield (
                f"“{names[one]}”与“{names[other]}”互相混淆 {both[one, other]} 条，占全部错误的 {share:.0%}："
                "请抽查这些样本的标签，写明两类的界线。"
            )


def _growth(full: float, half: float) -> Iterator[str]:
    if np.isnan(half):
        return
    gain = full - half
    hint = "样本加倍可望继续提高，但增幅会递减" if gain > 0.005 else "再加同样的样本帮助不大，宜先理清标签"
    yield f"第一折用一半样本得 {half:.3f}，用全部得 {full:.3f}（相差 {gain:+.3f}）：{hint}。"


def _notes(rare: Sequence[str], doubles: int) -> Iterator[str]:
    if rare:
        yield f"样本少于折数、未参加评分的类别：{'、'.join(rare)}。"
    if doubles:
        yield f"有 {doubles} 条与别的样本几乎相同，已放在同一折里，免得训练时见过考题。"
