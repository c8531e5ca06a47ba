"""Addresses of signing in and of the own account. Each page of allauth is named here, guarded against forged forms."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from minqing.doors.web.account import door, own, signing, trial
from minqing.doors.web.account.own import for_who_has_a_password
from minqing.doors.web.pages import View, open_page, own_page


def _secured(view: View) -> View:
    return own_page(for_who_has_a_password(view))


#: Of allauth only what we offer: nobody signs up, nothing goes by e-mail.
urlpatterns = [
    path("sign-in", door.sign_in, name="sign-in"),
    path("sign-in", door.sign_in, name="account_login"),
    path("sign-in/code", open_page(factor.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey", open_page(passkey.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/trial", trial.enter, name="enter-trial"),
    path("sign-in/closed", open_page(account.account_inactive), name="account_inactive"),
    path("post", signing.choose, name="choose-post"),
    path("sign-out", open_page(account.logout), name="account_logout"),
    path("me", own.me, name="me"),
    path("me", own.me, name="mfa_index"),
    path("me", own.me, name="mfa_list_webauthn"),
    path("me/password", own.password, name="account_change_password"),
    path("me/again", own_page(account.reauthenticate), name="account_reauthenticate"),
    path("me/again/code", own_page(factor.reauthenticate), name="mfa_reauthenticate"),
    path("me/again/passkey", own_page(passkey.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("me/app", _secured(app.activate_totp), name="mfa_activate_totp"),
    path("me/app/off", _secured(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("me/codes", _secured(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("me/codes/new", _secured(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("me/passkeys/new", _secured(passkey.add_webauthn), name="mfa_add_webauthn"),
    path("me/passkeys/<int:pk>/remove", _secured(passkey.remove_webauthn), name="mfa_remove_webauthn"),
]
