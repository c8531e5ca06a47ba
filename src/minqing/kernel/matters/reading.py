"""The journal of matters read back: matters as they stand, what happened to them, which rungs are due."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from minqing.base.errors import BadInput
from minqing.base.ledger.streams import Stream
from minqing.base.moments import in_china
from minqing.kernel.matters.codec import event_from_json, moment_to_text
from minqing.kernel.matters.events import Event
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.rows import DUTY_COLUMNS, MATTER_COLUMNS, to_matter

MATTERS = Stream(1, "matter", "事项", "select id as subject, code, position, head from matters_matter")


@dataclass(frozen=True)
class Stored:
    """A matter as it stands: `position` (in the matter) and `head` are what an append must still find."""

    id: int
    head: bytes
    opened: datetime
    happened: datetime
    recorded: datetime
    sensitivity: int
    title: str
    text: str
    matter: Matter


@dataclass(frozen=True)
class Line:
    """One event, when it happened and by whom (a person of the register; 0 for none)."""

    event: Event
    happened: datetime
    actor: int = 0


def codes_of(outside: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The codes of the matters on record under these sources and outside numbers."""
    sources, numbers = [pair[0] for pair in outside], [pair[1] for pair in outside]
    with connection.cursor() as cursor:
        cursor.execute(
            "select source, external_id, code from matters_matter where external_id <> '' and (source, external_id) in"
            " (select * from unnest(%s::text[], %s::text[]))",
            [sources, numbers],
        )
        return {(source, number): code for source, number, code in cursor.fetchall()}


@dataclass(frozen=True)
class Due:
    """A rung that is due; its duty and matter are locked until the transaction ends."""

    duty_id: int
    matter_id: int
    number: int
    rung: int
    at: datetime


def take_due(until: datetime, many: int, passing: Collection[int] = ()) -> list[Due]:
    """At most so many due rungs, earliest first, one a matter, none of the duties in `passing`; only inside a
    transaction. Others pass them over until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from matters_take_due(%s::timestamptz, %s, %s::bigint[])",
            [moment_to_text(until), many, list(passing)],
        )
        return [Due(duty, matter, number, rung, in_china(at)) for duty, matter, number, rung, at in cursor.fetchall()]


_READ = f"""
select m.id, m.head, m.opened, m.happened, m.recorded, m.sensitivity, m.title_masked, m.text_masked,
       {", ".join("m." + name for name in MATTER_COLUMNS)}, m.state::text,
       (select coalesce(json_agg(d order by d.number), '[]') from
        (select {", ".join(DUTY_COLUMNS)} from matters_duty where matter_id = m.id) d)::text
from matters_matter m where"""


def read(codes: Collection[str]) -> dict[str, Stored]:
    """The matters of these codes that exist, as they stand; in one statement."""
    return {stored.matter.code: stored for stored in _read("m.code = any(%s)", list(codes))}


def read_ids(ids: Collection[int]) -> dict[int, Stored]:
    """The same by the numbers that duties and lines use."""
    return {stored.id: stored for stored in _read("m.id = any(%s)", list(ids))}


def read_one(code: str) -> Stored:
    """The matter of a code, or the sentence that there is none."""
    found = read([code]).get(code)
    if found is None:
        raise BadInput(f"没有编码为 {code} 的事项：请核对编码。")
    return found


def _read(where: str, keys: list[Any]) -> Iterator[Stored]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_READ} {where} order by m.id", [keys])
        rows = cursor.fetchall()
    for row in rows:
        yield _stored(row)


def _stored(row: tuple[Any, ...]) -> Stored:
    number, head, opened, happened, recorded, sensitivity, title, text, *columns, state, duties = row
    told = dict(zip(MATTER_COLUMNS, columns, strict=True)) | {"state": json.loads(state)}
    return Stored(
        number, bytes(head), in_china(opened), in_china(happened), in_china(recorded), sensitivity, title, text,
        to_matter(told, json.loads(duties)),
    )  # fmt: skip


def history(code: str) -> tuple[Line, ...]:
    """All that happened to a matter, in order."""
    return histories([read_one(code).id]).popitem()[1]


def histories(ids: Collection[int]) -> dict[int, tuple[Line, ...]]:
    """The same of many, by their numbers."""
    found: dict[int, list[Line]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select subject, kind, happened, actor, data::text from ledger_line"
            " where stream = %s and subject = any(%s) order by subject, seq",
            [MATTERS.number, list(ids)],
        )
        for subject, kind, happened, actor, data in cursor:
            line = Line(event_from_json(kind, data), in_china(happened), actor)
            found.setdefault(subject, []).append(line)
    return {subject: tuple(lines) for subject, lines in found.items()}
