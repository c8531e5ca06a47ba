"""The journal of matters: what happened is appended by one function of the database, and read back.

No transaction is open while anyone decides: read, decide, append with the position and head that were read; a matter
that somebody else moved meanwhile is a conflict, nothing of it is written. The database computes the hashes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict
from minqing.base.ledger.streams import Stream
from minqing.base.moments import in_china
from minqing.kernel.matters.codec import dumps, event_from_json, event_to_json, moment_to_text
from minqing.kernel.matters.events import Closed, Event, RungFired
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.rows import DUTY_COLUMNS, MATTER_COLUMNS, Row, duty_rows, matter_row, to_matter
from minqing.kernel.methods.model import Method

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


@dataclass(frozen=True)
class Body:
    """Words that a line names by their keyed hash. `kind`: title, text, reason, answer …"""

    hash: str
    kind: str
    text: str


@dataclass(frozen=True)
class Entry:
    """What one append adds to one matter; `before` is None for a new one.

    `title` and `text` are masked copies, None leaves them as they are. `topic` is what the outbox calls it.
    """

    after: Matter
    lines: tuple[Line, ...]
    method: Method
    before: Stored | None = None
    bodies: tuple[Body, ...] = ()
    title: str | None = None
    text: str | None = None
    sensitivity: int | None = None
    topic: str = "matter"


@dataclass(frozen=True)
class Written:
    """What became of an entry. `outcome`: 'written'; 'conflict': changed by somebody else meanwhile; 'known': a
    report of that source and outside number is on record, under this code; 'taken': the code is in use."""

    outcome: str
    code: str
    id: int = 0
    position: int = 0
    head: bytes = b""
    recorded: datetime | None = None


def entry(
    after: Matter, events: Sequence[Event], happened: datetime, method: Method, *, actor: int = 0, **more: Any
) -> Entry:
    """An entry whose lines all happened at one moment: one decision."""
    return Entry(after, tuple(Line(event, happened, actor) for event in events), method, **more)


def append(entries: Sequence[Entry], *, by: str = "", recorded: datetime | None = None) -> list[Written]:
    """Writes entries of different matters in one transaction; answers in their order. `by` names who fires rungs.

    A single entry that conflicts raises Conflict; of several each is answered. A rung that fired already raises and
    rolls everything back.
    """
    if not entries:
        return []
    rows = _call(_columns(entries, by), recorded or moments.now())
    written = _known(entries, [_written(*row[1:]) for row in rows])
    if len(entries) == 1 and written[0].outcome == "conflict":
        raise Conflict(f"事项 {written[0].code} 刚刚被别人更新过：请刷新后再办。")
    return written


def _written(
    number: int | None, code: str, outcome: str, position: int | None, head: bytes | None, recorded: datetime | None
) -> Written:
    if outcome != "written" or number is None or position is None or head is None or recorded is None:
        return Written(outcome, code, number or 0)
    return Written(outcome, code, number, position, bytes(head), in_china(recorded))


_APPEND = (
    "select * from matters_append(%s::json, %s, %s, %s, %s, %s, %s, %s::json, %s::json, %s::json, %s::timestamptz)"
    " order by i"
)


def _call(columns: tuple[str, ...], recorded: datetime) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    # Parameters go beside the statement, not into it: megabytes of a batch are not to be quoted and parsed as SQL.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(_APPEND, [*columns, moment_to_text(recorded)]).fetchall()


def _columns(entries: Sequence[Entry], by: str) -> tuple[str, ...]:
    """The arguments of the writing function: rows as JSON, lines as columns with a value a line of text."""
    items: list[Row] = []
    duties: list[Row] = []
    fired: list[Row] = []
    bodies: list[Row] = []
    items_of: list[str] = []
    numbers: list[str] = []
    happened: list[str] = []
    kinds: list[str] = []
    actors: list[str] = []
    data: list[str] = []
    for i, one in enumerate(entries):
        items.append(_item(i, one))
        before = one.before.matter if one.before is not None else None
        duties.extend({"i": i, **row} for row in duty_rows(one.after, before, one.method))
        bodies.extend({"i": i, "hash": body.hash, "kind": body.kind, "text": body.text} for body in one.bodies)
        for n, line in enumerate(one.lines, 1):
            moment = moment_to_text(line.happened)
            items_of.append(str(i))
            numbers.append(str(n))
            happened.append(moment)
            kinds.append(type(line.event).__name__)
            actors.append(str(line.actor))
            data.append(event_to_json(line.event))
            if isinstance(line.event, RungFired):
                fired.append({"i": i, "number": line.event.duty, "rung": line.event.rung, "at": moment, "by": by})
    lines = ("\n".join(column) for column in (items_of, numbers, happened, kinds, actors, data))
    return (dumps(items), *lines, dumps(duties), dumps(fired), dumps(bodies))


def _item(i: int, one: Entry) -> Row:
    """The row of an entry, with the position and head it was read at."""
    if not one.lines:
        raise ValueError("an entry has at least one line")
    row = matter_row(one.after)
    row |= {"i": i, "lines": len(one.lines), "topic": one.topic, "title_masked": one.title, "text_masked": one.text}
    row["sensitivity"] = one.sensitivity
    if one.before is not None:
        row |= {"id": one.before.id, "was": one.before.matter.position, "was_head": one.before.head.hex()}
    row["opened"] = moment_to_text(one.before.opened if one.before is not None else one.lines[0].happened)
    if one.after.end:
        closed = [line.happened for line in one.lines if isinstance(line.event, Closed)]
        row["closed"] = moment_to_text(closed[-1]) if closed else None
    return row


def _known(entries: Sequence[Entry], written: list[Written]) -> list[Written]:
    """A new matter that could not be written is known already when its outside number is there."""
    stuck = [place for place, one in enumerate(written) if one.outcome == "taken" and entries[place].after.external_id]
    if not stuck:
        return written
    pairs = {(entries[place].after.source, entries[place].after.external_id) for place in stuck}
    codes = codes_of(pairs)
    for place in stuck:
        after = entries[place].after
        if (code := codes.get((after.source, after.external_id))) is not None:
            written[place] = Written("known", code)
    return written


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
