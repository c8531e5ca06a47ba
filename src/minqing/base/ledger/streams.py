"""The streams of the ledger, and appending to those whose heads the ledger keeps itself.

A stream's `heads` is a query of (subject, code, position, head): where the rows say what the last line must be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from minqing.base import moments


@dataclass(frozen=True)
class Stream:
    """A kind of subject. `subjects` is what one is called in a sentence."""

    number: int
    name: str
    subjects: str
    heads: str


def _own(number: int, name: str, subjects: str) -> Stream:
    heads = f"select subject, code, position, head from ledger_subject where stream = {number}"
    return Stream(number, name, subjects, heads)


ACCESS = _own(2, "access", "查阅")
REGISTER = _own(3, "register", "名册")
METHOD = _own(4, "method", "工作法")
CALENDAR = _own(5, "calendar", "日历")
SESSION = _own(6, "session", "会商")
KEPT_HERE = (ACCESS, REGISTER, METHOD, CALENDAR, SESSION)


@dataclass(frozen=True)
class Note:
    """A line to be: what happened, when, by whom, and plain JSON data without personal words."""

    kind: str
    happened: datetime
    data: Mapping[str, object]
    actor: int = 0


def append(stream: Stream, code: str, notes: Sequence[Note], recorded: datetime | None = None) -> int:
    """Appends to one subject of a stream kept here, named by its code; returns the seq of its last line."""
    lines = [
        {"kind": note.kind, "happened": note.happened.isoformat(), "data": note.data, "actor": note.actor}
        for note in notes
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "select last_seq from ledger_append(%s::smallint, %s, %s::json, %s::timestamptz)",
            [stream.number, code, json.dumps(lines, ensure_ascii=False, separators=(",", ":")),
             recorded or moments.now()],
        )  # fmt: skip
        last: int = cursor.fetchone()[0]
        return last
