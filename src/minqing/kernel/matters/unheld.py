"""Matters that nobody of the county may hold: everyone who could is complained of. They wait for the level above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from minqing.base.moments import in_china
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

MOST = 1000


@dataclass(frozen=True)
class Unheld:
    """A code, and since when nobody has it."""

    code: str
    since: datetime


def unheld() -> tuple[Unheld, ...]:
    """The open matters without a holder, longest waiting first, MOST at most."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select m.code, d.starts from matters_duty d join matters_matter m on m.id = d.matter_id"
            " where d.unit = 0 and d.main and d.state = 0 and m.open and m.holder = 0"
            " order by d.starts, m.id limit %s",
            [MOST],
        )
        return tuple(Unheld(code, in_china(since)) for code, since in cursor.fetchall())
