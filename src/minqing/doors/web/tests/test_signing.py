"""Signing in: who gets in, who is shut out and for how long, when a session ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client

from minqing.base import moments
from minqing.doors.web.account.forgetting import forget_sign_ins
from minqing.doors.web.account.urls import urlpatterns
from minqing.doors.web.sessions import SessionStore, opened
from minqing.doors.web.tests.conftest import Pages
from minqing.registers.accounts.actions import add_user, close_user
from minqing.registers.accounts.passwords import change_password
from minqing.registers.regions.actions import end_post

PASSWORD = "石榴树下的茶馆 1987"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


def browser(**more: Any) -> Client:
    return Client(headers={"accept-language": "zh-hans"}, **more)


def sign_in(client: Client, login: str, password: str = PASSWORD, address: str = HERE, **more: str) -> Any:
    return client.post("/sign-in", {"login": login, "password": password, **more}, REMOTE_ADDR=address)


@pytest.fixture
def clerk(pages: Pages) -> str:
    """The login of somebody with a post and a password."""
    person = pages.people[0].person
    change_password(person, PASSWORD)
    return str(get_user_model().objects.get(pk=person).get_username())


@pytest.fixture
def colleague(pages: Pages) -> str:
    """Somebody else with a password."""
    change_password(pages.people[1].person, PASSWORD)
    return str(get_user_model().objects.get(pk=pages.people[1].person).get_username())


def test_the_right_password_leads_to_work(clerk: str) -> None:
    client = browser()
    answer = sign_in(client, clerk)
    assert (answer.status_code, answer["Location"]) == (302, "/post")
    assert client.get("/post")["Location"] == "/today"
    assert client.get("/today").status_code == 200


def test_where_one_wanted_to_go_is_remembered_through_the_sign_in(clerk: str) -> None:
    client = browser()
    assert 'name="next" value="/inbox"' in client.get("/sign-in?next=/inbox").content.decode()
    assert sign_in(client, clerk, next="/inbox")["Location"] == "/inbox"
    answer = client.get("/inbox", follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/inbox")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_nobody_is_sent_to_another_site_after_signing_in(clerk: str, elsewhere: str) -> None:
    client = browser()
    assert sign_in(client, clerk, next=elsewhere)["Location"] == "/post"
    assert client.get("/post", {"next": elsewhere})["Location"] == "/today"


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(clerk: str) -> None:
    wrong = sign_in(browser(), clerk, "not the password")
    unknown = sign_in(browser(), "nobody", "not the password")
    said = [answer.content.decode().split("</header>")[1] for answer in (wrong, unknown)]
    assert wrong.status_code == unknown.status_code == 200
    assert "登录名或密码不对" in said[0]
    assert _plain(said[0], clerk) == _plain(said[1], "nobody")


def _plain(page: str, login: str) -> str:
    lines = page.replace(login, "NAME").splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    from_django = __import__("django.contrib.auth.hashers", fromlist=["x"]).Argon2PasswordHasher
    encode, verify = from_django.encode, from_django.verify
    monkeypatch.setattr(from_django, "encode", lambda *a, **k: (counted.append(1), encode(*a, **k))[1])
    monkeypatch.setattr(from_django, "verify", lambda *a, **k: (counted.append(1), verify(*a, **k))[1])
    costs = []
    add_user("no.password", "演示·无")
    for name in (clerk, "nobody", "no.password"):
        counted.clear()
        sign_in(browser(), name, "not the password")
        costs.append(len(counted))
    assert costs == [1, 1, 1]


def test_eight_wrong_passwords_shut_that_address_out_for_that_name_alone(clerk: str, colleague: str) -> None:
    for _ in range(7):
        assert sign_in(browser(), clerk, "wrong").status_code == 200
    eighth = sign_in(browser(), clerk.upper() if clerk.isupper() else f" {clerk.title()} ", "wrong")
    assert eighth.status_code == 429 and "15 分钟" in eighth.content.decode(), "however the name is written"
    assert sign_in(browser(), clerk).status_code == 429, "the right password opens nothing now"
    assert sign_in(browser(), clerk, address=ELSEWHERE).status_code == 302, "from elsewhere the user signs in"
    assert sign_in(browser(), colleague).status_code == 302, "and from here a colleague does"


def test_a_shut_out_address_may_try_again_after_a_while(clerk: str) -> None:
    for _ in range(8):
        sign_in(browser(), clerk, "wrong")
    assert sign_in(browser(), clerk).status_code == 429
    AccessAttempt.objects.update(attempt_time=moments.now() - dt.timedelta(minutes=16))
    assert sign_in(browser(), clerk).status_code == 302


def test_what_was_typed_wrong_is_written_nowhere(clerk: str) -> None:
    sign_in(browser(), clerk, "almost-my-password")
    (row,) = AccessAttempt.objects.values()
    assert row["username"] == clerk and "almost-my-password" not in str(row)


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(clerk: str) -> None:
    client = browser()
    client.get("/sign-in")
    client.session["seen"] = True
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key
    sign_in(client, clerk)
    after = client.cookies["minqing_session"].value
    assert before and after != before and not SessionStore().exists(before) and SessionStore().exists(after)
    client.get("/post")
    assert client.get("/today").status_code == 200
    client.post("/sign-out")
    client.cookies["minqing_session"] = after
    assert client.get("/today")["Location"].startswith("/sign-in")


def test_the_row_of_a_session_opens_nothing_and_says_nothing_without_the_keys_of_the_instance(
    clerk: str, pages: Pages
) -> None:
    client = browser()
    sign_in(client, clerk)
    client.get("/post")
    key = client.cookies["minqing_session"].value
    (row,) = Session.objects.values()
    assert key not in str(row) and "post" in opened(row["session_key"], row["session_data"])
    assert opened("0" * 40, row["session_data"]) is None, "what is put into another's row does not open"
    thief = browser()
    thief.cookies["minqing_session"] = row["session_key"]
    assert thief.get("/today")["Location"].startswith("/sign-in")


def test_a_row_that_does_not_open_is_no_session_and_its_key_is_not_taken_over(clerk: str) -> None:
    client = browser()
    sign_in(client, clerk)
    key = client.cookies["minqing_session"].value
    Session.objects.update(session_data="bm90IHNlYWxlZCBoZXJlLCBub3QgZXZlbiBjbG9zZQ==")
    assert client.get("/today")["Location"].startswith("/sign-in")
    assert sign_in(client, clerk).cookies["minqing_session"].value != key


def test_a_session_lasts_a_working_day_at_most(clerk: str) -> None:
    client = browser()
    answer = sign_in(client, clerk)
    assert answer.cookies["minqing_session"]["max-age"] == "", "a browser that is closed forgets it"
    assert answer.cookies["minqing_session"]["httponly"]
    (row,) = Session.objects.all()
    # our moments are whole seconds
    assert dt.timedelta(hours=11, minutes=59) < row.expire_date - moments.now() <= dt.timedelta(hours=12, seconds=1)
    client.get("/post")
    Session.objects.update(expire_date=moments.now() - dt.timedelta(seconds=1))
    assert client.get("/today")["Location"].startswith("/sign-in")


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(clerk: str) -> None:
    here, there = browser(), browser()
    for client in (here, there):
        sign_in(client, clerk)
        client.get("/post")
    new = "河边第三棵柳树 42"
    answer = here.post("/me/password", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer["Location"] == "/me?done=password", answer.content.decode()
    assert "密码已改" in here.get("/me?done=password").content.decode()
    assert here.get("/today").status_code == 200
    assert there.get("/today")["Location"].startswith("/sign-in")
    assert sign_in(browser(), clerk).status_code == 200 and sign_in(browser(), clerk, new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "河边第三棵柳树 42", "河边第三棵柳树 42", "现在的密码不对"),
        (PASSWORD, "茶", "茶", "10 位"),
        (PASSWORD, "password123", "password123", "常见"),
        (PASSWORD, PASSWORD, PASSWORD, "换一个"),
        (PASSWORD, "河边第三棵柳树 42", "河边第三棵柳树 43", "必须相同"),
    ],
)
def test_a_poor_new_password_is_refused_beside_its_field(clerk: str, old: str, new: str, again: str, said: str) -> None:
    client = browser()
    sign_in(client, clerk)
    page = client.post("/me/password", {"oldpassword": old, "password1": new, "password2": again}).content.decode()
    assert 'class="field-fault"' in page and said in page.split('class="field-fault"')[1].split("</div>")[0]
    assert new not in page, "a password is never shown again"


def test_whoever_was_closed_is_out_at_the_next_click_and_does_not_come_in_again(clerk: str) -> None:
    client = browser()
    sign_in(client, clerk)
    client.get("/post")
    assert client.get("/today").status_code == 200
    close_user(clerk)
    assert client.get("/today")["Location"].startswith("/sign-in")
    assert sign_in(browser(), clerk)["Location"] == "/sign-in/closed"
    assert "已停用" in browser().get("/sign-in/closed").content.decode()


def test_whose_post_ended_acts_in_it_no_more_at_the_next_click(pages: Pages, clerk: str) -> None:
    client = browser()
    sign_in(client, clerk)
    client.get("/post")
    assert client.get("/today").status_code == 200
    end_post(client.session["post"], moments.today() - dt.timedelta(days=1))
    assert client.get("/today")["Location"].startswith("/post")
    assert "您今天没有在任的岗位" in client.get("/post").content.decode()
    assert client.get("/me").status_code == 200


def test_a_forged_form_is_refused_with_a_page_that_says_what_to_do(clerk: str) -> None:
    client = browser(enforce_csrf_checks=True)
    answer = sign_in(client, clerk)
    assert answer.status_code == 403 and "请返回刷新后再提交" in answer.content.decode()
    assert "没有办成" in answer.content.decode() and "打不开" not in answer.content.decode()
    english = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post("/sign-in")
    assert english.status_code == 403 and "reload" in english.content.decode()


FORMS = (
    "/sign-in", "/sign-in/code", "/sign-in/passkey", "/sign-in/trial", "/sign-out", "/post", "/me/password",
    "/me/again", "/me/again/code", "/me/again/passkey", "/me/app", "/me/app/off", "/me/codes/new", "/me/passkeys/new",
    "/me/passkeys/1/remove",
)  # fmt: skip


def test_no_form_of_signing_in_or_of_the_account_takes_a_forged_one(clerk: str) -> None:
    client = browser(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.get(login=clerk), "allauth.account.auth_backends.AuthenticationBackend")
    assert {path: client.post(path, {}).status_code for path in FORMS} == dict.fromkeys(FORMS, 403)


def test_the_forms_of_a_page_that_was_not_found_work(clerk: str) -> None:
    client = browser(enforce_csrf_checks=True)
    client.force_login(get_user_model().objects.get(login=clerk), "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/nothing").content.decode()
    word = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post("/sign-out", {"csrfmiddlewaretoken": word}).status_code == 302


NOT_OFFERED = (
    "signup", "sign-up", "password/reset", "email", "login/code", "me/factors/", "me/codes/file", "accounts/login/",
    "accounts/signup/", "accounts/password/reset/", "me/passkeys/signup",
)  # fmt: skip


def test_pages_of_signing_up_and_of_e_mail_do_not_exist(pages: Pages) -> None:
    answers = {path: browser().get(f"/{path}").status_code for path in NOT_OFFERED}
    assert answers == dict.fromkeys(NOT_OFFERED, 404)
    known = {one.name for one in urlpatterns}
    assert not {"account_signup", "account_email", "account_reset_password", "mfa_signup_webauthn"} & known


def test_what_signing_in_leaves_behind_is_forgotten_and_nothing_else(clerk: str, colleague: str) -> None:
    old, kept = browser(), browser()
    sign_in(old, clerk)
    Session.objects.update(expire_date=moments.now() - dt.timedelta(minutes=1))
    sign_in(browser(), clerk, "wrong")
    AccessAttempt.objects.update(attempt_time=moments.now() - dt.timedelta(minutes=20))
    sign_in(kept, colleague)
    sign_in(browser(), "nobody", "wrong")
    AccessAttempt.objects.filter(username=clerk).update(attempt_time=moments.now() - dt.timedelta(minutes=20))
    forget_sign_ins()
    assert Session.objects.count() == 1 and kept.get("/me").status_code == 200
    assert [row.username for row in AccessAttempt.objects.all()] == ["nobody"]
