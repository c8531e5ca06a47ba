"""Bad input, made up by Hypothesis: a few examples of each in every run, thousands by `make faults`.

A test hands `Fuzz` what to make up and what must hold of it. Each example has to end within `PATIENCE` seconds (a guard
against hanging, not a measure) and within the memory that the test allows. The long run writes how many there were to
bench/results/fuzz.json. What is made up is the same in each run.
"""

from __future__ import annotations

import json
import platform
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from minqing.base import moments

PATIENCE = 60  # seconds an example may take on a busy machine
MEGABYTES = 400  # an example may need meanwhile
RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results" / "fuzz.json"


class Hung(Exception):
    """No answer came."""


@contextmanager
def in_time(seconds: int = PATIENCE) -> Iterator[None]:
    """Interrupts what takes longer."""

    def hung(number: int, frame: FrameType | None) -> NoReturn:
        raise Hung(f"no end after {seconds} s")

    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def within(megabytes: int = MEGABYTES) -> Iterator[None]:
    """Fails where this process grew by more, also for a moment only."""
    Path("/proc/self/clear_refs").write_text("5")  # the highest mark begins anew
    before = memory("VmHWM")
    yield
    grown = memory("VmHWM") - before
    assert grown <= megabytes, f"{grown} MB more than before"


def memory(which: str, process: int | str = "self") -> int:
    """Megabytes: VmRSS now, VmHWM at the highest."""
    told = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith(f"{which}:")) >> 10


@dataclass
class Fuzz:
    """A short or a long run of one test; `tried` counts the examples of what held."""

    long: bool
    tried: int = 0
    failed: bool = False

    def __call__(
        self, made: SearchStrategy[Any], holds: Callable[[Any], None], *, few: int = 40, many: int = 4000,
        megabytes: int = MEGABYTES,
    ) -> None:  # fmt: skip
        """Asks of `few` or `many` examples whether it holds."""

        tried = 0
        self.failed = True

        @settings(
            max_examples=many if self.long else few, derandomize=True, database=None, deadline=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate, Phase.shrink],
        )  # fmt: skip
        @given(made)
        def each(one: Any) -> None:
            nonlocal tried
            tried += 1
            with in_time(), within(megabytes):
                holds(one)

        each()
        self.failed = False
        self.tried += tried


def note(test: str, tried: int, seconds: float) -> None:
    """One after the other: the long run has one process."""
    told = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {"tests": {}}
    told["tests"][test] = {"examples": tried, "seconds": round(seconds, 1)}
    told |= {
        "taken": moments.now().isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "examples": sum(one["examples"] for one in told["tests"].values()),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
