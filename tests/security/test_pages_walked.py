"""Every address of a page, walked by everybody: forged forms, where a page sends one on, what its answer may do in a
browser. Addresses are read from the table of addresses: a new one is walked without being named here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver

from minqing.doors.web.tests.admin_ground import BACKEND, browser_of, one_more
from minqing.doors.web.tests.conftest import Pages, county, pages
from minqing.doors.web.urls import urlpatterns
from minqing.kernel.matters.actions import Concern, report
from minqing.kernel.matters.versions import current_method
from minqing.registers.accounts.passwords import change_password
from minqing.registers.regions.codes import parse_code

__all__ = ["county", "pages"]
TOWN = "town-330727101"
PASSWORD = "石榴树下的茶馆 1987"
EVIL = "evil.example"
#: However somebody writes another site.
ELSEWHERE = (
    f"https://{EVIL}/", f"//{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}", f"https:{EVIL}", f"http:///{EVIL}", f"///{EVIL}",
    f"https://testserver@{EVIL}/", f"javascript:alert('{EVIL}')", f"/\r\nLocation: https://{EVIL}", f"\t//{EVIL}",
    f"https://testserver.{EVIL}/", f" //{EVIL}",
)  # fmt: skip
#: Under which names pages of one or the other product take where to go next.
NAMES = ("next", "url", "redirect", "redirect_to", "return", "back", "to", "continue", "address", "location")
#: One that may be sent without a word of ours: it is not a page of ours, or takes nothing.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|<style|\sstyle=\"|\son[a-z]+=\"|javascript:|<base\b|<iframe"
)
CSP = {
    "default-src": "'self'", "img-src": "'self' data:", "media-src": "'self' data: blob:", "object-src": "'none'",
    "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
}  # fmt: skip


def routes(patterns: Sequence[URLPattern | URLResolver] = urlpatterns, before: str = "/") -> Iterator[str]:
    """Addresses as they stand in the table."""
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, address)
        else:
            yield address


ADDRESSES = sorted(set(routes()))


@pytest.fixture
def code(pages: Pages) -> str:
    """Of a matter that the town sees."""
    concern = Concern(parse_code(pages.grids[0]), "web", text="路灯不亮")
    (answer,) = report([concern], current_method("panan-three-feelings"))
    return answer.code


@pytest.fixture
def told(pages: Pages, code: str) -> dict[str, str]:
    """What stands in the gaps of addresses."""
    return {
        "code": code, "verb": "note", "kind": "acceptance", "place": pages.grids[0], "slug": "panan-three-feelings",
        "name": "panan-three-feelings", "pk": "1", "number": "1", "year": "2026", "version": "1", "unit": TOWN,
    }  # fmt: skip


def filled(address: str, told: dict[str, str]) -> str:
    return re.sub(r"<(?:([^>:]*):)?(\w+)>", lambda gap: told.get(gap[2], "1"), address)


@pytest.fixture
def guests(pages: Pages) -> dict[str, Client]:
    """A resident, a town's worker, an administrator; forged forms are looked at as for real."""
    made = {
        "resident": Client(),
        "town": pages.as_(TOWN),
        "administrator": browser_of(one_more(pages, "administrator")),
    }
    for client in made.values():
        client.handler.enforce_csrf_checks = True
        client.raise_request_exception = True
    return made


