"""What was written is set as it stands; the same value gives the same bytes; a paper is never printed in boxes."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
import typst

from minqing.base.errors import NotReady
from minqing.tools.letters.coverage import covers
from minqing.tools.letters.typesetting import PAPERS, Typesetter, typesetter
from minqing.tools.letters.values import Brief, Letter, Section, Table, Tile

MARKUP = '#eval("6*7") #read("frame.typ") $x^2$ *bold* _it_ @ref <label> \\ `raw` // gone /* gone */ = head'
LETTER = Letter(
    "登记受理告知书", "编码 K7M2-9QXB", "反映人：", "您反映的事项已经登记。", (("事项编号", "K7M2-9QXB"),),
    (Section("由谁办", ("现在由演示村办理。",), ("可以催办",)),), "演示村", date(2026, 11, 21), "脚注",
)  # fmt: skip
BRIEF = Brief(
    "社会治理日报", "演示县", date(2026, 11, 21), (Tile("收到", "128", "比前一天多 3", "warn"),),
    (Section("情况", ("收到 128 件。",)),),
    (Table("按乡镇", ("乡镇", "收到"), (("演示乡", "12"),), note="不足 5 件不列"),),
)  # fmt: skip


def _read(pdf: bytes) -> str:
    """The words of a PDF, without the gaps between Chinese and Latin letters."""
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_letter_says_all_it_was_given() -> None:
    said = _read(typesetter().pdf(LETTER))
    for words in (
        "登记受理告知书",
        "K7M2-9QXB",
        "您反映的事项已经登记。",
        "现在由演示村办理。",
        "可以催办",
        "2026年11月21日",
        "脚注",
    ):
        assert words in said, words


def test_a_brief_says_all_it_was_given_on_one_sheet() -> None:
    pdf = typesetter().pdf(BRIEF)
    for words in ("社会治理日报", "演示县", "128", "比前一天多3", "收到128件。", "演示乡", "不足5件不列"):
        assert words in _read(pdf), words
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1


@pytest.mark.parametrize("place", ["title", "number", "to", "opening", "unit", "foot"])
def test_markup_in_words_of_a_letter_is_set_as_it_stands(place: str) -> None:
    said = _read(typesetter().pdf(replace(LETTER, **{place: MARKUP})))
    assert "".join(MARKUP.split()) in said


def test_markup_in_facts_and_sections_is_set_as_it_stands() -> None:
    letter = replace(LETTER, facts=((MARKUP, "-"),), sections=(Section("题", (MARKUP,), (MARKUP,)),))
    assert _read(typesetter().pdf(letter)).count('#eval("6*7")') == 3


def test_markup_in_a_brief_is_set_as_it_stands() -> None:
    brief = replace(BRIEF, tiles=(Tile("件", MARKUP),), tables=(Table(MARKUP, ("a", "b"), ((MARKUP, "1"),)),))
    assert _read(typesetter().pdf(brief)).count('#eval("6*7")') == 3


def test_the_same_value_gives_the_same_bytes_whenever_it_is_set() -> None:
    assert typesetter().pdf(LETTER) == typesetter().pdf(LETTER)
    assert pypdf.PdfReader(io.BytesIO(typesetter().pdf(LETTER))).metadata.creation_date.date() == LETTER.day


def test_characters_that_only_steer_are_left_out_and_drawings_have_a_sign_in_their_place() -> None:
    said = _read(typesetter().pdf(replace(LETTER, opening="甲\x00\u202e乙\ud800丙\U0001f600丁")))
    assert "甲乙〓丙〓丁" in said


@pytest.mark.parametrize("rare", ["\ue863", "\U0002c26f", "\U00020123", "\U000f0000", "\u0378", "\uffff"])
def test_a_character_that_no_font_has_leaves_its_sign_and_no_other_name(rare: str) -> None:
    said = _read(typesetter().pdf(replace(LETTER, to=f"张{rare}伟：")))
    assert "张〓伟：" in said and "张伟" not in said


def test_a_rare_name_that_a_font_has_is_printed() -> None:
    said = _read(typesetter().pdf(replace(LETTER, to="𠜎𡃁龘㛃\ufe00 Zoë Ωй：")))
    assert "𠜎𡃁龘㛃" in said.replace("\ufe00", "") and "Zoë" in said and "〓" not in said


def test_a_font_that_cannot_be_read_has_no_letter(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\0\1\0\0\0\7")
    assert not covers(str(broken), 0, "甲") and not covers(str(tmp_path / "none.ttf"), 0, "甲")


def test_without_a_chinese_font_nothing_is_set_and_the_package_is_named() -> None:
    with pytest.raises(NotReady, match="fonts-noto-cjk"):
        Typesetter(typst.Fonts(include_system_fonts=False, include_embedded_fonts=True))


def test_papers_of_several_requests_at_once_are_each_their_own() -> None:
    letters = [replace(LETTER, number=f"编号{number}") for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(typesetter().pdf, letters))
    assert all(letter.number in _read(pdf) for letter, pdf in zip(letters, done, strict=True))


def test_templates_fetch_nothing_and_read_only_what_they_are_told() -> None:
    for template in PAPERS.glob("*.typ"):
        source = template.read_text()
        assert "@preview" not in source and "eval(" not in source and "read(" not in source, template.name
