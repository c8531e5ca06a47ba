"""What every answer carries: how a browser may use it, and whether the clock of the instance is shifted. And by what a
request came: where MINQING_HTTPS says that browsers speak TLS to the proxy in front, every address of ours is https.

A view that shows a page of its own may set a wider Content-Security-Policy; script from the page itself stays barred.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.duration import duration_iso_string

from minqing.base import moments

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; media-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # An address may hold a code: no other site learns it. "no-referrer" would hide where our own forms come from.
    "Referrer-Policy": "same-origin",
    # A voice and a place are asked of whoever reports, on our own pages; nothing else of the device is.
    "Permissions-Policy": (
        "microphone=(self), geolocation=(self), camera=(), display-capture=(), payment=(), usb=(), serial=(), "
        "midi=()"  # a feature that a browser does not know it complains of, on every page
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # what a viewer sees is theirs, not a proxy's
}


#: For a year a browser that was here once comes by TLS only: on a network that somebody else rules, too.
BY_TLS = {"Strict-Transport-Security": "max-age=31536000"}


def every_answer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the outermost one, so that answers to faults carry the same."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in (HEADERS | BY_TLS if settings.SECURE else HEADERS).items():
            response.headers.setdefault(name, value)
        if by := moments.shift():
            response.headers.setdefault("Minqing-Clock", f"shifted {duration_iso_string(by)}")
        return response

    return answer


def known_host(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: only the hosts of MINQING_HOSTS are served; Django answers 400 to what this raises. The scheme is
    what the setting says, never what a header says: forms are then known as ours, and links on receipts are https."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SECURE:
            request.META["wsgi.url_scheme"] = "https"
        request.get_host()
        return get_response(request)

    return answer
