"""How many due times a core reckons, anchored to bare `datetime + timedelta` additions in the same run.

`value` is the share of the anchor's rate reached; `raw` has both rates per second of processor time and each budget's.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import partial

from minqing.base.moments import CHINA
from minqing.kernel.clock.budgets import parse_budget
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.clock.hours import STANDARD
from minqing.kernel.clock.reckoning import Pause, Terms, due

START = dt.datetime(2026, 1, 5, 9, 30, tzinfo=CHINA)
STARTS = [START + dt.timedelta(hours=7 * n) for n in range(1000)]
MIX = ("24h", "3d", "5wd", "2wh", "10d", "1mo")
ROUNDS = 5


def measure() -> dict[str, object]:
    """{"value": ratio, "raw": {...}}: the best of a few rounds, each over a thousand starts."""
    plain = [(text, Terms(parse_budget(text), decreed_calendar(), STANDARD)) for text in MIX]
    pause = Pause(START + dt.timedelta(days=2), START + dt.timedelta(days=4), "bench")
    mixed = [*plain, ("5wd paused", Terms(parse_budget("5wd"), decreed_calendar(), STANDARD, pauses=(pause,)))]
    anchor = _rate(_add_a_day)
    rates = {name: _rate(partial(_reckon, terms)) for name, terms in mixed}
    together = len(rates) / sum(1 / rate for rate in rates.values())
    raw = {"clock_per_s": round(together), "addition_per_s": round(anchor)}
    return {"value": round(together / anchor, 4), "raw": raw | {name: round(rate) for name, rate in rates.items()}}


def _rate(work: Callable[[], None]) -> float:
    """Calls a second of processor time, the best round of a few."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return len(STARTS) / best


def _add_a_day() -> None:
    day = dt.timedelta(days=1)
    for start in STARTS:
        _ = start + day


def _reckon(terms: Terms) -> None:
    for start in STARTS:
        due(start, terms)


if __name__ == "__main__":
    print(measure())
