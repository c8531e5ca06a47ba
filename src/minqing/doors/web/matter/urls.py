"""Addresses of a matter."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web.matter import alike, handing_over, moving, showing

urlpatterns = [
    path("matters/<str:code>", showing.matter, name="matter"),
    path("matters/<str:code>/moves/<slug:verb>", moving.move, name="move"),
    path("matters/<str:code>/moved", showing.moved, name="matter-moved"),
    path("matters/<str:code>/sealed", showing.opened, name="matter-sealed"),
    path("matters/<str:code>/files", moving.put_file, name="matter-files"),
    path("matters/<str:code>/other", moving.other, name="matter-other"),
    path("matters/<str:code>/letters/<slug:kind>.pdf", handing_over.letter, name="matter-letter"),
    path("matters/<str:code>/alike", alike.alike_ones, name="matter-alike"),
    path("matters/<str:code>/slip", showing.slip, name="matter-slip"),
]
