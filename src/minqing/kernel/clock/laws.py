"""The legal clocks: how long the law gives, to whom, and what a method may change about it.

The table is `laws.yaml` beside this file; its head explains the columns. A clock of side `duty` may be set shorter,
never longer; one of side `right` is a party's time and is never cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from minqing.base.definitions import Keys, Node, Reading, read_file
from minqing.kernel.clock.budgets import BadBudget, Budget, parse_budget

Side = Literal["duty", "right"]
Roll = Literal["none", "next-day"]
LAWS_FILE = Path(__file__).with_name("laws.yaml")
_KEYS = ("is", "limit", "article", "side", "roll", "extend", "agreed", "lapses", "checked")
_ROLLING = ("d", "mo", "y")


@dataclass(frozen=True)
class LegalClock:
    """One clock of the law. `extend`: the most it may be prolonged; `agreed`: freely, where all parties agree."""

    name: str
    title: str
    budget: Budget
    article: str
    side: Side
    roll: Roll = "none"
    extend: Budget | None = None
    agreed: bool = False
    lapses: bool = False
    checked: bool = True


@cache
def load_laws() -> Mapping[str, LegalClock]:
    """The table that comes with the product: name -> clock."""
    return read_laws(LAWS_FILE)


def read_laws(path: Path) -> Mapping[str, LegalClock]:
    """A table of legal clocks; raises `DefinitionErrors` with every fault in it."""
    top, _text = read_file(path)
    reading = Reading(str(path))
    found = {name: _clock(reading, name, reading.mapping(row, name)) for name, row in top.entries.items()}
    reading.stop_if_bad()
    return MappingProxyType({name: clock for name, clock in found.items() if clock is not None})


def _clock(reading: Reading, name: str, row: Keys) -> LegalClock | None:
    what = f'legal clock "{name}"'
    reading.known_keys(row, what, _KEYS, required=("is", "limit", "article", "side", "roll"))
    budget = _budget(reading, row.get("limit"))
    extend = _budget(reading, row.get("extend"))
    side = reading.choice(row.get("side"), f"side of {what}", ("duty", "right"))
    roll = reading.choice(row.get("roll"), f"roll of {what}", ("none", "next-day"))
    if budget and roll == "next-day" and budget.unit not in _ROLLING:
        reading.complain(row, f"{what} counts in {budget.unit}, which never rolls: say roll: none")
    if budget is None:
        return None
    return LegalClock(
        name=name,
        title=reading.text(row.get("is"), f"is of {what}"),
        budget=budget,
        article=reading.text(row.get("article"), f"article of {what}"),
        side="right" if side == "right" else "duty",
        roll="next-day" if roll == "next-day" else "none",
        extend=extend,
        agreed=reading.yes_no(row.get("agreed"), f"agreed of {what}"),
        lapses=reading.yes_no(row.get("lapses"), f"lapses of {what}"),
        checked=reading.yes_no(row.get("checked"), f"checked of {what}", default=True),
    )


def _budget(reading: Reading, node: Node | None) -> Budget | None:
    word = reading.text(node, "limit")
    if not word or node is None:
        return None
    try:
        return parse_budget(word)
    except BadBudget as fault:
        reading.complain(node, str(fault))
        return None
