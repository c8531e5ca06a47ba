"""Where browsers speak TLS to the proxy in front (MINQING_HTTPS=1): real processes, asked as such a proxy asks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

#: Settings are read once a process: another process tells what they are with the word set.
TOLD = (
    "import json; from minqing.settings import pages as p;"
    "print(json.dumps({name: getattr(p, name) for name in dir(p) if 'COOKIE' in name and name.isupper()}))"
)


def told(https: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", TOLD], env=os.environ | {"MINQING_HTTPS": https}, capture_output=True, check=True
    )
    return dict(json.loads(done.stdout))


def test_cookies_go_by_tls_alone_and_are_taken_from_this_host_only() -> None:
    plain, safe = told("0"), told("1")
    names = ("SESSION", "CSRF")
    assert all(safe[f"{one}_COOKIE_NAME"].startswith("__Host-minqing_") for one in names)
    assert all(safe[f"{one}_COOKIE_SECURE"] for one in (*names, "LANGUAGE"))
    assert not any(plain[f"{one}_COOKIE_SECURE"] for one in names)
    assert all(safe.get(f"{one}_COOKIE_DOMAIN") is None and safe.get(f"{one}_COOKIE_PATH", "/") == "/" for one in names)


@pytest.mark.django_db
def test_a_form_that_came_by_tls_to_the_proxy_is_known_as_our_own(settings: Any) -> None:
    """A browser tells https as the origin of its form, while the proxy asks by http."""
    settings.SECURE = True
    client = Client(enforce_csrf_checks=True, headers={"host": "testserver"})
    word = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/follow").content.decode())
    assert word is not None
    form = {"csrfmiddlewaretoken": word[1], "language": "en"}
    assert client.post("/tongue", form, headers={"origin": "https://testserver"}).status_code == 302
    for other in ("http://testserver", "https://evil.example", "null"):
        assert client.post("/tongue", form, headers={"origin": other}).status_code == 403, other


@pytest.mark.django_db
def test_a_browser_that_came_by_tls_comes_by_nothing_else(settings: Any) -> None:
    assert "Strict-Transport-Security" not in Client().get("/").headers
    settings.SECURE = True
    answer = Client().get("/", headers={"host": "testserver", "x-forwarded-proto": "http"})
    assert answer["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.wsgi_request.build_absolute_uri("/follow") == "https://testserver/follow"


@pytest.mark.django_db
def test_no_header_of_a_stranger_makes_a_request_one_by_tls() -> None:
    answer = Client().get("/", headers={"x-forwarded-proto": "https", "x-forwarded-host": "evil.example"})
    assert answer.wsgi_request.build_absolute_uri("/follow") == "http://testserver/follow"
