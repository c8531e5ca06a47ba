"""Forms of signing in and of one's own password, in our words and look; what they check is allauth's and Django's.

Wrong codes of a second factor are counted as wrong passwords are: by name and address (axes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_LONGEST = 128  # characters of a password: what is longer only costs us
_TEXTUAL = {"class": "form-control form-control-lg"}
_BOX = {"class": "form-check-input"}
_WORDS: Mapping[str, Any] = {
    "login": _("登录名"),
    "password": _("密码"),
    "oldpassword": _("现在的密码"),
    "password1": _("新密码"),
    "password2": _("再输一遍新密码"),
    "code": _("验证码"),
    "name": _("给它起个名字，好认"),
    "passwordless": _("用它直接登录，不再输密码（设备上要有指纹、面容或锁屏密码）"),
}
_HELP: Mapping[str, Any] = {
    "password1": _("至少 10 位，不要用常见的密码；一句自己记得住的话就很好"),
    "code": _("手机验证器上的 6 位数字；手机不在身边时输一个备用码"),
}


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Under which name a wrong password is counted: however it is written, it is the same name."""
    told = credentials or {}
    name = told.get("username") or told.get("login") or request.POST.get("login") or ""
    return str(name).strip().lower()[:60]


class _InOurLook(forms.Form):
    """Labels above, help below, nothing as a shadow inside a field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            box = isinstance(field.widget, forms.CheckboxInput)
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs |= _BOX if box else _TEXTUAL
            field.label = _WORDS.get(name, field.label)
            field.help_text = "" if box else _HELP.get(name, "")
            if isinstance(field.widget, forms.PasswordInput):
                field.widget.attrs["maxlength"] = _LONGEST
            if name == "code":
                field.widget.attrs |= {"inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}


class SignIn(_InOurLook, LoginForm):  # type: ignore[misc]  # allauth has no types
    """Login and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("login", "password"):
            self.fields[name].widget.attrs |= {"autocapitalize": "off", "spellcheck": "false"}
            self.fields[name].max_length = _LONGEST  # type: ignore[attr-defined]  # both are fields of text


class Again(_InOurLook, ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""


class NewPassword(_InOurLook, ChangePasswordForm):  # type: ignore[misc]
    """The old password and twice the new one."""

    def clean_password1(self) -> str:
        """A starting password is known to whoever handed it over: it is not kept by choosing it again."""
        chosen: str = self.cleaned_data["password1"]
        if chosen == self.cleaned_data.get("oldpassword"):
            raise forms.ValidationError(_("新密码和现在的一样：请换一个"))
        return chosen


class _Counted(_InOurLook):
    """A code of a second factor: wrong ones are counted, and too many shut out."""

    def clean_code(self) -> str:
        """Asks before it looks: a right guess after too many wrong ones opens nothing."""
        if not AxesProxyHandler.is_allowed(context.request, self._tried()):
            raise get_adapter().validation_error("too_many_login_attempts")
        return str(super().clean_code())  # type: ignore[misc]

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]
        user_login_failed.send(sender=__name__, credentials=self._tried(), request=context.request)

    def _tried(self) -> dict[str, str]:
        return {"username": self.user.get_username()}  # type: ignore[attr-defined]


class Code(_Counted, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class CodeAgain(_Counted, CodeAgainForm):  # type: ignore[misc]
    """A code instead of the password, before something that matters."""


class NewFactor(_InOurLook, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator shows that it was taken over rightly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("输入手机上现在显示的 6 位数字")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class _FromAnybody(forms.Form):
    """What a browser says of a passkey is whatever its sender wrote: what is no such answer is told so."""

    def clean_credential(self) -> Any:
        """The answer as allauth reads it."""
        with _told_when_malformed():
            looked: Any = getattr(super(), "clean_credential", None)
            return looked() if looked is not None else self.cleaned_data["credential"]

    def clean(self) -> Any:
        """The same where allauth looks only here."""
        with _told_when_malformed():
            return super().clean()


@contextmanager
def _told_when_malformed() -> Iterator[None]:
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, struct.error):
        raise get_adapter().validation_error("incorrect_code") from None


class Passkey(_FromAnybody, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in with a passkey alone."""


class PasskeySecond(_FromAnybody, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class PasskeyAgain(_FromAnybody, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of the password, before something that matters."""


class NewPasskey(_InOurLook, _FromAnybody, AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or a security key, with a name. One that signs in by itself is what most want."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
