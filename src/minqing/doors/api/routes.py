"""The table of routes below /api/v1: which right each asks for, and every answer it may give."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query

from minqing.doors.api import acting, attaching, reporting, seeing
from minqing.doors.api import public as disclosing
from minqing.doors.api.auth import Token
from minqing.doors.api.errors import answer_errors
from minqing.doors.api.preconditions import IF_MATCH, KEY
from minqing.doors.api.reading import StrictJson
from minqing.doors.api.shown import (
    ActedOut,
    BulkOut,
    ClockOut,
    DoneOut,
    JournalOut,
    ListOut,
    MatterOut,
    ProblemOut,
    PublicOut,
    ReportedOut,
)
from minqing.doors.counter.shapes import BulkIn, ListQuery, MoveIn, PublicIn, ReportIn

DESCRIPTION = """一事一码、一人负责、一个时限、一个答复。

Every concern gets one code, one owner, one clock and an answer.

Every answer about a matter lists the `moves` that whoever asks may make now; each describes its fields as a JSON
Schema. Send one as `{"move": …}` with its fields to `/matters/{code}/moves`, and the next answer lists the next moves.
Positions are ETags: send the one you saw as `If-Match`. What goes wrong is told as `application/problem+json`, and says
what to do. A method an address does not take is answered 405.
"""

api = NinjaAPI(
    title="民情 Minqing", version="1", description=DESCRIPTION, openapi_url="", docs_url="", parser=StrictJson()
)
answer_errors(api)

_OF_MATTERS = frozenset({400, 401, 403, 404})
_OF_WRITING = _OF_MATTERS | {409, 413, 415, 422}

_IF_MATCH = {
    "name": "If-Match", "in": "header", "required": False, "schema": {"type": "string", "pattern": IF_MATCH},
    "description": "the position you saw, as the ETag gave it; stale: 409 with both sides",
}  # fmt: skip
_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "pattern": KEY},
    "description": "your own name for this request: sent again, it is not done again",
}  # fmt: skip
_TONGUE = {
    "name": "Accept-Language", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "titles and sentences in zh (default) or en",
}  # fmt: skip


@api.post(
    "matters", auth=Token("report"), operation_id="report", summary="登记一件事 / report a concern",
    response={201: ReportedOut, 200: ReportedOut, frozenset({400, 401, 403, 409, 413, 415, 422}): ProblemOut},
    openapi_extra={"parameters": [_KEY, _TONGUE]},
)  # fmt: skip
def report(request: HttpRequest, body: ReportIn) -> HttpResponse:
    """Where you may report: a post in its own area, one without an area (a department) in the whole county, a program
    in its county and under its own source. 200: the source's number was on record already, under this code."""
    return reporting.report_one(request, body)


@api.post(
    "matters/bulk", auth=Token("report"), operation_id="report_many", summary="登记多件 / report up to 500",
    response={200: BulkOut, frozenset({400, 401, 403, 409, 413, 415, 422}): ProblemOut},
    openapi_extra={"parameters": [_KEY]},
)  # fmt: skip
def report_many(request: HttpRequest, body: BulkIn) -> HttpResponse:
    """Each row is the body of a report, and is answered for itself with its own status."""
    return reporting.report_many(request, body)


@api.get(
    "matters", auth=Token("read"), operation_id="matters", summary="清单 / list",
    response={200: ListOut, frozenset({400, 401, 403, 422}): ProblemOut},
)  # fmt: skip
def matters(request: HttpRequest, query: Query[ListQuery]) -> HttpResponse:
    """The viewer's own list, newest first; `q` searches the masked text."""
    return seeing.matters(request, query)


@api.get(
    "matters/{code}", auth=Token("read"), operation_id="matter", summary="一件事 / one matter",
    response={200: MatterOut, _OF_MATTERS: ProblemOut}, openapi_extra={"parameters": [_TONGUE]},
)  # fmt: skip
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Words are masked; what is sealed is named only."""
    return seeing.matter(request, code)


@api.post(
    "matters/{code}/moves", auth=Token("act"), operation_id="act", summary="办理一步 / make a move",
    response={200: ActedOut | DoneOut, _OF_WRITING: ProblemOut},
    openapi_extra={"parameters": [_IF_MATCH, _KEY, _TONGUE]},
)  # fmt: skip
def act(request: HttpRequest, code: str, body: MoveIn) -> HttpResponse:
    """422 lists the moves there are; 409 shows what was asked and how the matter stands."""
    return acting.move(request, code, body)


@api.get(
    "matters/{code}/journal", auth=Token("read"), operation_id="journal", summary="经过 / journal",
    response={200: JournalOut, _OF_MATTERS: ProblemOut}, openapi_extra={"parameters": [_TONGUE]},
)  # fmt: skip
def journal(request: HttpRequest, code: str) -> HttpResponse:
    """What happened, in sentences; no words of the reporter."""
    return seeing.journal(request, code)


@api.get(
    "matters/{code}/clock", auth=Token("read"), operation_id="clock", summary="时限 / clock",
    response={200: ClockOut, _OF_MATTERS: ProblemOut}, openapi_extra={"parameters": [_TONGUE]},
)  # fmt: skip
def matter_clock(request: HttpRequest, code: str) -> HttpResponse:
    """Each duty with the chain of sentences from its start to its due time."""
    return seeing.matter_clock(request, code)


@api.post(
    "matters/{code}/files", auth=Token("act"), operation_id="attach", summary="附文件 / put a file on record",
    response={200: ActedOut | DoneOut, _OF_WRITING: ProblemOut},
    openapi_extra={"requestBody": attaching.BODY, "parameters": [_IF_MATCH, _KEY, _TONGUE]},
)  # fmt: skip
def attach(request: HttpRequest, code: str) -> HttpResponse:
    """Told by its content, made anew without position, script or passenger, sealed, and named in the journal."""
    return attaching.attach_file(request, code)


@api.post(
    "public/{code}", auth=None, operation_id="public", summary="反映人查询 / the reporter's way in",
    response={200: PublicOut, frozenset({400, 403, 409, 413, 415, 422}): ProblemOut},
    openapi_extra={"parameters": [_IF_MATCH, _KEY, _TONGUE]},
)  # fmt: skip
def public(request: HttpRequest, code: str, body: PublicIn) -> HttpResponse:
    """With the secret: how it stands and what the reporter may do. A wrong code, a wrong secret and too many tries are
    answered alike: 403."""
    return disclosing.public(request, code, body)
