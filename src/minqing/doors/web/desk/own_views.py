"""A list as its user has narrowed it, kept under a name: shown above the list, renamed, removed. Nobody else sees it.

What looks like a name or number of a person `saved_views` keeps neither as a search nor as a name: a view is no watch
on somebody. (Search finds masked words only: a name that is not kept would have found nothing either.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from minqing.base.errors import BadInput, NotFound
from minqing.doors.web.tongues import told_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.accounts.saved_views import (
    LONGEST_NAME,
    MOST,
    LooksLikeSomebody,
    View,
    drop_view,
    keep_view,
    query_of,
    rename_view,
    views_of,
)


@dataclass(frozen=True)
class OwnViews:
    """What the part of the page shows: the views, which one is open, whether this list can become another."""

    views: tuple[View, ...]
    on: int
    keepable: bool
    full: bool
    address: str
    did: str = ""
    view: str = ""
    typed: str = ""
    fault: str = ""
    longest: int = LONGEST_NAME
    most: int = MOST


def own_views(request: HttpRequest, viewer: Viewer, page: str, told: Mapping[str, str], fault: str = "") -> OwnViews:
    """The user's views of a list that is narrowed as `told`."""
    views, query = views_of(viewer.person, page), query_of(page, told)
    on = next((view.id for view in views if view.query == query), 0)
    return OwnViews(
        views, on, bool(told) and not on, len(views) >= MOST, f"/{page}?{query}",
        request.POST.get("do", "") if fault else "", request.POST.get("view", "") if fault else "",
        request.POST.get("name", "")[:80] if fault else "", fault,
    )  # fmt: skip


def changed(request: HttpRequest, viewer: Viewer, page: str, told: Mapping[str, str]) -> str:
    """Keeps, renames or removes a view, as the form says; answers with what is to be mended, '' when it was done."""
    name, number = request.POST.get("name", ""), request.POST.get("view", "")
    view = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    try:
        match request.POST.get("do"):
            case "keep":
                keep_view(viewer.person, page, name, told)
            case "rename":
                rename_view(viewer.person, view, name)
            case "drop":
                drop_view(viewer.person, view)
    except LooksLikeSomebody:
        if request.POST.get("do") == "rename":
            return _("像是人名、电话或证件号：请换个名字")
        return _("像是人名、电话或证件号：常用里不存这些。请换成事由或地点的词再存")
    except (BadInput, NotFound) as fault:
        return told_of(fault)
    return ""
