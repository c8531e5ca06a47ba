"""Guard rail: no condition names a person, or counts how often somebody complained, was refused or was rated."""

from __future__ import annotations

from pathlib import Path

import pytest

from minqing.kernel.methods.loader import check_file
from minqing.kernel.methods.vocabulary import Vocabulary

FILE = Path(__file__).parents[2] / "methods" / "wushan-three-rests.yaml"
CONDITION = "people >= 5 || text.repeats >= 3"
NAMES = (
    "reporter == '某某'", "reporter.complaints > 3", "reporter.name == '某某'", "complaints > 3", "reminders > 1",
    "against_people > 0", "against > 0", "worker == 12", "holder == 3", "settlers > 1", "stars < 3", "person == 7",
    "history.reports > 2", "text.by_reporter > 2",
)  # fmt: skip


@pytest.mark.parametrize("condition", NAMES)
def test_a_condition_about_a_person_cannot_be_written(condition: str, vocabulary: Vocabulary, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert text.count(CONDITION) == 1
    changed = tmp_path / FILE.name
    changed.write_text(text.replace(CONDITION, f'"{condition}"'), encoding="utf-8")
    line = text[: text.index(CONDITION)].count("\n") + 1
    assert line in [one.line for one in check_file(changed, vocabulary)]
