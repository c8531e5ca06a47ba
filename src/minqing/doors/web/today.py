"""What is to be done first, and what has changed since one last looked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minqing.doors.web.pages import desk_page
from minqing.doors.web.waiting import Narrowed, page
from minqing.registers.accounts.rules import Viewer


@require_safe
@desk_page("read")
def today(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What is to be done first."""
    return render(request, "web/desk/today.html", {"here": "today", "page": page(viewer, Narrowed(), None, 10)})
