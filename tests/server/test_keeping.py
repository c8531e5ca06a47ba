"""The keeper of the database outlives every fault, and tells its kind only."""

from __future__ import annotations

import logging
from typing import NoReturn

import pytest

from minqing.wiring import keeping


class Enough(BaseException):
    """Ends the endless thread of a test."""


class Turns:
    """Stands for the waiting between two looks: after the third it is enough."""

    def __init__(self) -> None:
        self.waited = 0

    def wait(self, seconds: float) -> None:
        self.waited += 1
        if self.waited == 3:
            raise Enough

    def clear(self) -> None:
        """Nothing was set."""


def test_a_fault_that_nobody_foresaw_ends_no_keeper_and_its_words_are_not_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> NoReturn:
        raise RuntimeError("阿斯特拉巴")

    turns = Turns()
    monkeypatch.setattr(keeping, "apply_shift", breaks)
    monkeypatch.setattr(keeping, "_woken", turns)
    monkeypatch.setattr(logging.getLogger("minqing"), "propagate", True)
    with pytest.raises(Enough):
        keeping._keep()
    assert turns.waited == 3
    assert set(caplog.messages) == {"the keeper of the database met RuntimeError, and goes on"}
    assert "阿斯特拉巴" not in caplog.text
