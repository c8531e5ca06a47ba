"""What the kernel asks of higher floors; wiring binds it once. Asked before `decide`; the answer is in the event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from minqing.base.errors import NotReady
from minqing.kernel.methods.vocabulary import Vocabulary


@dataclass(frozen=True)
class Suggestion:
    """What the reader found in one text. `against`: 'kind:word' of each body complained of; `reasons` are sentences;
    `words` of the masked copies are those that search finds (None: not cut yet)."""

    category: str = ""
    tags: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    masked_title: str = ""
    masked_text: str = ""
    reasons: tuple[str, ...] = ()
    words: tuple[str, ...] | None = None


class Reader(Protocol):
    """Reads many texts at once: (title, text) each, a suggestion each."""

    def __call__(self, texts: Sequence[tuple[str, str]], /) -> Sequence[Suggestion]: ...


class Cutter(Protocol):
    """Cuts a text into the words that search knows: those of a masked copy, those of a query, in the same way."""

    def __call__(self, text: str, /) -> Sequence[str]: ...


class Repeats(Protocol):
    """Groups of texts that may be one concern, by place and likeness, never by person: positions, for each position
    that of the first text that says nearly the same, and why."""

    def __call__(
        self, texts: Sequence[str], places: Sequence[int], /
    ) -> Sequence[tuple[tuple[int, ...], tuple[int, ...], str]]: ...


@dataclass
class _Bound:
    reader: Reader | None = None
    repeats: Repeats | None = None
    vocabulary: Vocabulary | None = None
    cutter: Cutter | None = None


_bound = _Bound()


def bind(
    *,
    reader: Reader | None = None,
    repeats: Repeats | None = None,
    vocabulary: Vocabulary | None = None,
    cutter: Cutter | None = None,
) -> None:
    """Sets what is given; what is not given stays."""
    _bound.reader = reader or _bound.reader
    _bound.repeats = repeats or _bound.repeats
    _bound.vocabulary = vocabulary or _bound.vocabulary
    _bound.cutter = cutter or _bound.cutter


def reader() -> Reader:
    """The bound reader."""
    if _bound.reader is None:
        raise NotReady("no reader is bound: call minqing.wiring before the first report")
    return _bound.reader


def cut(text: str) -> tuple[str, ...]:
    """The words of a text or a query, as search knows them."""
    if _bound.cutter is None:
        raise NotReady("nobody is bound that cuts words: call minqing.wiring before the first search")
    return tuple(_bound.cutter(text))


def repeats() -> Repeats:
    """Who finds repeats."""
    if _bound.repeats is None:
        raise NotReady("nobody is bound that finds repeats: call minqing.wiring before an import")
    return _bound.repeats


def vocabulary() -> Vocabulary:
    """What names in method files may mean."""
    if _bound.vocabulary is None:
        raise NotReady("no vocabulary is bound: call minqing.wiring before a method is read")
    return _bound.vocabulary
