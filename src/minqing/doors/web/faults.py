"""What went wrong, as a page or as a part of one: the sentence says what to do, and the way back stands below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from minqing.base.errors import MinqingError
from minqing.doors.counter.faults import of_minqing
from minqing.doors.counter.problems import Problem
from minqing.doors.web.tongues import told_of
from minqing.registers.regions.versions import one_version

View = Callable[..., HttpResponseBase]
_AGAIN = "shows_again"  # under which a view keeps the page that shows what was typed


def fault_page(request: HttpRequest, status: int, said: str, **more: Any) -> HttpResponse:
    """A page for a browser, a part for a script that swaps parts. `undone`: something was sent, and nothing done."""
    part = is_part(request)
    template = "web/parts/fault.html" if part else "web/fault.html"
    return render(request, template, {"status": status, "said": said, **more}, status=status)


def of_fault(request: HttpRequest, fault: Problem | MinqingError) -> HttpResponse:
    """The page of a fault of the kernel, a register or the counter."""
    problem = fault if isinstance(fault, Problem) else of_minqing(fault)
    return fault_page(request, problem.status, told_of(problem))


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


@requires_csrf_token
def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose word is missing or old: of another site, or kept open over a sign-in. Nothing of it is done; a page
    that `shows_again` shows what was typed here, in a form that can be sent: never what another site typed."""
    match = request.resolver_match
    again = getattr(match.func, _AGAIN, None) if match is not None else None
    if match is None or again is None or not _from_here(request):
        return fault_page(request, 403, _("这个页面开得太久，或不是从本站打开的：请返回刷新后再提交"), undone=True)
    said = _("这个页面开得太久了：内容都还在，请再点一次“提交”。总是这样的，请在浏览器里允许 Cookie，或打电话反映")
    try:
        with one_version():
            answer: HttpResponse = again(request, said, *match.args, **match.kwargs)
    except (Problem, MinqingError) as fault:
        return of_fault(request, fault)
    answer.status_code = 403
    return answer


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a form was sent from a page of ours; one that says nothing is not believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    told = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(told).netloc == request.get_host()


def shows_again(page: Callable[..., HttpResponse]) -> Callable[[View], View]:
    """For a view whose form may be long in the writing: `page` (request, what is said, …) shows it with what was typed,
    and does nothing. Worn outside of all else."""

    def worn(view: View) -> View:
        setattr(view, _AGAIN, page)
        return view

    return worn


def shut_out(request: HttpRequest, response: Any = None, credentials: Mapping[str, Any] | None = None) -> HttpResponse:
    """Too many wrong passwords for a name from one address."""
    return render(request, "web/shut_out.html", status=429)


@requires_csrf_token
def nowhere(request: HttpRequest) -> HttpResponse:
    """No such page."""
    return fault_page(request, 404, _("没有这个页面：请核对地址，或从首页进入"))
