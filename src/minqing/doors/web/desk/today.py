"""What is to be done first, and what has changed since the unit last looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minqing.base import moments
from minqing.doors.web.desk.calls import calls_of
from minqing.doors.web.desk.inbox import asks_of
from minqing.doors.web.desk.waiting import SORTS, Narrowed, capped, kinds_of, page
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import tongue
from minqing.kernel.matters.own_list import ASKING
from minqing.kernel.matters.queries import Tally, counts, tally
from minqing.registers.accounts.resets import resets_beside
from minqing.registers.accounts.rules import Viewer
from minqing.tools.notice import queries as notices
from minqing.tools.notice.actions import mark_read

FIRST = 5  # lines that are shown of what is to be done
NEWS = 20  # lines that are shown of what has changed


@dataclass(frozen=True)
class Heap:
    """Something to do, how much of it, and where it lies."""

    title: str
    count: str
    address: str
    drawing: str
    colour: str
    late: int = 0


@require_safe
@desk_page("read")
def today(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Late, due today, call-backs, whistles, refusals; then the first lines; then what is new."""
    lang: Literal["zh", "en"] = tongue()
    owed = tally(viewer, mine=True)
    wanted = Narrowed(mine=viewer.scope.level in ("unit", "none") or bool(viewer.unit and owed))
    unread = notices.count_unread(viewer)
    told = {
        "here": "today",
        "day": moments.today(),
        "area": _area(viewer),
        "wanted": wanted,
        "asks": asks_of(viewer, wanted, unread=unread),
        "news": notices.inbox(viewer, unread=True, limit=NEWS, lang=lang),
        "unread": capped(unread),
        "resets": resets_beside(viewer),
    }
    told |= calls_of(viewer, owed)
    others = [kind for kind in owed if kind != ASKING] if told["calls"] else ()
    told["page"] = page(viewer, wanted, None, FIRST, others)
    told["heaps"] = _heaps(owed, [*owed] if not told["calls"] else others)
    return render(request, "web/desk/today.html", told)


def _heaps(owed: Mapping[str, Tally], apart: Sequence[str]) -> list[Heap]:
    """What is there of each; nothing is shown as nothing to do. `apart`: the kinds that get a heap of their own: not
    the call-backs where they are listed below."""
    late, ends = sum(one.late for one in owed.values()), sum(one.today for one in owed.values())
    heaps = [
        (late, Heap(_("已超时"), capped(late), Narrowed(late=True).address(), "alert-triangle", "red")),
        (ends, Heap(_("今天到期"), capped(ends), Narrowed(today=True).address(), "clock-exclamation", "orange")),
    ]
    for slug, title, drawing, _kinds in SORTS:
        kinds = kinds_of(slug, apart)
        count, behind = sum(owed[kind].count for kind in kinds), sum(owed[kind].late for kind in kinds)
        address = Narrowed(sort=slug).address()
        heaps.append((count, Heap(str(title), capped(count), address, drawing, "blue", behind)))
    return [heap for count, heap in heaps if count]


def _area(viewer: Viewer) -> list[Heap]:
    """How the whole area stands, for posts that have one."""
    if viewer.scope.level in ("unit", "none"):
        return []
    by_colour = counts(viewer)
    late = sum(count for colour, count in by_colour.items() if colour % 2 == 0)
    wanted = Narrowed(mine=False)
    return [
        Heap(_("辖区在办"), capped(sum(by_colour.values())), wanted.address(), "building-community", "blue"),
        Heap(
            _("辖区已超时"), capped(late), wanted.address(late=True), "alert-triangle", "red" if late else "secondary"
        ),
    ]


@require_POST
@desk_page("read")
def seen(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The lines that were shown have been read: by the whole unit, as every colleague sees."""
    told = request.POST.getlist("line")[:NEWS]
    mark_read(viewer, [int(number) for number in told if number.isascii() and number.isdigit() and len(number) < 19])
    return redirect("today")
