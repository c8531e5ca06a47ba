"""The instance's health in lines: what is looked at, its state, and the numbers that a sentence needs.

'ok'; 'late': works, but somebody should look soon; 'failed': something is not done until somebody acts. The rules of
the states are here, the sentences with the doors. Nothing here names a matter, a resident or a word.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from minqing.base import moments
from minqing.base.definitions import DefinitionErrors
from minqing.base.postgres import home_folder
from minqing.doors.counter.background import Background, background
from minqing.doors.counter.readiness import keys_missing, keys_of_others, tables_missing
from minqing.kernel.clock.calendars import decreed_calendar
from minqing.kernel.matters.lagging import Owed, outbox_waiting, rungs_waiting
from minqing.registers.regions.counting import count_known
from minqing.tools.notice.queries import Standing, standing
from minqing.tools.notice.rules import WAYS
from minqing.tools.notice.settings_file import last_good, settings

State = Literal["ok", "late", "failed"]

SOON, LONG = dt.timedelta(minutes=2), dt.timedelta(minutes=30)  # what waits longer is late, and stands still
NOVEMBER = 11  # by then the State Council has told the next year's days, in most years
_GIGA = 1 << 30


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. `told`: numbers, lengths of time and words; `faults`: sentences of their own."""

    what: str
    state: State
    told: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def health() -> tuple[list[Line], Background]:
    """Every line in the order of a look-round, and the jobs one by one."""
    jobs, (owed, aside), sending = background(), outbox_waiting(), standing(moments.now())
    lines = [
        _of(tables_missing(), "database"), _keys(), _disk(), _work(jobs), _queue("sweep", rungs_waiting()),
        _queue("outbox", owed), Line("aside", "failed" if aside else "ok", {"n": aside}), _jobs(jobs),
        _notices(sending), _ways(sending), _clock(), _regions(), _calendar(),
    ]  # fmt: skip
    return lines, jobs


def worst(lines: Iterable[Line]) -> State:
    """The state of all together."""
    states = {line.state for line in lines}
    return "failed" if "failed" in states else "late" if "late" in states else "ok"


def _of(faults: Iterator[str], what: str) -> Line:
    told = tuple(faults)
    return Line(what, "failed" if told else "ok", faults=told)


def _keys() -> Line:
    missing = tuple(keys_missing()) or tuple(keys_of_others())
    return Line("keys", "failed" if missing else "ok", faults=missing)


def _disk() -> Line:
    disk = shutil.disk_usage(home_folder())
    share = disk.free / disk.total
    state: State = "failed" if disk.free < _GIGA else "late" if disk.free < 5 * _GIGA or share < 0.1 else "ok"
    return Line("disk", state, {"free": f"{disk.free / _GIGA:.1f}", "share": round(share * 100)})


def _work(jobs: Background) -> Line:
    return Line("work", "ok" if jobs.alive else "failed", {"seen": jobs.seen})


def waits(number: int, oldest: dt.timedelta) -> State:
    """The state of a queue by its oldest: what waits for seconds is on its way."""
    if not number or oldest < SOON:
        return "ok"
    return "late" if oldest < LONG else "failed"


def _queue(what: str, owed: Owed) -> Line:
    return Line(what, waits(owed.number, owed.oldest), {"n": owed.number, "oldest": owed.oldest})


def _jobs(jobs: Background) -> Line:
    late = sum(one.late for one in jobs.regular)
    state: State = "failed" if jobs.failed else "late" if late else "ok"
    return Line("jobs", state, {"n": len(jobs.failed), "late": late, "waiting": jobs.waiting})


def _notices(now: Standing) -> Line:
    state: State = "failed" if now.given_up else "late" if now.overdue or now.failing else "ok"
    return Line(
        "notices", state,
        {"sent": now.sent, "waiting": now.waiting, "late": now.overdue, "failing": now.failing,
         "given_up": now.given_up},
    )  # fmt: skip


def _ways(now: Standing) -> Line:
    """A way that nobody needs may stay unset; one for which messages wait is set up or taken off the forms."""
    try:
        served = set(settings(home_folder()).carriers)
        faults: tuple[str, ...] = ()
    except DefinitionErrors as fault:
        served, faults = set(last_good(home_folder()).carriers), tuple(str(fault).splitlines())
    state: State = "failed" if faults else "late" if now.no_gateway else "ok"
    missing = [way for way in WAYS if way not in served]
    return Line("ways", state, {"served": sorted(served), "missing": missing, "wanting": dict(now.no_gateway)}, faults)


def _clock() -> Line:
    shift = moments.shift()
    return Line("clock", "late" if shift else "ok", {"shift": shift})


def _regions() -> Line:
    known = count_known()
    state: State = "ok" if known.divisions and known.units else "failed"
    return Line("regions", state, {"divisions": known.divisions, "grids": known.grids, "units": known.units})


def _calendar() -> Line:
    today, decreed = moments.today(), decreed_calendar().decreed
    next_missing = today.year + 1 not in decreed and today.month > NOVEMBER
    state: State = "failed" if today.year not in decreed else "late" if next_missing else "ok"
    return Line("calendar", state, {"last": max(decreed), "year": today.year})
