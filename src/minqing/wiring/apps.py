"""Apps of others that keep tables here, with the rights they need."""

from __future__ import annotations

from typing import ClassVar

from allauth.mfa.apps import MFAConfig
from axes.apps import AppConfig as AxesConfig
from django.contrib.sessions.apps import SessionsConfig as DjangoSessions
from procrastinate.contrib.django.apps import ProcrastinateConfig

EVERYTHING = "INSERT, UPDATE, DELETE"


class JobsConfig(ProcrastinateConfig):
    """The queue of background jobs: the application puts jobs in, takes them, and removes what is done."""

    app_role_writes: ClassVar = {
        "procrastinate_jobs": EVERYTHING,
        "procrastinate_events": EVERYTHING,
        "procrastinate_periodic_defers": EVERYTHING,
        "procrastinate_workers": EVERYTHING,
    }


class SessionsConfig(DjangoSessions):
    """Who is signed in."""

    app_role_writes: ClassVar = {"django_session": EVERYTHING}


class SecondFactorConfig(MFAConfig):  # type: ignore[misc]
    """Second factors and passkeys of users."""

    app_role_writes: ClassVar = {"mfa_authenticator": EVERYTHING}


class TriesConfig(AxesConfig):  # type: ignore[misc]
    """Wrong passwords, by name and address."""

    app_role_writes: ClassVar = {
        "axes_accessattempt": EVERYTHING,
        "axes_accessattemptexpiration": "DELETE",  # it is empty, but goes along with the other
    }
