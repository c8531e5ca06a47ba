"""Answers of the roof itself where no door has one: the same problem documents, and a log without anybody's words."""

from __future__ import annotations

import logging
import sys
import traceback

from django.http import HttpRequest, HttpResponse

from minqing.doors.counter.problems import Problem
from minqing.doors.web.faults import nowhere

log = logging.getLogger("minqing.server")
KNOWN = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

#: A connection may be lost, or our own code fail, after what was asked for was committed: nobody can say which.
_PERHAPS = "刚才的请求可能已经办成：请稍后先查看，或用同一个 Idempotency-Key 再发"
_PERHAPS_EN = "it may have been done: look first, or send it again with the same Idempotency-Key"

#: Drawn without a template, a database or a session: any of them may be what failed.
_PAGE = """<!doctype html>
<html lang="zh-hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>本系统出错 · our fault</title>
<h1>本系统出错</h1>
<p>刚才的操作可能已经办成：请先返回刷新，看看再说。再出错，请把这个号码告诉管理员：<b>{number}</b></p>
<p lang="en">Our fault. What you did may have been done: go back and look first. If it fails again, tell the
administrator this number: <b>{number}</b></p>
<p><a href="/">回首页 · first page</a></p>
</html>
"""


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
    """A fault of ours: its place and kind are logged; its message may hold a resident's words and is left out, and so
    are the code and the method, if it has none of those we know: both are what the sender wrote."""
    kind, _, where = sys.exc_info()
    match = request.resolver_match
    method = request.method if request.method in KNOWN else "?"
    route = match.route if match is not None else "?"
    number = getattr(request, "number", "?")
    log.error("%s %s %s: %s\n%s", number, method, route, kind, "".join(traceback.format_tb(where)))
    if "text/html" in request.headers.get("Accept", ""):
        return HttpResponse(_PAGE.format(number=number), status=500)
    return Problem(
        500, "ours", f"本系统出错，{_PERHAPS}；再出错请告诉管理员", f"our fault: {_PERHAPS_EN}",
        extra={"request": number},
    ).response()  # fmt: skip


def unreachable() -> HttpResponse:
    """The database does not answer; it is being brought back."""
    return Problem(
        503, "database", f"数据库暂时连不上，{_PERHAPS}", f"the database does not answer: {_PERHAPS_EN}",
        headers={"Retry-After": "2"},
    ).response()  # fmt: skip


def not_ready(missing: list[str]) -> HttpResponse:
    """What is missing, each with the command that brings it."""
    return Problem(503, "not-ready", "；".join(missing), extra={"missing": missing}).response()
