"""A method file spoilt at random is loaded or refused in sentences; it never brings the loader down."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from minqing.base.definitions import DefinitionErrors
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.vocabulary import Vocabulary

FOLDER = Path(__file__).parents[2] / "methods"
FILES = sorted(FOLDER.glob("*.yaml"))
ROUNDS = 200
WORDS = ("", "above", "back", "all", "call-back", "no", "[]", "{}", "~", "0", "1d", "form.cause")
SPOILERS = "abz-_:{}[],'\"#&*!|>%@ \t\n\0\ud800\ufeff\u2028" + "，。：“0９é"


def _delete(lines: list[str], at: int, chance: random.Random) -> None:
    del lines[at]


def _double(lines: list[str], at: int, chance: random.Random) -> None:
    lines.insert(at, lines[at])


def _indent(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] = " " * chance.randint(1, 4) + lines[at] if chance.random() < 0.5 else lines[at][chance.randint(1, 4) :]


def _spoil_letter(lines: list[str], at: int, chance: random.Random) -> None:
    place = chance.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:place] + chance.choice(SPOILERS) + lines[at][place + chance.randint(0, 1) :]


def _spoil_word(lines: list[str], at: int, chance: random.Random) -> None:
    words = lines[at].split(" ")
    place = chance.randrange(len(words))
    words[place] = chance.choice(WORDS)
    lines[at] = " ".join(words)


def _swap(lines: list[str], at: int, chance: random.Random) -> None:
    other = chance.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


DAMAGES: tuple[Callable[[list[str], int, random.Random], None], ...] = (
    _delete, _double, _indent, _spoil_letter, _spoil_word, _swap,
)  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_one_line_of_damage_gets_sentences_and_never_a_traceback(path: Path, vocabulary: Vocabulary) -> None:
    good = path.read_text(encoding="utf-8").splitlines()
    chance = random.Random(path.stem)
    refused = 0
    for _ in range(ROUNDS):
        lines = list(good)
        chance.choice(DAMAGES)(lines, chance.randrange(len(lines)), chance)
        try:
            load_method("\n".join(lines), vocabulary, path.stem)
        except DefinitionErrors as fault:
            refused += 1
            assert all(1 <= one.line <= len(lines) + 1 and one.text for one in fault.complaints)
    assert refused > ROUNDS // 4, "damage is hardly ever seen"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_half_a_file_is_refused(path: Path, vocabulary: Vocabulary) -> None:
    content = path.read_text(encoding="utf-8")
    for part in range(1, 20):
        with pytest.raises(DefinitionErrors):
            load_method(content[: len(content) * part // 20], vocabulary, path.stem)
