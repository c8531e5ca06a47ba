"""What each process of the server counts of itself, and the sum of all: requests by route, status and time taken.

A process writes its counts into a file of its own every two seconds and when it is asked for the sum; whoever is asked
adds up the files. That of a process that ended stays, so a sum never falls. The folder is made by `minqing serve` and
goes with it; what a killed process counted in its last two seconds is lost. No label holds more than a route template.
"""

from __future__ import annotations

import json
import os
import secrets
from bisect import bisect_left
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

FOLDER = "MINQING_METRICS"  # set by `minqing serve` for its processes
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.08, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; 0.08 is what a list may take

#: method, route, status; and route, number of the bound (the last: longer than all)
Answered = Counter[tuple[str, str, int]]
Took = Counter[tuple[str, int]]


class Figures:
    """Counts of requests."""

    def __init__(self) -> None:
        self.answered: Answered = Counter()
        self.took: Took = Counter()
        self.seconds: Counter[str] = Counter()
        self._lock = Lock()
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}.json"

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request."""
        with self._lock:
            self.answered[method, route, status] += 1
            self.took[route, bisect_left(BOUNDS, seconds)] += 1
            self.seconds[route] += seconds  # type: ignore[assignment]

    def keep(self) -> None:
        """Writes the file of this process, where there is a folder for it."""
        if told := os.environ.get(FOLDER):
            with self._lock:  # also while it is written: two at once would take each other's file away
                beside = Path(told, f"{self.name}.new")
                beside.write_text(json.dumps(self.plain()))
                beside.replace(Path(told, self.name))

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "process": os.getpid(),
            "answered": [[*key, number] for key, number in self.answered.items()],
            "took": [[*key, number] for key, number in self.took.items()],
            "seconds": dict(self.seconds),
        }

    def add(self, plain: dict[str, Any]) -> None:
        """What another process counted."""
        for method, route, status, number in plain["answered"]:
            self.answered[method, route, status] += number
        for route, place, number in plain["took"]:
            self.took[route, place] += number
        self.seconds.update(plain["seconds"])


OWN = Figures()


def of_all() -> tuple[Figures, dict[int, int]]:
    """The sum over all processes, and the bytes in memory of those that live, by their number."""
    with suppress(OSError):  # where the disk is full its own counts are told from memory
        OWN.keep()
    total, processes = Figures(), [os.getpid()]
    total.add(OWN.plain())
    told = os.environ.get(FOLDER)
    for path in sorted(Path(told).glob("*.json")) if told else ():
        if path.name != OWN.name:
            plain = json.loads(path.read_text())
            total.add(plain)
            processes.append(plain["process"])
    return total, _memory(processes)


def _memory(processes: list[int]) -> dict[int, int]:
    found = {}
    for number in processes:
        try:
            pages = int(Path(f"/proc/{number}/statm").read_text().split()[1])
        except OSError:
            continue  # it ended, or this system has no /proc
        found[number] = pages * os.sysconf("SC_PAGE_SIZE")
    return found
