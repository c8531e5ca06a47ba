"""What every request is read in: UTF-8, whatever its Content-Type says of a charset.

Django takes any encoding Python knows for the query string and the form, and reads with it while it makes the request,
before any middleware could answer: `charset=rot13` would be a fault of ours, and GB18030 a form of broken words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

from minqing.doors.counter.problems import Problem, unreadable
from minqing.wiring.refusals import refusal

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LONGEST = 1_000  # characters of a Content-Type
_CHARSET = re.compile(r';\s*charset\s*=\s*("[^"]*"|[^;"]*)', re.IGNORECASE)


def in_utf8(application: Application) -> Application:
    """The application, asked only what it can read; a charset that is UTF-8 is left out, another is refused."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        told = environ.get("CONTENT_TYPE", "")
        if "charset" in told.lower() or len(told) > LONGEST:
            if (refused := _refused(told)) is not None:
                return _said(refused, environ, start_response)
            environ["CONTENT_TYPE"] = _CHARSET.sub("", told)
        return application(environ, start_response)

    return answer


def _refused(told: str) -> Problem | None:
    if len(told) > LONGEST:
        return unreadable("Content-Type 太长", "the Content-Type is too long")
    charsets = [one.strip().strip('"').lower() for one in _CHARSET.findall(told)]
    left = parse_header_parameters(_CHARSET.sub("", told))[1]
    if "charset" in left or not all(one in ("utf-8", "utf8") for one in charsets):
        return Problem(
            415, "media-type", "请用 UTF-8 编码发送，Content-Type 里的 charset 只能写 utf-8", "send it in UTF-8"
        )
    return None


def _said(problem: Problem, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    response = refusal(problem, environ.get("REQUEST_METHOD"))
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.headers.items()))
    return [response.content]
