"""Checks the words that conditions compare with: a kind, choice, category or tag that does not exist never matches."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from minqing.base.definitions import Reading, nearest, shown
from minqing.kernel.methods.conditions import Condition
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.model import Method, Move
from minqing.kernel.methods.vocabulary import Vocabulary

_WORD = r"(?:'([^'\\]*)'|\"([^\"\\]*)\")"
_QUOTED = re.compile(_WORD)
_NAME = r"([a-z][a-z0-9_.]*)"
_SHAPES = (
    re.compile(rf"{_NAME}\s*[!=]=\s*({_WORD})", re.ASCII),  # kind == 'plea'
    re.compile(rf"{_NAME}\s+in\s+(\[[^\]]*\])", re.ASCII),  # category in ['land', 'order']
)
_TURNED = re.compile(rf"({_WORD})\s*(?:[!=]=|\bin\b)\s*{_NAME}", re.ASCII)  # 'fire' in tags


def check_constants(graph: Graph, reading: Reading, vocabulary: Vocabulary) -> None:
    """Every word compared with a closed set is a word of that set; an empty word asks whether it is filled in."""
    closed = _closed(graph.method, vocabulary)
    for trail, condition in conditions_of(graph.method):
        for name, word in _compared(condition.text):
            words = closed.get(name, ())
            if word and words and word not in words:
                what = f'the condition compares {name} with "{shown(word)}"'
                reading.complain(graph.line(trail), f"{what}, which it never is.{nearest(word, words)}")


def conditions_of(method: Method) -> Iterator[tuple[str, Condition]]:
    """Every condition of a method, with its trail."""
    yield from ((f"triage.{number}.when", rule.when) for number, rule in enumerate(method.triage) if rule.when)
    yield from ((f"levels.{one.slug}.when", one.when) for one in method.levels.values() if one.when)
    for stage in method.stages.values():
        for verb, move in stage.moves.items():
            yield from _of_move(f"stages.{stage.slug}.moves.{verb}", move)
        for number, itself in enumerate(stage.by_itself):
            yield f"stages.{stage.slug}.by_itself.{number}.when", itself.when
    for verb, move in method.anywhere.items():
        yield from _of_move(f"anywhere.{verb}", move)


def _of_move(trail: str, move: Move) -> Iterator[tuple[str, Condition]]:
    if move.when is not None:
        yield f"{trail}.when", move.when
    for result in move.results.values():
        if result.when is not None:
            yield f"{trail}.results.{result.name}.when", result.when


def _closed(method: Method, vocabulary: Vocabulary) -> Mapping[str, Collection[str]]:
    choices = {f"form.{slug}": one.choices for slug, one in method.form.items() if one.of}
    return {
        "kind": method.kinds,
        "stage": method.stages,
        "level": method.levels,
        "records": method.records,
        "category": vocabulary.categories,
        "tags": vocabulary.tags,
        **choices,
    }


def _compared(text: str) -> Iterator[tuple[str, str]]:
    for shape in _SHAPES:
        for found in shape.finditer(text):
            for one, other in _QUOTED.findall(found.group(2)):
                yield found.group(1), one or other
    for found in _TURNED.finditer(text):
        yield found.group(4), found.group(2) or found.group(3) or ""
