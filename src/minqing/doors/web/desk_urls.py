"""Addresses of the pages of desks."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web import desk, lists, pasting, taking_in, today, together

urlpatterns = [
    path("today", today.today, name="today"),
    path("today/seen", today.seen, name="seen"),
    path("inbox", desk.inbox, name="inbox"),
    path("inbox/news", desk.news, name="inbox-news"),
    path("matters", lists.matters, name="matters"),
    path("new", taking_in.new_matter, name="new-matter"),
    path("paste", pasting.paste, name="paste"),
    path("inbox/together", together.together, name="together"),
]
