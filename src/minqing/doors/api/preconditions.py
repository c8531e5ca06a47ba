"""What a sender says about a request as a whole: the position it saw, a name for asking only once, a tongue."""

from __future__ import annotations

import hashlib
import re

from django.http import HttpRequest

from minqing.base.errors import BadInput
from minqing.doors.counter.forms import Lang
from minqing.doors.counter.problems import unreadable
from minqing.kernel.matters.codes import clean_code
from minqing.kernel.matters.entries import Request
from minqing.registers.accounts.rules import Viewer

IF_MATCH = r'^(\*|(W/)?"[0-9]{1,9}"|[0-9]{1,9})$'
KEY = r"^[\x21-\x7e]{1,200}$"
_POSITION = re.compile(IF_MATCH, re.ASCII)
_KEY = re.compile(KEY)
_TONGUE = re.compile(r"\s*([A-Za-z*]{1,8})[-A-Za-z0-9]*\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")


def expected(request: HttpRequest) -> int | None:
    """The position of If-Match, quoted as an ETag is or bare; None where none is asked for."""
    told = request.headers.get("If-Match")
    if told is None or told == "*":
        return None
    if not _POSITION.fullmatch(told):
        raise unreadable('If-Match 应为事项的位置，例如 "7"', 'If-Match is the position of the matter, such as "7"')
    return int(re.sub(r"\D", "", told))


def requested(request: HttpRequest, viewer: Viewer, body: bytes, part: str = "") -> Request | None:
    """What Idempotency-Key names: the key is the token's own, the digest covers method, address and body. `part`: a
    row of many, or the matter of a reporter, who has no token."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise unreadable(
            "Idempotency-Key 应为 1 到 200 个可见的 ASCII 字符", "Idempotency-Key is 1 to 200 visible ASCII characters"
        )
    token = f"{viewer.token}/{part}".encode()
    digest = _hash(token, (request.method or "").encode(), _address(request).encode("utf-8", "replace"), body)
    return Request(_hash(token, key.encode()), digest)


def _address(request: HttpRequest) -> str:
    """The address with the code as it is stored: however it is typed, it is the same request."""
    code = request.resolver_match.kwargs.get("code") if request.resolver_match is not None else None
    if code is None:
        return request.path
    try:
        return request.path.replace(code, clean_code(code))
    except BadInput:  # it is no code, and is answered so
        return request.path


def _hash(*parts: bytes) -> bytes:
    """Of the parts with their lengths, so that no two lists of parts give one text."""
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()


def tongue(request: HttpRequest) -> Lang:
    """The tongue of titles and sentences: Chinese, or English where Accept-Language likes it better."""
    liked = {"zh": 0.0, "en": 0.0}
    for part in request.headers.get("Accept-Language", "").split(",")[:20]:
        found = _TONGUE.fullmatch(part)
        if found and (name := found[1].lower()) in liked:
            liked[name] = max(liked[name], float(found[2] or 1))
    return "en" if liked["en"] > liked["zh"] else "zh"
