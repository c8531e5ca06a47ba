"""The sweep among a million: the next rungs of a store fired by `sweep`, and as many by the bare form, in turns.

Bare: update the duty, insert one plain event, in the same batches (`bench.sweep`). Both take the earliest rungs that
are left, each turn so many of them, so that no copy of the store is needed; what is fired stays fired. Many rungs share
a moment: a turn ends by their number, not by the moment alone.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

import psycopg

from bench.million.instance import Instance
from bench.stage import environment_of
from bench.sweep import BARE, BATCH, PLAIN
from minqing.base.errors import MinqingError
from minqing.base.postgres.instance import open_instance
from minqing.kernel.matters.escalation import RungsStuck, sweep
from minqing.wiring.ports import bind_ports

_UNTIL = """select next_at from matters_duty where state = 0 and next_at is not null
    order by next_at offset %s limit 1"""


def measure(instance: Instance, due: int, pairs: int) -> dict[str, object]:
    """{"sweep_vs_sql"}: the median ratio of one sweeper to one bare, over turns that fire so many rungs in all."""
    with psycopg.connect(instance.urls.owner, autocommit=True) as owner:
        owner.execute("drop table if exists plain_event")
        owner.execute(PLAIN)
    share = due // pairs
    runs: dict[str, list[tuple[int, float]]] = {"sweep": [], "bare": []}
    _run(instance, "sweep", min(share, BATCH))  # warms up
    _run(instance, "bare", min(share, BATCH))
    for number in range(pairs):
        for form in sorted(runs, reverse=bool(number % 2)):  # who goes first changes from pair to pair
            runs[form].append(_run(instance, form, share))
    each = {form: [seconds / fired for fired, seconds in told] for form, told in runs.items()}
    ratios = [round(ours / bare, 2) for ours, bare in zip(each["sweep"], each["bare"], strict=True)]
    return {
        "value": round(median(ratios), 2),
        "raw": {
            "pairs": ratios, "among": instance.rows()["matters_matter"],
            "fired": {form: [fired for fired, _ in told] for form, told in runs.items()},
            "seconds": {form: [round(seconds, 2) for _, seconds in told] for form, told in runs.items()},
            "rungs_per_s": {form: round(1 / median(told)) for form, told in each.items()},
        },
    }  # fmt: skip


def _run(instance: Instance, form: str, many: int) -> tuple[int, float]:
    """How many rungs were fired, in how many seconds: full batches until there were so many."""
    with psycopg.connect(instance.urls.owner, autocommit=True) as owner:
        row = owner.execute(_UNTIL, [many]).fetchone()
        assert row is not None, "no rungs are left"
    environment = environment_of(instance.home)
    one = subprocess.Popen(
        [sys.executable, "-m", "bench.million.sweeping", form, row[0].isoformat(), str(many)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert one.stdout is not None and one.stdin is not None
    assert one.stdout.readline() == "ready\n"
    began = time.monotonic()
    one.stdin.write("go\n")
    one.stdin.flush()
    said = one.stdout.readline()
    seconds = time.monotonic() - began
    if one.wait():
        raise RuntimeError(f"{form} failed")
    return json.loads(said), seconds


def _work(form: str, until: dt.datetime, most: int) -> int:
    """Rungs fired."""
    urls = open_instance()
    bind_ports()
    if form == "bare":
        with psycopg.connect(urls.owner) as owner:
            _ready()
            fired = 0
            while fired < most and (many := owner.execute(BARE, [until, BATCH]).rowcount):
                owner.commit()
                fired += many
        return fired
    batches: list[int] = [0]  # rungs fired after each
    _ready()
    try:
        return sweep(
            until, by=f"bench {os.getpid()}", batch=BATCH, progress=batches.append, stop=lambda: batches[-1] >= most
        ).fired
    except RungsStuck as stuck:  # told beside, never hidden
        raise MinqingError(f"{len(stuck.swept.refused)} rungs are stuck: {stuck}") from stuck


def _ready() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def main(arguments: Sequence[str]) -> None:
    form, until, most = arguments
    print(json.dumps(_work(form, dt.datetime.fromisoformat(until), int(most))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
