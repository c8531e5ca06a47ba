"""The list of promises names tests that exist, and each has a line whose breaking it was seen to notice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bench.breaks import Break, table

ROOT = Path(__file__).resolve().parents[2]
PROMISED = re.findall(r"^- `([^`]+::test_\w+)`", (ROOT / "docs" / "promises.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("test", PROMISED)
def test_a_promise_names_a_test_that_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), "renamed, or moved"


def test_every_promise_has_a_line_to_break_and_every_such_line_a_promise() -> None:
    assert set(PROMISED) == {row.test for row in table()} and len(PROMISED) == len(set(PROMISED)) > 10


@pytest.mark.parametrize("row", table(), ids=lambda row: row.test.rpartition("::")[2])
def test_the_line_to_break_stands_where_the_table_says_once(row: Break) -> None:
    assert (ROOT / row.file).read_text("utf-8").count(row.line) == 1
    assert row.broken != row.line
