"""The trial county behind the API: its methods published, people in their posts, a token for each, and a client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.trial_staff import Person, program_token, seat_trial_staff
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.regions.codes import Region, code_of
from minqing.wiring.vocabulary import VOCABULARY

METHODS = Path(__file__).resolve().parents[5] / "methods"
MATTERS = "/api/v1/matters"


@dataclass
class Answer:
    """What came back."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class Desk:
    """Asks the API as somebody of the trial county: by the slug of their unit, 'hotline' for the program."""

    tokens: dict[str, str]
    grids: list[str]
    people: list[Person] = field(default_factory=list)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def ask(
        self, who: str, method: str, path: str, body: object = None, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """One request; headers are given with _ for -."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            told["Authorization"] = f"Bearer {self.tokens.get(who, who)}"
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        media = told.pop("Content-Type", "application/json")
        answer = self.client.generic(method, f"/api/v1/{path}", data, media, headers=told)
        return Answer(answer.status_code, json.loads(answer.content) if answer.content else {}, dict(answer.headers))

    def report(self, **told: object) -> Answer:
        """The hotline reports a broken lamp."""
        body = {"title": "路灯不亮", "text": "村口三盏路灯不亮", "place": self.grids[0], "channel": "hotline"} | told
        return self.ask("hotline", "POST", "matters", body)

    def code(self, **told: object) -> str:
        """The code of a fresh matter."""
        answer = self.report(**told)
        assert answer.status == 201, answer
        return answer.body["code"]

    def move(self, who: str, code: str, move: str, /, **fields: object) -> Answer:
        """A move; header fields begin with a capital letter."""
        headers = {name: fields.pop(name) for name in list(fields) if name[0].isupper()}
        return self.ask(who, "POST", f"matters/{code}/moves", {"move": move, **fields}, **headers)


@pytest.fixture(scope="module")
def county(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[Region], list[Person], dict[str, str]]]:
    """The county with one village, two grids, and two people in every unit: made once for the tests of a file, which
    run inside its transaction; rolled back after them."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            grids = open_trial_county(tmp_path_factory.mktemp("lists"), towns=1, villages=1, grids=2)
            for name in ("panan-three-feelings", "wushan-three-rests"):
                publish(load_method(METHODS / f"{name}.yaml", VOCABULARY))
            people = seat_trial_staff(grids)
            tokens = {person.unit: person.token for person in reversed(people)}
            tokens |= {f"{person.unit}/2": person.token for person in people}
            yield grids, people, tokens | {"hotline": program_token("12345")}
            transaction.set_rollback(True)
        connections.close_all()


@pytest.fixture
def desk(
    county: tuple[list[Region], list[Person], dict[str, str]], django_db_blocker: DjangoDbBlocker, settings: Any
) -> Iterator[Desk]:
    """Whoever asks there; what a test did is rolled back."""
    settings.ROOT_URLCONF = "minqing.doors.api.urls"
    grids, people, tokens = county
    with django_db_blocker.unblock(), transaction.atomic():
        yield Desk(tokens, [code_of(grid) for grid in grids], people)
        transaction.set_rollback(True)
