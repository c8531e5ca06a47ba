"""Who read what: the access stream as auditors read it, the newest line first.

A line holds no words: of a reason it tells that there was one. Only whoever's scope reaches the stream sees any
(row-level security), and only of matters that they may see.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from minqing.base import moments
from minqing.base.errors import NotAllowed
from minqing.base.ledger.streams import ACCESS
from minqing.base.moments import in_china
from minqing.registers.accounts.rules import Viewer
from minqing.registers.accounts.scoping import seen_by

PAGE = 50


@dataclass(frozen=True)
class Accessed:
    """One line: `deed` is its kind (Revealed, LookedUp, Exported …), `what` that of the value, `role` who acted as."""

    code: str
    happened: datetime
    deed: str
    person: int
    unit: int
    role: str
    what: str
    reasoned: bool


_LINES = """
select s.code, l.happened, l.kind, l.actor, l.data::text
from ledger_line l join ledger_subject s on s.stream = l.stream and s.subject = l.subject
where l.stream = %(stream)s and (%(code)s = '' or s.code = %(code)s)
      and (%(first)s::timestamptz is null or l.happened >= %(first)s and l.happened < %(last)s)
order by l.happened desc, s.code, l.seq desc limit %(many)s offset %(passed)s
"""


def accesses(viewer: Viewer, *, code: str = "", day: date | None = None, page: int = 1) -> tuple[list[Accessed], bool]:
    """One page of the lines of a matter (of all) and a day (of any), and whether older ones follow."""
    if not viewer.scope.access:
        raise NotAllowed("查阅记录只给审计岗位看（who read what is for auditors）")
    first = datetime.combine(day, time(), moments.now().tzinfo) if day is not None else None
    told: dict[str, Any] = {
        "stream": ACCESS.number, "code": code, "first": first, "last": first + timedelta(1) if first else None,
        "many": PAGE + 1, "passed": PAGE * (page - 1),
    }  # fmt: skip
    with seen_by(viewer.scope), connection.cursor() as cursor:
        cursor.execute(_LINES, told)
        rows = cursor.fetchall()
    return [_line(*row) for row in rows[:PAGE]], len(rows) > PAGE


def _line(code: str, happened: datetime, deed: str, actor: int, data: str) -> Accessed:
    told = json.loads(data)
    return Accessed(
        code, in_china(happened), deed, actor, int(told.get("unit") or 0), str(told.get("as") or ""),
        str(told.get("kind") or ""), bool(told.get("reason")),
    )  # fmt: skip
