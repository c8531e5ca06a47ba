"""What the accounts ask of higher floors; wiring binds it once: whether words hold a name or number of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from minqing.base.errors import NotReady


class NamesSomebody(Protocol):
    """Says whether the masker would take anything out of these words."""

    def __call__(self, words: str, /) -> bool: ...


@dataclass
class _Bound:
    names_somebody: NamesSomebody | None = None


_bound = _Bound()


def bind(names_somebody: NamesSomebody) -> None:
    """Sets who is asked."""
    _bound.names_somebody = names_somebody


def names_somebody(words: str) -> bool:
    """What the bound one says."""
    if _bound.names_somebody is None:
        raise NotReady("nobody is bound that knows names: call minqing.wiring before a view is kept")
    return _bound.names_somebody(words)
