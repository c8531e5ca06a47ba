"""Addresses of the pages of desks."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web import desk, today

urlpatterns = [
    path("today", today.today, name="today"),
    path("inbox", desk.inbox, name="inbox"),
    path("inbox/news", desk.news, name="inbox-news"),
]
