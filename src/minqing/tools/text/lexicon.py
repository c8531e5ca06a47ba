"""Classing before anything is trained: the words of each leaf, looked for in title and text. A longer word says more, a
word in the title counts three times. It knows no more than its words; where none is found it says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from minqing.tools.text.found_words import WordIndex
from minqing.tools.text.segment import fold
from minqing.tools.text.suggestion import UNSORTED, Reason
from minqing.tools.text.tree import Tree

_TITLE_COUNTS = 3.0
_SHOWN = 4


@dataclass(frozen=True)
class Classed:
    """A category, how sure (0 to 1: its share of all weight found), and why."""

    category: str
    confidence: float
    reason: Reason


class Lexicon:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._index = WordIndex((word, leaf.path) for leaf in tree.leaves() for word in leaf.words)

    def classify(self, title: str, text: str, within: str = "") -> Classed:
        """`within` keeps to the leaves below one class."""
        weights, words = self._weigh(fold(title), fold(text), within)
        if not weights:
            return Classed(UNSORTED, 0.0, Reason("category", "没有认出能归类的字词，请人工选择类别。"))
        best = max(weights, key=lambda path: weights[path])
        shown = _quoted(sorted(words[best], key=len, reverse=True)[:_SHOWN])
        why = f"文中出现{shown}，归入“{self._tree.title(best)}”。"
        return Classed(best, weights[best] / sum(weights.values()), Reason("category", why))

    def _weigh(self, title: str, text: str, within: str) -> tuple[dict[str, float], dict[str, list[str]]]:
        in_title, in_text = self._index.words(title), self._index.words(text)
        weights: dict[str, float] = {}
        words: dict[str, list[str]] = {}
        for word in _longest(in_title | in_text):
            weight = (len(word) - 1 or 0.5) * (_TITLE_COUNTS * (word in in_title) + (word in in_text))
            for path in self._index.meanings(word):
                if path.startswith(within):
                    weights[path] = weights.get(path, 0.0) + weight
                    words.setdefault(path, []).append(word)
        return weights, words


def _longest(found: set[str]) -> list[str]:
    """Without words that only stand inside a longer found one; in a fixed order, so that equal weights fall alike."""
    return sorted(word for word in found if not any(word != other and word in other for other in found))


def _quoted(words: Iterable[str]) -> str:
    return "、".join(f"“{word}”" for word in words)
