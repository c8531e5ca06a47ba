"""Addresses of the pages of desks."""

from __future__ import annotations

from django.urls import path

from minqing.doors.web.desk import inbox, lists, near_by, pasting, taking_in, today, together

urlpatterns = [
    path("today", today.today, name="today"),
    path("today/seen", today.seen, name="seen"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/news", inbox.news, name="inbox-news"),
    path("matters", lists.matters, name="matters"),
    path("new", taking_in.new_matter, name="new-matter"),
    path("new/near", near_by.near_by, name="new-near"),
    path("paste", pasting.paste, name="paste"),
    path("inbox/together", together.together, name="together"),
]
