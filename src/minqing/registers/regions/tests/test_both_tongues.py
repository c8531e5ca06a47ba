"""What the register refuses is told in both tongues: 中文（English）. The loader of the public list is not asked."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1]
PLACES = [path for path in sorted(FOLDER.glob("*.py")) if path.name != "loading.py"]


def refusals(path: Path) -> list[str]:
    """The words of every refusal that is written out, without what is put into them."""
    calls = [
        call for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("BadInput", "Unfit")
    ]  # fmt: skip
    words = ["".join(str(one.value) for one in ast.walk(call) if isinstance(one, ast.Constant)) for call in calls]
    return [said for said in words if re.search("[\u4e00-\u9fff]", said)]


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_every_refusal_has_an_english_half(path: Path) -> None:
    assert [said for said in refusals(path) if not re.search("（[^\u4e00-\u9fff]*[a-z]{2} [a-z]", said)] == []


def test_refusals_are_found() -> None:
    assert sum(len(refusals(path)) for path in PLACES) > 40
