"""A trained model as one file: arrays and labels in a NumPy archive, nothing that runs when it is read. It holds hashes
of runs that stood in three masked texts or more; no text can be read out of it whole."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np

from minqing.base.errors import BadInput
from minqing.tools.text.blocks import BLOCK_WEIGHTS
from minqing.tools.text.classify import Model

_FORM = "minqing-text-1"
_BLOCKS = len(BLOCK_WEIGHTS)


def save_model(model: Model, path: Path) -> None:
    """Written beside and then put in its place, so that no reader meets half a file."""
    about = json.dumps({"form": _FORM, "labels": model.labels, "trained_on": model.trained_on})
    arrays: dict[str, np.ndarray] = {f"hashes{n}": block for n, block in enumerate(model.hashes)}
    arrays |= {f"rarities{n}": block for n, block in enumerate(model.rarities)}
    arrays |= {"about": np.array(about), "weights": model.weights, "bias": model.bias}
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    half.replace(path)


def load_model(path: Path) -> Model:
    if not path.exists():
        raise BadInput(
            f"{path}: 没有这个模型文件，先运行 minqing text train。 No such model: run `minqing text train` first."
        )
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return _checked(_model(stored))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise BadInput(f"{path}: 不是可用的模型文件，请重新训练。 Not a model of this version: train again.") from error


def _model(stored: np.lib.npyio.NpzFile) -> Model:
    about = json.loads(str(stored["about"]))
    if about["form"] != _FORM:
        raise ValueError(about["form"])
    return Model(
        tuple(map(str, about["labels"])),
        tuple(stored[f"hashes{n}"] for n in range(_BLOCKS)),
        tuple(stored[f"rarities{n}"] for n in range(_BLOCKS)),
        stored["weights"],
        stored["bias"],
        int(about["trained_on"]),
    )


def _checked(model: Model) -> Model:
    width = sum(map(len, model.hashes))
    if model.weights.shape != (width, len(model.labels)) or model.bias.shape != (len(model.labels),):
        raise ValueError("the parts of the model do not fit together")
    return model
