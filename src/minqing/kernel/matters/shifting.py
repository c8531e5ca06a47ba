"""The clock of a trial instance moved by days or hours, for everyone who opens it (`base.moments` applies it).

Only where MINQING_ALLOW_SHIFT=1. The journal keeps every move, and time never goes back behind what is recorded.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput, NotReady
from minqing.base.moments import in_china
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

ALLOWED = "MINQING_ALLOW_SHIFT"
FARTHEST = timedelta(days=366 * 50)


def apply_shift() -> timedelta:
    """Moves `now` of this process by what the instance keeps; returns by how much."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce((select seconds from matters_shift), 0)")
        shift = timedelta(seconds=cursor.fetchone()[0])
    moments.shift_by(shift)
    return shift


def shift_clock(to: timedelta) -> None:
    """Moves the clock of the instance to so much from the real time, and that of this process with it."""
    if os.environ.get(ALLOWED) != "1":
        raise NotReady(
            f"本实例不允许拨动时钟：只在试用实例上，用环境变量 {ALLOWED}=1 打开"
            f"（the clock of this instance may not be shifted: set {ALLOWED}=1, on a trial instance only）"
        )
    if abs(to) > FARTHEST:
        raise BadInput("时钟最多拨动 50 年（the clock is shifted by 50 years at most）")
    latest = _store(to)
    if latest is not None:
        real = moments.now() - moments.shift()
        raise BadInput(
            f"时间不能退回到已有记录之前：最后一条记于 {latest:%Y-%m-%d %H:%M:%S}，"
            f"拨成这样会是 {real + to:%Y-%m-%d %H:%M:%S}。要从头再试，请另用一个 MINQING_HOME"
            f"（the last line was recorded later than that; for a fresh trial use another MINQING_HOME）"
        )
    moments.shift_by(to)


def _store(to: timedelta) -> datetime | None:
    """None when it was moved, else the last moment on record."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select matters_shift_clock(%s, %s)", [int(to.total_seconds()), moments.now() - moments.shift()])
        latest = cursor.fetchone()[0]
    return in_china(latest) if latest is not None else None
