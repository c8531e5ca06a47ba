"""An independent reckoner: due times from a journal line and the calendar, by counting day after day.

It shares no line with kernel/clock: plain loops over days, the decreed calendar asked day by day from the library.
"""

from __future__ import annotations

import datetime as dt
import re

import chinese_calendar

from minqing.kernel.matters.events import DutyAdded

MIDNIGHT = dt.time(0, 0)
LAST_DECREED = 2026


def works(day: dt.date) -> bool:
    if day.year > LAST_DECREED:
        return day.weekday() < 5
    return chinese_calendar.is_workday(day)


def spans(hours: str) -> list[tuple[dt.time, dt.time]]:
    found = re.findall(r"(\d\d):(\d\d)-(\d\d):(\d\d)", hours or "08:30-12:00,14:00-17:30")
    return [(dt.time(int(a), int(b)), dt.time(int(c), int(d))) for a, b, c, d in found]


def recompute(duty: DutyAdded) -> dt.datetime:
    amount, unit = re.fullmatch(r"(\d+)(m|h|wh|d|wd|mo|y)", duty.budget).groups()
    count, start = int(amount), duty.starts
    if unit in ("m", "h"):
        return start + count * (dt.timedelta(minutes=1) if unit == "m" else dt.timedelta(hours=1))
    if unit == "wh":
        return _working_hours(start, count * 3600, spans(duty.hours))
    last, counted = start.date(), 0
    if unit in ("d", "wd"):
        while counted < count:
            last += dt.timedelta(days=1)
            counted += unit == "d" or works(last)
    else:
        months = last.month - 1 + count * (12 if unit == "y" else 1)
        year, month = last.year + months // 12, months % 12 + 1
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        last = min(dt.date(year, month, 1) + dt.timedelta(days=start.day - 1), following - dt.timedelta(days=1))
    while duty.roll == "next-day" and not works(last):
        last += dt.timedelta(days=1)
    if unit == "wd" and duty.hours:
        return dt.datetime.combine(last, spans(duty.hours)[-1][1], start.tzinfo)
    return dt.datetime.combine(last + dt.timedelta(days=1), MIDNIGHT, start.tzinfo)


def _working_hours(start: dt.datetime, left: int, working: list[tuple[dt.time, dt.time]]) -> dt.datetime:
    day = start.date()
    while True:
        for begin, end in working if works(day) else []:
            opens = max(start, dt.datetime.combine(day, begin, start.tzinfo))
            shuts = dt.datetime.combine(day, end, start.tzinfo)
            here = int((shuts - opens).total_seconds())
            if here >= left:
                return opens + dt.timedelta(seconds=left)
            left -= max(0, here)
        day += dt.timedelta(days=1)
