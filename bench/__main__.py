"""`python -m bench [NAME …]`: runs every measurement (or those named), prints a table, writes bench/results.json.
All but `fire`: killing takes as long as all the others together, and `make faults` asks for it by name.

Machines are noisy: a ratio to an anchor taken in the same run means something, a raw figure only beside it. Keys
whose data is not there (MINQING_REAL_DATA) are named as not measured, never filled in. Figures of measurements that
were not asked for stay as they were, each with the day it was taken. MINQING_BENCH_MILLION names a folder in which the
million stays, so that it is loaded once; measuring moves it on, so figures to be compared are taken of one loaded anew.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import api, clock, letters, pages, store, sweep, text, twin
from bench.fire import run as fire
from bench.million import measuring as million
from minqing.base import moments

LOADED = 20_000  # matters that are there before the API is measured
RESULTS = Path(__file__).with_name("results.json")
#: key -> (the figure to reach, how it is read); the clock has none set.
REACH: dict[str, tuple[float | None, str]] = {
    "bulk_matters_per_s": (10_000, "≥, with the journal's chain"),
    "verify_events_per_s": (150_000, "≥"),
    "sweep_vs_sql": (3.0, "≤, one worker to the bare form"),
    "macro_f1": (0.92, "≥, mean of five folds"),
    "texts_per_s": (5_000, ">, to classify"),
    "clock_per_s": (None, "none set; one core"),
    "twin_commands_per_s": (30_000, "≥, one core"),
    "intake_vs_pgbench": (0.30, "≥, one by one through the API to plain statements; in bulk 5"),
    "lifecycles_vs_pgbench": (0.30, "≥, report, assign, settle, read to the same statements"),
    "lifecycles_per_s": (100, "≥, two cores, load driver included"),
    "first_page_ms": (1_000, "≤, cold cache, median of ten, the slowest page"),
    "first_page_kb": (300, "≤, over the wire, the largest page"),
    "parts_p95_ms": (100, "≤, the slowest part"),
    "letters_per_s": (150, "≥, one PDF each, one core"),
    "lifecycle_1m_vs_0": (0.90, "≥, median of five pairs in turns"),
    "inbox_p95_ms": (80, "≤, warm, a million open, 16 people who ask again after a second"),
    "search_p95_ms": (50, "≤, the search of each role by itself, under row security; its page beside"),
    "kills": (200, "≥, kill -9 of a random process under load; some 25 minutes"),
    "lost": (0, "acknowledged requests that are not there afterwards"),
    "fired_twice": (0, "rungs"),
}


def _text() -> dict[str, object]:
    folder = os.environ.get("MINQING_REAL_DATA")
    if not folder:
        return {}
    return text.measure(Path(folder))


def _kept() -> Path | None:
    """Where the million lies that was loaded before, else none: it is loaded, and gone at the end."""
    told = os.environ.get("MINQING_BENCH_MILLION")
    return Path(told) if told else None


def _raw(figure: dict[str, object], key: str) -> dict[str, object]:
    """The form of results.json: value is the figure itself, raw holds the anchor's figures and the ratio."""
    raw = figure["raw"]
    assert isinstance(raw, dict)
    return {"value": raw[key], "raw": raw | {"ratio": figure["value"]}}


MEASUREMENTS: dict[str, Callable[[], dict[str, object]]] = {
    "clock": lambda: {"clock_per_s": _raw(clock.measure(), "clock_per_s")},
    "twin": lambda: {"twin_commands_per_s": _raw(twin.measure(), "twin_commands_per_s")},
    "text": _text,
    "store": store.measure,
    "sweep": sweep.measure,
    "api": lambda: api.measure(LOADED),
    "pages": pages.measure,
    "letters": letters.measure,
    "million": lambda: million.measure(folder=_kept()),  # its sweep, of a million, stands for that of `sweep`
    "fire": fire.measure,
}
BY_NAME = ("fire",)


def main(names: Sequence[str]) -> None:
    """Runs them one after the other, so that they do not disturb each other."""
    if strange := [name for name in names if name not in MEASUREMENTS]:
        sys.exit(f"no measurement is called {strange[0]}: {', '.join(MEASUREMENTS)}")
    found: dict[str, object] = {}
    for name in names or [name for name in MEASUREMENTS if name not in BY_NAME]:
        found |= MEASUREMENTS[name]()
        results = _written(found)  # what was measured stays, whatever becomes of the next
    _show(results)
    if broken := [line for key in fire.FIGURES if key in found for line in results[key]["raw"]["broken"]]:
        sys.exit(f"promises broken or too little shown, see {fire.RESULTS}: {', '.join(dict.fromkeys(broken))}")
    if missing := [key for key in REACH if key not in found and key not in fire.FIGURES and not names]:
        sys.exit(f"not measured: {', '.join(missing)} (set MINQING_REAL_DATA for the text figures)")


def _written(found: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """The rows of results.json with these new ones."""
    before = json.loads(RESULTS.read_text("utf-8"))
    results = {key: _with_reach(key, found.get(key), before.get(key)) for key in REACH}
    results["machine"] = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "day": moments.today().isoformat(),
    }
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return results


def _with_reach(key: str, figure: object, before: object) -> dict[str, object]:
    """The figure with what is to be reached; one that was not taken now stays as it stands."""
    if isinstance(figure, dict):
        taken = moments.today().isoformat()
        return {"value": figure["value"], "raw": figure["raw"], "reach": REACH[key][0], "taken": taken}
    if isinstance(before, dict):
        return before
    return {"value": None, "raw": {}, "reach": REACH[key][0]}


def _show(results: Mapping[str, Mapping[str, object]]) -> None:
    table = Table(title="bench")
    for heading in ("key", "value", "to reach", "raw"):
        table.add_column(heading, overflow="fold")
    for key in REACH:
        row = results[key]
        reach, how = REACH[key]
        aim = f"{how} {'' if reach is None else reach}"
        table.add_row(key, str(row["value"]), aim, json.dumps(row["raw"], ensure_ascii=False)[:160])
    Console(width=140).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
