"""The journal of matters: what happened is appended by one function of the database, and read back.

No transaction is open while anyone decides: read, decide, append with the position and head that were read; a matter
that somebody else moved meanwhile is a conflict, nothing of it is written. The database computes the hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from minqing.base import moments
from minqing.base.errors import Conflict
from minqing.base.moments import in_china
from minqing.kernel.matters.codec import dumps, event_to_json, moment_to_text
from minqing.kernel.matters.events import Closed, Event, RungFired
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import Line, Stored, codes_of
from minqing.kernel.matters.rows import Row, duty_rows, matter_row
from minqing.kernel.methods.model import Method


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
