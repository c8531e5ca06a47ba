"""Which of many given words stand in a text: the text's pairs of characters pick the few words worth looking for, so
the cost hangs on the text and hardly on how many words are sought."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from minqing.tools.text.segment import fold

Meaning = TypeVar("Meaning")


class WordIndex(Generic[Meaning]):
    def __init__(self, meanings: Iterable[tuple[str, Meaning]]) -> None:
        self._meanings: dict[str, list[Meaning]] = {}
        for word, meaning in meanings:
            self._meanings.setdefault(fold(word), []).append(meaning)
        self._by_start: dict[str, list[str]] = {}
        for word in self._meanings:
            self._by_start.setdefault(word[:2], []).append(word)
        self._single = [word for word in self._meanings if len(word) == 1]

    def words(self, folded: str) -> set[str]:
        """The words that stand in the text at least once."""
        starts = self._by_start.keys() & {folded[n : n + 2] for n in range(len(folded) - 1)}
        found = {word for start in starts for word in self._by_start[start] if word in folded}
        return found | {word for word in self._single if word in folded}

    def meanings(self, word: str) -> list[Meaning]:
        return self._meanings[word]
