"""Every address that is served, in one table."""

from __future__ import annotations

from django.urls import path

from minqing.doors.api.urls import urlpatterns as api
from minqing.doors.web.urls import urlpatterns as pages
from minqing.wiring import problems
from minqing.wiring.health import healthz, readyz
from minqing.wiring.metrics import metrics

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    *api,
    *pages,
]

handler400 = problems.bad_request
handler404 = problems.not_found
handler500 = problems.fault