def rows_changed() -> int:
    """Rows that were written in this transaction, by whatever statement or function."""
    with connection.cursor() as cursor:
        cursor.execute("select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0] or 0)


def test_no_form_of_any_page_is_taken_without_its_word_and_nothing_is_written(
    guests: dict[str, Client], told: dict[str, str]
) -> None:
    before, answers = rows_changed(), dict[tuple[str, str], int]()
    assert before > 0, "what was written before in this transaction is counted"
    for who, client in guests.items():
        for address in ADDRESSES:
            where = filled(address, told)
            bare = client.post(where, {"reason": "x"})
            other = client.post(where, {"csrfmiddlewaretoken": "x" * 64}, headers={"origin": f"https://{EVIL}"})
            answers[who, address] = max(bare.status_code, other.status_code)
            assert {bare.status_code, other.status_code} in ({403}, {405}), (who, address, bare.status_code)
    taken = {address for (_, address), status in answers.items() if status == 403}
    assert len(taken) > 30 and {"/follow", "/tongue", "/sign-in", "/matters/<str:code>/moves/<slug:verb>"} <= taken
    assert rows_changed() == before


def test_a_word_of_ours_sent_from_another_site_is_refused(guests: dict[str, Client]) -> None:
    client = guests["resident"]
    word = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/follow").content.decode())
    assert word is not None
    form = {"csrfmiddlewaretoken": word[1], "language": "en"}
    assert client.post("/tongue", form, headers={"origin": f"https://{EVIL}"}).status_code == 403
    assert client.post("/tongue", form, headers={"origin": "http://testserver"}).status_code == 302


def test_no_page_sends_anybody_to_another_site(guests: dict[str, Client], told: dict[str, str]) -> None:
    seen = 0
    for who, client in guests.items():
        client.handler.enforce_csrf_checks = False
        for address in ADDRESSES:
            if address in ("/sign-out",):
                continue
            for evil in ELSEWHERE if address in ("/post", "/tongue", "/me/again", "/sign-in") else ELSEWHERE[:1]:
                wanted = dict.fromkeys(NAMES, evil)
                asked = {"headers": {"referer": f"https://{EVIL}/"}}
                for answer in (
                    client.get(filled(address, told), wanted, **asked),
                    _posted(client, filled(address, told), wanted),
                ):
                    seen += answer.status_code in (301, 302, 303)
                    for header in ("Location", "HX-Redirect", "HX-Location", "Refresh", "Link"):
                        assert _stays(answer.get(header, "")), (who, address, evil, answer[header])
    assert seen > 50


def _posted(client: Client, where: str, wanted: dict[str, str]) -> Any:
    """Nothing that signs out or closes anything: the same person goes on asking."""
    return client.post(f"{where}?next={wanted['next']}", wanted | {"password": "x", "language": "en"})


def _stays(location: str) -> bool:
    """Whether a browser that is sent there stays with us; where to go afterwards may stand in the query, unfollowed."""
    parts = urlsplit(location.strip().replace("\\", "/"))
    return not parts.netloc and parts.scheme == "" and "\n" not in location and "\r" not in location


def test_after_the_password_once_more_nobody_is_sent_to_another_site(pages: Pages) -> None:
    person = pages.people[0].person
    change_password(person, PASSWORD)
    login = get_user_model().objects.get(pk=person).get_username()
    client = Client()
    client.post("/sign-in", {"login": login, "password": PASSWORD})
    for evil in ELSEWHERE[:6]:
        answer = client.post("/me/again", {"password": PASSWORD, "next": evil})
        assert answer.status_code == 302 and _stays(answer["Location"]), (evil, answer["Location"])
    for evil in ELSEWHERE:
        client.force_login(get_user_model().objects.get(pk=person), BACKEND)
        answer = client.post("/sign-out", {"next": evil})
        assert answer.status_code == 302 and _stays(answer["Location"]), (evil, answer["Location"])


def test_every_answer_holds_no_script_or_style_of_its_own_and_says_how_it_may_be_used(
    guests: dict[str, Client], told: dict[str, str]
) -> None:
    kinds: set[tuple[int, str]] = set()
    for who, client in guests.items():
        for address in [*ADDRESSES, "/nothing", "/matters/ZZZZ-ZZZZ", "/healthz", "/api/v1/nothing"]:
            for answer in (client.get(filled(address, told)), client.post(filled(address, told))):
                kinds.add((answer.status_code, answer.get("Content-Type", "").split(";")[0]))
                assert answer.status_code < 500, (who, address)
                _is_guarded(answer, (who, address))
    assert {(200, "text/html"), (403, "text/html"), (404, "text/html")} <= kinds
    assert {(404, "application/problem+json"), (200, "application/pdf")} <= kinds
    files = [kind for _, kind in kinds if kind.startswith(("image/", "audio/", "video/", "application/octet"))]
    assert files == [], "no file of anybody is an answer of its own"


def _is_guarded(answer: Any, where: object) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy == CSP, where
    told = {name: answer[name] for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy")}
    wanted = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}
    assert told == wanted, where
    assert "camera=()" in answer["Permissions-Policy"] and "*" not in answer["Permissions-Policy"], where
    assert "no-store" in answer["Cache-Control"], where
    if answer.get("Content-Type", "").startswith("text/html"):
        assert INLINE.search(answer.content.decode()) is None, (where, INLINE.search(answer.content.decode()))
    for cookie in answer.cookies.values():
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"], (where, cookie.key)


@pytest.mark.parametrize("path", ["/static/../settings/secret.py", "/static/%2e%2e/%2e%2e/keys/vault.json",
                                  "/static/..%2f..%2fpyproject.toml", "/static//etc/passwd", "/static/web/..%5c..%5cx",
                                  "/static/.env", "/static/", "/.git/config", "/keys/vault.json"])  # fmt: skip
def test_no_file_but_those_of_pages_is_served(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert "text/html" in answer["Content-Type"]
