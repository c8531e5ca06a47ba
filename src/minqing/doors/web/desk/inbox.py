"""The inbox: what runs, most urgent first, of the own unit or the whole area; and how much has come in since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from minqing.doors.web.desk.own_views import changed, own_views
from minqing.doors.web.desk.waiting import (
    SORTS,
    Narrowed,
    capped,
    colour_of,
    level_titles,
    methods_of_viewer,
    narrowed,
    page,
    place_of,
)
from minqing.doors.web.faults import is_part
from minqing.doors.web.pages import desk_page
from minqing.kernel.matters.changes import newest_duty, since
from minqing.kernel.matters.queries import MANY, counts
from minqing.registers.accounts.rules import Viewer
from minqing.tools.notice import queries as notices


@dataclass(frozen=True)
class Chip:
    """A filter one can press: where it leads, how many it leaves, whether it is on."""

    title: str
    count: str
    address: str
    on: bool
    colour: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("read")
def inbox(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits. A script that asks for more is given lines alone; a form keeps, renames or removes a view of it."""
    wanted = narrowed(request.GET, viewer)
    told_so = wanted.told() if wanted != Narrowed(wanted.mine) else {}
    fault = changed(request, viewer, "inbox", wanted.told()) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        return redirect(wanted.address())
    asks = "" if is_part(request) else asks_of(viewer, wanted)
    found = page(viewer, wanted, place_of(request.GET.get("after", "")))
    told = {"here": "inbox", "wanted": wanted, "address": wanted.address(), "page": found}
    if is_part(request):
        return render(request, "web/desk/lines.html", told)
    told |= {
        "tabs": _tabs(viewer, wanted),
        "chips": _chips(viewer, wanted, counts(viewer, wanted.mine)),
        "sort": next((title for slug, title, *_rest in SORTS if slug == wanted.sort), ""),
        "asks": asks,
        "asked_more": bool(request.GET.get("after")),
        "bare": wanted == Narrowed(wanted.mine),
        "own": own_views(request, viewer, "inbox", told_so, fault),
    }
    return render(request, "web/desk/inbox.html", told, status=422 if fault else 200)


@require_safe
@desk_page("read")
def news(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Nothing, or what came in or changed since the page was drawn: asked by the page itself, with one statement."""
    wanted = narrowed(request.GET, viewer)
    now = since(viewer, _number(request.GET.get("since", "")), wanted.mine)
    on_today = "unread" in request.GET
    told = on_today and notices.count_unread(viewer) > _number(request.GET["unread"])
    if not now.came and not told and now.mark == request.GET.get("mark", ""):
        return HttpResponse(status=204)
    address = "/today" if on_today else wanted.address()
    shown = {"address": address, "count": now.came, "shown": capped(now.came), "told": told}
    return render(request, "web/desk/news.html", shown)


def asks_of(viewer: Viewer, wanted: Narrowed, **more: int) -> str:
    """Where a page asks what came in since it was drawn; found out before lines are read, so that none is missed."""
    newest = newest_duty()
    told: dict[str, str | int] = {"list": wanted.told()["list"], "since": newest}
    told["mark"] = since(viewer, newest, wanted.mine).mark
    told.update(more)
    return "/inbox/news?" + urlencode(told)


def _number(typed: str) -> int:
    """Nothing that could be a number of ours is none at all: what came in since is then nothing."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 2**62


def _tabs(viewer: Viewer, wanted: Narrowed) -> list[Chip]:
    """Own list and area; a post that has only one of them is asked nothing."""
    if not viewer.unit or viewer.scope.level in ("unit", "none"):
        return []
    return [
        Chip(_("我单位要办的"), "", Narrowed(True).address(), wanted.mine),
        Chip(_("辖区全部"), "", Narrowed(False).address(), not wanted.mine),
    ]


def _chips(viewer: Viewer, wanted: Narrowed, by_colour: Mapping[int, int]) -> list[Chip]:
    late = sum(count for colour, count in by_colour.items() if colour % 2 == 0)
    plain = Narrowed(wanted.mine)
    chips = [
        Chip(_("全部"), _sum(by_colour, range(16)), plain.address(), wanted == plain),
        Chip(_("已超时"), capped(late), wanted.address(late=not wanted.late), wanted.late),
    ]
    methods = methods_of_viewer(viewer)
    for gravity in sorted({colour // 2 for colour in by_colour}):
        title = level_titles(gravity, methods)
        count, on = _sum(by_colour, (2 * gravity, 2 * gravity + 1)), wanted.gravity == gravity
        if title:
            address = wanted.address(gravity=None if on else gravity)
            chips.append(Chip(title, count, address, on, colour_of(gravity)))
    return chips


def _sum(by_colour: Mapping[int, int], colours: range | tuple[int, int]) -> str:
    """Each colour is counted up to MANY, and so is their sum."""
    return capped(min(MANY, sum(by_colour.get(colour, 0) for colour in colours)))
