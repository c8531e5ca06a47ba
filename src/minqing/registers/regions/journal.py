"""The one way into the register: writers take its lock, and every change becomes a line in the same transaction.

Lines stand in the streams 'register' and, for the county's own days, 'calendar'. They hold numbers, slugs and days,
never a person's name; what touches many is one line with a count and a hash of all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from typing import Any, Protocol

from django.db import connection, transaction

from minqing.base import moments
from minqing.base.ledger.streams import CALENDAR, REGISTER, Note, Stream, append
from minqing.registers.regions.events import COUNTY, DaySet
from minqing.registers.regions.models import Revision

# Any number will do, as long as nothing else of this database takes it: 'regs' in ASCII.
_LOCK = 0x72656773
_IN_FULL = 20  # so many changes, or things in one, are written out; more are counted and hashed
_actor: ContextVar[int] = ContextVar("register_actor", default=0)


class Change(Protocol):
    """An event of the registers: a frozen dataclass that says whose line it is."""

    @property
    def subject(self) -> str: ...


@contextmanager
def register_held() -> Iterator[None]:
    """One transaction, and the only one that writes the register until it ends: checks and writes are one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        yield


@contextmanager
def changed_by(person: int) -> Iterator[None]:
    """Inside, the lines name who changed the register; 0, as on the command line: whoever has the machine."""
    before = _actor.set(person)
    try:
        yield
    finally:
        _actor.reset(before)


def changing() -> int:
    """Who changes the register here, for rules that ask; 0 on the command line of the machine."""
    return _actor.get()


def note(*changes: Change) -> None:
    """Puts the changes of one action on record; casts reckoned before it are not used again.

    Only inside `register_held`. Where the clock was shifted back, a line keeps the moment of the one before it.
    """
    Revision.objects.create(what=type(changes[0]).__name__)
    if len(changes) > _IN_FULL:
        _write(REGISTER, COUNTY, type(changes[0]).__name__, _counted([_plain(change) for change in changes]))
        return
    for change in changes:
        stream = CALENDAR if isinstance(change, DaySet) else REGISTER
        _write(stream, change.subject, type(change).__name__, _plain(change))


def _write(stream: Stream, code: str, kind: str, data: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select happened from ledger_subject where stream = %s and code = %s", [stream.number, code])
        last = cursor.fetchone()
    now = moments.now()
    append(stream, code, [Note(kind, max(now, last[0]) if last else now, data, _actor.get())])


def _plain(change: Any) -> dict[str, Any]:
    """The fields as JSON: days as text, many things counted, the clerk's own words as their hash."""
    told = {}
    for name in (field.name for field in fields(change)):
        value = getattr(change, name)
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = list(value) if len(value) <= _IN_FULL else _counted(value)
        elif name == "reason":
            value = hash_of(value)
        told[name] = value
    return told


def _counted(things: Sequence[Any]) -> dict[str, Any]:
    return {"count": len(things), "sha256": hash_of(things)}


def hash_of(things: object) -> str:
    """The hash of what a line does not hold: of its JSON without blanks, in hexadecimal."""
    told = json.dumps(things, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
