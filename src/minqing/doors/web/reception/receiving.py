"""One screen for whoever receives people: take the concern in, show the lawful paths, follow what was taken in.

Rules stand in the kernel: a path is a move that is offered, its form the move's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from minqing.base import moments
from minqing.base.errors import NotFound
from minqing.base.moments import CHINA
from minqing.doors.web.desk.photos import put_photos
from minqing.doors.web.desk.places_within import spots_of
from minqing.doors.web.desk.taking_in import AT_FIRST, WITH_FILES, form_with, receipt_of, taken_in, too_many_files
from minqing.doors.web.matter.letters import LINKS
from minqing.doors.web.matter.showing import code_in, facts_of
from minqing.doors.web.pages import desk_page
from minqing.doors.web.posted import with_files
from minqing.doors.web.reception.paths import ALSO, law_of, paths_of
from minqing.doors.web.tongues import tongue
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.papers import kinds_for
from minqing.kernel.matters.queries import Listed, Wanted, listing, look
from minqing.kernel.matters.urgency import main_of
from minqing.kernel.matters.versions import current_method
from minqing.kernel.methods.model import Stage
from minqing.registers.accounts.queries import serving_in
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.queries import names_of_units

WINDOW = "window"
READERS = ("town_centre", "county_centre", "leader")  # of the brief of a day
RECEIVING = ("village", "town_centre", "county_centre", "department")
_DAYS = 7  # for which the list goes back
PAGE = 50  # lines of it at once
_READ_OUT = "read-out"  # in the session: code, post and day
_MOST_KEPT = 50


@dataclass(frozen=True)
class Followed:
    """One matter that this desk took in, and where it stands now."""

    listed: Listed
    stage: str
    unit: str


@with_files
@require_http_methods(["GET", "POST"])
@desk_page("read", "report", roles=RECEIVING)
def reception(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form; what it became, with its paths; what this desk follows, by pages."""
    spots = spots_of(viewer)
    if request.method == "GET":
        return _page(request, viewer, form_with(spots, {**AT_FIRST, "channel": WINDOW}, {}) | WITH_FILES)
    taken = too_many_files(request) or taken_in(request, viewer, spots)
    if not isinstance(taken, Matter):
        return _page(request, viewer, form_with(spots, request.POST, taken) | WITH_FILES, 422)
    told = receipt_of(taken, request.POST) | {"taken": True, "trouble": put_photos(request, taken, viewer)}
    return _page(request, viewer, told | _paths(viewer, taken.code), 201)


@require_safe
@desk_page("read", roles=RECEIVING)
def received(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """A matter that was taken in before: where it stands, and the paths it has now."""
    code = code_in(code)
    look(viewer, code, only="@nothing")  # raises where it is not seen
    return _page(request, viewer, _paths(viewer, code))


def _page(request: HttpRequest, viewer: Viewer, more: Mapping[str, Any], status: int = 200) -> HttpResponse:
    followed, older = _followed(viewer, request.GET.get("after", ""))
    if more.get("taken"):
        _keep(request, viewer, more["code"])
    today = moments.today()
    told = {
        "channel": WINDOW,
        "also": ALSO,
        "reads_brief": viewer.role in READERS,
        "days": _DAYS,
        "older": older,
        "later": "after" in request.GET,
        "gone": _gone(request, viewer, {one.listed.code for one in followed}),
        "groups": [
            (True, [one for one in followed if one.listed.opened.date() == today]),
            (False, [one for one in followed if one.listed.opened.date() != today]),
        ],
    }
    return render(request, "web/reception/page.html", {**more, **told, "here": "reception"}, status=status)


def _keep(request: HttpRequest, viewer: Viewer, code: str) -> None:
    """Codes that were read out from this browser: what went where the post sees nothing is looked up for nobody."""
    kept = [one for one in request.session.get(_READ_OUT, []) if one[0] != code][-_MOST_KEPT:]
    request.session[_READ_OUT] = [*kept, [code, viewer.post, moments.today().isoformat()]]


def _gone(request: HttpRequest, viewer: Viewer, followed: Collection[str]) -> list[str]:
    """Of the codes read out in this post in the last days those whose matters it does not follow any more."""
    since = (moments.today() - timedelta(days=_DAYS - 1)).isoformat()
    kept = reversed(request.session.get(_READ_OUT, []))
    return [code for code, post, day in kept if post == viewer.post and day >= since and code not in followed]


def _paths(viewer: Viewer, code: str) -> dict[str, Any]:
    """The matter and what may be done for it; a desk that has no part in it may not see it any more."""
    try:
        sight = look(viewer, code)
    except NotFound:
        return {"away": True, "code": code}
    one = sight.stored.matter
    letters = [(kind, LINKS[kind]) for kind in kinds_for(one)]
    told = {"code": code, "paths": paths_of(sight.offers, tongue()), "letters": letters, "law": law_of(main_of(one))}
    return facts_of(sight) | told


def _followed(viewer: Viewer, after: str) -> tuple[list[Followed], str]:
    """What people of this unit took in at the window in the last days, newest first, and where the next page begins."""
    since = datetime.combine(moments.today() - timedelta(days=_DAYS - 1), time(), CHINA)
    people = serving_in([viewer.unit], moments.now()).get(viewer.unit, frozenset()) | {viewer.person}
    found = listing(viewer, Wanted(state="all", channel=WINDOW, received_by=(people, since)), PAGE, after)
    methods = {slug: current_method(slug) for slug in {row.method for row in found.rows}}
    units = names_of_units({row.holder for row in found.rows if row.holder})
    return [_line(row, methods[row.method].stages, units) for row in found.rows], found.next


def _line(row: Listed, stages: Mapping[str, Stage], units: Mapping[int, str]) -> Followed:
    stage, holder = stages.get(row.stage), units.get(row.holder, "") if row.clock != "ended" else ""
    return Followed(row, stage.title.said(tongue()) if stage else row.stage, holder)
