"""`python -m bench.journey [N]`: N random matters of each method, walked over HTTP by who knows only the API.

Sets the stage, lets the walker (`bench.walk`) walk while the clock is shifted, then checks the journal. Exit code 1
when a matter neither ended nor waits within its limit, an answer was 5xx, or the journal does not verify.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bench.stage import Stage, stage
from bench.walk import Walked, Walker

MATTERS = 500
SEED = 20260601
ROUNDS = 40
STEP = "9h"  # so that the hour of the day changes, as three tries at different hours need


def walk_everything(ready: Stage, matters: int, seed: int = SEED) -> dict[str, object]:
    """What came of so many matters of each method: a walker for each, side by side; then the journal is checked."""
    tokens: dict[str, list[str]] = {}
    for person in ready.people:
        tokens.setdefault(person.unit, []).append(person.token)  # type: ignore[attr-defined]
    watcher = next(there[0] for unit, there in tokens.items() if unit.startswith("county-"))
    walkers = [Walker(ready.base, ready.intake, watcher, tokens, seed + number) for number in range(len(ready.methods))]
    known = {"place": [str(place) for place in ready.places], "channel": ["hotline", "web", "visit"]}
    codes = [
        [walker.open(known | {"method": [method]}) for _ in range(matters)]
        for walker, method in zip(walkers, ready.methods, strict=True)
    ]
    left: list[list[str]] = codes
    with ThreadPoolExecutor(len(walkers)) as side_by_side:
        for _ in range(ROUNDS):
            left = list(side_by_side.map(lambda walker, there: walker.round(there), walkers, left))
            if not any(left):
                break
            ready.pass_time(STEP)
        list(side_by_side.map(lambda walker, there: walker.settle_up(there), walkers, codes))
    for walker in walkers:
        walker.close()
    ready.run("journal", "verify")
    ready.run("journal", "rebuild", "--compare")
    return {"methods": list(ready.methods)} | _together([walker.found for walker in walkers])


def _together(found: list[Walked]) -> dict[str, object]:
    def added(name: str) -> dict[str, int]:
        return dict(sorted(sum((getattr(one, name) for one in found), Counter()).items()))

    return {
        "opened": sum(one.opened for one in found),
        "ended": added("ended"),
        "waiting": sum(one.waiting for one in found),
        "stuck": {code: why for one in found for code, why in one.stuck.items()},
        "faults": [fault for one in found for fault in one.faults][:20],
        "answers": {str(status): count for status, count in added("answers").items()},
        "moves": added("moves"),
        "refused": added("refused"),
    }


def main() -> None:
    """The whole of it; prints JSON."""
    matters = int(sys.argv[1]) if sys.argv[1:] else MATTERS
    with stage(towns=1, villages=2, grids=2) as ready:
        told = walk_everything(ready, matters)
    print(json.dumps(told, ensure_ascii=False, indent=1))
    if told["stuck"] or told["faults"]:
        sys.exit("some matters are stuck, or an answer was a fault of ours")


if __name__ == "__main__":
    main()
