"""Reads of matters for lists. Every list names the level of the viewer's area: that condition carries the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from minqing.base.moments import in_china

Area = Literal["county", "town", "village", "region", "unit"]
MANY = 1000  # counts stop here: "1000+"


@dataclass(frozen=True)
class Waiting:
    """One line of an inbox: a running duty and what is shown of its matter."""

    code: str
    title: str
    stage: str
    level: str
    duty: int
    kind: str
    unit: int
    colour: int
    due: datetime
    late: bool


@dataclass(frozen=True)
class Size:
    """How much there is, roughly: as the planner last counted it (exact when it never did)."""

    matters: int
    lines: int


def journal_size() -> Size:
    """For progress bars."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, reltuples::bigint from pg_class where oid in"
            " ('matters_matter'::regclass, 'ledger_line'::regclass)"
        )
        counted = dict(cursor.fetchall())
        if min(counted.values()) < 0:
            cursor.execute("select (select count(*) from matters_matter), (select count(*) from ledger_line)")
            return Size(*cursor.fetchone())
    return Size(counted["matters_matter"], counted["ledger_line"])


def inbox(area: Area, key: int = 0, limit: int = 50, after: tuple[int, datetime, int] | None = None) -> list[Waiting]:
    """Running duties of an area or unit, most urgent and earliest first: one line a matter in an area, every duty of
    a unit. `after`: colour, due and duty of the last line seen."""
    where, values = _place(area, key)
    if after is not None:
        where += " and (d.colour, d.due, d.id) > (%s, %s, %s)"
        values += after
    statement = f"""
        select m.code, m.title_masked, m.stage, m.level, d.id, d.kind, d.unit, d.colour, d.due, d.late
        from (select * from matters_duty d where {where} order by d.colour, d.due, d.id limit %s) d
        join matters_matter m on m.id = d.matter_id order by d.colour, d.due, d.id"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit])
        return [_waiting(*row) for row in cursor.fetchall()]


def waiting_by_colour(area: Area, key: int = 0) -> Mapping[int, int]:
    """How many lines an inbox has of each colour, each counted up to MANY only."""
    where, values = _place(area, key)
    statement = f"""
        select c, (select count(*) from (select from matters_duty d where {where} and d.colour = c limit %s) x)
        from generate_series(0, 15) c"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, MANY])
        return {colour: count for colour, count in cursor.fetchall() if count}


def _waiting(
    code: str, title: str, stage: str, level: str, duty: int, kind: str, unit: int, colour: int, due: datetime,
    late: bool,
) -> Waiting:  # fmt: skip
    return Waiting(code, title, stage, level, duty, kind, unit, colour, in_china(due), late)


def _place(area: Area, key: int) -> tuple[str, tuple[Any, ...]]:
    if area == "county":
        return "d.state = 0 and d.main", ()
    main = "" if area == "unit" else " and d.main"
    return f"d.state = 0{main} and d.{area} = %s", (key,)


def lately_ended(limit: int) -> list[str]:
    """Codes of the matters that ended last."""
    with connection.cursor() as cursor:
        cursor.execute("select code from matters_matter where not open order by closed desc, id desc limit %s", [limit])
        return [row[0] for row in cursor.fetchall()]
