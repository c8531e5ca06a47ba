"""Reads: the inbox of a unit, what became of the messages about a matter, what an administrator has to mend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from minqing.base import moments
from minqing.base.errors import NotAllowed
from minqing.base.moments import in_china
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.tools.notice.wording import ADMINISTRATOR, WAY_TITLES, Lang, by_when, fill_staff, pick, spoken

A_WHILE = timedelta(minutes=10)  # a message whose hour came so long ago is late
MOST = 1000  # what is counted; more reads "1000+"


@dataclass(frozen=True)
class InboxLine:
    """One line of a unit's page."""

    id: int
    code: str
    kind: str
    text: str
    happened: datetime
    urgent: bool
    read_at: datetime | None = None
    read_by: int = 0


@dataclass(frozen=True)
class Told:
    """What became of one message about a matter. `state` as in the table; `fault` says why where it did not leave."""

    kind: str
    unit: int
    way: str
    state: str
    fault: str
    tries: int
    happened: datetime
    not_before: datetime
    sent: datetime | None


def inbox(
    viewer: Viewer, *, unread: bool = False, before: int = 0, limit: int = 50, lang: Lang = "zh"
) -> tuple[InboxLine, ...]:
    """The newest lines of the viewer's unit, those it may see; `before` is the id of the last one seen."""
    with seen_by(viewer.scope), connection.cursor() as cursor:
        cursor.execute(
            "select id, code, kind, told::text, happened, urgent, read_at, read_by from notice_inbox"
            " where unit = %s and (%s = 0 or id < %s) and (not %s or read_at is null) order by id desc limit %s",
            [_unit_of(viewer), before, before, unread, limit],
        )
        return tuple(_line(row, lang) for row in cursor.fetchall())


def count_unread(viewer: Viewer) -> int:
    """How many lines nobody of the unit has read, MOST at most."""
    with seen_by(viewer.scope), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from (select from notice_inbox where unit = %s and read_at is null limit %s) x",
            [_unit_of(viewer), MOST],
        )
        return int(cursor.fetchone()[0])


def messages_of(viewer: Viewer, code: str) -> tuple[Told, ...]:
    """What was told to whom about a matter that the viewer sees, oldest first; never an address or a text."""
    with seen_by(viewer.scope), connection.cursor() as cursor:
        cursor.execute(
            "select kind, unit, way, state, fault, tries, happened, not_before, sent from notice_message"
            " where code = %s order by id",
            [code],
        )
        return tuple(_told(row) for row in cursor.fetchall())


def administrator_inbox(viewer: Viewer, *, limit: int = 50, lang: Lang = "zh") -> tuple[InboxLine, ...]:
    """What is wrong with the ways, and codes of matters that no unit of the county may hold; never a word of one."""
    if viewer.role != "administrator" and not viewer.scope.house:
        raise NotAllowed("通道的故障由系统管理员处理（faults of gateways are for the administrator）")
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select id, code, kind, told::text, happened, urgent, read_at, read_by from notice_inbox"
            " where unit = 0 order by id desc limit %s",
            [limit],
        )
        return tuple(_line(row, lang) for row in cursor.fetchall())


@dataclass(frozen=True)
class Standing:
    """Messages by what became of them. `overdue`: their hour came a while ago; `sent`, `given_up`: of the last day;
    `no_gateway`: they wait for a way that is not set up, by way."""

    waiting: int
    overdue: int
    failing: int
    sent: int
    given_up: int
    no_gateway: Mapping[str, int]


_STANDING = """
select count(*) filter (where state in ('waiting', 'sending')),
       count(*) filter (where state in ('waiting', 'failed') and not_before < %(a_while)s),
       count(*) filter (where state = 'failed'),
       count(*) filter (where state = 'sent' and sent >= %(day)s),
       count(*) filter (where state = 'given_up' and not_before >= %(day)s)
from notice_message
where state in ('waiting', 'sending', 'failed') or sent >= %(day)s or (state = 'given_up' and not_before >= %(day)s)
"""


def standing(now: datetime) -> Standing:
    """How sending goes: numbers alone, of the whole house."""
    told = {"a_while": now - A_WHILE, "day": now - timedelta(days=1), "week": now - timedelta(days=7)}
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(_STANDING, told)
        waiting, overdue, failing, sent, given_up = cursor.fetchone()
        cursor.execute(
            "select way, count(*) from notice_message where state = 'no_way' and fault = 'no-gateway' and way <> ''"
            " and happened >= %(week)s group by 1 order by 1",
            told,
        )
        return Standing(waiting, overdue, failing, sent, given_up, dict(cursor.fetchall()))


def _told(row: tuple[Any, ...]) -> Told:
    kind, unit, way, state, fault, tries, happened, not_before, sent = row
    sent_at = in_china(sent) if sent is not None else None
    return Told(kind, unit, way, state, fault, tries, in_china(happened), in_china(not_before), sent_at)


def _unit_of(viewer: Viewer) -> int:
    return viewer.unit or -1  # 0 is the administrator's; whoever has no unit has no inbox


def _line(row: tuple[Any, ...], lang: Lang) -> InboxLine:
    number, code, kind, told, happened, urgent, read_at, read_by = row
    return InboxLine(
        number, code, kind, _text(code, kind, json.loads(told), lang), in_china(happened), urgent,
        in_china(read_at) if read_at else None, read_by,
    )  # fmt: skip


def _text(code: str, kind: str, told: dict[str, str], lang: Lang) -> str:
    if kind in ADMINISTRATOR:
        way = pick(WAY_TITLES[told["way"]], lang) if "way" in told else ""
        since = spoken(in_china(datetime.fromisoformat(told["since"])), moments.now(), lang) if "since" in told else ""
        return pick(ADMINISTRATOR[kind], lang).format(way=way, code=code, since=since)
    due = in_china(datetime.fromisoformat(told["due"])) if "due" in told else None
    gaps = {"code": code, "by": by_when(due, moments.now(), lang), "letter": told.get("letter", "")}
    return fill_staff(kind, gaps, lang)
