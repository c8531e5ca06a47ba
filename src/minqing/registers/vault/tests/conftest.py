from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test alone: its own ring of masters."""
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
