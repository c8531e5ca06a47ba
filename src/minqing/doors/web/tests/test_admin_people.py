"""Letting somebody in again: a starting password, a lost second factor taken off; where each role begins."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from minqing.base import moments
from minqing.doors.web.tests.admin_ground import browser_of, one_more
from minqing.doors.web.tests.conftest import Pages
from minqing.kernel.matters.trial_staff import Person
from minqing.registers.accounts.queries import posts


def login_of(person: Person) -> str:
    return next(one.login for one in posts(past=True) if one.post == person.post)


def lines_of(kind: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select actor from ledger_line where kind = %s", [kind])
        return [actor for (actor,) in cursor.fetchall()]


def test_a_starting_password_is_shown_once_and_opens_only_the_choice_of_an_own_one(
    pages: Pages, office: Client, administrator: Person
) -> None:
    address = f"/admin/people/who/{login_of(pages.people[0])}"
    answer = office.post(address, {"do": "password"})
    page = answer.content.decode()
    (words,) = re.findall(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", page)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert lines_of("PasswordStarted") == [administrator.person]
    assert words not in office.get(address).content.decode()
    client = Client(headers={"accept-language": "zh-hans"})
    assert client.post("/sign-in", {"login": login_of(pages.people[0]), "password": words}).status_code == 302
    assert client.get("/post")["Location"].startswith("/me/password")


def test_a_lost_second_factor_is_taken_off_after_a_confirmation_and_told_at_the_next_sign_in(
    pages: Pages, office: Client
) -> None:
    person = pages.people[0]
    address = f"/admin/people/who/{login_of(person)}"
    assert "撤下第二重验证" not in office.get(address).content.decode(), "they have none"
    Authenticator.objects.create(user_id=person.person, type="totp", data={}, created_at=moments.now())
    assert "手机验证器" in office.get(address).content.decode()
    refused = office.post(address, {"do": "factors"})
    assert refused.status_code == 422 and "请先核实是本人" in refused.content.decode()
    assert Authenticator.objects.filter(user_id=person.person).exists()
    assert office.post(address, {"do": "factors", "sure": "1"}).status_code == 302
    assert not Authenticator.objects.filter(user_id=person.person).exists()
    theirs = Client(headers={"accept-language": "zh-hans"})
    words = re.findall(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", office.post(address, {"do": "password"}).content.decode())[0]
    theirs.post("/sign-in", {"login": login_of(person), "password": words})
    chosen = {"oldpassword": words, "password1": "石榴树下的茶馆 1987", "password2": "石榴树下的茶馆 1987"}
    assert theirs.post("/me/password", chosen)["Location"].startswith("/post")
    page = theirs.get("/post").content.decode()
    assert "您的登录被重设过" in page and "撤下了第二重验证和通行密钥" in page and "演示·" in page
    assert theirs.get("/today")["Location"].startswith("/post"), "nothing opens before it was read"
    newest = re.findall(r'name="read" value="([^"]+)"', page)[0]
    assert theirs.post("/post", {"read": newest, "next": "/inbox"})["Location"] == "/post?next=%2Finbox"
    assert theirs.get("/post?next=/inbox")["Location"] == "/inbox"
    assert theirs.get("/inbox").status_code == 200
    assert "撤下了第二重验证和通行密钥" in theirs.get("/me").content.decode()
    again = browser_signed_in(login_of(person), "石榴树下的茶馆 1987")
    assert "您的登录被重设过" in again.get("/post").content.decode(), "what one session read another is told anew"


def browser_signed_in(login: str, password: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    assert client.post("/sign-in", {"login": login, "password": password}).status_code == 302
    return client


def test_a_reset_is_told_colleagues_of_the_unit_administrators_and_auditors(pages: Pages, office: Client) -> None:
    person, unit = pages.people[0], pages.people[0].unit
    elsewhere = next(one.unit for one in pages.people if one.unit[:5] != unit[:5])
    address, words = f"/admin/people/who/{login_of(person)}", "近两周被重设的登录"
    colleague = pages.as_(f"{unit}/2")
    auditor = browser_of(one_more(pages, "auditor"))
    office.post(address, {"do": "password"})
    told = {"/today": colleague, "/admin/access": auditor, "/admin/people": office}
    assert [path for path, client in told.items() if words in client.get(path).content.decode()] == []
    office.post(address, {"do": "password"})
    assert [path for path, client in told.items() if words in client.get(path).content.decode()] == list(told)
    assert words not in pages.as_(elsewhere).get("/today").content.decode()


def test_nobody_lets_themselves_in_anew(office: Client, administrator: Person) -> None:
    address = f"/admin/people/who/{login_of(administrator)}"
    Authenticator.objects.create(user_id=administrator.person, type="totp", data={}, created_at=moments.now())
    page = office.get(address).content.decode()
    assert "新的起始密码" not in page and "撤下第二重验证" not in page and "这是您自己" in page
    for sent in ({"do": "password"}, {"do": "factors", "sure": "1"}):
        answer = office.post(address, sent)
        assert answer.status_code == 403 and "另一位管理员" in answer.content.decode()
    assert Authenticator.objects.filter(user_id=administrator.person).exists()
    assert lines_of("PasswordStarted") == []


def test_a_step_nobody_offered_closes_nobody(pages: Pages, office: Client) -> None:
    answer = office.post(f"/admin/people/who/{login_of(pages.people[0])}", {"do": "something"})
    assert answer.status_code == 422 and lines_of("UserClosed") == []


@pytest.mark.parametrize(("role", "first"), [("administrator", "/admin"), ("auditor", "/admin/access")])
def test_whoever_looks_after_the_house_begins_there(pages: Pages, role: str, first: str) -> None:
    client = browser_of(one_more(pages, role))
    assert client.get("/post")["Location"] == first
    assert client.get(first).status_code == 200


def test_a_grid_worker_begins_with_today(pages: Pages) -> None:
    client = pages.as_(next(one.unit for one in pages.people if one.level == "grid"))
    assert client.get("/post")["Location"] == "/today"
