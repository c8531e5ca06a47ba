"""S26 to each of the six ends through pages: what is not on somebody's bar of moves cannot be done by them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker
from s26 import STORIES

from minqing.base import moments
from minqing.kernel.matters.actions import Concern, Contact, report
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import history, read_one
from minqing.kernel.matters.testing import COUNTY, GRID, POLICE, TOWN, VILLAGE
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.trial_staff import seat_people, slug_of
from minqing.kernel.matters.versions import current_method, publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.regions.codes import county_of, town_of, village_of
from minqing.registers.regions.queries import names_of_units, units_by_slug
from minqing.wiring.vocabulary import VOCABULARY

METHOD = "wushan-three-rests"
ROLES = {
    GRID: "grid_worker", VILLAGE: "village", TOWN: "town_centre", COUNTY: "county_centre", POLICE: "department",
}  # fmt: skip


@dataclass
class PagePlayer:
    """Plays one matter, each person in a browser of their own. `units`: those of the story -> number and name."""

    place: int
    browsers: dict[tuple[int, int], Client]
    units: dict[int, tuple[int, str]]
    code: str = ""
    history: list[Any] = field(default_factory=list)

    def report(self, text: str = "", **told: Any) -> None:
        contact = Contact() if told.get("reporter") == "nobody" else Contact(name="演示居民", phone="13800000000")
        concern = Concern(
            place=self.place, title=text, text=text, contact=contact, **({"channel": "hotline"} | told)
        )  # fmt: skip
        self.code = report([concern], current_method(METHOD))[0].code

    def act(self, actor: Viewer, verb: str, **told: Any) -> None:
        page = self._client(actor).get(f"/matters/{self.code}").content.decode()
        assert f'href="/matters/{self.code}/moves/{verb}"' in page, (actor, verb)
        answer = self._post(actor, verb, told)
        assert answer.status_code == 302, answer.content.decode()
        self.history = [line.event for line in history(HOUSE, self.code)]

    def refused(self, actor: Viewer, verb: str, **told: Any) -> Any:
        """Why stands on the page in a sentence: the story's word for it is not asked for."""
        before = read_one(HOUSE, self.code).matter.position
        answer = self._post(actor, verb, told)
        assert answer.status_code in (404, 409, 422)
        assert read_one(HOUSE, self.code).matter.position == before
        return ANY

    def _post(self, actor: Viewer, verb: str, told: dict[str, Any]) -> Any:
        client, there = self._client(actor), f"/matters/{self.code}/moves/{verb}"
        form = client.get(there).content.decode()
        typed: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="(position|once)" value="([^"]*)">', form))
        typed |= {name: told[name] for name in ("result", "duty") if name in told}
        typed |= {"records": list(told["records"])} if "records" in told else {}
        typed |= {"unit": self.units[told["unit"]][0]} if "unit" in told else {}
        tail = f"@{told['result']}" if f'name="records@{told.get("result")}"' in form else ""
        return client.post(there, {name + (tail if name == "records" else ""): value for name, value in typed.items()})

    def _client(self, actor: Viewer) -> Client:
        return self.browsers[actor.unit, actor.person]

    def wait(self, span: dt.timedelta) -> None:
        moments.shift_by(moments.shift() + span)
        while sweep(moments.now(), by="story").fired:
            pass

    @property
    def matter(self) -> Matter:
        matter = read_one(HOUSE, self.code).matter
        known = {number: unit for unit, (number, _name) in self.units.items()}
        return replace(matter, holder=known.get(matter.holder, 0))


@pytest.fixture
def player(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[PagePlayer]:
    before = moments.shift()
    with django_db_blocker.unblock(), transaction.atomic():
        (grid,) = open_trial_county(tmp_path, towns=1, villages=1, grids=1)
        publish(load_method(Path(__file__).resolve().parents[2] / "methods" / f"{METHOD}.yaml", VOCABULARY))
        slugs = {
            GRID: slug_of(grid), VILLAGE: slug_of(village_of(grid)), TOWN: slug_of(town_of(grid)),
            COUNTY: slug_of(county_of(grid)), POLICE: "trial-police",
        }  # fmt: skip
        wanted = [(slug, ROLES[unit], 1) for unit, slug in slugs.items()]
        wanted += [(slugs[COUNTY], "county_centre", 2), (slugs[GRID], "volunteer", 1)]
        people = seat_people([(slug, slug.split("-")[0], role, number) for slug, role, number in wanted])
        whose = [*((unit, unit * 10 + 1) for unit in slugs), (COUNTY, 42), (0, 901)]
        numbers = units_by_slug(slugs.values())
        names = names_of_units(numbers.values())
        units = {unit: (numbers[slug], names[numbers[slug]]) for unit, slug in slugs.items()}
        yield PagePlayer(grid, {key: _signed_in(one.person) for key, one in zip(whose, people, strict=True)}, units)
        transaction.set_rollback(True)
    connections.close_all()
    moments.shift_by(before)


def _signed_in(person: int) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(get_user_model().objects.get(pk=person), "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/post").status_code == 302
    return client


def test_s26_through_pages_reaches_each_of_the_six_ends(player: PagePlayer) -> None:
    for end, story in STORIES.items():
        now = moments.now()
        ten = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(10), now.tzinfo)
        player.wait(ten - now)
        story(player)
        assert player.matter.end == end
        assert "已办结" in player.browsers[COUNTY, 42].get(f"/matters/{player.code}").content.decode()
