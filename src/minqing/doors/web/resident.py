"""Pages of residents, who do not sign in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minqing.doors.web.pages import open_page


@open_page
def home(request: HttpRequest) -> HttpResponse:
    """Where everybody begins."""
    return render(request, "web/home.html")
