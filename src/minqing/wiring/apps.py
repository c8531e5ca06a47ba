"""Apps of others that keep tables here, with the rights they need."""

from __future__ import annotations

from typing import ClassVar

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
