"""Answers of the roof itself where no door has one: the same problem documents, and a log without anybody's words."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse

from minqing.doors.counter.problems import PERHAPS, PERHAPS_EN, Problem, ours
from minqing.doors.web.faults import nowhere
from minqing.wiring.noting import UNKNOWN, note_fault
from minqing.wiring.refusals import bare_page

_TITLE = "本系统出错 · our fault"
_SAID = "刚才的操作可能已经办成：请先返回刷新，看看再说。再出错，请把这个号码告诉管理员：<b>{number}</b>"
_SAID_EN = (
    "What you did may have been done: go back and look first. If it fails again, tell the administrator this number:"
    " <b>{number}</b>"
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before any door: a host not served here, a broken body."""
    return Problem(
        400, "unreadable", "请求读不懂，或本机不以这个主机名提供服务（MINQING_HOSTS），未作任何处理",
        "the request cannot be read, or this host is not served here",
    ).response()  # fmt: skip


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    if not request.path.startswith("/api/"):
        return nowhere(request)
    return Problem(404, "unknown", "没有这个地址：接口说明见 /api/v1/docs", "no such address").response()


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours, told by its number alone."""
    match = request.resolver_match
    number = getattr(request, "number", UNKNOWN)
    note_fault(number, request.method, match.route if match is not None else UNKNOWN, sys.exc_info()[1])
    if "text/html" in request.headers.get("Accept", ""):
        page = bare_page(_TITLE, _SAID.format(number=number), _SAID_EN.format(number=number))
        return HttpResponse(page, status=500)
    return ours(number).response()


def unreachable() -> HttpResponse:
    """The database does not answer; it is being brought back."""
    return Problem(
        503, "database", f"数据库暂时连不上，{PERHAPS}", f"the database does not answer: {PERHAPS_EN}",
        headers={"Retry-After": "2"},
    ).response()  # fmt: skip


def not_ready(missing: list[str]) -> HttpResponse:
    """What is missing, each with the command that brings it."""
    return Problem(503, "not-ready", "；".join(missing), extra={"missing": missing}).response()
