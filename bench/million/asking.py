"""Sixteen people of mixed levels ask at once: pages and answers of an instance, with what each asking took.

Paced: each asks again a second after an answer came (a brisk clerk); at full tilt: at once, so that what is measured
is the machine's whole strength, the askers included. Both are told.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from bench.million.instance import Instance
from bench.pages import Visitor

PAUSE = 1.0
Asking = Callable[[], None]


@dataclass
class Took:
    """Seconds of each asking, with the moment it began, by the role of who asked."""

    times: list[tuple[str, float, float]] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> dict[str, object]:
        """Milliseconds: half, 95 and 99 of a hundred; how many a second; the 95th of each role."""
        spans = [span for _, _, span in self.times]
        roles = sorted({role for role, _, _ in self.times})
        return {
            "p50": _ms(statistics.median(spans)), "p95": _ms(_part(spans, 95)), "p99": _ms(_part(spans, 99)),
            "asked": len(spans), "per_s": round(len(spans) / self.seconds, 1),
            "p95_by_role": {
                role: _ms(_part([span for one, _, span in self.times if one == role], 95)) for role in roles
            },
        }  # fmt: skip


def _part(spans: Sequence[float], percent: int) -> float:
    ordered = sorted(spans)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def asked_by_all(askings: Sequence[tuple[str, Asking]], seconds: float, pause: float) -> Took:
    """Each of them asks again and again for so long, on a thread of its own."""
    took, faults, began = Took(), list[str](), time.monotonic()

    def one(place: int, role: str, ask: Asking) -> None:
        chance = Random(place)
        time.sleep(chance.random() * pause)
        while time.monotonic() < began + seconds:
            start = time.perf_counter()
            try:
                ask()
            except Exception as fault:  # whatever it was: told below, by the thread that waits
                faults.append(f"{type(fault).__name__} {fault}")
                return
            took.times.append((role, start, time.perf_counter() - start))
            time.sleep(pause * (0.5 + chance.random()))

    threads = [threading.Thread(target=one, args=(place, *asking)) for place, asking in enumerate(askings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.seconds = time.monotonic() - began
    if faults:
        raise RuntimeError("; ".join(faults[:3]))
    return took


def visitors(instance: Instance) -> list[tuple[str, Visitor]]:
    """The sixteen, signed in."""
    return [(one["role"], Visitor(instance.port, one["login"])) for one in instance.plan["people"]]


def page(visitor: Visitor, paths: Sequence[str], place: int = 0) -> Asking:
    """One of these pages after the other."""
    turns = [place]

    def ask() -> None:
        path = paths[turns[0] % len(paths)]
        turns[0] += 1
        status, _text = visitor.ask(path)
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}")

    return ask


def alone(ask: Asking, times: int) -> dict[str, float]:
    """One after the other, nobody beside: half and 95 of a hundred, in milliseconds."""
    ask()
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        spans.append(time.perf_counter() - start)
    return {"p50": _ms(statistics.median(spans)), "p95": _ms(_part(spans, 95))}
