"""Answers given before Django is asked: like those of the doors, with a number, a line in the log and a count."""

from __future__ import annotations

from django.http import HttpResponse

from minqing.doors.counter.problems import Problem, ours
from minqing.wiring.noting import HEADER, UNKNOWN, new_number, note, note_fault

_PAGE = """<!doctype html>
<html lang="zh-hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1>
<p>{zh}</p>
<p lang="en">{en}</p>
<p><a href="/">回首页 · first page</a></p>
</html>
"""
_AGAIN = "请按浏览器的“返回”：填的字多半还在，再提交一次就行。"
_AGAIN_EN = "Go back: what you typed is mostly still there. Send it again."


def bare_page(title: str, zh: str, en: str) -> str:
    """Drawn without a template, a database or a session: any of them may be what failed. Words of ours alone."""
    return _PAGE.format(title=title, zh=zh, en=en)


def refusal(problem: Problem, method: str | None, number: str = "", accept: str = "") -> HttpResponse:
    """The problem as the last answer of its connection; a page where a browser `accept`s one."""
    response = problem.response()
    if "text/html" in accept:
        response.content = bare_page(
            str(problem.document()["title"]), f"{problem.detail}。{_AGAIN}", _AGAIN_EN
        ).encode()
        response.headers["Content-Type"] = "text/html; charset=utf-8"
    number = number or new_number()
    note(number, method, UNKNOWN, response.status_code, 0.0)
    told = {"Content-Length": str(len(response.content)), "Connection": "close", "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff", HEADER: number}  # fmt: skip
    for name, value in told.items():
        response.headers[name] = value
    if method == "HEAD":
        response.content = b""
    return response


def fault(found: Exception, method: str | None) -> HttpResponse:
    """The answer to a fault of ours outside of Django."""
    number = new_number()
    note_fault(number, method, UNKNOWN, found)
    return refusal(ours(number), method, number)
