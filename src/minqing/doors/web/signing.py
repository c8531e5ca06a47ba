"""Signing in and out, and choosing the post to act in. Passwords, second factors and passkeys are allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minqing.doors.web.faults import fault_page
from minqing.doors.web.pages import open_page
from minqing.doors.web.who import choices, choose_post, user_of


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: users are entered by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the choice of a post, which goes on by itself where there is only one."""
        return "/post"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page says where one is: no message besides."""


@require_http_methods(["GET", "POST"])
@open_page
def choose(request: HttpRequest) -> HttpResponse:
    """The posts the user holds today; a single one is chosen by itself."""
    if not user_of(request):
        return redirect("sign-in")
    held, wanted = choices(request), request.POST.get("post", "")
    if request.method == "GET" and len(held) == 1:
        wanted = str(held[0].post)
    if wanted.isdecimal():
        if not choose_post(request, int(wanted)):
            return fault_page(request, 403, _("这个岗位今天不由您任职：请另选一个"))
        return redirect(_next(request))
    return render(request, "web/choose_post.html", {"held": held, "next": _next(request)})


def _next(request: HttpRequest) -> str:
    """Where they wanted to go, if that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else "/today"
