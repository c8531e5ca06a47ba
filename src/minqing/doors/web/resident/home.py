"""Where everybody begins: report, follow, and for staff the door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minqing.doors.web.pages import open_page
from minqing.doors.web.resident.choosing_place import served_counties


@open_page
def home(request: HttpRequest) -> HttpResponse:
    """Where everybody begins."""
    return render(request, "web/resident/home.html", {"counties": [county.name for county in served_counties()]})
