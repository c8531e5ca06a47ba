"""What is new on a matter's page to whoever looks: since they last looked in this session, else since the lines that
their unit has not read yet. Kept in their own session, which ends with the day: nobody else can ask who looked when.

A look is written into the session's row and into nothing else of it: the session ends no later for it, and what another
tab chose meanwhile stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from minqing.doors.web.sessions import opened, row_of, sealed
from minqing.kernel.matters.queries import Sight
from minqing.kernel.matters.reading import Line
from minqing.registers.accounts.rules import Viewer
from minqing.tools.notice import queries as notices

_LOOKED = "looked"  # code → position, the latest look last
_KEPT = 100  # matters a session remembers
_UNREAD = 50  # unread lines of the unit that are asked


def new_after(request: HttpRequest, viewer: Viewer, sight: Sight, lines: Sequence[Line]) -> int:
    """The position after which lines are new to them; that of the last line where nothing is. Remembers this look."""
    code, now = sight.stored.matter.code, sight.stored.matter.position
    before: int | None = request.session.get(_LOOKED, {}).get(code)
    if before != now and request.session.session_key:
        remember(request.session.session_key, code, now)
    return before if before is not None else _unread_from(viewer, code, lines)


def remember(session: str, code: str, position: int) -> None:
    """Into the row as it stands now, not as a request read it; when it ends is left alone."""
    with transaction.atomic():
        row = Session.objects.select_for_update().filter(session_key=row_of(session)).first()
        told = opened(row.session_key, row.session_data) if row is not None else None
        if row is None or told is None:
            return  # signed out meanwhile
        kept = [(one, place) for one, place in told.get(_LOOKED, {}).items() if one != code][1 - _KEPT :]
        row.session_data = sealed(row.session_key, told | {_LOOKED: dict([*kept, (code, position)])})
        row.save(update_fields=["session_data"])


def _unread_from(viewer: Viewer, code: str, lines: Sequence[Line]) -> int:
    """Before the first line of the matter that nobody of the unit has read of."""
    unread = [one.happened for one in notices.inbox(viewer, unread=True, limit=_UNREAD) if one.code == code]
    if not unread:
        return len(lines)
    return next((place for place, line in enumerate(lines) if line.happened >= min(unread)), len(lines))
