"""What papers are made of: words that are set as they stand, whoever wrote them. Pure.

`of` says what a figure, a point or a row counts, for a page that leads to it; a paper does not show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Section:
    """A heading, its paragraphs, and what is listed below them."""

    title: str
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter to one person. `facts`: what it is about, by name; `unit` and `day` stand where it is signed."""

    title: str
    number: str
    to: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    unit: str
    day: date
    foot: str = ""


@dataclass(frozen=True)
class Tile:
    """One figure in large: what is counted, how many, and a word beside it."""

    title: str
    count: str
    beside: str = ""
    tone: Literal["plain", "warn", "grave"] = "plain"
    of: str = ""


@dataclass(frozen=True)
class Table:
    """A small table; the first column is left, all others stand right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    note: str = ""
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief:
    """One sheet about a day: figures, what they say, tables."""

    title: str
    place: str
    day: date
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    foot: str = ""


Paper = Letter | Brief
