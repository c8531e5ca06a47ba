"""Where the figures of a brief lead: to the lists that count the same, for a reader who has such a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.urls import reverse
from django.utils.http import urlencode

from minqing.doors.web.desk.waiting import Narrowed
from minqing.kernel.methods.model import CALL_BACK
from minqing.registers.accounts.rules import Viewer
from minqing.tools.letters.values import Brief, Tile

Told = TypeVar("Told")
Linked = list[tuple[str, str]]  # words, and the address they lead to; '' for none


def led(sheet: Brief, viewer: Viewer) -> dict[str, object]:
    """Tiles, points and tables of a brief as its page shows them, each with where it leads."""

    def where(of: str) -> str:
        return _address(of) if of.startswith("matter:") or viewer.scope.level not in ("unit", "none") else ""

    tiles: list[tuple[Tile, str]] = [(tile, where(tile.of)) for tile in sheet.tiles]
    sections = [(one, [(said, where(of)) for said, of in _beside(one.points, one.of)]) for one in sheet.sections]
    tables = [(one, [_row(row, of, where(of)) for row, of in _beside(one.rows, one.of)]) for one in sheet.tables]
    return {"tiles": tiles, "sections": sections, "tables": tables}


def _beside(what: Sequence[Told], of: Sequence[str]) -> list[tuple[Told, str]]:
    return list(zip(what, [*of, *[""] * (len(what) - len(of))], strict=True))


def _row(row: Sequence[str], of: str, where: str) -> Linked:
    """A matter leads from its code, a place from how many are late there."""
    at = 0 if of.startswith("matter:") else len(row) - 1
    return [(cell, where if place == at else "") for place, cell in enumerate(row)]


def _address(of: str) -> str:
    what, _, code = of.partition(":")
    if what == "matter":
        return reverse("matter", args=[code])
    if what == "late" and code:
        return reverse("matters") + "?" + urlencode({"place": code, "late": "1"})
    if what == "call-backs":
        return reverse("matters") + "?" + urlencode({"stage": CALL_BACK})
    changes = {"late": {"late": True}, "due": {"today": True}}.get(what)
    return Narrowed(mine=False).address(**changes) if changes else ""
