"""The text room measured on real messages: macro-F1 of five folds with seed 0, and texts classed a second by one
process, by the wall's clock and by its own. Anchor: cutting the same texts into words and nothing else. The texts are
the labelled messages, masked as in use, shortened nowhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from minqing.tools.text.classify import Model
from minqing.tools.text.learning import train
from minqing.tools.text.mask import mask
from minqing.tools.text.reader import TextReader
from minqing.tools.text.score import score
from minqing.tools.text.segment import words
from minqing.tools.text.table import read_labelled

_FOLDS = 5
_SEED = 0
_ROUNDS = 5


_READ_WHOLE = 1000

Seconds = tuple[float, float]
Pairs = Sequence[tuple[str, str]]


def measure(real_data: Path) -> dict[str, Any]:
    """`real_data` is the folder that holds messages/labelled.csv. Keys macro_f1 and texts_per_s, each value and raw."""
    labelled = read_labelled(real_data / "messages" / "labelled.csv")
    pairs = [(mask(title), mask(text)) for title, text in labelled.pairs]
    model = train(pairs, labelled.labels)
    speed = _speed(model, pairs, labelled.pairs[:_READ_WHOLE])
    return {"macro_f1": _quality(pairs, labelled.labels), "texts_per_s": speed}


def _quality(pairs: Pairs, labels: Sequence[str]) -> dict[str, Any]:
    result = score(pairs, labels, _FOLDS, _SEED)
    raw = {"spread": result.spread, "folds": result.folds, "texts": len(pairs), "classes": len(result.classes)}
    return {"value": result.macro_f1, "raw": raw}


def _speed(model: Model, pairs: Pairs, unmasked: Pairs) -> dict[str, Any]:
    model.classify(pairs[:1])  # tables made and dictionary read before the clock runs
    rounds = [_seconds(lambda: model.classify(pairs)) for _ in range(_ROUNDS)]
    wall, processor = (median(round_[n] for round_ in rounds) for n in (0, 1))
    whole = "\n".join(f"{title}\n{text}" for title, text in pairs)
    cutting = median(_seconds(lambda: words(whole))[1] for _ in range(_ROUNDS))
    reading, _ = _seconds(lambda: TextReader(model).read_many(unmasked))
    raw = {
        "texts": len(pairs),
        "characters_a_text": round(len(whole) / len(pairs)),
        "processor_texts_per_s": round(len(pairs) / processor),
        "cutting_alone_processor_texts_per_s": round(len(pairs) / cutting),
        "processor_ratio_to_cutting_alone": round(processor / cutting, 2),
        "wall_s": [round(each, 3) for each, _ in rounds],
        "processor_s": [round(each, 3) for _, each in rounds],
        "whole_reading_texts_per_s": round(len(unmasked) / reading),
    }
    return {"value": round(len(pairs) / wall), "raw": raw}


def _seconds(work: Callable[[], object]) -> Seconds:
    """By the wall's clock, and of the processor over all threads."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor
