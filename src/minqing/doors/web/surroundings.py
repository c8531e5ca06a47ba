"""What the frame of every page shows: who is signed in, where they may go, the tongue, a shifted clock."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from minqing.base import moments
from minqing.doors.web.posted import MOST_CHOSEN
from minqing.doors.web.tongues import tongue
from minqing.doors.web.who import myself, user_of
from minqing.registers.accounts.posts import ROLES
from minqing.registers.accounts.rules import Viewer

#: Pages of the bar: name of the address, title, icon, rights and roles of which one is needed.
BAR = (
    ("today", _("今天"), "sun", "read"),
    ("inbox", _("待办"), "inbox", "read"),
    ("matters", _("全部事项"), "list", "read"),
    ("reception", _("接待"), "users", "village town_centre county_centre department"),
    ("brief", _("日报"), "file-text", "town_centre county_centre leader"),
    ("admin", _("管理"), "settings", "administrator"),
    ("admin-access", _("查阅记录"), "eye-check", "auditor"),
)


def bar_of(viewer: Viewer | None) -> list[tuple[Any, ...]]:
    """The pages of the bar that a viewer may open."""
    return [entry for entry in BAR if viewer is not None and {*entry[3].split()} & {*viewer.rights, viewer.role}]


def of_page(request: HttpRequest) -> dict[str, Any]:
    """The context of templates."""
    viewer = getattr(request, "viewer", None)
    return {
        "viewer": viewer,
        "signed_in": user_of(request),
        "bar": bar_of(viewer),
        "me": myself(request),
        "roles": {slug: {"zh": role.zh, "en": role.en.capitalize()} for slug, role in ROLES.items()},
        "lang": tongue(),
        "now": moments.now(),
        "shifted": moments.shift(),
        "most_chosen": MOST_CHOSEN,
    }
