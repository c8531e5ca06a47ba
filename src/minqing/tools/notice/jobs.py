"""The entry points of background work."""

from __future__ import annotations

from datetime import datetime
from threading import Event

from minqing.base import moments
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.tools.notice import sending
from minqing.tools.notice.rows import next_message


def send_waiting(moment: datetime | None = None, stop: Event | None = None) -> int:
    """Sends all whose hour has come, round by round, until nothing is left or `stop` is set; returns how many were
    taken up. Any number of workers may do so beside each other."""
    taken = 0
    while not (stop is not None and stop.is_set()):
        round_ = sending.send_waiting(moment).taken
        taken += round_
        if round_ == 0:
            break
    return taken


def next_sending(moment: datetime | None = None) -> datetime | None:
    """When there is something to send again; None while nothing waits."""
    with seen_by(HOUSE):
        return next_message(moment or moments.now())
