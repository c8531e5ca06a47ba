"""The reader: one text in, one suggestion out, with the reasons. With a trained model the model chooses the class and
the lexicon the leaf below it; without one the lexicon does both. The model reads the masked copy, as it was trained on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from minqing.tools.text.against import find_against
from minqing.tools.text.classify import Model, Verdict
from minqing.tools.text.lexicon import Classed, Lexicon
from minqing.tools.text.mask import mask
from minqing.tools.text.segment import fold
from minqing.tools.text.suggestion import UNSORTED, Reason, Suggestion
from minqing.tools.text.tree import Tree, our_tree
from minqing.tools.text.urgency import find_urgency

__all__ = ["Reason", "Suggestion", "TextReader", "search_words"]

Progress = Callable[[int], None]
_AT_A_TIME = 256
_RUNS = re.compile(
    r"[a-z0-9]+|[^\W_a-z0-9]+"
)  # of a folded text in small letters: Latin words and numbers, else Chinese


class TextReader:
    """`places` (word -> place slug) become tags `place:slug` where the word stands in the text."""

    def __init__(
        self, model: Model | None = None, tree: Tree | None = None, places: Mapping[str, str] | None = None
    ) -> None:
        self._model = model
        self._tree = tree or our_tree()
        self._lexicon = Lexicon(self._tree)
        self._places = places or {}

    def read(self, title: str, text: str) -> Suggestion:
        return self.read_many([(title, text)])[0]

    def read_many(self, pairs: Sequence[tuple[str, str]], progress: Progress | None = None) -> list[Suggestion]:
        """`progress` is told how many texts were just read."""
        read: list[Suggestion] = []
        for first in range(0, len(pairs), _AT_A_TIME):
            some = pairs[first : first + _AT_A_TIME]
            read += self._read_some(some)
            if progress:
                progress(len(some))
        return read

    def _read_some(self, pairs: Sequence[tuple[str, str]]) -> list[Suggestion]:
        masked = [(mask(title), mask(text)) for title, text in pairs]
        verdicts: list[Verdict | None] = list(self._model.explain(masked)) if self._model else [None] * len(pairs)
        return [self._suggest(*each) for each in zip(pairs, masked, verdicts, strict=True)]

    def _suggest(self, pair: tuple[str, str], masked: tuple[str, str], verdict: Verdict | None) -> Suggestion:
        classed = self._classed(masked, verdict)
        urgency = find_urgency(*pair)
        against = find_against(*masked)
        reasons = (classed.reason, *urgency, *_why_against(against))
        tags = (*(reason.what for reason in urgency), *self._place_tags(masked))
        title = "未归类" if classed.category == UNSORTED else self._tree.title(classed.category)
        return Suggestion(classed.category, title, classed.confidence, tags, urgency, against, *masked, reasons)

    def _classed(self, masked: tuple[str, str], verdict: Verdict | None) -> Classed:
        if verdict is None:
            return self._lexicon.classify(*masked)
        learned = self._tree.find(verdict.label)
        leaf = self._lexicon.classify(*masked, within=f"{learned}/")
        path = learned if leaf.category == UNSORTED else leaf.category
        led = "、".join(f"“{word}”" for word in verdict.words) or "整段文字"
        why = f"与以往的“{self._tree.title(learned)}”类事项相似，依据：{led}。"
        if path != learned:
            why += leaf.reason.why
        return Classed(path, verdict.confidence, Reason("category", why))

    def _place_tags(self, masked: tuple[str, str]) -> tuple[str, ...]:
        whole = "\n".join(masked)
        return tuple(dict.fromkeys(f"place:{slug}" for word, slug in self._places.items() if word in whole))


def search_words(masked: str) -> tuple[str, ...]:
    """The words by which search finds a masked text, each once; and how a query is cut. Every two characters of a run
    of Chinese that stand side by side are one: so 路灯 is found in 路灯不亮, however a segmenter cuts it."""
    runs = _RUNS.findall(fold(masked).lower())
    found: dict[str, None] = {}
    for run in runs:
        if run.isascii():
            found[run] = None
        else:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return tuple(found) or tuple(dict.fromkeys(runs))  # a single character counts where nothing else stands


def _why_against(against: Sequence[str]) -> tuple[Reason, ...]:
    words = "、".join(f"“{body.partition(':')[2]}”" for body in against)
    return (Reason("against", f"文中对{words}有意见，不应交由其自行办理。"),) if against else ()
