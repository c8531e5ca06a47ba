"""Which of the moves that an answer offers is taken: chance, weighted by what answers said. No name of a move is known.

Likelier: a move that says it `clears` a duty, most of all the one that is due first. Less likely: one that was made on
this matter before (a call in vain is tried again sooner than a note is written twice); one after which matters were
seen ended, the more so the more of all ends were of its making, so that no way of ending crowds out the others; and,
rare, one that led to an `end` to which the person concerned (who has a secret, not a token) brings it too: few people
give up what they came for, and no post does so for them often.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

Move = Mapping[str, Any]
CLEARS = 3.0  # how much likelier is what meets a duty
CLEARS_FIRST = 6.0  # what meets the one that is due first
CROWDS = 3.0  # how much what made many of the ends is passed over
RARELY = 0.01  # what the person concerned ends it by


class Inclination:
    """What one walker has learned. `side`: "reporter" or "post", whose moves are not compared with each other."""

    def __init__(self) -> None:
        self._made: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._ends: Counter[tuple[str, str]] = Counter()
        self._led_to: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._given_up: set[str] = set()

    def choose(self, code: str, side: str, moves: Sequence[Move], duties: Sequence[Move], dice: random.Random) -> Move:
        """One of the moves; `duties` are those of the matter as an answer told them, if it did."""
        running = [duty for duty in duties if duty["state"] == "open"]
        first = min(running, key=lambda duty: str(duty["due"]))["duty"] if running else None
        weights = [self._weight(code, side, move, first) for move in moves]
        chosen = dice.choices(moves, weights)[0]
        self._made[code][chosen["move"]] += 1
        return chosen

    def _weight(self, code: str, side: str, move: Move, first: object) -> float:
        clears, name = move["clears"], move["move"]
        weight = CLEARS_FIRST if first in clears else CLEARS if clears else 1.0
        weight /= (1 + self._made[code][name]) ** (1 if first in clears else 2)
        if self._led_to[side, name] & self._given_up:
            return weight * RARELY
        share = self._ends[side, name] / (self._ends.total() or 1)
        return weight / (1 + CROWDS * share) ** 2

    def ended(self, side: str, move: str, end: str) -> None:
        """After this move the matter has ended, with this `end`."""
        self._ends[side, move] += 1
        self._led_to[side, move].add(end)
        if side == "reporter":
            self._given_up.add(end)
