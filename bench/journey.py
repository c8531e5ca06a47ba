"""`python -m bench.journey [N]`: N random matters of each method, walked over HTTP by who knows only the API.

Sets the stage, lets the walker (`bench.walk`) walk while the clock is shifted, then checks the journal. Exit code 1
when a matter neither ended nor waits within its limit, an answer was 5xx, or the journal does not verify. Told apart,
and no failure: matters against everybody in the county who could have them (`nobody`), as chance accuses anybody.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.stage import Stage, stage
from bench.walk import Walked, Walker

MATTERS = 500
SEED = 20260601
ROUNDS = 40
STEP = "9h"  # so that the hour of the day changes, as three tries at different hours need


def walk_everything(ready: Stage, matters: int, seed: int = SEED) -> dict[str, object]:
    """What came of so many matters of each method: a walker for each, side by side; then the journal is checked."""
    began = time.monotonic()
    tokens: dict[str, list[str]] = {}
    for person in ready.people:
        tokens.setdefault(person.unit, []).append(person.token)  # type: ignore[attr-defined]
    watcher = next(there[0] for unit, there in tokens.items() if unit.startswith("county-"))
    walkers = [Walker(ready.base, ready.intake, watcher, tokens, seed + number) for number in range(len(ready.methods))]
    codes = [
        [walker.open(known) for _ in range(matters)]
        for walker, known in zip(walkers, [_known(ready, method, tokens) for method in ready.methods], strict=True)
    ]
    left: list[list[str]] = codes
    with ThreadPoolExecutor(len(walkers)) as side_by_side:
        for number in range(1, ROUNDS + 1):
            left = list(side_by_side.map(lambda walker, there: walker.round(there), walkers, left))
            _say(f"round {number} of {ROUNDS}: {sum(map(len, left))} go on, {time.monotonic() - began:.0f} s")
            if not any(left):
                break
            ready.pass_time(STEP)
        list(side_by_side.map(lambda walker, there: walker.settle_up(there), walkers, codes))
    for walker in walkers:
        walker.close()
    checked = [ready.run("journal", "verify").strip(), ready.run("journal", "rebuild", "--compare").strip()]
    told = dict(zip(ready.methods, [walker.found for walker in walkers], strict=True))
    return {"seed": seed, "seconds": round(time.monotonic() - began), "journal": checked} | _together(told)


def _known(ready: Stage, method: str, tokens: Mapping[str, object]) -> dict[str, Sequence[object]]:
    """What a client of that county would know."""
    places = [str(place) for place in ready.places]
    return {
        "method": [method], "place": places, "channel": ["hotline", "web", "visit"],
        "against": [[unit] for unit in tokens],
    }  # fmt: skip


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _together(walked: Mapping[str, Walked]) -> dict[str, object]:
    found = list(walked.values())

    def added(name: str) -> dict[str, int]:
        return _sorted(sum((getattr(one, name) for one in found), Counter()))

    return {
        "methods": {method: _one(one) for method, one in walked.items()},
        "opened": sum(one.opened for one in found),
        "ended": added("ended"),
        "waiting": sum(one.waiting.total() for one in found),
        "nobody": {code: why for one in found for code, why in one.nobody.items()},
        "stuck": {code: why for one in found for code, why in one.stuck.items()},
        "faults": [fault for one in found for fault in one.faults],
        "answers": added("answers"),
        "moves": added("moves"),
        "refused": added("refused"),
    }


def _one(found: Walked) -> dict[str, object]:
    """The closing figures of one method."""
    done = {move.split()[0]: count for move, count in found.moves.items() if int(move.split()[1]) < 400}
    return {
        "opened": found.opened,
        "began": _sorted(found.began),
        "ended": found.ended.total(),
        "ended as": _sorted(found.ended),
        "ended by": _sorted(found.ended_by),
        "waiting": found.waiting.total(),
        "waiting in": _sorted(found.waiting),
        "something else late": found.besides,
        "late, nobody may have it": len(found.nobody),
        "stuck": len(found.stuck),
        "moves": sum(done.values()),
        "refusals": found.refused.total(),
    }


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {str(name): counts[name] for name in sorted(counts)}


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
