"""`python -m bench.journey [N]`: N random matters of each method, walked over HTTP by who knows only the API.

Sets the stage, lets the walker (`bench.walk`) walk while the clock is shifted, then checks the journal. Exit code 1
when a matter neither ended nor waits within its limit, an answer was 5xx, or the journal does not verify.
"""

from __future__ import annotations

import json
import sys

from bench.stage import Stage, stage
from bench.walk import Walker

MATTERS = 500
SEED = 20260601
STEP = "9h"  # so that the hour of the day changes, as three tries at different hours need


def walk_everything(ready: Stage, matters: int, seed: int = SEED) -> dict[str, object]:
    """What came of so many matters of each method, and what the journal says."""
    tokens: dict[str, list[str]] = {}
    for person in ready.people:
        tokens.setdefault(person.unit, []).append(person.token)  # type: ignore[attr-defined]
    watcher = next(there[0] for unit, there in tokens.items() if unit.startswith("county-"))
    walker = Walker(ready.base, ready.intake, watcher, tokens, seed)
    known = {"place": [str(place) for place in ready.places], "channel": ["hotline", "web", "visit"]}
    codes = [walker.open(known | {"method": [method]}) for method in ready.methods for _ in range(matters)]
    walker.walk(codes, lambda: ready.pass_time(STEP))
    found = walker.found
    walker.close()
    ready.run("journal", "verify")
    ready.run("journal", "rebuild", "--compare")
    return {
        "methods": list(ready.methods), "opened": found.opened, "ended": dict(found.ended), "waiting": found.waiting,
        "stuck": found.stuck, "faults": found.faults[:20], "answers": dict(found.answers),
        "moves": dict(sorted(found.moves.items())), "refused": dict(found.refused.most_common(30)),
    }  # fmt: skip


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
