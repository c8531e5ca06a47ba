"""A client that knows only the OpenAPI and the answers walks matters of every method to their end (`bench.journey`)."""

from __future__ import annotations

from typing import Any

from bench.journey import walk_everything
from bench.stage import stage

MATTERS = 5  # of each method; `python -m bench.journey` walks 500


def test_a_client_that_knows_only_the_api_walks_every_method_to_an_end(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), stage(towns=1, villages=2, grids=2) as ready:
        told = walk_everything(ready, MATTERS)
    assert told["opened"] == MATTERS * 3
    assert told["stuck"] == {} and told["faults"] == [], told
    assert sum(told["ended"].values()) + told["waiting"] == told["opened"]
    assert len(told["ended"]) >= 2, "all went the same way: the walk looks at nothing"
    assert len(told["moves"]) >= 12
