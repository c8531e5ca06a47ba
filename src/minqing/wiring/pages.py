"""What pages pass through and programs do not: files, session, tongue, who signs in.

Middleware of libraries is built here around one chain, and asked for the addresses of pages alone: around each request
of a program it would cost a fifth of the rate. Forged forms are refused by the pages themselves (doors/web/pages.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from axes.middleware import AxesMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

Answering = Callable[[HttpRequest], HttpResponseBase]
#: Whose requests pass nothing of it.
PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")
#: From the innermost to the outermost.
AROUND = (
    AxesMiddleware, MessageMiddleware, AuthenticationMiddleware, LocaleMiddleware,
    SessionMiddleware, WhiteNoiseMiddleware,
)  # fmt: skip


class PagesOnly:
    """Middleware: the whole chain for pages, nothing for programs."""

    def __init__(self, get_response: Answering) -> None:
        self.plain = get_response
        pages: Any = get_response
        for layer in AROUND:
            pages = layer(pages)
        self.pages: Answering = pages

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.plain(request) if request.path.startswith(PROGRAMS) else self.pages(request)
