"""How many commands a core decides, anchored to bare copies of the same matters in the same run.

The tape is a simulated season of 磐安: `decide` once more for every command (its events and the matter they lead to
included), and the whole loop with its desks and draws beside it. `value` is the share of the anchor's rate reached.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

from minqing.insight.twin.ground import made_up_county
from minqing.insight.twin.scenario import default_scenario
from minqing.insight.twin.simulate import run
from minqing.insight.twin.world import Taken
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.evolve import copy
from minqing.kernel.methods.loader import load_method
from minqing.wiring.vocabulary import VOCABULARY

METHOD = Path(__file__).parent.parent / "methods" / "panan-three-feelings.yaml"
START, DAYS, ROUNDS = dt.date(2025, 3, 1), 60, 5


def measure() -> dict[str, object]:
    """{"value": ratio, "raw": {...}}: the best of a few rounds over one tape."""
    method, county = load_method(METHOD, VOCABULARY), made_up_county()
    scenario = default_scenario(method)
    tape: list[Taken] = []
    run(method, county, scenario, DAYS, 1, START, record=tape.append)

    def decided() -> None:
        for taken in tape:
            decide(method, taken.before, taken.command, taken.context)

    def copied() -> None:
        for taken in tape:
            for _ in taken.events:
                copy(taken.matter)

    def whole() -> None:
        run(method, county, scenario, DAYS, 1, START)

    commands = len(tape)
    anchor, rate, loop = _rate(copied, commands), _rate(decided, commands), _rate(whole, commands)
    raw = {
        "twin_commands_per_s": round(rate),
        "whole_loop_per_s": round(loop),
        "copies_of_as_many_matters_per_s": round(anchor),
        "commands": commands,
        "events": sum(len(taken.events) for taken in tape),
    }
    return {"value": round(rate / anchor, 4), "raw": raw}


def _rate(work: Callable[[], None], many: int) -> float:
    """Commands a second of processor time, the best round of a few."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return many / best


if __name__ == "__main__":
    print(measure())
