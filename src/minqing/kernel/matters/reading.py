"""The journal of matters read back: matters as they stand, what happened to them, which rungs are due.

Every read names whose eyes it is with: a Scope, under which the database answers (row security). One turn a read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from minqing.base.errors import NotFound
from minqing.base.ledger.streams import Stream
from minqing.base.moments import in_china
from minqing.kernel.matters.codec import event_from_json, moment_from_text, moment_to_text
from minqing.kernel.matters.events import Event
from minqing.kernel.matters.masked import open_masked
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.rows import to_matter
from minqing.registers.accounts.rules import HOUSE, Scope
from minqing.registers.vault.queries import Named, named_of

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
    """The codes of the matters on record under these sources and outside numbers, with the eyes of the house: who
    sends a source's own number again is told the code again, and nothing else. Whose source it is the caller asks."""
    sources, numbers = [pair[0] for pair in outside], [pair[1] for pair in outside]
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from matters_codes(%s::text[], %s::text[], %s::text[])",
            [list(HOUSE.settings()), sources, numbers],
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


def read(scope: Scope, codes: Collection[str]) -> dict[str, Stored]:
    """The matters of these codes that the scope sees, as they stand; in one statement."""
    return {stored.matter.code: stored for stored in _read(scope, codes=codes)}


def read_ids(scope: Scope, ids: Collection[int], words: bool = True) -> dict[int, Stored]:
    """The same by the numbers that duties and lines use; without `words` title and text stay empty, for sets."""
    return {stored.id: stored for stored in _read(scope, ids=ids, words=words)}


def read_one(scope: Scope, code: str) -> Stored:
    """The matter of a code, or the sentence that there is none: the same when the scope does not see it."""
    found = read(scope, [code]).get(code)
    if found is None:
        raise no_such_matter(code)
    return found


def read_named(scope: Scope, code: str) -> tuple[Stored, tuple[Named, ...]]:
    """The matter as `read_one` gives it, and what is sealed about it by name: for whoever may be told (`revealing`)."""
    with connection.cursor() as cursor:
        cursor.execute("select * from matters_look(%s::text[], %s, true)", [list(scope.settings()), code])
        row = cursor.fetchone()
    if row is None:
        raise no_such_matter(code)
    *stored, names = row
    return _stored(*stored), named_of(names)


def no_such_matter(code: str) -> NotFound:
    return NotFound(f"没有编码为 {code} 的事项：请核对编码（there is no matter of this code）")


def _read(scope: Scope, codes: Collection[str] = (), ids: Collection[int] = (), words: bool = True) -> Iterator[Stored]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from matters_read(%s::text[], %s::text[], %s::bigint[], %s)",
            [list(scope.settings()), list(codes), list(ids), words],
        )
        rows = cursor.fetchall()
    for row in rows:
        yield _stored(*row)


def _stored(
    row: str, title: bytes | None, text: bytes | None, master: int | None, wrapped: bytes | None, duties: str
) -> Stored:
    told = json.loads(row)
    opened, happened, recorded = (moment_from_text(told[name]) for name in ("opened", "happened", "recorded"))
    masked = open_masked(told["code"], bytes(title or b""), bytes(text or b""), master, wrapped)
    return Stored(
        told["id"], bytes.fromhex(told["head"]), opened, happened, recorded, told["sensitivity"], masked.title,
        masked.text, to_matter(told, json.loads(duties)),
    )  # fmt: skip


def history(scope: Scope, code: str) -> tuple[Line, ...]:
    """All that happened to a matter, in order."""
    return histories(scope, [read_one(scope, code).id]).popitem()[1]


def histories(scope: Scope, ids: Collection[int]) -> dict[int, tuple[Line, ...]]:
    """The same of many, by their numbers."""
    found: dict[int, list[Line]] = {}
    with connection.cursor() as cursor:
        cursor.execute("select * from matters_lines(%s::text[], %s::bigint[])", [list(scope.settings()), list(ids)])
        for subject, kind, happened, actor, data in cursor:
            line = Line(event_from_json(kind, data), in_china(happened), actor)
            found.setdefault(subject, []).append(line)
    return {subject: tuple(lines) for subject, lines in found.items()}
