"""GET: the list of the viewer, one matter, its journal, its clock. What is not seen is not there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from minqing.doors.api.acting import answered_now, post_asking, stored_code
from minqing.doors.api.answers import answered, clock, counted, listed, told_lines
from minqing.doors.api.auth import asking
from minqing.doors.api.preconditions import tongue
from minqing.doors.counter.asked import misfit
from minqing.doors.counter.characters import twice
from minqing.doors.counter.shapes import ListQuery
from minqing.kernel.matters.queries import MANY, Wanted, counts, lines_of, listing, look
from minqing.registers.regions.codes import parse_code


def matters(request: HttpRequest, query: ListQuery) -> HttpResponse:
    """A page of the viewer's own list, newest first, and how much is in their inbox."""
    viewer = asking(request)
    if strange := sorted(set(request.GET) - set(ListQuery.model_fields)):
        raise misfit([{"at": name[:60], "fault": "没有这个条件（no such filter）"} for name in strange])
    if names := [name for name, values in request.GET.lists() if len(values) > 1]:
        raise twice(names[0])
    wanted = Wanted(
        query.state, query.stage or "", query.level or "", query.kind or "", query.category or "",
        query.channel or "", query.late, query.q or "", place=parse_code(query.place) if query.place else 0,
    )  # fmt: skip
    page = listing(viewer, wanted, query.limit, query.cursor or "")
    return answered({"matters": listed(page.rows), "next": page.next, "counts": counted(counts(viewer), MANY)})


def matter(request: HttpRequest, code: str) -> HttpResponse:
    """One matter, words masked, with the moves of whoever asks."""
    return answered_now(post_asking(request, code, b""))


def journal(request: HttpRequest, code: str) -> HttpResponse:
    """What happened to it, a sentence a line."""
    viewer, code = asking(request), stored_code(code)
    sight = look(viewer, code)
    lines = told_lines(lines_of(viewer, code), sight, tongue(request))
    return answered({"code": code, "position": len(lines), "lines": lines})


def matter_clock(request: HttpRequest, code: str) -> HttpResponse:
    """Every duty of it, and why it ends when it does."""
    viewer, code = asking(request), stored_code(code)
    return answered(clock(look(viewer, code), tongue(request)))
