"""The text room measured on real messages: macro-F1 of five folds with seed 0, and texts classed a second by one
process. Raw figures stand beside each value; the texts are the labelled messages, masked as in use, cut nowhere."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

from minqing.tools.text.classify import train
from minqing.tools.text.mask import mask
from minqing.tools.text.reader import TextReader
from minqing.tools.text.score import score
from minqing.tools.text.segment import words
from minqing.tools.text.table import read_labelled

_FOLDS = 5
_SEED = 0
_ROUNDS = 5


def measure(real_data: Path) -> dict[str, Any]:
    """`real_data` is the folder that holds messages/labelled.csv. Keys macro_f1 and texts_per_s, each value and raw."""
    labelled = read_labelled(real_data / "messages" / "labelled.csv")
    begun = time.perf_counter()
    pairs = [(mask(title), mask(text)) for title, text in labelled.pairs]
    masked = time.perf_counter() - begun
    begun = time.perf_counter()
    result = score(pairs, labelled.labels, _FOLDS, _SEED)
    scored = time.perf_counter() - begun
    model = train(pairs, labelled.labels)
    seconds = [_seconds(lambda: model.classify(pairs)) for _ in range(_ROUNDS)]
    cutting = _seconds(lambda: [words(text) for _, text in pairs])
    reading = _seconds(lambda: TextReader(model).read_many(labelled.pairs))
    characters = sum(len(title) + len(text) for title, text in pairs)
    return {
        "macro_f1": {
            "value": result.macro_f1,
            "raw": {
                "spread": result.spread,
                "folds": result.folds,
                "texts": len(pairs),
                "classes": len(result.classes),
                "score_s": scored,
            },
        },
        "texts_per_s": {
            "value": len(pairs) / median(seconds),
            "raw": {
                "texts": len(pairs),
                "characters_a_text": characters / len(pairs),
                "classify_s": seconds,
                "bare_segmenter_s": cutting,
                "mask_s": masked,
                "whole_reading_s": reading,
            },
        },
    }


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
