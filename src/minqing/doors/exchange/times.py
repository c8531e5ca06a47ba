"""Dates and times as people write them in tables; one out of bounds is refused, never guessed."""

from __future__ import annotations

import datetime as dt
import re

from minqing.base.errors import BadInput
from minqing.base.moments import CHINA

EARLIEST, LATEST = 1990, 2100
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]+(\d{1,2})[:时点](\d{1,2})?分?(?::?(\d{1,2})(?:\.\d+)?秒?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?)?")


def read_moment(text: str, zone: dt.tzinfo = CHINA) -> dt.datetime:
    """`2019/2/28 11:25:05`, `2019-02-28T11:25`, `2019年2月28日`, `06/26/2018 10:58:54 AM`, each at `zone` unless it
    names its own offset. Raises BadInput with a sentence."""
    text = text.strip()
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        year, month, day, *rest = found.groups()
        clock, offset = rest[:3], rest[3]
        return _moment(text, year, month, day, clock, 0, _zone(offset) or zone)
    found = _MONTH_FIRST.fullmatch(text)
    if found:
        month, day, year, *clock, half = found.groups()
        return _moment(text, year, month, day, clock, _half(half, clock[0]), zone)
    raise BadInput(
        f"看不懂日期“{text[:40]}”：请写成 2026-03-05 10:30:00（no date known here: write 2026-03-05 10:30:00）"
    )


def _half(half: str | None, hour: str | None) -> int:
    if half is None or hour is None:
        return 0
    twelve = int(hour) == 12
    afternoon = half.lower() == "pm"
    return -12 if twelve and not afternoon else 12 if afternoon and not twelve else 0


def _zone(offset: str | None) -> dt.tzinfo | None:
    if offset is None:
        return None
    if offset == "Z":
        return dt.UTC
    sign = -1 if offset[0] == "-" else 1
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    return dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes)) if hours < 24 and minutes < 60 else None


def _moment(
    text: str, year: str, month: str, day: str, clock: list[str | None], shift: int, zone: dt.tzinfo
) -> dt.datetime:
    hour, minute, second = (int(part or 0) for part in clock)
    if not EARLIEST <= int(year) <= LATEST:
        raise BadInput(
            f"日期“{text[:40]}”不在 {EARLIEST} 到 {LATEST} 年之间（the date lies outside {EARLIEST} to {LATEST}）"
        )
    try:
        moment = dt.datetime(int(year), int(month), int(day), hour + shift, minute, second, tzinfo=zone)
    except ValueError as fault:
        raise BadInput(f"没有“{text[:40]}”这一天或这个时刻（no day or hour of the calendar）") from fault
    return moment.astimezone(CHINA)
