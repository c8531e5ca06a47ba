"""Browsers of people of the trial county, without script: Django's client, signed in where a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.kernel.matters.trial_staff import Person
from minqing.registers.regions.codes import Region, code_of
from minqing.wiring.testing import county

__all__ = ["county"]


@dataclass
class Pages:
    """The pages as people of the county meet them: by the slug of their unit ('town-…/2': the second there)."""

    grids: list[str]
    people: list[Person]
    _clients: dict[str, Client] = field(default_factory=dict)

    def as_(self, who: str = "") -> Client:
        """A browser of its own: of a resident, or of somebody signed in, in their post."""
        if who not in self._clients:
            self._clients[who] = client = Client(raise_request_exception=True, headers={"accept-language": "zh-hans"})
            if who:
                self._sign_in(client, who)
        return self._clients[who]

    def _sign_in(self, client: Client, who: str) -> None:
        unit, _, number = who.partition("/")
        person = [one for one in self.people if one.unit == unit][int(number or 1) - 1]
        client.force_login(
            get_user_model().objects.get(pk=person.person), "allauth.account.auth_backends.AuthenticationBackend"
        )
        answer = client.get("/post")
        assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def pages(
    county: tuple[list[Region], list[Person], dict[str, str]], django_db_blocker: DjangoDbBlocker
) -> Iterator[Pages]:
    """Whoever opens pages there; what a test did is rolled back."""
    grids, people, _ = county
    with django_db_blocker.unblock(), transaction.atomic():
        yield Pages([code_of(grid) for grid in grids], people)
        transaction.set_rollback(True)


@pytest.fixture
def administrator(pages: Pages) -> Person:
    """Of the county."""
    return one_more(pages, "administrator")


@pytest.fixture
def office(administrator: Person) -> Client:
    """The administrator's browser."""
    return browser_of(administrator)
