"""The own account: a starting password, posts to switch between, a second factor, passkeys; and whom a trial enters."""

from __future__ import annotations

import json
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user_model
from django.test import Client

from minqing.base import moments
from minqing.doors.counter.trial import end_trial, mark_trial
from minqing.doors.web.account.urls import urlpatterns
from minqing.doors.web.tests.conftest import Pages
from minqing.doors.web.tests.test_signing import PASSWORD, browser, sign_in
from minqing.registers.accounts.actions import add_user, open_seat
from minqing.registers.accounts.passwords import change_password, start_password

NEW = "河边第三棵柳树 42"
TEMPLATES = Path(__file__).parents[1] / "templates"


@pytest.fixture
def login(pages: Pages) -> str:
    """Of somebody with a post and a password."""
    person = pages.people[0].person
    change_password(person, PASSWORD)
    return str(get_user_model().objects.get(pk=person).get_username())


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.headers)
    return answer.content.decode()


def test_a_starting_password_opens_only_the_page_that_sets_another(pages: Pages) -> None:
    login = str(get_user_model().objects.get(pk=pages.people[0].person).get_username())
    client, words = browser(), start_password(login)
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", words)
    assert sign_in(client, login, words, next="/inbox")["Location"] == "/inbox"
    for path in ("/inbox", "/today", "/me/app", "/me/passkeys/new", "/me"):
        answer = client.get(path, follow=True)
        assert answer.request["PATH_INFO"] == "/me/password", path
    assert "请先设一个自己的密码" in client.get("/inbox", follow=True).content.decode()
    again = client.post("/me/password", {"oldpassword": words, "password1": words, "password2": words})
    assert again.status_code == 200, "the starting password is not kept by choosing it again"
    done = client.post("/me/password", {"oldpassword": words, "password1": NEW, "password2": NEW, "next": "/inbox"})
    assert done["Location"] == "/inbox"
    assert client.get("/inbox", follow=True).request["PATH_INFO"] == "/inbox"
    assert sign_in(browser(), login, words).status_code == 200 and sign_in(browser(), login, NEW).status_code == 302


def test_a_starting_password_signs_out_whoever_was_signed_in(login: str) -> None:
    client = browser()
    sign_in(client, login)
    client.get("/post")
    assert client.get("/today").status_code == 200
    start_password(login)
    assert client.get("/today")["Location"].startswith("/sign-in")


def test_who_holds_two_posts_chooses_one_and_switches_in_the_bar(pages: Pages) -> None:
    town, village = pages.people[0].unit, next(one.unit for one in pages.people if one.unit.startswith("village-"))
    number = add_user("two.posts", "演示·双岗")
    first = open_seat("two.posts", town, "staff", moments.today())
    second = open_seat("two.posts", village, "staff", moments.today())
    change_password(number, PASSWORD)
    client = browser()
    sign_in(client, "two.posts")
    assert "以哪个岗位办事" in shown(client, "/post")
    assert client.get("/today")["Location"].startswith("/post"), "no post is chosen for them"
    assert client.post("/post", {"post": first})["Location"] == "/today"
    page = shown(client, "/today")
    assert f'name="post" value="{second}"' in page and f'name="post" value="{first}"' not in page
    assert client.post("/post", {"post": second})["Location"] == "/today"
    assert client.session["post"] == second and f'name="post" value="{first}"' in shown(client, "/today")


def test_nobody_acts_in_the_post_of_another(pages: Pages, login: str) -> None:
    client = browser()
    sign_in(client, login)
    mine = next(one for one in pages.people if one.person == pages.people[0].person)
    theirs = open_seat("other", pages.people[1].unit, "staff", moments.today()) if add_user("other", "演示·他") else 0
    assert mine and client.post("/post", {"post": theirs}).status_code == 403
    assert client.post("/post", {"post": "9" * 30}).status_code in (403, 404)


def totp_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def turn_on(client: Client) -> tuple[str, list[str]]:
    """The secret of a new authenticator, and the recovery codes as they were shown."""
    assert client.get("/me/app")["Location"].startswith("/me/again?next="), "first the password once more"
    client.post("/me/again", {"password": PASSWORD, "next": "/me/app"})
    page = shown(client, "/me/app")
    assert 'src="data:image/svg+xml;base64,' in page
    secret = page.split('secret">')[1].split("<")[0]
    wrong = client.post("/me/app", {"code": "000000"}).content.decode()
    assert "field-fault" in wrong and secret in wrong, "a wrong code keeps the secret that was scanned"
    assert client.post("/me/app", {"code": totp_now(secret)})["Location"] == "/me/codes"
    return secret, re.findall(r"<li><code>(\w+)</code>", shown(client, "/me/codes"))


