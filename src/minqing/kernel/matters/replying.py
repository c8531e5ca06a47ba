"""What whoever settles a concern tells its reporter: the words of the step, which the form asks for as that. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.offers import Ask
from minqing.kernel.methods.model import Move

SETTLE = "settle"
REPLY = Ask("reason", "text", False, "给反映人的答复（本人会看到）", "answer to the reporter, who will read it")


class _Line(Protocol):
    """A line of the journal as `reading` hands it over; that room asks the database, this one does not."""

    @property
    def event(self) -> ev.Event: ...

    @property
    def happened(self) -> datetime: ...


def replies(move: Move, matter: Matter) -> bool:
    """Whether the words of a move are for the reporter to read: there is one, and it is said to be solved."""
    return move.verb == SETTLE and matter.reporter != "nobody"


def latest_reply(lines: Iterable[_Line]) -> tuple[str, datetime] | None:
    """The name of the sealed words said last when it was settled, and when; None where nothing was said. `lines` of one
    matter in order."""
    found = None
    for line in lines:
        if isinstance(line.event, ev.Acted) and line.event.verb == SETTLE:
            found = (line.event.body, line.happened) if line.event.body else None
    return found
