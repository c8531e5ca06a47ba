"""Moments: the only place that asks the wall clock.

China keeps one offset, +08:00, since 1991 (no summer time), so moments are datetimes of that fixed offset.
An instance may be shifted (`minqing clock shift`), only where MINQING_ALLOW_SHIFT=1: then `now` is moved
by the shift for everyone, and every answer says so.
"""

from __future__ import annotations

import datetime as dt

CHINA = dt.timezone(dt.timedelta(hours=8), "UTC+08:00")

_shift = dt.timedelta(0)


def now() -> dt.datetime:
    """The present moment in Chinese time, with the instance's shift, to the whole second: no clock here knows less."""
    return dt.datetime.now(CHINA).replace(microsecond=0) + _shift  # noqa: TID251  (the one place)


def today() -> dt.date:
    """The present day in Chinese time."""
    return now().date()


def shift_by(shift: dt.timedelta) -> None:
    """Moves `now` for this process; the door sets it once from what the instance has stored."""
    global _shift
    _shift = shift


def shift() -> dt.timedelta:
    """By how much `now` is moved."""
    return _shift


def in_china(moment: dt.datetime) -> dt.datetime:
    """The same instant with the Chinese offset; a moment without an offset is read as Chinese time."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=CHINA)
    return moment.astimezone(CHINA)
