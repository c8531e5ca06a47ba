"""Paper of residents: the receipt of a report, and the sheet with a place's QR code.

The secret is shown on the receipt alone; between form and receipt only the code is remembered, in the session, for a
few minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minqing.base import moments
from minqing.doors.counter.addresses import address_of
from minqing.doors.web.faults import fault_page
from minqing.doors.web.pages import open_page
from minqing.doors.web.resident.choosing_place import path_of, place_named
from minqing.doors.web.tongues import tongue
from minqing.kernel.matters.public import disclosed, secret_of
from minqing.kernel.matters.queries import look
from minqing.registers.accounts.rules import reporter_of
from minqing.registers.regions.codes import code_of

SHOWN_FOR = 15 * 60  # seconds that the receipt can be opened again


def remember(request: HttpRequest, code: str, trouble: Sequence[str]) -> None:
    """Which receipt this browser may open now; `trouble`: files that were not taken, and why."""
    request.session["receipt"] = {"code": code, "at": moments.now().timestamp(), "trouble": list(trouble)}


@require_http_methods(["GET", "POST"])
@open_page
def receipt(request: HttpRequest) -> HttpResponse:
    """Code, secret and what happens now, to be kept or printed; POST closes it on this device."""
    kept = request.session.get("receipt")
    if request.method == "POST":
        request.session.pop("receipt", None)
        return redirect("home")
    if not kept or moments.now().timestamp() - kept["at"] > SHOWN_FOR:
        request.session.pop("receipt", None)
        return redirect("follow")
    code: str = kept["code"]
    secret = secret_of(code)
    stored = look(reporter_of(code), code).stored
    context = {
        "told": disclosed(code, secret, address_of(request), lang=tongue()),
        "secret": secret,
        "picture": qr_of(request.build_absolute_uri(reverse("follow")) + f"#{code}.{secret}"),
        "emergency": bool(stored.matter.emergency),
        "call_back": stored.matter.wants_call_back,
        "trouble": kept["trouble"],
        "place": path_of(stored.matter.place),
        "link": request.build_absolute_uri(reverse("follow")),
    }
    return render(request, "web/resident/receipt.html", context)


@open_page
def sheet(request: HttpRequest, place: str) -> HttpResponse:
    """The sheet to be printed and hung up at a place, one or two on a page: its QR code opens the form there."""
    there = place_named(place)
    if there is None:
        said = _("没有编号为 %(code)s 的地点：请从首页“我要反映”里选地点")
        return fault_page(request, 404, said % {"code": place[:20]})
    link = request.build_absolute_uri(reverse("report-here", args=[code_of(there.key)]))
    context = {
        "code": code_of(there.key),
        "path": path_of(there.key),
        "link": link,
        "picture": qr_of(link),
        "two": request.GET.get("copies") == "2",
    }
    return render(request, "web/resident/sheet.html", context)


def qr_of(link: str) -> SafeString:
    """The link as a drawing that stands in the page: dark on light in every look, or no camera reads it."""
    drawn = segno.make(link, error="m").svg_inline(dark="#000", light="#fff", border=4, omitsize=True, svgclass="qr")
    return mark_safe(drawn)
