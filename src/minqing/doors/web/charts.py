"""A drawing of figures, as one value for three readers: `static/web/chart.js` draws it, a table tells the same figures,
and a browser without script shows that table alone. Pure.

What guard rails hide is None before it comes here: it is told as “—” and left out of the drawing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

HIDDEN = "—"
Count = int | float | None
Look = Literal["full", "outline", "line"]


@dataclass(frozen=True)
class Series:
    """One run of figures. Looks are told apart without colour too: a full bar, an outlined bar, a line with points."""

    title: str
    counts: tuple[Count, ...]
    look: Look = "full"


@dataclass(frozen=True)
class Chart:
    """`slug`: names it on its page. `along`: what the marks are, `marks`: one for each figure of a series. `across`:
    bars lie, for marks that are words. `unit` stands behind a figure. `stays`: its table stays open beside it."""

    slug: str
    title: str
    along: str
    marks: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    note: str = ""
    across: bool = False
    stays: bool = False

    @property
    def head(self) -> tuple[str, ...]:
        """The columns of the table."""
        return (self.along, *(one.title for one in self.series))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The rows of the table."""
        for place, mark in enumerate(self.marks):
            yield (mark, *(self._told(one.counts[place]) for one in self.series))

    def _told(self, count: Count) -> str:
        return HIDDEN if count is None else f"{count}{self.unit}"

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return any(count for one in self.series for count in one.counts)

    @property
    def script_id(self) -> str:
        """Names its data in the page."""
        return f"chart-{self.slug}"

    def data(self) -> dict[str, Any]:
        """What the script is given."""
        series = [{"title": one.title, "look": one.look, "counts": one.counts} for one in self.series]
        return {"marks": self.marks, "series": series, "unit": self.unit, "across": self.across}
