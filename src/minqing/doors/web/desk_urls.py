"""Addresses of the pages of desks."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web import desk, lists, today

urlpatterns = [
    path("today", today.today, name="today"),
    path("today/seen", today.seen, name="seen"),
    path("inbox", desk.inbox, name="inbox"),
    path("inbox/news", desk.news, name="inbox-news"),
    path("matters", lists.matters, name="matters"),
]
