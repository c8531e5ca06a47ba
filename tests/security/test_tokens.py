"""Every operation of the OpenAPI with every right a token may carry, and with tokens that open nothing any more."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from minqing.base import moments
from minqing.doors.api.tests.conftest import Desk, county, desk
from minqing.doors.web.tests.admin_ground import BACKEND
from minqing.registers.accounts.actions import close_user, issue_token, revoke_token

__all__ = ["county", "desk"]
OPENAPI = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
GRID = "grid-330727101201001"
#: Which right each asks for; '': none, it is the reporter's way in.
RIGHTS = {
    "report": "report", "report_many": "report", "matters": "read", "matter": "read", "journal": "read",
    "clock": "read", "act": "act", "attach": "act", "public": "",
}  # fmt: skip
ALL = ("report", "read", "act", "reveal")


def operations() -> Iterator[tuple[str, str, str]]:
    """Name, method and address."""
    for path, verbs in OPENAPI["paths"].items():
        for verb, told in verbs.items():
            if isinstance(told, dict) and "operationId" in told:
                yield told["operationId"], verb.upper(), path


def test_every_operation_has_its_row_and_says_that_it_asks_for_a_token() -> None:
    assert {name for name, _, _ in operations()} == set(RIGHTS)
    for name, verb, path in operations():
        assert bool(OPENAPI["paths"][path][verb.lower()].get("security")) is bool(RIGHTS[name]), name


def asked(desk: Desk, token: str, code: str) -> dict[str, int]:
    """The status of each operation; what is sent is no more than it takes to be asked who one is."""
    where = {name: path.removeprefix("/api/v1/").replace("{code}", code) for name, _, path in operations()}
    sent = {"GET": None, "POST": {}}
    return {name: desk.ask(token, verb, where[name], sent[verb]).status for name, verb, _ in operations()}


@pytest.mark.parametrize("right", ALL)
def test_a_token_of_one_right_opens_what_asks_for_that_right_alone(desk: Desk, right: str) -> None:
    post = next(person.post for person in desk.people if person.unit == GRID)
    answers = asked(desk, issue_token(post, "演示", 1, (right,)).words, desk.code())
    assert {name: status == 403 for name, status in answers.items() if RIGHTS[name]} == {
        name: needed != right for name, needed in RIGHTS.items() if needed
    }
    assert 401 not in answers.values()


def test_no_token_that_ended_opens_anything(desk: Desk) -> None:
    person = next(one for one in desk.people if one.unit == GRID)
    other = next(one for one in desk.people if one.unit == "town-330727101")
    code, made = desk.code(), issue_token(person.post, "演示", 1)
    assert asked(desk, made.words, code)["matter"] == 200
    assert revoke_token(made.id)
    late = issue_token(other.post, "演示", 1)
    leaving = issue_token(other.post, "演示", 30)
    moments.shift_by(dt.timedelta(days=2))
    try:
        ended = {"revoked": made.words, "expired": late.words}
        assert asked(desk, leaving.words, code)["matter"] != 401
        close_user(get_user_model().objects.get(pk=other.person).get_username())
        ended |= {"of who left": leaving.words, "none": "", "made up": "mq_" + "a" * 43}
        for why, words in ended.items():
            answers = asked(desk, words, code)
            assert {answers[name] for name, right in RIGHTS.items() if right} == {401}, why
    finally:
        moments.shift_by(dt.timedelta(0))


def test_no_cookie_of_a_signed_in_browser_opens_the_api(desk: Desk, settings: Any) -> None:
    settings.ROOT_URLCONF = "minqing.wiring.urls"
    client, code = Client(), desk.code()
    client.force_login(get_user_model().objects.get(pk=desk.people[0].person), BACKEND)
    client.get("/post")
    for name, verb, path in operations():
        where = re.sub(r"\{code\}", code, path)
        answer = client.generic(verb, where, b"{}" if verb == "POST" else b"", "application/json")
        assert answer.status_code == (401 if RIGHTS[name] else 422), name
        assert "minqing_session" not in answer.cookies
