from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from minqing.base.errors import BadInput
from minqing.tools.text.blocks import BATCH
from minqing.tools.text.classify import Model
from minqing.tools.text.features import character_runs, word_runs
from minqing.tools.text.learning import train
from minqing.tools.text.model_file import load_model, save_model

WATER = ["停水两天", "又停水了", "自来水停水", "为什么总停水", "停水没有通知"]
WAGES = ["拖欠工资", "工资不发", "老板拖欠工资", "工资被拖欠了", "讨要工资"]
BUS = ["公交车太少", "公交不来", "等公交一小时", "公交改线", "公交停运"]
PAIRS = [(text, f"{text}，请处理") for text in (*WATER, *WAGES, *BUS)]
LABELS = ["供水"] * 5 + ["工资"] * 5 + ["公交"] * 5


@pytest.fixture(scope="module")
def model() -> Model:
    return train(PAIRS, LABELS)


def test_a_toy_set_is_learned(model: Model) -> None:
    said = model.classify([("", "昨天停水"), ("", "工资没给"), ("公交", "在哪里坐")])
    assert [label for label, _ in said] == ["供水", "工资", "公交"]
    assert all(1 / 3 < sure <= 1 for _, sure in said)


def test_the_explanation_names_the_word_that_decided(model: Model) -> None:
    (verdict,) = model.explain([("", "今天小区停水")])
    assert verdict.label == "供水" and verdict.words[0] == "停水"


def test_explaining_and_classifying_agree(model: Model) -> None:
    explained, classed = list(model.explain(PAIRS)), model.classify(PAIRS)
    assert [verdict.label for verdict in explained] == [label for label, _ in classed]
    assert [verdict.confidence for verdict in explained] == pytest.approx([sure for _, sure in classed])


def test_a_text_in_a_batch_is_classed_as_it_is_alone(model: Model) -> None:
    together = model.scores([*PAIRS, ("", ""), ("\0\ud800", "🙂")])
    alone = np.vstack([model.scores([pair]) for pair in [*PAIRS, ("", ""), ("\0\ud800", "🙂")]])
    assert np.allclose(together, alone, atol=1e-5)


def test_a_list_of_several_batches_comes_back_whole_and_in_its_order(model: Model) -> None:
    once, often = model.scores(PAIRS), model.scores(PAIRS * 40)
    assert len(often) > 2 * BATCH
    assert np.allclose(often, np.tile(once, (40, 1)), atol=1e-5)
    assert model.scores([]).shape == (0, 3)


def test_runs_seen_in_fewer_than_three_texts_are_not_kept() -> None:
    with_rare = train([*PAIRS, ("", "停水覃豆豆"), ("", "停水覃豆豆")], [*LABELS, "供水", "供水"])
    rare = {int(each) for part in character_runs(["覃豆豆"]) for each in part.hashes}
    assert not rare & set(np.concatenate(with_rare.hashes).tolist())


def test_numbers_are_never_learned() -> None:
    texts = ["13812345678", "1 2 3"]
    assert not any(len(part.hashes) for part in (*character_runs(texts), *word_runs(texts)))


def test_the_same_run_has_the_same_hash_wherever_it_stands() -> None:
    (characters,) = character_runs(["村委会", "去村委会了"], (3,))
    assert characters.hashes[0] in characters.hashes[1:]


def test_a_saved_model_says_the_same(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model.npz")
    loaded = load_model(tmp_path / "model.npz")
    assert loaded.labels == model.labels and loaded.trained_on == 15
    assert np.array_equal(loaded.scores(PAIRS), model.scores(PAIRS))
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_a_saved_model_holds_no_text(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as stored:
        written = {name: str(stored[name]) for name in stored.files if stored[name].dtype.kind not in "uf"}
    assert set(written) == {"about"}
    assert json.loads(written["about"]) == {
        "form": "minqing-text-1",
        "labels": ["供水", "公交", "工资"],
        "trained_on": 15,
    }


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a model", b"\x93NUMPY"])
def test_a_broken_model_file_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.npz").write_bytes(content)
    with pytest.raises(BadInput, match="重新训练"):
        load_model(tmp_path / "model.npz")


def test_a_missing_model_file_says_which_command_makes_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="minqing text train"):
        load_model(tmp_path / "none.npz")


def test_a_model_whose_parts_do_not_fit_is_refused(model: Model, tmp_path: Path) -> None:
    odd = Model(model.labels, model.hashes, model.rarities, model.weights[:-1], model.bias, 15)
    save_model(odd, tmp_path / "model.npz")
    with pytest.raises(BadInput, match="重新训练"):
        load_model(tmp_path / "model.npz")


def test_one_label_alone_cannot_be_learned() -> None:
    with pytest.raises(BadInput, match="只有一种标签"):
        train(PAIRS, ["供水"] * len(PAIRS))


def test_texts_without_a_common_word_cannot_be_learned() -> None:
    with pytest.raises(BadInput, match="样本太少"):
        train([("", "甲"), ("", "乙")], ["一", "二"])


def test_two_labels_are_enough() -> None:
    model = train(PAIRS[:10], LABELS[:10])
    assert model.classify([("", "停水")])[0][0] == "供水"
