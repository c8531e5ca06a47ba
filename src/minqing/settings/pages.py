"""What pages need besides: tongues, files, who signs in and for how long. Programs with tokens pass none of this."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import minqing

_PACKAGE = Path(minqing.__file__).parent
_ROOT = _PACKAGE.parents[1]
_WEB = _PACKAGE / "doors" / "web"

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [_WEB / "locale"]
LANGUAGE_COOKIE_NAME = "minqing_tongue"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True

# Files of pages: ours stand in doors/web/static, those of others are picked one by one (doors/web/finders.py).
# `make setup` gathers and compresses them once; without that they are served as they lie.
NODE_MODULES = Path(os.environ.get("MINQING_NODE_MODULES", _ROOT / "node_modules"))
STATIC_ROOT = Path(os.environ.get("MINQING_STATIC", _ROOT / "build" / "static"))
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "minqing.doors.web.finders.Picked"]


def _gathered() -> bool:
    """Whether what was gathered is what lies here: an edited file is served as it lies until it is gathered anew."""
    written = STATIC_ROOT / "staticfiles.json"
    ours = [_WEB / "finders.py", *(_WEB / "static").rglob("*")]
    return written.is_file() and all(one.stat().st_mtime <= written.stat().st_mtime for one in ours)


GATHERED = os.environ.get("MINQING_GATHER") == "1" or _gathered()
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.memory.InMemoryStorage"},  # files lie in the vault, nowhere else
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if GATHERED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # else each is compressed twice
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = not GATHERED
WHITENOISE_AUTOREFRESH = not GATHERED

# Who signs in. Names are counted together with the address they are tried from: who tries a neighbour's name shuts
# themselves out, never the neighbour.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "minqing.doors.web.account.long_enough.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
#: Browsers speak TLS to the proxy in front (docs/running.md).
SECURE = os.environ.get("MINQING_HTTPS") == "1"
SESSION_ENGINE = "minqing.doors.web.sessions"
# Under TLS a browser takes these names from this very host only, never from a neighbour below the same domain.
_HOST = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_HOST}minqing_session"
SESSION_COOKIE_AGE = 12 * 3600  # a working day; a browser that is closed ends it sooner
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_HOST}minqing_form"
CSRF_COOKIE_HTTPONLY = True  # the word stands in each form
CSRF_FAILURE_VIEW = "minqing.doors.web.faults.forged"

ACCOUNT_ADAPTER = "minqing.doors.web.account.signing.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # it ends the others: this one is where the password was just given
ACCOUNT_FORMS = {
    "login": "minqing.doors.web.account.entering.SignIn",
    "reauthenticate": "minqing.doors.web.account.entering.Again",
    "change_password": "minqing.doors.web.account.entering.NewPassword",
}
ACCOUNT_RATE_LIMITS = False  # axes counts; its count is shared by all processes
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "minqing.doors.web.account.second_factor.FactorAdapter"
MFA_FORMS = {
    "authenticate": "minqing.doors.web.account.entering.Code",
    "reauthenticate": "minqing.doors.web.account.entering.CodeAgain",
    "activate_totp": "minqing.doors.web.account.entering.NewFactor",
    "add_webauthn": "minqing.doors.web.account.entering.NewPasskey",
    "login_webauthn": "minqing.doors.web.account.entering.Passkey",
    "authenticate_webauthn": "minqing.doors.web.account.entering.PasskeySecond",
    "reauthenticate_webauthn": "minqing.doors.web.account.entering.PasskeyAgain",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "民情 Minqing"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # browsers themselves allow it on localhost only

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "minqing.doors.web.account.entering.name_tried"
#: What was typed is no business of the table of tries, not even wrong.
AXES_SENSITIVE_PARAMETERS = ["login", "oldpassword", "password1", "password2", "code", "credential"]
AXES_CLIENT_IP_CALLABLE = "minqing.doors.counter.addresses.address_of"
AXES_LOCKOUT_CALLABLE = "minqing.doors.web.faults.shut_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
