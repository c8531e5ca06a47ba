"""Signing in and out, and choosing the post to act in. Passwords, second factors and passkeys are allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from minqing.doors.web.faults import fault_page
from minqing.doors.web.pages import open_page
from minqing.doors.web.surroundings import bar_of
from minqing.doors.web.who import choices, choose_post, has_to_change, user_of, viewer_of
from minqing.registers.accounts.passwords import change_password
from minqing.registers.accounts.resets import SignInChange, told_to

_READ = "resets_read"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: users are entered by an administrator. Nothing goes by e-mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for a name that is unknown, one without password and a wrong password.
        "username_password_mismatch": gettext_lazy("登录名或密码不对：请核对大小写后再试；忘了密码请找管理员重设"),
        "enter_current_password": gettext_lazy("现在的密码不对：请再输一遍"),
        "incorrect_password": gettext_lazy("密码不对：请再输一遍"),
        "too_many_login_attempts": gettext_lazy("错得太多：请过 15 分钟再试，从别处登录不受影响"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the choice of a post, which goes on by itself where there is only one."""
        return reverse("choose-post")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """To where the next one signs in."""
        return reverse("sign-in")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Whoever had to change it goes on to work; who wanted to is told that it is done."""
        return reverse("me") + "?done=password" if viewer_of(request) else reverse("choose-post")

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """The register keeps it, and that it was changed."""
        change_password(user.pk, password)
        user.refresh_from_db()

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The page says where one is; only what went wrong is said besides."""
        if level == messages.ERROR:
            super().add_message(request, level, *args, **kwargs)


@require_http_methods(["GET", "POST"])
@open_page
def choose(request: HttpRequest) -> HttpResponse:
    """The posts the user holds today; a single one is chosen by itself."""
    if not user_of(request):
        return redirect("sign-in")
    if has_to_change(request):
        return redirect(reverse("account_change_password") + "?" + urlencode({"next": asked(request)}))
    changes = told_to(user_of(request))
    if changes and request.session.get(_READ) != changes[0].happened.isoformat():
        return _told_of_reset(request, changes)
    held, wanted = choices(request), request.POST.get("post", "")
    if request.method == "GET" and len(held) == 1:
        wanted = str(held[0].post)
    if wanted.isdecimal():
        if not any(wanted == str(one.post) and choose_post(request, one.post) for one in held):
            return fault_page(request, 403, _("这个岗位今天不由您任职：请另选一个"))
        return redirect(asked(request) or first_page(request))
    request.viewer = viewer_of(request)  # type: ignore[attr-defined]  # what the frame of the page shows
    return render(request, "web/choose_post.html", {"held": held, "next": asked(request)})


def _told_of_reset(request: HttpRequest, changes: tuple[SignInChange, ...]) -> HttpResponse:
    """Before anything else: somebody else let them in anew. Read in this session alone: another tells it once more, for
    who reads it may have signed in by that very reset."""
    if request.POST.get("read") == changes[0].happened.isoformat():
        request.session[_READ] = request.POST["read"]
        return redirect(reverse("choose-post") + "?" + urlencode({"next": asked(request)}))
    told = {"changes": changes, "newest": changes[0].happened.isoformat(), "next": asked(request)}
    return render(request, "web/sign_in_reset.html", told)


#: Where work begins in roles that begin elsewhere than with the first page of the bar.
BEGINS = {"auditor": "admin-access"}


def first_page(request: HttpRequest) -> str:
    """Where work begins in the post that was chosen."""
    viewer = viewer_of(request)
    bar = bar_of(viewer)
    begins = BEGINS.get(viewer.role) if viewer is not None else None
    return reverse(begins or (bar[0][0] if bar else "me"))


def asked(request: HttpRequest) -> str:
    """Where they wanted to go, if that is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else ""
