"""The trial county behind the API: its methods published, people in their posts, a token for each, and a client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from minqing.kernel.matters.trial_staff import Person
from minqing.registers.regions.codes import Region, code_of
from minqing.wiring.testing import county

MATTERS = "/api/v1/matters"
__all__ = ["county"]


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
