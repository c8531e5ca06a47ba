"""The journal of matters: what happened is appended by one function of the database; words go sealed.

No transaction is open while anyone decides: read, decide, append with the position and head that were read; a matter
that somebody else moved meanwhile is a conflict, nothing of it is written. The database computes the hashes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation, UniqueViolation

from minqing.base import moments
from minqing.base.errors import Conflict, MinqingError
from minqing.base.moments import in_china
from minqing.base.postgres import home_folder
from minqing.kernel.matters.codec import moment_to_text
from minqing.kernel.matters.columns import TYPES, columns_of, needs_key
from minqing.kernel.matters.entries import Body, Entry, File, Request, entry
from minqing.kernel.matters.reading import codes_of
from minqing.registers.vault.masters import forget
from minqing.registers.vault.sealing import SubjectKey, unwrap

__all__ = ["Body", "Entry", "File", "Replayed", "Request", "Written", "append", "entry", "replayed"]


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


class Replayed(MinqingError):
    """The request was done before: `code` and `seq` (the position it led to) say what came of it. `same_digest` is
    False when the key was used for something else. Nothing was written now."""

    def __init__(self, code: str, seq: int, same_digest: bool) -> None:
        zh = "这个请求已经办过" if same_digest else "这个请求编号已经用于另一个请求：请换一个编号"
        en = "this request was done before" if same_digest else "this key was used for another request: use a new one"
        super().__init__(f"{zh}（{en}）")
        self.code, self.seq, self.same_digest = code, seq, same_digest


def append(entries: Sequence[Entry], *, by: str = "", recorded: datetime | None = None) -> list[Written]:
    """Writes entries of different matters in one transaction; answers in their order. `by` names who fires rungs.

    A single entry that conflicts raises Conflict; of several each is answered. A rung that fired already raises and
    rolls everything back; so does a request that was done before (Replayed).
    """
    if not entries:
        return []
    rows = _write(entries, by, recorded or moments.now())
    _refuse_replayed(rows, entries)
    written = _known(entries, [_written(*row[1:]) for row in rows])
    if len(entries) == 1 and written[0].outcome == "conflict":
        raise Conflict(f"事项 {written[0].code} 刚刚被别人更新过：请刷新后再办。")
    return written


def replayed(requests: Collection[Request]) -> Mapping[bytes, Replayed]:
    """Those of the requests that were done before, by their keys."""
    digests = {request.key: request.digest for request in requests}
    if not digests:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select key, digest, code, seq from matters_requested(%s::bytea[])", [list(digests)])
        return {
            bytes(key): Replayed(code, seq, bytes(digest) == digests[bytes(key)])
            for key, digest, code, seq in cursor.fetchall()
        }


def _refuse_replayed(rows: Sequence[tuple[Any, ...]], entries: Sequence[Entry]) -> None:
    for i, _, code, outcome, seq, digest, _ in rows:
        if outcome == "replayed":
            asked = entries[i].request
            raise Replayed(code, seq, asked is not None and bytes(digest) == asked.digest)


def _keys(entries: Sequence[Entry]) -> dict[str, SubjectKey]:
    """The keys of the matters on record that get something sealed; none for those whose key was destroyed."""
    asked = [one.before for one in entries if one.before is not None and needs_key(one)]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select code, master, wrapped from matters_keys(%s::bigint[], %s::bytea[])",
            [[stored.id for stored in asked], [stored.head for stored in asked]],
        )
        return {code: unwrap(code, master, bytes(wrapped)) for code, master, wrapped in cursor.fetchall()}


def _written(
    number: int | None, code: str, outcome: str, position: int | None, head: bytes | None, recorded: datetime | None
) -> Written:
    if outcome != "written" or number is None or position is None or head is None or recorded is None:
        return Written(outcome, code, number or 0)
    return Written(outcome, code, number, position, bytes(head), in_china(recorded))


def _write(entries: Sequence[Entry], by: str, recorded: datetime) -> list[tuple[Any, ...]]:
    """The answer of the writing function. Who slept through a rotation of the master keys wraps under one that the
    database refuses by now: the ring is read again, and what is sealed is sealed once more."""
    asked = any(one.request for one in entries)
    columns = columns_of(entries, by, _keys(entries))
    try:
        return _call(columns, recorded, asked, any(columns[_WRAPPED]))
    except IntegrityError as fault:
        if not _names(fault, CheckViolation, "vault_key_master_check"):
            raise
    forget(home_folder())
    return _call(columns_of(entries, by, _keys(entries)), recorded, asked, False)


_WRAPPED = TYPES.index("bytea[]")  # the keys that are new
_APPEND = f"select * from matters_append({', '.join(f'%s::{kind}' for kind in TYPES)}) order by i"


def _call(columns: tuple[Any, ...], recorded: datetime, asked: bool, wraps: bool) -> list[tuple[Any, ...]]:
    """Two at once with one key: whoever is second finds it in use, is rolled back, and asks again what came of it.
    What can be refused and asked again is rolled back by itself inside a transaction."""
    arguments = [*columns, moment_to_text(recorded)]
    try:
        with transaction.atomic() if connection.in_atomic_block and (asked or wraps) else nullcontext():
            return _execute(arguments)
    except IntegrityError as fault:
        if not (asked and _names(fault, UniqueViolation, "matters_request")):
            raise
    return _execute(arguments)


def _names(fault: IntegrityError, kind: type[psycopg.IntegrityError], name: str) -> bool:
    return isinstance(fault.__cause__, kind) and name in str(fault.__cause__)


def _execute(arguments: list[Any]) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    # Parameters go beside the statement, not into it: megabytes of a batch are not to be quoted and parsed as SQL.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(_APPEND, arguments).fetchall()


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
