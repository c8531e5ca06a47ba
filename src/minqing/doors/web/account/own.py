"""What somebody sees and sets of their own account: posts, password, second factor, passkeys."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minqing.doors.web.pages import View, own_page
from minqing.doors.web.who import choices, user_of
from minqing.registers.accounts.resets import sign_in_of


@own_page
def me(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    told = {"posts": choices(request), "changes": sign_in_of(user_of(request))}
    return render(request, "web/me.html", told | _factors(request))


def _factors(request: HttpRequest) -> dict[str, Any]:
    kinds, passkeys = dict[str, Any](), []
    for one in Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at"):
        if one.type == Authenticator.Type.WEBAUTHN:
            passkeys.append(one.wrap())
        else:
            kinds[one.type] = one.wrap()
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "app": kinds.get(Authenticator.Type.TOTP),
        "codes": codes,
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "passkeys": passkeys,
    }


def for_who_has_a_password(view: View) -> View:
    """What secures an account that a password opens: whoever was entered in one click in a trial has none, and nobody
    is to shut the others out of a person whom all try."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "has_usable_password", lambda: False)():
            return render(request, "web/me_no_password.html")
        return view(request, *args, **kwargs)

    return seen


password = own_page(for_who_has_a_password(account.password_change), sets_password=True)
