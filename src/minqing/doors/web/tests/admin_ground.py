"""An administrator and an auditor of the trial county, and their browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.test import Client

from minqing.kernel.matters.trial_staff import Person, seat_people

if TYPE_CHECKING:
    from minqing.doors.web.tests.conftest import Pages

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def one_more(pages: Pages, role: str) -> Person:
    """Somebody in that role at the county."""
    county = next(one.unit for one in pages.people if one.unit.startswith("county-"))
    return seat_people([(county, "county", role, 1)])[0]


def browser_of(person: Person, tongue: str = "zh-hans") -> Client:
    """A browser in which they are signed in, in their post."""
    client = Client(raise_request_exception=True, headers={"accept-language": tongue})
    client.force_login(get_user_model().objects.get(pk=person.person), BACKEND)
    assert client.get("/post").status_code == 302
    return client
