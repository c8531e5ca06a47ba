"""Whose key a session has, and when it ends: what somebody knew before is worth nothing after."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from minqing.doors.web.sessions import SessionStore
from minqing.doors.web.tests.conftest import county, pages
from minqing.doors.web.tests.test_signing import PASSWORD, browser, sign_in
from minqing.doors.web.tests.test_signing_account import login, totp_now, turn_on
from minqing.registers.accounts.actions import close_user
from minqing.registers.accounts.passwords import change_password, start_password

__all__ = ["county", "login", "pages"]
COOKIE = "minqing_session"


def key_of(client: Client) -> str:
    return client.cookies[COOKIE].value


def test_a_key_that_a_stranger_set_beforehand_is_never_taken_over(login: str) -> None:
    client = browser()
    for planted in ("a" * 32, "planted-by-somebody-else-0123456", ""):
        client.cookies[COOKIE] = planted
        sign_in(client, login)
        assert key_of(client) != planted and len(key_of(client)) == 32
        assert not SessionStore().exists(planted)


def test_each_step_of_signing_in_has_a_key_of_its_own(login: str) -> None:
    first = browser()
    sign_in(first, login)
    secret, _codes = turn_on(first)
    client = browser()
    sign_in(client, login)
    after_password = key_of(client)
    assert client.post("/sign-in/code", {"code": totp_now(secret)})["Location"] == "/post"
    assert key_of(client) != after_password and not SessionStore().exists(after_password)
    before_new = key_of(client)
    client.post("/me/again/code", {"code": totp_now(secret)})
    new = "河边第三棵柳树 42"
    client.post("/me/password", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert key_of(client) != before_new and not SessionStore().exists(before_new)


@pytest.mark.parametrize("ends", [
    lambda login: change_password(get_user_model().objects.get(login=login).pk, "另一句自己记得住的话"),
    start_password,
    close_user,
], ids=["new password", "reset", "closed"])  # fmt: skip
def test_what_ends_a_session_ends_it_at_the_next_click(login: str, ends: Callable[[str], object]) -> None:
    client = browser()
    sign_in(client, login)
    client.get("/post")
    assert client.get("/me").status_code == 200
    ends(login)
    assert client.get("/me")["Location"].startswith("/sign-in")
