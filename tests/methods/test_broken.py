"""Each broken example gets exactly the sentences that its own head promises, with the line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minqing.kernel.methods.loader import check_file
from minqing.kernel.methods.vocabulary import Vocabulary

BROKEN = sorted((Path(__file__).parents[2] / "methods" / "broken").glob("*.yaml"))
EXPECTS = re.compile(r"^# expects: (\d+): (.+)$", re.MULTILINE)


def test_there_are_broken_examples_of_every_sort() -> None:
    assert len(BROKEN) >= 20


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_a_broken_file_gets_the_sentence_it_promises(path: Path, vocabulary: Vocabulary) -> None:
    promised = {(int(line), text) for line, text in EXPECTS.findall(path.read_text(encoding="utf-8"))}
    said = {(one.line, one.text) for one in check_file(path, vocabulary)}
    assert promised, "the head of a broken file says what it expects: # expects: LINE: SENTENCE"
    assert said == promised


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_the_line_named_is_a_line_of_the_definition(path: Path, vocabulary: Vocabulary) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for one in check_file(path, vocabulary):
        assert lines[one.line - 1].strip() and not lines[one.line - 1].startswith("#")
