"""Putting notices in (each once, however often the event is heard of), and marking what a unit has read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import connection

from minqing.base import moments
from minqing.base.errors import NotAllowed
from minqing.base.postgres import home_folder
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.queries import units_by_slug
from minqing.tools.notice.rows import Row, inbox_row, put_inbox, put_messages
from minqing.tools.notice.rules import (
    ADMINISTRATOR,
    FOLD,
    FRESH,
    REPORTER,
    Notice,
    Quiet,
    not_before,
    passes_until,
    way_to_unit,
)
from minqing.tools.notice.settings_file import last_good


def put_notices(notices: Sequence[Notice], now: datetime | None = None) -> int:
    """Puts them into inboxes and on their way; those that are known, or older than a week, add nothing. Returns how
    many are new. Harmless when repeated."""
    at = now or moments.now()
    fresh = {one.once: one for one in notices if one.moment > at - FRESH}
    if not fresh:
        return 0
    chosen = last_good(home_folder())
    staff = _work_addresses(chosen.staff)
    to_units = [one for one in fresh.values() if one.to not in (REPORTER, ADMINISTRATOR)]
    pages = [one for one in fresh.values() if one.to != REPORTER]
    messages = [_to_reporter(one, at, chosen.quiet) for one in fresh.values() if one.to == REPORTER]
    messages += [_to_unit(one, at, staff[one.to]) for one in to_units if staff.get(one.to)]
    with seen_by(HOUSE):
        return put_messages(messages) + put_inbox([inbox_row(one) for one in pages])


def _work_addresses(staff: Mapping[str, Mapping[str, str]]) -> dict[int, Mapping[str, str]]:
    """The work addresses by the number of the unit."""
    if not staff:
        return {}
    return {unit: staff[slug] for slug, unit in units_by_slug(staff).items()}


def _to_reporter(notice: Notice, now: datetime, quiet: Quiet) -> Row:
    return _message(notice, "", not_before(notice, now, quiet))


def _to_unit(notice: Notice, now: datetime, addresses: Mapping[str, str]) -> Row:
    """What is not urgent waits a few minutes for more of its kind."""
    return _message(notice, way_to_unit(addresses, notice.at_once), now if notice.at_once else now + FOLD)


def _message(notice: Notice, way: str, leaves: datetime) -> Row:
    passes = passes_until(notice)
    return {
        "once": notice.once, "code": notice.code, "kind": notice.kind, "unit": notice.to, "way": way,
        "told": dict(notice.told), "happened": notice.moment.isoformat(), "not_before": leaves.isoformat(),
        "passes_until": passes.isoformat() if passes is not None else None,
    }  # fmt: skip


def mark_read(viewer: Viewer, ids: Collection[int], now: datetime | None = None) -> int:
    """Marks lines of the viewer's own unit as read, by whom; returns how many were unread."""
    if not viewer.unit:
        raise NotAllowed("只有岗位上的人有收件箱：请用本单位的岗位登录（only a post has an inbox）")
    with seen_by(viewer.scope), connection.cursor() as cursor:
        cursor.execute(
            "update notice_inbox set read_at = %s, read_by = %s where id = any(%s) and unit = %s and read_at is null",
            [now or moments.now(), viewer.person, list(ids), viewer.unit],
        )
        return int(cursor.rowcount)
