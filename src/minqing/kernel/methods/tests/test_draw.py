"""The Mermaid drawing: every stage and end, every move, the clock dashed, and labels that no title can break out of."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from minqing.kernel.methods.draw import mermaid, node_id, quoted
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import Vocabulary

FILES = sorted((Path(__file__).parents[5] / "methods").glob("*.yaml"))
ID = r"n_[a-zA-Z0-9_]+"
LABEL = r'"[^"<>`|\\{}\[\]\n]*(?:<br/>[^"<>`|\\{}\[\]\n]*)?"'
BOX = re.compile(rf"  ({ID})(?:\(\[{LABEL}\]\)|\{{\{{{LABEL}\}}\}}|\[{LABEL}\]|\{{{LABEL}\}}|\({LABEL}\)):::[a-z]+")
ARROW = re.compile(rf"  ({ID}) (-->|-\.->|==>)(?:\|{LABEL}\|)? ({ID})")
STYLE = re.compile(r"  classDef [a-z]+ [a-z0-9:#,-]+")


def taken_apart(text: str) -> tuple[set[str], list[tuple[str, str, str]]]:
    """Boxes and arrows; fails on a line that is neither."""
    head, _, body = text.partition("flowchart TB\n")
    assert re.fullmatch(r'---\ntitle: ".*"\n---\n', head)
    boxes, arrows = set(), []
    for line in body.splitlines():
        box, arrow = BOX.fullmatch(line), ARROW.fullmatch(line)
        assert box or arrow or STYLE.fullmatch(line), line
        if box:
            boxes.add(box[1])
        if arrow:
            arrows.append((arrow[1], arrow[2], arrow[3]))
    return boxes, arrows


def test_every_stage_and_end_is_drawn_and_every_arrow_joins_two_boxes(little: Method, vocabulary: Vocabulary) -> None:
    boxes, arrows = taken_apart(mermaid(little, vocabulary=vocabulary))
    assert {node_id(slug) for slug in little.stages} <= boxes
    assert {end for source, _, target in arrows for end in (source, target)} <= boxes


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_real_files_are_drawn_whole(vocabulary: Vocabulary, path: Path, lang: str) -> None:
    method = load_method(path, vocabulary)
    boxes, arrows = taken_apart(mermaid(method, lang, vocabulary))
    assert {node_id(slug) for slug in method.stages} <= boxes
    assert {end for source, _, target in arrows for end in (source, target)} <= boxes
    assert len([line for _, line, _ in arrows if line == "==>"]) == len(method.emergencies)


def test_the_clock_is_dashed_and_an_emergency_is_thick(little: Method, vocabulary: Vocabulary) -> None:
    _, arrows = taken_apart(mermaid(little, vocabulary=vocabulary))
    assert (node_id("grid"), "-.->", node_id("village")) in arrows
    assert (node_id("village"), "-.->", node_id("county")) in arrows
    assert (node_id("emergency:violence"), "==>", node_id("county")) in arrows
    assert (node_id("grid"), "-->", node_id("village")) in arrows


def test_a_rung_that_moves_nothing_and_a_move_that_stays_are_no_arrows(little: Method, vocabulary: Vocabulary) -> None:
    text = mermaid(little, vocabulary=vocabulary)
    assert "签收" not in text and "时限用去" not in text


@pytest.mark.parametrize("nasty", ['"]:::x', "a|b", "end", "<script>", "`x`", "a\nb", "#quot;", "}}", "\\", "& ;"])
def test_no_title_breaks_out_of_its_label(little: Method, vocabulary: Vocabulary, nasty: str) -> None:
    grid = replace(little.stages["grid"], title=Title(nasty))
    spoilt = replace(little, stages=dict(little.stages) | {"grid": grid})
    boxes, _ = taken_apart(mermaid(spoilt, vocabulary=vocabulary))
    assert node_id("grid") in boxes


def test_slugs_that_look_alike_have_ids_of_their_own() -> None:
    slugs = ["a-b", "a_b", "a_2d_b", "ab", "end", "a:b"]
    assert len({node_id(slug) for slug in slugs}) == len(slugs)


def test_a_label_keeps_its_text_as_entities() -> None:
    assert quoted('a "b" #1') == '"a #34;b#34; #35;1"'


def test_in_english_the_moves_and_rungs_are_english(little: Method, vocabulary: Vocabulary) -> None:
    text = mermaid(little, "en", vocabulary)
    assert '|"settle"|' in text and '|"due"|' in text and "otherwise" in text
    assert 'title: "Little town"' in text
    taken_apart(text)
