"""`python -m bench.fire [KILLS] [--seed N] [--to FILE]`: one run, told as JSON; exit code 1 when a promise broke."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.fire.run import KILLS, SEED, fire, wrong


def main() -> None:
    """The command line."""
    asked = argparse.ArgumentParser(prog="python -m bench.fire")
    asked.add_argument("kills", type=int, nargs="?", default=KILLS)
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--to", type=Path)
    given = asked.parse_args()
    told = fire(given.kills, given.seed)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if given.to is not None:
        given.to.parent.mkdir(exist_ok=True)
        given.to.write_text(text + "\n", encoding="utf-8")
    print(text)
    if broken := wrong(told):
        sys.exit(f"promises broken: {', '.join(broken)}")


if __name__ == "__main__":
    main()
