"""Pages of desks: today, and the inbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minqing.doors.web.pages import desk_page
from minqing.kernel.matters.queries import inbox as waiting
from minqing.registers.accounts.rules import Viewer


@desk_page("read")
def today(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What is to be done first."""
    return render(request, "web/today.html", {"here": "today", "rows": waiting(viewer, 10)})


@desk_page("read")
def inbox(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits, most urgent first."""
    return render(request, "web/inbox.html", {"here": "inbox", "rows": waiting(viewer, 50)})
