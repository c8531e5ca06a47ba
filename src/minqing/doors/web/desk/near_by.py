"""Open matters that may be what a clerk is just typing: of the same place, with words near to it; links, no more.

The words come in the body of the request and are kept nowhere. What is shown is masked and seen as in every list.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from minqing.doors.web.desk.places_within import spots_of
from minqing.doors.web.desk.where import where
from minqing.doors.web.matter.alike import rows_of
from minqing.doors.web.pages import desk_page
from minqing.kernel.matters.alike import alike_to
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import parse_code

FEWEST, MOST = 4, 2_000  # characters of what was told that are compared


@require_POST
@desk_page("read", "report")
def near_by(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A part of the form; nothing where the place is not clear yet, or too little was told."""
    text = request.POST.get("text", "").strip()[:MOST]
    place = where(spots_of(viewer), request.POST).code if len(text) >= FEWEST else ""
    found = alike_to(viewer, parse_code(place), text) if place else []
    return render(request, "web/desk/near_by.html", {"rows": rows_of(found)})
