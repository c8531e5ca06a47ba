"""What is new on a matter's page to whoever looks: since they last looked in this session, else since the lines that
their unit has not read yet. Kept in their own session, which ends with the day: nobody else can ask who looked when.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

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
    looked: dict[str, int] = request.session.get(_LOOKED, {})
    before = looked.get(code)
    if before != now:
        kept = [(one, place) for one, place in looked.items() if one != code][1 - _KEPT :]
        request.session[_LOOKED] = dict([*kept, (code, now)])
    return before if before is not None else _unread_from(viewer, code, lines)


def _unread_from(viewer: Viewer, code: str, lines: Sequence[Line]) -> int:
    """Before the first line of the matter that nobody of the unit has read of."""
    unread = [one.happened for one in notices.inbox(viewer, unread=True, limit=_UNREAD) if one.code == code]
    if not unread:
        return len(lines)
    return next((place for place, line in enumerate(lines) if line.happened >= min(unread)), len(lines))
