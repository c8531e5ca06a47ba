"""The three methods and one small made-up county."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.insight.twin.ground import Ground, made_up_county
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).parents[5] / "methods"


@pytest.fixture(scope="session")
def panan() -> Method:
    return load_method(METHODS / "panan-three-feelings.yaml", VOCABULARY)


@pytest.fixture(scope="session")
def wushan() -> Method:
    return load_method(METHODS / "wushan-three-rests.yaml", VOCABULARY)


@pytest.fixture(scope="session")
def county() -> Ground:
    return made_up_county(towns=3, villages=4, grids=2)
