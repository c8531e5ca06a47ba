"""Each request has a number: it stands in the answer, in the log and on the page of a fault, so that a clerk can tell
it to the administrator. What is logged and counted is the route's template, never the address: that may hold a code.

The number is ours and by chance; one that a caller sends is not taken over.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from minqing.wiring import figures
from minqing.wiring.problems import KNOWN

HEADER = "Minqing-Request"
log = logging.getLogger("minqing.requests")


def watched(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: outside of all others."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.number = number = secrets.token_hex(5)  # type: ignore[attr-defined]
        began = time.monotonic()
        response = get_response(request)
        response.headers[HEADER] = number
        took = time.monotonic() - began
        method, route = request.method if request.method in KNOWN else "?", route_of(request)
        figures.OWN.count(str(method), route, response.status_code, took)
        told = {"request": number, "method": method, "route": route, "status": response.status_code,
                "ms": round(took * 1000, 1), "process": os.getpid()}  # fmt: skip
        log.info("%(request)s %(method)s %(route)s %(status)s %(ms)s ms", told, extra={"told": told})
        return response

    return answer


def route_of(request: HttpRequest) -> str:
    """The template of the address, with the names of its parts and nothing of what stood there."""
    match = request.resolver_match
    if match is not None:
        return "/" + match.route.replace("^", "")
    return "/static" if request.path.startswith("/static/") else "?"
