"""S26 to each of the six ends over HTTP: a real server, a token per post, the resident's secret showing each step."""

from __future__ import annotations

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections
from http_player import Client, HttpPlayer
from s26 import STORIES

from minqing.base import moments
from minqing.base.ledger.verify import verify
from minqing.kernel.matters.reading import MATTERS
from minqing.kernel.matters.shifting import shift_clock
from minqing.kernel.matters.testing import COUNTY, GRID, POLICE, TOWN, VILLAGE
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.trial_staff import program_token, seat_people, slug_of
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import code_of, county_of, town_of, village_of
from minqing.registers.regions.queries import names_of_units, units_by_slug
from minqing.wiring.vocabulary import VOCABULARY

MINQING = [sys.executable, "-c", "from minqing.wiring.start import main; main()"]
METHOD = Path(__file__).resolve().parents[2] / "methods" / "wushan-three-rests.yaml"
TEN = dt.time(10)  # the hour at which every story begins


@dataclass
class Posts:
    tokens: dict[tuple[int, int], str]
    units: dict[str, int]
    program: str
    place: str


@pytest.fixture
def posts(own_database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Posts]:
    for name, value in {**own_database.env, "MINQING_ALLOW_SHIFT": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    moments.shift_by(dt.timedelta(0))
    (tmp_path / "lists").mkdir()
    (grid,) = open_trial_county(tmp_path / "lists", towns=1, villages=1, grids=1)
    publish(load_method(METHOD, VOCABULARY))
    yield seated(grid)
    moments.shift_by(dt.timedelta(0))
    connections.close_all()


def seated(grid: int) -> Posts:
    """The people of the stories: one in every unit, two in the county centre, a volunteer of the grid."""
    units = {
        GRID: slug_of(grid), VILLAGE: slug_of(village_of(grid)), TOWN: slug_of(town_of(grid)),
        COUNTY: slug_of(county_of(grid)), POLICE: "trial-police",
    }  # fmt: skip
    roles = {
        GRID: "grid_worker",
        VILLAGE: "village",
        TOWN: "town_centre",
        COUNTY: "county_centre",
        POLICE: "department",
    }
    wanted = [(slug, roles[unit], 1) for unit, slug in units.items()]
    wanted += [(units[COUNTY], "county_centre", 2), (units[GRID], "volunteer", 1)]
    people = seat_people([(slug, slug.split("-")[0], role, number) for slug, role, number in wanted])
    tokens = {(unit, unit * 10 + 1): person.token for unit, person in zip(units, people, strict=False)}
    tokens |= {(COUNTY, 42): people[-2].token, (0, 901): people[-1].token}
    numbers = units_by_slug(units.values())
    names = names_of_units(numbers.values())
    by_name = {names[numbers[slug]]: unit for unit, slug in units.items()}
    return Posts(tokens, by_name, program_token("12345"), code_of(grid))


@pytest.fixture
def port(posts: Posts) -> Iterator[int]:
    process = subprocess.Popen(
        [*MINQING, "serve", "--port", "0", "--workers", "1"],
        env=os.environ | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+) ", process.stdout.readline())
        assert found
        while not listens(int(found[1])):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        yield int(found[1])
    finally:
        process.terminate()
        process.communicate(timeout=60)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def next_morning() -> None:
    """Moves the clock on to ten in the morning of the next day."""
    now = moments.now()
    ten = dt.datetime.combine(now.date() + dt.timedelta(days=1), TEN, now.tzinfo)
    shift_clock(moments.shift() + (ten - now))


def test_s26_over_http_reaches_each_of_the_six_ends(posts: Posts, port: int, tmp_path: Path) -> None:
    client = Client(port)
    for end, story in STORIES.items():
        next_morning()
        player = HttpPlayer(
            client, posts.tokens, posts.program, posts.tokens[GRID, 11], posts.units, posts.tokens[COUNTY, 41],
            posts.place,
        )  # fmt: skip
        story(player)
        assert player.matter.end == end
        assert len(player.steps) > 2 and player.steps == sorted(player.steps)
        _, told, _ = client.ask("POST", f"public/{player.code}", "", {"secret": player.secret})
        assert told["clock"] == "ended" and all(step["sentence"] for step in told["steps"])
    client.close()
    with seen_by(HOUSE):
        assert verify([MATTERS], tmp_path / "home").faults == []
