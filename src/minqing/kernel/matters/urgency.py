"""How the clock of a matter stands, in one word for lists and pages. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.rows import main_duty

Clock = Literal["running", "near", "late", "ended"]
_LAST_PART = 4  # near: less than a fourth of its time is left


def main_of(matter: Matter) -> Duty | None:
    """The running duty that stands for the matter; None when nothing runs."""
    number = main_duty(matter)
    return matter.duty(number) if number else None


def clock_of(matter: Matter, now: datetime) -> Clock:
    """The clock of a matter at that moment."""
    duty = main_of(matter)
    if not matter.is_open:
        return "ended"
    return clock_word(duty.starts, duty.due, duty.late, now) if duty is not None else "running"


def clock_word(starts: datetime | None, due: datetime | None, late: bool, now: datetime) -> Clock:
    """The clock of a running duty; one without a due time just runs."""
    if starts is None or due is None:
        return "running"
    if late or due <= now:
        return "late"
    return "near" if (due - now) * _LAST_PART < due - starts else "running"
