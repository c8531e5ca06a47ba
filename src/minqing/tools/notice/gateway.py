"""SMS and WeChat by the HTTP gateway that a county has: address, headers, body, signature and success are its own.

Gaps in headers and fields: {to} {text} {id} {time} {secret.NAME}; for the signature also {method} {path} {body}.
Redirects are not followed: a message with a resident's number goes where the file says, nowhere else.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from minqing.base import moments
from minqing.tools.notice.adapters import Message, Receipt
from minqing.tools.notice.targets import LOOPBACK

LARGEST = 64 * 1024  # bytes of an answer
_GAP = re.compile(r"\{([a-z]+(?:\.[a-z0-9_-]+)?)\}")
_LATER = frozenset({408, 425, 429})  # of 4xx, those that pass


@dataclass(frozen=True)
class Signature:
    """A keyed hash of `over`, put into a header."""

    header: str
    secret: str
    over: str
    algorithm: str = "sha256"
    form: str = "hex"

    def of(self, gaps: Mapping[str, str]) -> str:
        """The value of the header."""
        made = hmac.new(gaps[f"secret.{self.secret}"].encode(), fill(self.over, gaps).encode(), self.algorithm)
        return made.hexdigest() if self.form == "hex" else base64.b64encode(made.digest()).decode()


@dataclass(frozen=True)
class Judge:
    """What an answer means: sent when `field` (dotted) is one of `good`, refused for good when one of `bad`.

    Without a field every status of 2xx is sent.
    """

    field: str = ""
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()

    def of(self, answer: bytes) -> Receipt:
        """The receipt of a 2xx answer."""
        if not self.field:
            return Receipt("sent")
        try:
            told = _inside(json.loads(answer), self.field)
        except (ValueError, KeyError, TypeError, RecursionError):
            return Receipt("failed", "answer-unreadable")
        if told in self.good:
            return Receipt("sent")
        return Receipt("refused" if told in self.bad else "failed", "answer-no")


@dataclass(frozen=True)
class Gateway:
    """One gateway. `body`: json, form or none (the fields then stand in the address)."""

    url: str
    fields: Mapping[str, str]
    body: str = "json"
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    judge: Judge = Judge()
    signature: Signature | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    address: str = r"[^\s]{1,128}"
    timeout: int = 10

    def send(self, message: Message, /) -> Receipt:
        """One request; its answer is read within the time-out, whole or not at all."""
        if not re.fullmatch(self.address, message.to):
            return Receipt("refused", "bad-address")
        try:
            with _opener(self.url).open(self._request(message), timeout=self.timeout) as answer:
                return self.judge.of(_read(answer, self.timeout))
        except HTTPError as fault:
            with fault:
                lasting = 400 <= fault.code < 500 and fault.code not in _LATER
            return Receipt("refused" if lasting else "failed", f"status-{fault.code}")
        except TimeoutError:
            return Receipt("failed", "timeout")
        except URLError as fault:
            return Receipt("failed", "timeout" if isinstance(fault.reason, TimeoutError) else "unreachable")
        except (OSError, ValueError, HTTPException) as fault:  # also what is no HTTP at all
            return Receipt("failed", type(fault).__name__)

    def _request(self, message: Message) -> Request:
        gaps = {"to": message.to, "text": message.text, "id": message.id, "time": f"{moments.now():%Y%m%d%H%M%S}"}
        gaps |= {f"secret.{name}": value for name, value in self.secrets.items()}
        fields = {name: fill(value, gaps) for name, value in self.fields.items()}
        url, content, media = self.url, b"", ""
        if self.body == "json":
            content, media = json.dumps(_nested(fields), ensure_ascii=False).encode(), "application/json; charset=utf-8"
        elif self.body == "form":
            content, media = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"
        parts = urlsplit(url)
        gaps |= {"method": self.method, "path": parts.path or "/", "body": content.decode()}
        headers = {name: fill(value, gaps) for name, value in self.headers.items()}
        headers |= {"Content-Type": media} if media else {}
        if self.signature is not None:
            headers[self.signature.header] = self.signature.of(gaps)
        return Request(url, data=content if media else None, headers=headers, method=self.method)


def gaps_in(text: str) -> list[str]:
    """The names of the gaps of a text."""
    return _GAP.findall(text)


def fill(text: str, gaps: Mapping[str, str]) -> str:
    """The text with its gaps filled, once: what a value brings along is not filled again."""
    return _GAP.sub(lambda found: gaps[found.group(1)], text)


def _nested(fields: Mapping[str, str]) -> dict[str, Any]:
    """`touser: x, text.content: y` as {"touser": x, "text": {"content": y}}: the form of WeChat."""
    made: dict[str, Any] = {}
    for name, value in fields.items():
        *outer, last = name.split(".")
        inside = made
        for part in outer:
            inside = inside.setdefault(part, {})
        inside[last] = value
    return made


def _inside(told: Any, trail: str) -> str:
    for part in trail.split("."):
        told = told[int(part)] if isinstance(told, list) else told[part]
    return str(told).lower() if isinstance(told, bool) else str(told)


def _read(answer: Any, timeout: int) -> bytes:
    """The answer, not longer than LARGEST and not slower than the time-out in all: a drip does not hold a worker."""
    until, parts, size = time.monotonic() + timeout, [], 0
    while part := answer.read1(8192):
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise ValueError("the answer is too long")
        if time.monotonic() > until:
            raise TimeoutError
    return b"".join(parts)


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is an answer like any other that is not 2xx."""

    def redirect_request(self, *asked: Any, **also: Any) -> None:
        return None


def _opener(url: str) -> OpenerDirector:
    """The proxies of the environment are taken, never for this machine."""
    if urlsplit(url).hostname in LOOPBACK:
        return build_opener(_NoRedirect, ProxyHandler({}))
    return build_opener(_NoRedirect)
