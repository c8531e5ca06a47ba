"""The masked copy: what lists, search and the text tools may show. Given names become 某, numbers a bracketed word such
as [电话]. Masking a masked copy changes nothing; NUL and lone surrogates, which no database takes, are gone from it.
"""

from __future__ import annotations

from collections.abc import Iterable

from minqing.tools.text.names import find_names
from minqing.tools.text.private_numbers import Found, find_numbers
from minqing.tools.text.segment import fold

_ROUNDS = 6
_TAKEN = "\ue000"


def mask(text: str) -> str:
    """Repeated until nothing more is found: what one replacement leaves beside another is looked at again."""
    text = clean(text)
    for _ in range(_ROUNDS):
        masked = _masked_once(text)
        if masked == text:
            break
        text = masked
    return text


def clean(text: str) -> str:
    """Storable: no NUL, no lone surrogate, none of our own private mark."""
    return text.replace("\0", "").replace(_TAKEN, "").encode("utf-8", "replace").decode("utf-8")


def _masked_once(text: str) -> str:
    folded = fold(text)
    taken: list[Found] = []
    folded = _take(folded, find_numbers(folded), taken)
    _take(folded, find_names(folded), taken)
    return _replaced(text, taken)


def _take(folded: str, found: Iterable[Found], taken: list[Found]) -> str:
    marks = list(folded)
    for one in found:
        if one.end > one.start and _TAKEN not in marks[one.start : one.end]:
            marks[one.start : one.end] = _TAKEN * (one.end - one.start)
            taken.append(one)
    return "".join(marks)


def _replaced(text: str, taken: Iterable[Found]) -> str:
    parts, at = [], 0
    for one in sorted(taken, key=lambda found: found.start):
        parts += [text[at : one.start], one.instead]
        at = one.end
    return "".join([*parts, text[at:]])
