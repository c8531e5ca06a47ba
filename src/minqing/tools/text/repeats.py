"""Likely repeats: texts of the same place that use nearly the same words, for a person to merge or leave. Found by
min-hash bands, so each text is compared with its likely doubles only; every group says why. Places are compared as
given; texts without a place are compared with one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from minqing.tools.text.features import Hashes, Runs, character_runs

_SKETCH = 64
_SAME = 0.85  # share of common runs from which two texts are one text for scoring
_ALIKE = 0.30  # share of common runs from which two texts of one place may be one matter


@dataclass(frozen=True)
class Repeat:
    """Positions of texts that may be one matter, the first being the earliest, and why."""

    members: tuple[int, ...]
    likeness: float
    why: str


def near_identical(texts: Sequence[str]) -> list[int]:
    """For each text the position of the first that says nearly the same; itself where none does."""
    sets = _run_sets(character_runs(texts, (3,))[0], len(texts))
    groups = _Groups(len(texts))
    for one, other in _likely(_sketches(sets), rows=8):
        if groups.of(one) != groups.of(other) and likeness(sets[one], sets[other]) >= _SAME:
            groups.join(one, other)
    return [groups.of(n) for n in range(len(texts))]


def find_repeats(texts: Sequence[str], places: Sequence[Hashable]) -> list[Repeat]:
    """Groups of two or more; the largest likeness first."""
    sets = _run_sets(character_runs(texts, (2,))[0], len(texts))
    groups = _Groups(len(texts))
    strength: dict[int, float] = defaultdict(lambda: 1.0)
    for one, other in _likely(_sketches(sets), rows=2):
        if places[one] == places[other] and len(sets[one]) and len(sets[other]):
            alike = likeness(sets[one], sets[other])
            if alike >= _ALIKE:
                lowest = min(strength[groups.of(one)], strength[groups.of(other)], alike)
                strength[groups.join(one, other)] = lowest
    found = (Repeat(members, strength[members[0]], "") for members in groups.all() if len(members) > 1)
    return sorted((_with_reason(group, places) for group in found), key=lambda group: (-group.likeness, group.members))


def _with_reason(group: Repeat, places: Sequence[Hashable]) -> Repeat:
    where = f"同在“{places[group.members[0]]}”" if places[group.members[0]] else "都没有写明地点"
    why = f"{where}，用词相近（每件至少与组内另一件有 {group.likeness:.0%} 的用词相同），请人工确认是否为同一事项。"
    return Repeat(group.members, group.likeness, why)


def likeness(one: Hashes, other: Hashes) -> float:
    """Jaccard: common runs over all runs of the two."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common) if common else 0.0


def _run_sets(found: Runs, texts: int) -> list[Hashes]:
    order = np.argsort(found.rows, kind="stable")
    cuts = np.searchsorted(found.rows[order], np.arange(1, texts))
    return [np.unique(part) for part in np.split(found.hashes[order], cuts)]


def _sketches(sets: Sequence[Hashes]) -> Hashes:
    """Min-hashes, one row a text; of an empty set the row is its own, so that no two empty texts meet."""
    salts = np.random.default_rng(0).integers(1, 2**63, size=_SKETCH, dtype=np.uint64) | np.uint64(1)
    rows = [
        np.array([(found * salt >> np.uint64(7)).min() for salt in salts], dtype=np.uint64)
        if len(found)
        else np.full(_SKETCH, n, dtype=np.uint64)
        for n, found in enumerate(sets)
    ]
    return np.array(rows, dtype=np.uint64).reshape(len(sets), _SKETCH)


_WIDEST = 200  # texts that fall together in one band: beyond, only neighbours are compared, to stay linear


def _likely(sketches: Hashes, rows: int) -> Iterator[tuple[int, int]]:
    """Pairs that agree in one band of `rows` min-hashes, each pair once."""
    seen: set[tuple[int, int]] = set()
    for start in range(0, _SKETCH, rows):
        bands: dict[bytes, list[int]] = defaultdict(list)
        for n, band in enumerate(np.ascontiguousarray(sketches[:, start : start + rows])):
            bands[band.tobytes()].append(n)
        for together in bands.values():
            for pair in _pairs(together):
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def _pairs(together: Sequence[int]) -> Iterable[tuple[int, int]]:
    if len(together) > _WIDEST:
        return pairwise(together)
    return ((one, other) for n, one in enumerate(together) for other in together[n + 1 :])


class _Groups:
    """Union of pairs into groups; a group is known by its first member."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def of(self, n: int) -> int:
        while self._above[n] != n:
            self._above[n] = self._above[self._above[n]]
            n = self._above[n]
        return n

    def join(self, one: int, other: int) -> int:
        first, second = sorted((self.of(one), self.of(other)))
        self._above[second] = first
        return first

    def all(self) -> Iterator[tuple[int, ...]]:
        members: dict[int, list[int]] = defaultdict(list)
        for n in range(len(self._above)):
            members[self.of(n)].append(n)
        return (tuple(group) for group in members.values())
