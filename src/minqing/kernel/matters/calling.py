"""The call-back as who makes it needs it: whether this viewer may, how often it was tried, when it may be tried next.

Another try that reaches nobody counts on another day than every counted one, at an hour apart from theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from minqing.base import moments
from minqing.kernel.matters.asking import HOUR_APART
from minqing.kernel.matters.commands import Context, Refused
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.permits import check_move, open_moves
from minqing.kernel.methods.model import Method

VERB = "call_back"
#: Kinds of sealed values that whoever calls may open, and for nothing else; besides these what that person was told
#: last: nobody can ask whether it was done well without knowing what was said to be done.
WHOM_TO_CALL = frozenset({"name", "phone"})
_DAY = 24 * 60


def may_ask(verb: str, method: Method, matter: Matter, context: Context) -> bool:
    """Whether the viewer of the context may make this step of the call-back now."""
    move = open_moves(method, matter).get(verb)
    if move is None:
        return False
    try:
        check_move(method, matter, context, move, verb)
    except Refused:
        return False
    return True


def may_call(method: Method, matter: Matter, context: Context) -> bool:
    """The same of calling: whom nobody is to call, nobody calls."""
    return matter.reporter != "nobody" and matter.wants_call_back and may_ask(VERB, method, matter, context)


@dataclass(frozen=True)
class Tries:
    """How often nobody was reached, of how many times that end a matter. `not_before`: the first day on which
    another try counts (None: today already); `apart`: hours of the day at which it does not, as pairs."""

    made: tuple[datetime, ...]
    needed: int
    not_before: date | None
    apart: tuple[tuple[time, time], ...]


def tries_of(method: Method, matter: Matter) -> Tries:
    """The counted tries of this round, and when the next one counts."""
    made = tuple(_moment(day, minute) for day, minute in matter.tries)
    today, block = moments.today(), method.call_back
    later = today + timedelta(days=1) if any(one.date() == today for one in made) else None
    return Tries(made, block.tries if block is not None else 0, later, _apart(made))


def _moment(day: int, minute: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time(minute // 60, minute % 60), moments.now().tzinfo)


def _apart(made: Sequence[datetime]) -> tuple[tuple[time, time], ...]:
    """Stretches of the day around the tries, each once, in order."""
    found: list[tuple[int, int]] = []
    for minute in sorted(one.hour * 60 + one.minute for one in made):
        first, last = max(0, minute - HOUR_APART), min(_DAY - 1, minute + HOUR_APART)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple((time(*divmod(first, 60)), time(*divmod(last, 60))) for first, last in found)
