"""Addresses of the reception desk."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web.reception import brief, receiving

urlpatterns = [
    path("reception", receiving.reception, name="reception"),
    path("reception/of/<str:code>", receiving.received, name="received"),
    path("reception/brief", brief.brief, name="brief"),
    path("reception/brief.pdf", brief.brief_pdf, name="brief-pdf"),
]
