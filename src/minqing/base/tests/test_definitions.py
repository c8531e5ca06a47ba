"""Definition files: everything is text, nothing hides, and what is wrong is said in one go."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.base import definitions
from minqing.base.definitions import (
    DEEPEST,
    LARGEST,
    Complaint,
    DefinitionErrors,
    Items,
    Keys,
    Reading,
    Text,
    nearest,
    read_file,
    read_text,
)


def refused(content: str | bytes) -> list[str]:
    with pytest.raises(DefinitionErrors) as fault:
        read_text(content, "f.yaml")
    return [str(one) for one in fault.value.complaints]


@pytest.mark.parametrize("word", ["no", "on", "0330106", "1:30", "1e3", "~", "null", "2026-11-22", "0x1F", "=", "<<"])
def test_a_scalar_is_the_text_as_written(word: str) -> None:
    assert read_text(f"key: {word}\n", "f.yaml").get("key") == Text(word, 1, "key")


def test_positions_and_trails_lead_back_to_the_line() -> None:
    top = read_text("stages:\n  village:\n    tell: [a,\n      b]\n", "f.yaml")
    village = top.get("stages")
    assert isinstance(village, Keys) and village.key_lines == {"village": 2}
    inner = village.get("village")
    assert isinstance(inner, Keys)
    tell = inner.get("tell")
    assert isinstance(tell, Items)
    assert [(one.value, one.line, one.trail) for one in tell.items if isinstance(one, Text)] == [
        ("a", 3, "stages.village.tell.0"),
        ("b", 4, "stages.village.tell.1"),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", 'f.yaml:3: the key "a" stands twice (first in line 1)'),
        ("a: &x 1\n", 'f.yaml:1: "&x" is an anchor: write the value out, or in double quotes'),
        ("a: !x 3\n", 'f.yaml:1: "!x" is a tag: a text that begins with ! stands in double quotes'),
        ("a: !reset\n", 'f.yaml:1: "!reset" is a tag: a text that begins with ! stands in double quotes'),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document begins here: one file holds one definition"),
        ("", "f.yaml:1: the file is empty or has no keys: it is a page of `key: value`"),
        ("- a\n- b\n", "f.yaml:1: the file is empty or has no keys: it is a page of `key: value`"),
        ("? [a]\n: b\n", "f.yaml:1: a key is one word, not a list or a block: look at the brackets of this line"),
        ("a: 1\nb: x\0y\n", "f.yaml:2: an unseen character (U+0000) stands here: take it out"),
        ("a: \ud800\n", "f.yaml:1: an unseen character (U+D800) stands here: take it out"),
        ("a: x\u2028b: y\n", "f.yaml:1: an unseen character (U+2028) stands here: take it out"),
        ("名: 值\n".encode("gb18030"),
         "f.yaml:1: the file is not UTF-8 (perhaps GBK/GB18030 or UTF-16): save it again as UTF-8"),
        ("a: 1\n".encode("utf-16"),
         "f.yaml:1: the file is not UTF-8 (perhaps GBK/GB18030 or UTF-16): save it again as UTF-8"),
        ("a: " + "[" * (DEEPEST + 1) + "\n", f"f.yaml:1: nested more than {DEEPEST} deep"),
        ("a: " + "[" * 50_000, f"f.yaml:1: nested more than {DEEPEST} deep"),
        ("a: " + "x" * LARGEST, "f.yaml:1: the file is larger than 256 KiB: a definition file is a page or two"),
    ],
)  # fmt: skip
def test_what_is_no_definition_gets_one_sentence_with_its_line(content: str | bytes, sentence: str) -> None:
    assert refused(content) == [sentence]


def test_an_alias_is_refused_together_with_its_anchor() -> None:
    assert len(refused("a: &x 1\nb: *x\n")) == 2


def test_a_condition_that_breaks_the_line_is_told_to_stand_in_quotes() -> None:
    (sentence,) = refused("rules:\n  - {when: x in ['a', 'b'] && y, go: z}\n")
    assert sentence.startswith("f.yaml:2: not readable as YAML: ")
    assert sentence.endswith('A condition with quotes, commas or brackets stands in double quotes: when: "..."')


def test_a_tab_is_named_as_what_it_is() -> None:
    assert "Indent with spaces, not with tabs" in refused("a:\n\t- x\n")[0]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert read_text(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "f.yaml").key_lines == {"a": 1, "b": 2}
    assert read_text("\ufeffa: 1", "f.yaml").get("a") == Text("1", 1, "a")


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DefinitionErrors, match=r"nowhere\.yaml:1: the file cannot be read: No such file"):
        read_file(tmp_path / "nowhere.yaml")
    with pytest.raises(DefinitionErrors, match="the file cannot be read"):
        read_file(tmp_path)


def test_a_file_is_read_with_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffa: 一\n".encode())
    top, text = read_file(path)
    assert (top.get("a"), text) == (Text("一", 1, "a"), "a: 一\n")


def test_the_nearest_word_is_offered_and_a_far_one_is_not() -> None:
    assert nearest("limits", ("limit", "holder")) == ' Did you mean "limit"?'
    assert nearest("zzz", ("limit", "holder")) == ""


def test_an_unknown_key_is_named_once_and_not_also_missed() -> None:
    reading = Reading("f.yaml")
    reading.known_keys(read_text("limits: 3d\n", "f.yaml"), "stage", ("limit", "holder"), required=("limit", "holder"))
    assert [one.text for one in reading.complaints] == [
        'stage has no key "limits". Did you mean "limit"? It knows: limit, holder',
        'stage needs the key "holder"',
    ]


def test_typed_access_complains_and_goes_on() -> None:
    top = read_text("a: [x, x]\nb: maybe\nc: 12\nd: red\ne: {k: v}\nf: ''\n", "f.yaml")
    reading = Reading("f.yaml")
    assert reading.texts(top.get("a"), "a") == ("x",)
    assert reading.yes_no(top.get("b"), "b") is False
    assert reading.whole(top.get("c"), "c", 1, 9, default=3) == 3
    assert reading.choice(top.get("d"), "d", ("rede", "blue")) == ""
    assert reading.text(top.get("e"), "e") == ""
    assert reading.text(top.get("f"), "f") == ""
    assert reading.mapping(top.get("d"), "d").entries == {}
    assert reading.sequence(top.get("d"), "d") == ()
    assert [one.text for one in reading.complaints] == [
        'a: "x" stands twice',
        'b is yes or no, not "maybe"',
        'c is a whole number from 1 to 9, not "12"',
        'd cannot be "red". Did you mean "rede"? It is one of: rede, blue',
        "e is a word or a text, not a block of keys",
        "f is empty",
        "d is a block of keys, not a text",
        "d is a list, not a text: write it in [ ] or with - before each line",
    ]
    with pytest.raises(DefinitionErrors) as fault:
        reading.stop_if_bad()
    assert len(fault.value.complaints) == 8


def test_a_file_of_nothing_but_slips_gets_a_hundred_complaints_and_no_more() -> None:
    top = read_text("".join(f"k{number}: x\n" for number in range(300)), "f.yaml")
    reading = Reading("f.yaml")
    reading.known_keys(top, "a block", ("limit",))
    for number in range(300):
        reading.named(top, f"n{number}", "stage", ("village",))
    assert len(reading.complaints) == 100


def test_complaints_stand_in_the_order_of_the_lines_and_once_each() -> None:
    first, second = Complaint("f", 2, "x"), Complaint("f", 10, "y")
    assert str(DefinitionErrors([second, first, second])) == "f:2: x\nf:10: y"


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from("ab:-[]{},'\"#&*!|>%@? \t\n\r\0~一\ud800\ufeff"), max_size=60))
def test_no_text_brings_the_reader_down(content: str) -> None:
    try:
        assert isinstance(read_text(content, "f.yaml"), Keys)
    except DefinitionErrors as fault:
        assert fault.complaints


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_no_bytes_bring_the_reader_down(content: bytes) -> None:
    try:
        assert isinstance(read_text(content, "f.yaml"), Keys)
    except DefinitionErrors as fault:
        assert fault.complaints


@pytest.mark.parametrize("content", ["a: [1, {b: c}]\nd:\n  - x\n  - 'y'\n", "a: |\n  two\n  lines\n", "a:\nb: ''\n"])
def test_the_reader_in_c_and_the_one_in_python_agree(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    swift = read_text(content, "f.yaml")
    monkeypatch.setattr(definitions, "_PARSER", yaml.SafeLoader)
    assert read_text(content, "f.yaml") == swift
