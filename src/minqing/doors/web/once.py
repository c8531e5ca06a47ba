"""The name of one showing of a form: sent again with the same content, what it asks for is not done again.

The name stands in a hidden field. A request's key covers whose form it is and what it is about, its digest all that was
typed, so that another content under one name is told from the same sent twice.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from django.http import QueryDict

from minqing.kernel.matters.entries import Request

FIELD = "once"
#: What differs between two sendings of one form, or says nothing of what is asked.
ASIDE = ("csrfmiddlewaretoken", "position", FIELD, "look")
_NAME = re.compile(r"[A-Za-z0-9_-]{16,60}")


def new_name() -> str:
    """For a form that is about to be shown."""
    return secrets.token_urlsafe(24)


def name_of(posted: QueryDict) -> str:
    """The name that was sent along; '' where there is none that could be ours."""
    name = posted.get(FIELD, "")
    return name if _NAME.fullmatch(name) else ""


def request_of(name: str, *about: object, typed: bytes) -> Request:
    """The request of a form: `about` says whose form, for what. Without a name it is one of its own."""
    told = "\0".join(str(one) for one in (*about, name or new_name()))
    key = hashlib.sha256(b"page\0" + told.encode("utf-8", "replace")).digest()
    return Request(key, hashlib.sha256(key + typed).digest())


def typed_in(posted: QueryDict) -> bytes:
    """All that was typed, for the digest."""
    told = sorted((name, tuple(values)) for name, values in posted.lists() if name not in ASIDE)
    return repr(told).encode("utf-8", "replace")
