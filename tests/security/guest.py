"""A browser without script at a real server: cookies, forms with their word, all headers of an answer."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

_WORD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ONCE = re.compile(r'name="once" value="([^"]+)"')


@dataclass(frozen=True)
class Seen:
    """An answer."""

    status: int
    headers: Message
    text: str


class Guest:
    """Whoever opens pages. `seen_keys` are all cookies that were ever set, by name."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        assert parts.hostname is not None and parts.port is not None
        self._host, self._port = parts.hostname, parts.port
        self.cookies: dict[str, str] = {}
        self.seen_keys: list[tuple[str, str]] = []

    def get(self, path: str, **headers: str) -> Seen:
        """One page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: Mapping[str, str] | None = None, *, page: str = "", **headers: str) -> Seen:
        """A form, with the word (and the name) of the page it stands on: the address itself unless told."""
        shown = self.get(page or path).text
        hidden = {"csrfmiddlewaretoken": _WORD, "once": _ONCE}
        told = {name: found[1] for name, mark in hidden.items() if (found := mark.search(shown))} | dict(form or {})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._ask("POST", path, urllib.parse.urlencode(told), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Seen:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            seen = Seen(answer.status, answer.headers, answer.read().decode(errors="replace"))
        finally:
            connection.close()
        for line in seen.headers.get_all("Set-Cookie", ()):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
            self.seen_keys.append((name, self.cookies[name]))
        return seen
