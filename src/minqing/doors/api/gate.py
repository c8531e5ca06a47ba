"""What every request and answer of the door has in common: sizes, and addresses and methods that are not there.

How a browser may use an answer, and whether the clock is shifted, is said by the roof for every answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from minqing.doors.counter.problems import Problem, no_such_page, too_large
from minqing.registers.regions.versions import one_version

View = Callable[..., HttpResponseBase]
MOST = 2_000_000  # bytes of a JSON body
MOST_OF_A_FILE = 10_000_000  # bytes of a file
_AROUND_A_FILE = 64_000  # bytes that multipart puts around it


def gated(view: View) -> View:
    """The view behind the gate. No cookie opens this door, so there is nothing to forge across sites. HEAD is answered
    like GET, without the body."""

    @csrf_exempt
    def through(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        with one_version():  # no request of this door changes a register
            answer = _unmeasured(request) or _oversized(request) or view(request, *args, **kwargs)
        if isinstance(answer, HttpResponseNotAllowed):
            answer = _other_method(answer["Allow"])
        return _headers_of(answer) if head else answer

    return through


def nowhere(request: HttpRequest) -> HttpResponse:
    """Every other address below /api/v1."""
    return no_such_page().response()


def _unmeasured(request: HttpRequest) -> HttpResponse | None:
    """A body without its length would be read as none at all."""
    if request.META.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" not in request.META:
        return None
    return Problem(
        411, "length", "请写明 Content-Length，不要分块发送", "send Content-Length, not chunks",
        headers={"Connection": "close"},
    ).response()  # fmt: skip


def _oversized(request: HttpRequest) -> HttpResponse | None:
    """Refused before anything is kept of it."""
    files = request.content_type == "multipart/form-data"
    most = MOST_OF_A_FILE + _AROUND_A_FILE if files else MOST
    told = request.META.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isascii() and told.isdecimal() else None
    if length is not None and length <= most:
        return None
    return too_large("10 MB" if files else "2 MB").response()


def _headers_of(answer: HttpResponseBase) -> HttpResponseBase:
    """What GET would be answered, without the body; its length is told."""
    if isinstance(answer, HttpResponse):
        answer["Content-Length"] = str(len(answer.content))
        answer.content = b""
    return answer


def _other_method(allowed: str) -> HttpResponse:
    problem = Problem(
        405, "method", f"这个地址只接受 {allowed}", f"allowed here: {allowed}", headers={"Allow": allowed}
    )
    return problem.response()
