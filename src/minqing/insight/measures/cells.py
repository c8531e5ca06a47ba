"""Splits of a whole without cells in which somebody could be recognised. Pure.

Guard rail (e): no cell about fewer than five, also not by subtraction from the whole that stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from minqing.insight.measures.rules import FEWEST

Key = TypeVar("Key", bound=object)


def shown_cells(split: Mapping[Key, int]) -> dict[Key, int | None]:
    """The split, with None for what is hidden: cells under five, and with them the next smallest ones until those
    hidden are several and five together; where that cannot be reached, every cell: beside noughts alone a hidden one
    would be what the whole is."""
    hidden = {key for key, count in split.items() if 0 < count < FEWEST}
    rest = sorted((count, place, key) for place, (key, count) in enumerate(split.items()) if count >= FEWEST)
    for _count, _place, key in rest:
        if not hidden or (len(hidden) > 1 and sum(split[one] for one in hidden) >= FEWEST):
            break
        hidden.add(key)
    if hidden and (len(hidden) == 1 or sum(split[one] for one in hidden) < FEWEST):
        hidden.update(split)
    return {key: None if key in hidden else count for key, count in split.items()}
