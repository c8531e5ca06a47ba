"""The two tables, in sets: messages put in, claimed by one worker at a time, marked; lines of an inbox.

Only inside `seen_by(HOUSE)`. A claim is dated by the machine's own clock, which no trial shifts; who claims has LEASE
to send, renewed before each message. A worker that died leaves its claim behind: after LEASE another takes it up.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from minqing.base.moments import in_china
from minqing.tools.notice.rules import Notice

LEASE = 300  # seconds; longer than any one message may take
Row = dict[str, Any]


@dataclass(frozen=True)
class Queued:
    """A message that this worker holds."""

    id: int
    once: str
    code: str
    kind: str
    unit: int
    way: str
    told: Mapping[str, str]
    happened: datetime
    passes_until: datetime | None
    tries: int
    digest: int | None
    claim: str


_PUT = """
insert into notice_message (once, code, kind, unit, way, told, happened, not_before, passes_until, state)
select once, code, kind, unit, way, told, happened, not_before, passes_until, 'waiting'
from jsonb_to_recordset(%s::jsonb) as r(once text, code text, kind text, unit integer, way text, told jsonb,
    happened timestamptz, not_before timestamptz, passes_until timestamptz)
order by once on conflict (once) do nothing"""
_PUT_INBOX = """
insert into notice_inbox (once, unit, code, kind, told, happened, urgent)
select once, unit, code, kind, told, happened, urgent
from jsonb_to_recordset(%s::jsonb) as r(once text, unit integer, code text, kind text, told jsonb, happened timestamptz,
    urgent boolean)
order by once on conflict (once) do nothing"""


def put_messages(rows: Sequence[Row]) -> int:
    """Adds messages; those whose `once` is known are known already. Returns how many are new."""
    return _put(_PUT, rows)


def put_inbox(rows: Sequence[Row]) -> int:
    """Adds lines to inboxes, each once."""
    return _put(_PUT_INBOX, rows)


def _put(statement: str, rows: Sequence[Row]) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(list(rows), ensure_ascii=False)])
        return int(cursor.rowcount)


def inbox_row(notice: Notice) -> Row:
    """A notice as a line of a unit's page, or of the administrator's, which stands under 0."""
    return {
        "once": notice.once, "unit": max(notice.to, 0), "code": notice.code, "kind": notice.kind,
        "told": dict(notice.told), "happened": notice.moment.isoformat(), "urgent": notice.at_once,
    }  # fmt: skip


# A message is free when its hour has come, or when who claimed it has been silent for the lease.
_CLAIM = """
update notice_message m
set state = 'sending', claim = %(claim)s, claimed = clock_timestamp(), tries = m.tries + 1
where id in (
    select id from notice_message
    where ((state in ('waiting', 'failed') and not_before <= %(now)s)
           or (state = 'sending' and claimed < clock_timestamp() - make_interval(secs => %(lease)s)))
      and (not %(quiet)s or unit <> 0 or passes_until >= %(now)s)
    order by passes_until desc nulls last, not_before, id limit %(many)s
    for update skip locked)
returning id, once, code, kind, unit, way, told::text, happened, passes_until,
          tries, digest"""


def claim(now: datetime, many: int, quiet: bool, lease: float = LEASE) -> list[Queued]:
    """Takes so many messages whose hour has come, the urgent first; in quiet hours of reporters' only those that pass.
    Whoever else claims at the same moment passes them over."""
    mine = secrets.token_hex(8)
    asked: dict[str, Any] = {"claim": mine, "now": now, "many": many, "quiet": quiet, "lease": lease}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, asked)
        rows = cursor.fetchall()
    return sorted((_queued(row, mine) for row in rows), key=lambda one: one.id)


def _queued(row: tuple[Any, ...], mine: str) -> Queued:
    number, once, code, kind, unit, way, told, happened, passes, tries, digest = row
    return Queued(
        number, once, code, kind, unit, way, json.loads(told), in_china(happened),
        None if passes is None else in_china(passes), tries, digest, mine,
    )  # fmt: skip


def renew(mine: str, ids: Collection[int], first: int | None = None) -> bool:
    """Whether these are still ours; they then are for another lease. `first` names those told together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update notice_message set claimed = clock_timestamp(), digest = coalesce(%s, digest)"
            " where id = any(%s) and claim = %s and state = 'sending'",
            [first, list(ids), mine],
        )
        return bool(cursor.rowcount == len(ids))


@dataclass(frozen=True)
class Mark:
    """What became of messages: their new state, and when they are tried again (given up: when that was)."""

    state: str
    not_before: datetime | None = None
    fault: str = ""
    counts: bool = True  # False: it was not a try (put back until its hour)
    sent: datetime | None = None
    way: str = ""


def mark(mine: str, ids: Collection[int], became: Mark) -> None:
    """Writes what became of messages that are still ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update notice_message set state = %s, claim = '', claimed = null, fault = %s, sent = %s,"
            " not_before = coalesce(%s, not_before), tries = tries - %s, way = case when %s <> '' then %s else way end"
            " where id = any(%s) and claim = %s and state = 'sending'",
            [became.state, became.fault, became.sent, became.not_before, 0 if became.counts else 1,
             became.way, became.way, list(ids), mine],
        )  # fmt: skip


def find_ways(served: Collection[str], now: datetime, since: datetime) -> int:
    """Messages that lacked a gateway wait again where there is one now, if they are not older than `since`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update notice_message set state = 'waiting', not_before = greatest(not_before, %s), fault = ''"
            " where state = 'no_way' and way = any(%s) and fault = 'no-gateway' and happened >= %s",
            [now, list(served), since],
        )
        return int(cursor.rowcount)


def next_message(now: datetime) -> datetime | None:
    """When the next waiting message may leave."""
    with connection.cursor() as cursor:
        cursor.execute("select min(not_before) from notice_message where state in ('waiting', 'failed')")
        found = cursor.fetchone()[0]
    return None if found is None else max(in_china(found), now)
