"""Sign-ins that somebody else made anew (a starting password, factors taken off): whom it is told, and for how long.

Whoever makes a starting password could sign in with it themselves. So it is told the person at each sign-in, and the
people beside them, for `TOLD_FOR`; nobody marks it as read for good, for that could be done in the person's name. Read
from the journal, which only grows. Limit: where nobody serves beside or right above, only the person and auditors see.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from django.db import connection
from django.db.models import Q

from minqing.base import moments
from minqing.base.ledger.streams import REGISTER
from minqing.base.moments import in_china
from minqing.registers.accounts.models import Seat, User
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.versions import shelf

TOLD_FOR = dt.timedelta(days=14)
#: So far back the person sees what became of their sign-in.
LISTED_FOR = dt.timedelta(days=365)
_KINDS = {"PasswordStarted": "started", "FactorsDropped": "factors", "PasswordChanged": "changed"}
_LINES = """
select l.happened, l.kind, l.actor, l.data::text
from ledger_subject s join ledger_line l on l.stream = s.stream and l.subject = s.subject
where s.stream = %s and s.code = any(%s) and l.kind = any(%s)
order by s.code, l.seq
"""


@dataclass(frozen=True)
class SignInChange:
    """One change of somebody's sign-in. `what`: a starting password, factors taken off, a password of their own; `by`:
    who did it (0: at the machine, or for `changed` whoever was signed in); `reset`: it let somebody in anew."""

    happened: dt.datetime
    person: int
    name: str
    what: Literal["started", "factors", "changed"]
    by: int
    by_name: str
    reset: bool


def sign_in_of(person: int) -> tuple[SignInChange, ...]:
    """What became of a user's sign-in within a year, the latest first."""
    since = moments.now() - LISTED_FOR
    return tuple(one for one in _changes([person]) if one.happened >= since)


def told_to(person: int) -> tuple[SignInChange, ...]:
    """The same, while the person is to be told of it at each sign-in; nothing without a reset of late."""
    changes = sign_in_of(person)
    since = moments.now() - TOLD_FOR
    return changes if any(one.reset and one.happened >= since for one in changes) else ()


def resets(days: dt.timedelta = TOLD_FOR) -> tuple[SignInChange, ...]:
    """All resets of so many days, the latest first: for auditors and administrators."""
    return _resets(User.objects.values_list("id", flat=True), days)


def resets_beside(viewer: Viewer) -> tuple[SignInChange, ...]:
    """Resets of late of whoever serves in the viewer's unit, or alone in one right below it; not the viewer's own."""
    if not viewer.unit:
        return ()
    kept = shelf("resets")
    if viewer.unit not in kept:
        kept[viewer.unit] = _resets(_beside(viewer.unit), TOLD_FOR)
    found: tuple[SignInChange, ...] = kept[viewer.unit]
    return tuple(one for one in found if one.person != viewer.person)


def _beside(unit: int) -> set[int]:
    day = moments.today()
    running = Seat.objects.filter(Q(post__ends=None) | Q(post__ends__gte=day), post__starts__lte=day, user__active=True)
    rows = running.filter(Q(post__unit_id=unit) | Q(post__unit__above_id=unit)).order_by("post__unit_id")
    serving = groupby(rows.values_list("post__unit_id", "user_id"), key=lambda row: row[0])
    found: set[int] = set()
    for there, seats in serving:
        people = {user for _, user in seats}
        if there == unit or len(people) == 1:
            found |= people
    return found


def _resets(persons: Iterable[int], days: dt.timedelta) -> tuple[SignInChange, ...]:
    since = moments.now() - days
    return tuple(one for one in _changes(list(persons)) if one.reset and one.happened >= since)


def _changes(persons: Collection[int]) -> list[SignInChange]:
    """The latest first. The first starting password of a user lets nobody in anew: there was no sign-in before."""
    codes = [f"user:{person}" for person in persons]
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [REGISTER.number, codes, list(_KINDS)])
        lines = [(happened, kind, actor, json.loads(data)["user"]) for happened, kind, actor, data in cursor.fetchall()]
    names = dict(User.objects.filter(id__in={at for line in lines for at in line[2:]}).values_list("id", "name"))
    had: set[int] = set()
    found = []
    for happened, kind, actor, person in lines:
        reset = kind == "FactorsDropped" or (kind == "PasswordStarted" and person in had)
        had.add(person)
        told = (in_china(happened), person, names.get(person, ""), _KINDS[kind], actor, names.get(actor, ""), reset)
        found.append(SignInChange(*told))  # type: ignore[arg-type]  # the words of _KINDS
    return sorted(reversed(found), key=lambda one: one.happened, reverse=True)  # moments are whole seconds
