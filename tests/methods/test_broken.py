"""Each broken example gets exactly the sentences that its own head promises, with the line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from minqing.base.definitions import DefinitionErrors
from minqing.kernel.methods.loader import check_file, load_method
from minqing.kernel.methods.vocabulary import Vocabulary

BROKEN = sorted((Path(__file__).parents[2] / "methods" / "broken").glob("*.yaml"))
SOUND = (BROKEN[0].parents[1] / "wushan-three-rests.yaml").read_text(encoding="utf-8")
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


def told_of(text: str, vocabulary: Vocabulary) -> set[str]:
    """The complaints about a method file, those that have Chinese, in Chinese."""
    try:
        load_method(text, vocabulary)
    except DefinitionErrors as fault:
        return {one.zh for one in fault.complaints if one.zh}
    return set()


def spoilt() -> Iterator[str]:
    """A sound method, each time with one key misspelt, or its value emptied, made a list or made a block."""
    lines = SOUND.splitlines()
    for number, line in enumerate(lines):
        key = re.match(r"( *(?:- )?)([a-z_-]+):(.*)", line)
        if key is None:
            continue
        wrong = (f"{key[2]}z:{key[3]}", f"{key[2]}: ''", f"{key[2]}: [[]]", f"{key[2]}: {{x: y}}")[number % 4]
        yield "\n".join([*lines[:number], key[1] + wrong, *lines[number + 1 :]])


def test_what_is_told_in_chinese_is_chinese_but_for_words_of_the_file(vocabulary: Vocabulary) -> None:
    texts = [*(path.read_text(encoding="utf-8") for path in BROKEN), *spoilt()]
    told = {zh for text in texts for zh in told_of(text, vocabulary)}
    assert len(told) >= 100
    of_file = re.compile(r"“[^” ]*”|可以(写|用的键)：.*|yes 或 no|[{]zh: [.]{3}, en: [.]{3}[}]|\[ \]|YAML.*")
    assert [zh for zh in told if re.search(r'[A-Za-z"]', of_file.sub("", zh))] == []


@pytest.mark.parametrize(
    ("right", "wrong", "zh"),
    [
        (
            "is: {zh: 网格调处, en: with the grid}",
            "is: {zh: 网格调处}",
            "环节“grid”的“is”要中英文都写：{zh: ..., en: ...}",
        ),
        ("{zh: 邻里, en: neighbours}, ", "{zh: 其他, en: rest}, ", "表单项“cause”的可选项里“其他”写了两次：请删去一个"),
        ("    holder: grid\n", "    holder: gird\n", "没有叫“gird”的角色。是不是“grid”？"),
    ],
)
def test_a_clerk_is_told_in_chinese(right: str, wrong: str, zh: str, vocabulary: Vocabulary) -> None:
    assert right in SOUND
    assert zh in told_of(SOUND.replace(right, wrong, 1), vocabulary)
