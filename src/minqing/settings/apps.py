"""The apps of the house that keep tables, ground first; then what we use of others."""

from __future__ import annotations

INSTALLED_APPS: list[str] = [
    "minqing.base.ledger",
    "minqing.registers.regions",
    "minqing.registers.vault",
    "minqing.registers.accounts",
    "minqing.kernel.matters",
    "minqing.tools.notice",
    "ninja",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "minqing.wiring.apps.SessionsConfig",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "minqing.wiring.apps.SecondFactorConfig",
    "minqing.wiring.apps.TriesConfig",
    "minqing.doors.web",
    "minqing.wiring.apps.JobsConfig",
]
