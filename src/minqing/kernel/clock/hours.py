"""The working hours of a unit within a day: spans in minutes since midnight, none over midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from minqing.base.errors import BadInput

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_MINUTE = 60_000_000


class BadHours(BadInput, ValueError):
    """The text is no list of working hours."""


@dataclass(frozen=True)
class Hours:
    """Spans of a working day, ascending and apart: ((510, 720), (840, 1050)) is 08:30-12:00,14:00-17:30.

    `length` is the working day in microseconds, `closing` the last minute of the day that is worked.
    """

    spans: tuple[tuple[int, int], ...]
    length: int = field(init=False, compare=False)
    closing: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        edges = [minute for span in self.spans for minute in span]
        rising = all(left < right for left, right in self.spans) and edges == sorted(edges)
        if not edges or not rising or edges[0] < 0 or edges[-1] > 1440:
            raise BadHours("working hours are spans within one day, one after the other, like 08:30-12:00,14:00-17:30")
        object.__setattr__(self, "length", _MINUTE * sum(right - left for left, right in self.spans))
        object.__setattr__(self, "closing", edges[-1])

    def __str__(self) -> str:
        return ",".join(f"{_clock(left)}-{_clock(right)}" for left, right in self.spans)

    def worked(self, microsecond: int) -> int:
        """Microseconds worked from midnight to that microsecond of a working day."""
        return sum(max(0, min(microsecond, right * _MINUTE) - left * _MINUTE) for left, right in self.spans)

    def at(self, worked: int) -> int:
        """The earliest microsecond of the day by which so many have been worked (0 < worked <= length)."""
        for left, right in self.spans:
            length = (right - left) * _MINUTE
            if worked <= length:
                return left * _MINUTE + worked
            worked -= length
        raise BadHours("the working day has no such moment: it is shorter")


@lru_cache(maxsize=1024)
def parse_hours(text: str) -> Hours:
    """`08:30-12:00,14:00-17:30` -> Hours. Raises BadHours with a sentence."""
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise BadHours(f"{part[:40]!r} is not a span of hours: write them like 08:30-12:00,14:00-17:30")
        left, left_minute, right, right_minute = (int(digits) for digits in found.groups())
        spans.append((left * 60 + left_minute, right * 60 + right_minute))
    return Hours(tuple(spans))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


STANDARD = parse_hours("08:30-12:00,14:00-17:30")