def test_a_second_factor_is_asked_for_and_its_recovery_codes_are_shown_once(login: str) -> None:
    client = browser()
    sign_in(client, login)
    secret, codes = turn_on(client)
    assert len(set(codes)) == 10 and not any(code in shown(client, "/me/codes") for code in codes)
    assert "还剩 10 个" in shown(client, "/me") and "已开启" in shown(client, "/me")
    assert not any(secret in str(row.data) for row in Authenticator.objects.all()), "the database alone opens nothing"
    there = browser()
    assert sign_in(there, login)["Location"] == "/sign-in/code"
    assert there.get("/today")["Location"].startswith("/sign-in"), "the password alone opens nothing"
    assert "第二步" in shown(there, "/sign-in/code")
    assert "不对" in there.post("/sign-in/code", {"code": "000000"}).content.decode()
    assert there.post("/sign-in/code", {"code": codes[0]})["Location"] == "/post"
    third = browser()
    sign_in(third, login)
    assert third.post("/sign-in/code", {"code": codes[0]}).status_code == 200, "a recovery code is good once"
    assert third.post("/sign-in/code", {"code": totp_now(secret)})["Location"] == "/post"


def test_wrong_codes_are_counted_as_wrong_passwords_are(login: str) -> None:
    client = browser()
    sign_in(client, login)
    secret, _ = turn_on(client)
    guessing = browser()
    sign_in(guessing, login)
    tried = [guessing.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(8)]
    assert tried[-1] == 429 and 429 not in tried[:-1]
    right = guessing.post("/sign-in/code", {"code": totp_now(secret)}, follow=True)
    assert guessing.get("/today")["Location"].startswith("/sign-in"), right.content.decode()
    elsewhere = browser(REMOTE_ADDR="10.9.9.9")
    elsewhere.post("/sign-in", {"login": login, "password": PASSWORD})
    assert elsewhere.post("/sign-in/code", {"code": totp_now(secret)})["Location"] == "/post"


def test_turning_the_second_factor_off_asks_again_who_it_is(login: str) -> None:
    client = browser()
    sign_in(client, login)
    turn_on(client)
    later = browser()
    later.force_login(get_user_model().objects.get(login=login), "allauth.account.auth_backends.AuthenticationBackend")
    assert later.post("/me/app/off")["Location"].startswith("/me/again")
    assert client.post("/me/app/off").status_code == 302
    assert not Authenticator.objects.exists(), "the recovery codes went along"


def test_only_the_own_passkey_is_removed(login: str, pages: Pages) -> None:
    other = pages.people[1].person
    theirs = Authenticator.objects.create(user_id=other, type="webauthn", data={"name": "x", "credential": {}})
    client = browser()
    sign_in(client, login)
    client.post("/me/again", {"password": PASSWORD})
    assert client.post(f"/me/passkeys/{theirs.pk}/remove").status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_the_page_to_sign_in_hands_a_challenge_to_a_passkey(pages: Pages) -> None:
    client = browser()
    answer = client.get("/sign-in/passkey", headers={"accept": "application/json"})
    assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"
    assert client.get("/sign-in/passkey")["Location"] == "/sign-in"


NONSENSE = ("", "{", "{}", "[]", '"x"', "7", '{"id": "AA"}', '{"id": "AA", "rawId": "AA", "response": {}}', json.dumps({
    "id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {},
    "response": {"authenticatorData": "AA", "clientDataJSON": "AA", "signature": "AA", "userHandle": "OTk5OTk5OTk5"},
}))  # fmt: skip


def test_what_is_no_answer_of_a_passkey_is_told_so_and_never_a_fault_of_ours(login: str) -> None:
    client = browser()
    for told in NONSENSE:
        client.get("/sign-in/passkey", headers={"accept": "application/json"})
        page = client.post("/sign-in/passkey", {"credential": told}, follow=True)
        assert page.status_code == 200 and 'role="alert"' in page.content.decode().split("<main")[1], told
    sign_in(client, login)
    client.post("/me/again", {"password": PASSWORD})
    for told in NONSENSE:
        shown(client, "/me/passkeys/new")
        assert client.post("/me/passkeys/new", {"credential": told}).status_code == 200, told
    assert not Authenticator.objects.exists()


PAGES = ("/sign-in", "/sign-in/closed", "/me", "/me/password", "/me/again", "/me/app", "/me/codes", "/me/codes/new",
         "/me/passkeys/new", "/post", "/sign-out")  # fmt: skip


