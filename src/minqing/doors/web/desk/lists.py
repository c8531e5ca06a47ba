"""Every matter of the viewer's list, newest first: filters and search, all of it in the address, to be bookmarked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from minqing.base.errors import BadInput, NotFound
from minqing.doors.web.desk.own_views import changed, own_views
from minqing.doors.web.desk.places_within import MOST_LISTED, MOST_MEANT, Spot, meant, spots_of
from minqing.doors.web.desk.waiting import PAGE, methods_of_viewer
from minqing.doors.web.faults import is_part
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import tongue
from minqing.doors.web.wordings import KNOWN_CHANNELS, categories
from minqing.kernel.matters.changes import position_of
from minqing.kernel.matters.codes import clean_code
from minqing.kernel.matters.queries import Listed, Listing, Wanted, listing
from minqing.kernel.matters.versions import current_method
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import parse_code
from minqing.registers.regions.queries import names_of_units

LONGEST = 80  # characters of a value in the address
_NAMES = ("state", "stage", "level", "kind", "category", "channel", "late", "q", "place", "list")
_STATES = {"open": gettext_lazy("在办的"), "ended": gettext_lazy("办结的"), "all": gettext_lazy("全部")}
_LATE = {"1": gettext_lazy("已超时的"), "0": gettext_lazy("没超时的")}


@dataclass(frozen=True)
class Row:
    """One matter as a line shows it."""

    listed: Listed
    stage: str
    level: str
    unit: str


@dataclass(frozen=True)
class Choice:
    """A filter with a list of values; `groups` are pairs of a title ('' for none) and its values."""

    name: str
    title: str
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    chosen: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("read")
def matters(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A page of the list. A script that asks for more is given lines alone; a form keeps, renames or removes a view."""
    asked = _asked(request.GET)
    code = _code_in(asked["q"])
    if code and request.method != "POST" and _seen(viewer, code):
        return redirect("matter", code)
    spots = spots_of(viewer)
    places = meant(spots, asked["place"])
    address = "/matters?" + urlencode({name: value for name, value in asked.items() if value})
    choices = _choices(asked, methods_of_viewer(viewer))
    kept = _kept(asked, choices, places)
    fault = changed(request, viewer, "matters", kept) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        return redirect(address)
    nowhere = bool(asked["place"]) and len(places) != 1
    after = request.GET.get("after", "")[:LONGEST]
    found = Listing() if nowhere else listing(viewer, _wanted(asked, viewer, places), PAGE, after)
    told: dict[str, Any] = {
        "here": "matters",
        "rows": _rows(found.rows),
        "next": found.next,
        "address": address,
    }
    if is_part(request):
        return render(request, "web/desk/listed.html", told)
    told |= {
        "asked": asked,
        "spots": spots,
        "listed_spots": spots if len(spots) <= MOST_LISTED else [],
        "place": places[0] if len(places) == 1 else None,
        "code": code,
        "elsewhere": _elsewhere(asked, places, spots) if not found.rows else [],
        "unknown_place": nowhere,
        "filtered": any(value for name, value in asked.items() if name not in ("q", "list")),
        "bare": not any(asked.values()),
        "choices": choices,
        "has_both": bool(viewer.unit) and viewer.scope.level not in ("unit", "none"),
        "asked_more": bool(request.GET.get("after")),
        "own": own_views(request, viewer, "matters", kept, fault),
    }
    return render(request, "web/desk/matters.html", told, status=422 if fault else 200)


def _asked(told: QueryDict) -> dict[str, str]:
    """The filters of an address, each once, as far as they can be values at all."""
    return {name: " ".join(told.get(name, "").split())[:LONGEST] for name in _NAMES}


def _kept(asked: Mapping[str, str], choices: Sequence[Choice], places: Sequence[Spot]) -> dict[str, str]:
    """The filters as a view keeps them: of what an address says only values that are ours, for a view is no watch on
    somebody; words of a search are checked where they are kept."""
    known = {one.name: {slug for _title, values in one.groups for slug, _ in values} for one in choices}
    known |= {"list": {"mine", "area"}, "q": {asked["q"]}, "place": set()}
    kept = {name: value for name, value in asked.items() if value and value in known[name]}
    return kept | ({"place": places[0].code} if len(places) == 1 else {})


