"""Every address that is served, in one table."""

from __future__ import annotations

from django.urls import path

from minqing.wiring import problems
from minqing.wiring.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
]

handler400 = problems.bad_request
handler404 = problems.not_found
handler500 = problems.fault