def test_no_page_of_the_account_holds_script_or_style_of_its_own_nor_untranslated_words(login: str) -> None:
    client = browser()
    sign_in(client, login)
    turn_on(client)
    for path in PAGES:
        page = (browser() if path.startswith("/sign-in") else client).get(path, follow=True).content.decode()
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
        assert not scripts and not re.search(r"\s(style|on[a-z]+)=\"", page), path
        words = re.sub(r"<[^>]+>|\{.*?\}\s*</script>|English|QR", " ", page.split("<main")[1].split("<script")[0])
        assert not re.search(r"\b[A-Z][a-z]{3,} [a-z]{3,}", words), (path, words)
    client = Client(headers={"accept-language": "en"})
    sign_in(client, login)
    for path in PAGES[:2]:
        page = client.get(path, follow=True).content.decode().split("<main")[1]
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"演示[^<]*", "", page)), path


def test_every_page_of_allauth_that_is_offered_has_a_template_of_ours() -> None:
    missing = []
    for one in urlpatterns:
        view: Any = one.callback
        while hasattr(view, "__wrapped__") and not hasattr(view, "view_class"):
            view = view.__wrapped__
        name = getattr(getattr(view, "view_class", None), "template_name", None)
        if name and not (TEMPLATES / name).is_file():
            missing.append(name)
    assert missing == []


@pytest.fixture
def trial(pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A trial instance with one made-up person; returns their login."""
    monkeypatch.setenv("MINQING_HOME", str(tmp_path))
    add_user("made.up", "演示·甲")
    open_seat("made.up", pages.people[0].unit, "staff", moments.today())
    add_user("not.marked", "陈真")
    open_seat("not.marked", pages.people[0].unit, "staff", moments.today())
    mark_trial(["made.up", "not.marked", "gone"])
    return "made.up"


def enter(client: Client, person: str, **more: Any) -> Any:
    return client.post("/sign-in/trial", {"person": person}, **more)


def test_somebody_made_up_is_entered_in_one_click(trial: str) -> None:
    client = browser()
    assert f'name="person" value="{trial}"' in shown(client, "/sign-in")
    assert enter(client, trial)["Location"] == "/today"
    assert client.get("/today").status_code == 200
    for path in ("/me/password", "/me/app", "/me/passkeys/new"):
        assert "没有密码" in shown(client, path), "nobody shuts the others out of a person whom all try"


def test_nobody_is_entered_whose_name_is_not_marked_or_who_is_not_in_the_file(trial: str, login: str) -> None:
    for person in ("not.marked", "gone", login, ""):
        assert enter(browser(), person).status_code == 404, person
    assert "not.marked" not in shown(browser(), "/sign-in")


@pytest.mark.parametrize(
    "far",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": "::ffff:203.0.113.9"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_nobody_is_entered_from_far_away_or_through_a_proxy_that_is_not_believed(trial: str, far: dict) -> None:
    assert enter(browser(), trial, **far).status_code == 404
    assert trial not in browser().get("/sign-in", **far).content.decode()
    assert enter(browser(), trial, REMOTE_ADDR="::ffff:192.168.3.4").status_code == 302


def test_behind_a_proxy_that_is_believed_its_word_counts(trial: str, settings: Any) -> None:
    from_network = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.168.1.7"}
    assert enter(browser(), trial, **from_network).status_code == 404
    settings.PROXIES = (ip_network("127.0.0.1/32"),)
    assert enter(browser(), trial, **from_network).status_code == 302
    assert enter(browser(), trial, **from_network | {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}).status_code == 404


def test_an_instance_that_is_no_trial_enters_nobody(trial: str) -> None:
    assert end_trial() and not end_trial()
    assert enter(browser(), trial).status_code == 404 and trial not in shown(browser(), "/sign-in")


def test_entering_somebody_made_up_is_a_form_that_cannot_be_forged(trial: str) -> None:
    assert enter(browser(enforce_csrf_checks=True), trial).status_code == 403
    assert browser().get("/sign-in/trial").status_code == 405


@pytest.mark.parametrize(
    ("tongue", "said"), [("zh-hans", "太短了：至少 10 位"), ("en", "Too short: at least 10 characters")]
)
def test_a_password_that_is_too_short_is_refused_in_the_tongue_of_the_page(login: str, tongue: str, said: str) -> None:
    client = browser()
    sign_in(client, login)
    told = {"oldpassword": PASSWORD, "password1": "abc", "password2": "abc"}
    assert said in client.post("/me/password", told, headers={"accept-language": tongue}).content.decode()
