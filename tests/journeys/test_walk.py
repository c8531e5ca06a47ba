"""A client that knows only the OpenAPI and the answers walks matters of every method to their end (`bench.journey`)."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from bench.inclination import Inclination
from bench.journey import walk_everything
from bench.stage import stage

MATTERS = 5  # of each method; `python -m bench.journey` walks 500


def test_a_client_that_knows_only_the_api_walks_every_method_to_an_end(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), stage(towns=1, villages=2, grids=2) as ready:
        told = walk_everything(ready, MATTERS)
    assert told["opened"] == MATTERS * 3
    assert told["stuck"] == {} and told["faults"] == [], told
    assert sum(told["ended"].values()) + told["waiting"] + len(told["nobody"]) == told["opened"]
    assert len(told["nobody"]) <= 1, told["nobody"]
    assert len(told["ended"]) >= 2, "all went the same way: the walk looks at nothing"
    assert len(told["moves"]) >= 12


def chosen(learned: Inclination, side: str, moves: list[dict[str, Any]], duties: list[dict[str, Any]]) -> Counter[str]:
    dice = random.Random(3)
    return Counter(learned.choose(str(number), side, moves, duties, dice)["move"] for number in range(1000))


def move(name: str, *clears: int) -> dict[str, Any]:
    return {"move": name, "clears": list(clears)}


def test_what_clears_the_duty_that_is_due_first_is_taken_most() -> None:
    duties = [{"duty": 1, "due": "2026-06-09", "state": "open"}, {"duty": 2, "due": "2026-06-03", "state": "open"}]
    taken = chosen(Inclination(), "post", [move("later", 1), move("first", 2), move("nothing")], duties)
    assert taken["first"] > 1.5 * taken["later"] > 1.5 * taken["nothing"] > 0


def test_a_way_of_ending_that_crowds_the_others_out_is_passed_over() -> None:
    learned = Inclination()
    for _ in range(9):
        learned.ended("post", "guide", "guided")
    learned.ended("post", "call_back", "satisfied")
    taken = chosen(learned, "post", [move("guide", 1), move("call_back", 1)], [])
    assert taken["call_back"] > 5 * taken["guide"] > 0


def test_who_gives_up_is_rare_and_so_is_a_post_that_does_it_for_them() -> None:
    learned = Inclination()
    learned.ended("reporter", "withdraw", "withdrawn")
    learned.ended("post", "withdraw", "withdrawn")
    assert chosen(learned, "reporter", [move("withdraw"), move("remind")], [])["withdraw"] < 30
    assert chosen(learned, "post", [move("withdraw", 1), move("settle", 1)], [])["withdraw"] < 30


def test_what_was_done_on_a_matter_is_done_less_often_again() -> None:
    learned, dice = Inclination(), random.Random(3)
    moves = [move("note"), move("record")]
    taken = Counter(learned.choose("one", "post", moves, [], dice)["move"] for _ in range(100))
    assert 40 <= taken["note"] <= 60
