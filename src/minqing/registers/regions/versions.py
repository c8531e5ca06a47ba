"""What a process keeps of the registers: as long as their version and the day are the same, and no longer.

Every change of a register writes a Revision in its own transaction (`journal.note`), so its number says whether what
is kept still holds. It is asked for at each read, or once for a whole request (`one_version`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

from minqing.base import moments

#: The version as a sub-select: for statements that bring it along with what they ask (`told_version`).
VERSION = "(select coalesce(max(id), 0) from regions_revision)"

_Stamp = tuple[str, int, dt.date]
_asked: ContextVar[list[int] | None] = ContextVar("register_version", default=None)
_kept: tuple[_Stamp | None, dict[str, dict[Any, Any]]] = (None, {})


@contextmanager
def one_version() -> Iterator[None]:
    """Inside, the version is asked for once at most: for a request that changes no register."""
    before = _asked.set([])
    try:
        yield
    finally:
        _asked.reset(before)


def told_version(number: int) -> None:
    """A statement brought the version along: inside `one_version` it is not asked for again."""
    asked = _asked.get()
    if asked is not None:
        asked[:] = [number]


def version() -> int:
    """The number of the latest change of the registers."""
    if asked := _asked.get():
        return asked[0]
    with connection.cursor() as cursor:
        cursor.execute(f"select {VERSION}")
        number: int = cursor.fetchone()[0]
    told_version(number)
    return number


def last_shelf(name: str) -> tuple[int, dict[Any, Any]]:
    """The version that was last asked for, and what is kept of it under a name: for a statement that is told what is
    known and says whether it still holds. -1 and nothing where nothing is kept."""
    stamp, shelves = _kept
    here = (str(connection.settings_dict["NAME"]), moments.today())
    if stamp is None or (stamp[0], stamp[2]) != here:
        return -1, {}
    return stamp[1], shelves.get(name, {})


def shelf(name: str, number: int | None = None) -> dict[Any, Any]:
    """What is kept under a name of the present version (or of `number`, just asked for), to be read and added to; empty
    when anything changed. Asked for before the register is read: what is read then is at least as new."""
    global _kept
    # A copy of a database has the same versions: its name tells them apart.
    stamp = (str(connection.settings_dict["NAME"]), version() if number is None else number, moments.today())
    known, shelves = _kept
    if known != stamp:
        shelves = {}
        _kept = (stamp, shelves)
    return shelves.setdefault(name, {})
