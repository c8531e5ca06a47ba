"""The last day of a post, leave and stand-ins, with whoever sits there known: nobody does these for themselves."""

from __future__ import annotations

import datetime as dt

from minqing.registers.accounts.models import Seat
from minqing.registers.accounts.oneself import POST, TERM, not_for_oneself, sitting_in
from minqing.registers.regions import actions as register
from minqing.registers.regions.journal import register_held


def end_post(post: int, ends: dt.date) -> None:
    """Sets the last day of a post; of one's own another person does."""
    with register_held():
        not_for_oneself(set(Seat.objects.filter(post_id=post).values_list("user_id", flat=True)), TERM)
        register.end_post(post, ends)


def set_leave(
    post: int, absent_from: dt.date | None, absent_to: dt.date | None = None, stand_in: int | None = None
) -> None:
    """Who is away from when to when, and which post stands in; without dates the person is back. Nobody names their own
    post, or one for which they stand in."""
    with register_held():
        if stand_in is not None:
            not_for_oneself(sitting_in(stand_in), POST)
        register.set_leave(post, absent_from, absent_to, stand_in)
