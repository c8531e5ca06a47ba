from __future__ import annotations

import os
from pathlib import Path

import pytest

from minqing.base.errors import BadInput
from minqing.tools.text.mask import mask
from minqing.tools.text.score import score
from minqing.tools.text.table import read_labelled

WORDS = {"供水": "停水 水压 水费 水表 水管", "工资": "欠薪 工资 老板 工头 工地", "公交": "公交 班车 站台 司机 路线"}
PLACES = "甲村 乙村 丙村 丁村 戊村 己村"
EACH = [(label, word, place) for label, words in WORDS.items() for word in words.split() for place in PLACES.split()]
PAIRS = [(word, f"{place}{word}的事请处理") for _, word, place in EACH]
LABELS = [label for label, _, _ in EACH]


def test_a_plain_set_scores_full_marks_and_says_so_per_class() -> None:
    result = score(PAIRS, LABELS, folds=3, seed=1)
    assert result.macro_f1 > 0.95 and len(result.folds) == 3
    assert result.macro_f1 == pytest.approx(sum(result.folds) / 3)
    assert [(one.label, one.n) for one in result.classes] == [("供水", 30), ("公交", 30), ("工资", 30)]


def test_nearly_identical_texts_never_lie_on_both_sides() -> None:
    """Each text stands there twice with labels thrown at random: only doubles across folds could be guessed right."""
    filler = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
    texts = [("", "".join(filler[(n * 7 + k * (n % 5 + 1)) % len(filler)] for k in range(30))) for n in range(40)]
    labels = [["甲", "乙"][(n * n // 3) % 2] for n in range(40)]
    result = score(texts + texts, labels + labels, folds=4, seed=1)
    assert result.macro_f1 < 0.85
    assert any("几乎相同" in line for line in result.advice)


def test_the_most_confused_pair_is_named() -> None:
    mixed = ["公交" if n % 3 == 0 and label == "工资" else label for n, label in enumerate(LABELS)]
    assert any("“公交”与“工资”互相混淆" in line for line in score(PAIRS, mixed, folds=3).advice)


def test_classes_with_too_few_texts_are_left_out_and_named() -> None:
    result = score([*PAIRS, ("", "独一条")], [*LABELS, "罕见"], folds=3)
    assert all(one.label != "罕见" for one in result.classes)
    assert any("罕见" in line for line in result.advice)


def test_too_little_to_score_gets_a_sentence() -> None:
    with pytest.raises(BadInput, match="各有 5 条以上"):
        score(PAIRS[:40], ["供水"] * 38 + ["工资"] * 2)
    with pytest.raises(BadInput, match="至少分两折"):
        score(PAIRS, LABELS, folds=1)


def test_progress_is_told_once_per_fitting() -> None:
    told: list[int] = []
    score(PAIRS, LABELS, folds=3, progress=told.append)
    assert sum(told) == 4


@pytest.mark.real
def test_residents_messages_are_classed_with_a_macro_f1_of_at_least_092() -> None:
    """The floor is the one asked for before anything was built; no seed or feature was chosen on this one."""
    folder = os.environ.get("MINQING_REAL_DATA")
    if not folder:
        pytest.skip("MINQING_REAL_DATA names no folder")
    labelled = read_labelled(Path(folder) / "messages" / "labelled.csv")
    pairs = [(mask(title), mask(text)) for title, text in labelled.pairs]
    assert score(pairs, labelled.labels, folds=5, seed=0).macro_f1 >= 0.92
