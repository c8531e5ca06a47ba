"""The whole instance under load, its processes killed -9 at random points: `bench.fire`, a short run of it. The long
one, two hundred kills, is `make faults`."""

from __future__ import annotations

from typing import Any

from bench.fire.run import fire, wrong

KILLS, SEED = 6, 11


def test_nothing_acknowledged_is_lost_or_done_twice_however_processes_die(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        told = fire(KILLS, SEED)
    assert wrong(told) == {}, told["sentences"][:20]
    assert told["kills"] == KILLS
    assert told["acknowledged"] > 20 and told["rungs"] > 20, "too little happened to look at"
    assert told["untouched"] > 0, "nothing was left to the clock alone"
