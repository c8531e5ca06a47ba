"""A home of its own for keys and roots, a small register to act in, a reader that finds nothing, matters to try."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from minqing.kernel.matters import ports
from minqing.kernel.matters.testing import GRID, VILLAGE, Trial, worker
from minqing.kernel.matters.tests.sight_ground import Ground, lay
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).resolve().parents[5] / "methods"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MINQING_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def reader() -> Iterator[list[tuple[str, str]]]:
    """Binds a reader that masks everything; the list holds what it was asked."""
    asked: list[tuple[str, str]] = []

    def read(texts):
        asked.extend(texts)
        return [ports.Suggestion("", (), (), "【标题】", "【正文】") for _ in texts]

    before = ports.reader()
    ports.bind(reader=read, vocabulary=VOCABULARY)
    yield asked
    ports.bind(reader=before)


@pytest.fixture(scope="session")
def wushan() -> Method:
    return load_method(METHODS / "wushan-three-rests.yaml", VOCABULARY)


@pytest.fixture(scope="session")
def panan() -> Method:
    return load_method(METHODS / "panan-three-feelings.yaml", VOCABULARY)


@pytest.fixture
def trial(wushan: Method) -> Trial:
    """A matter at the grid's desk."""
    trial = Trial(wushan)
    trial.report(category="order/neighbours")
    return trial


@pytest.fixture
def at_town(trial: Trial) -> Trial:
    """A matter that the grid and the village have sent up."""
    trial.act(worker(GRID), "refer")
    trial.act(worker(VILLAGE), "refer")
    return trial


@pytest.fixture
def ground(db: None, wushan: Method, tmp_path: Path) -> Ground:
    """Matters of every place, sensitivity and party, in the database."""
    return lay(wushan, tmp_path)
