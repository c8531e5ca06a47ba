"""Each request has a number, a line in the log and its count (`noting`), named by the template of its route."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from minqing.wiring.noting import HEADER, new_number, note


def watched(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: outside of all others."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.number = number = new_number()  # type: ignore[attr-defined]
        began = time.monotonic()
        response = get_response(request)
        response.headers[HEADER] = number
        note(number, request.method, route_of(request), response.status_code, time.monotonic() - began)
        return response

    return answer


def route_of(request: HttpRequest) -> str:
    """The template of the address, with the names of its parts and nothing of what stood there."""
    match = request.resolver_match
    if match is not None:
        return "/" + match.route.replace("^", "")
    return "/static" if request.path.startswith("/static/") else "?"