def _code_in(words: str) -> str:
    """The code that was typed instead of words; '' where they can be none."""
    try:
        return clean_code(words) if words else ""
    except BadInput:
        return ""


def _seen(viewer: Viewer, code: str) -> bool:
    try:
        return position_of(viewer, code) > 0
    except NotFound:
        return False


def _elsewhere(asked: Mapping[str, str], places: Sequence[Spot], spots: Sequence[Spot]) -> list[tuple[str, str]]:
    """Where nothing was found: the places that may have been meant, by the box of places or by that of words."""
    kept = {name: value for name, value in asked.items() if value}
    if asked["place"]:
        found, words = places, asked["q"]
    else:
        named = [word for word in asked["q"].split() if meant(spots, word)]
        found, words = meant(spots, " ".join(named)), " ".join(set(asked["q"].split()) - set(named))
    return [
        (spot.label, "/matters?" + urlencode({**kept, "q": words, "place": spot.code}))
        for spot in found[:MOST_MEANT]
        if spot.code != asked["place"]
    ]


def _wanted(asked: Mapping[str, str], viewer: Viewer, places: Sequence[Spot]) -> Wanted:
    state = asked["state"]
    return Wanted(
        state="ended" if state == "ended" else "all" if state == "all" else "open",
        stage=asked["stage"],
        level=asked["level"],
        kind=asked["kind"],
        category=asked["category"],
        channel=asked["channel"],
        late={"1": True, "0": False}.get(asked["late"]),
        words=asked["q"],
        mine=asked["list"] == "mine" and bool(viewer.unit),
        place=parse_code(places[0].code) if len(places) == 1 else 0,
    )


def _rows(listed: Sequence[Listed]) -> list[Row]:
    methods = {slug: current_method(slug) for slug in {one.method for one in listed}}
    units = names_of_units({one.holder for one in listed if one.holder})
    return [_row(one, methods[one.method], units) for one in listed]


def _row(one: Listed, method: Method, units: Mapping[int, str]) -> Row:
    """Titles of the method as it is today; what an older version called otherwise keeps its slug."""
    stage, level = method.stages.get(one.stage), method.levels.get(one.level)
    holder = units.get(one.holder, "") if one.clock != "ended" else ""
    lang = tongue()
    return Row(
        one, stage.title.said(lang) if stage else one.stage, level.title.said(lang) if level else one.level, holder
    )


def _choices(asked: Mapping[str, str], methods: Sequence[Method]) -> list[Choice]:
    """The filters of the form, each with the value it has."""
    lang = tongue()
    stages = _titled((slug, stage.title.said(lang)) for method in methods for slug, stage in method.stages.items())
    levels = _titled((slug, level.title.said(lang)) for method in methods for slug, level in method.levels.items())
    kinds = _titled((slug, kind.title.said(lang)) for method in methods for slug, kind in method.kinds.items())
    groups: dict[str, tuple[str, Sequence[tuple[str, Sequence[tuple[str, str]]]]]] = {
        "state": (_("办没办结"), [("", [(slug, str(title)) for slug, title in _STATES.items() if slug != "open"])]),
        "late": (_("时限"), [("", [(slug, str(title)) for slug, title in _LATE.items()])]),
        "stage": (_("环节"), [("", stages)]),
        "level": (_("等级"), [("", levels)]),
        "kind": (_("类别"), [("", kinds)]),
        "category": (_("事由"), list(categories(lang))),
        "channel": (_("来件渠道"), [("", [(slug, str(title)) for slug, title in KNOWN_CHANNELS])]),
    }
    return [Choice(name, title, values, asked[name]) for name, (title, values) in groups.items()]


def _titled(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(pairs).items())
