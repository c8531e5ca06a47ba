"""Addresses of a matter."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web import matter, moving

urlpatterns = [
    path("matters/<str:code>", matter.matter, name="matter"),
    path("matters/<str:code>/moves/<slug:verb>", moving.move, name="move"),
    path("matters/<str:code>/moved", matter.moved, name="matter-moved"),
    path("matters/<str:code>/sealed", matter.opened, name="matter-sealed"),
    path("matters/<str:code>/files", moving.put_file, name="matter-files"),
    path("matters/<str:code>/other", moving.other, name="matter-other"),
    path("matters/<str:code>/slip", matter.slip, name="matter-slip"),
]
