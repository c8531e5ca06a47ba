"""Posts as pages show them: in words, with what can be done about each today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from minqing.base import moments
from minqing.base.errors import NotFound
from minqing.doors.web.admin.words import TITLES, role_title
from minqing.registers.accounts.queries import SeatRow, posts


@dataclass(frozen=True)
class Shown:
    """A post in words. `state`: 'now', 'away', 'coming' or 'over'."""

    row: SeatRow
    title: str
    role: str
    state: str
    stand_in: str


def seats(rows: Iterable[SeatRow]) -> list[Shown]:
    """These posts in words."""
    today, rows = moments.today(), list(rows)
    others = {row.stand_in for row in rows if row.stand_in}
    names = {row.post: row.person for row in posts(past=True)} if others else {}
    return [
        Shown(
            row, str(TITLES.get(row.title, row.title)), role_title(row.role),
            _state(row, today), names.get(row.stand_in or 0, ""),
        )
        for row in rows
    ]  # fmt: skip


def _state(row: SeatRow, today: dt.date) -> str:
    if row.ends is not None and row.ends < today:
        return "over"
    if row.starts > today:
        return "coming"
    away = row.absent_from is not None and row.absent_from <= today <= (row.absent_to or dt.date.max)
    return "away" if away else "now"


def seat_of(post: int) -> SeatRow:
    """One post."""
    found = posts(past=True, post=post)
    if not found:
        raise NotFound("没有这个岗位：请从岗位列表进入（no such post: enter from the list）")
    return found[0]
