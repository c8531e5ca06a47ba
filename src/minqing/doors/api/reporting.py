"""POST /matters and /matters/bulk: concerns in, receipts out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import ValidationError

from minqing.base.errors import MinqingError, NotFound, NotReady
from minqing.doors.api.answers import Json, answered, standing
from minqing.doors.api.auth import asking
from minqing.doors.api.preconditions import requested, tongue
from minqing.doors.counter.faults import of_minqing, of_shape
from minqing.doors.counter.forms import Lang, shown_moves
from minqing.doors.counter.incoming import concern_of, looked_up
from minqing.doors.counter.problems import Problem, key_used, unfit
from minqing.doors.counter.shapes import BulkIn, ReportIn
from minqing.kernel.matters.actions import Answer, report
from minqing.kernel.matters.concerns import Concern
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.versions import current_method, method_of_county, methods_of
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import Viewer, reporter_of
from minqing.registers.regions.codes import code_of

MATTERS = "/api/v1/matters/"


def report_one(request: HttpRequest, one: ReportIn) -> HttpResponse:
    """One concern: 201, or 200 where it is on record already."""
    viewer = asking(request)
    concern = concern_of(one, viewer, looked_up([one]))
    asked = requested(request, viewer, request.body)
    try:
        (answer,) = report([concern], _method(one, concern), requests=[asked])
    except Replayed as before:
        return _again(request, viewer, before)
    if answer.outcome == "refused":
        raise _refused(answer)
    return _receipt(request, viewer, _standing(answer, tongue(request)), new=answer.outcome == "written")


def _again(request: HttpRequest, viewer: Viewer, before: Replayed) -> HttpResponse:
    """The same request once more: the same status, the matter as it stands now."""
    if not before.same_digest:
        raise key_used()
    answer = _receipt(request, viewer, _standing(Answer("replayed", before.code), tongue(request)), new=True)
    answer["Idempotency-Replayed"] = "true"
    return answer


def _standing(answer: Answer, lang: Lang) -> Json:
    """Where the matter stands: one that was written is at hand, another is read as its reporter would."""
    if answer.matter is not None:
        matter = answer.matter
        version = (matter.method, matter.version)
        return standing(matter, methods_of([version])[version], lang)
    sight = look(reporter_of(answer.code), answer.code)
    return standing(sight.stored.matter, sight.method, lang, sight.context.cast.names)


def _receipt(request: HttpRequest, viewer: Viewer, told: Json, *, new: bool) -> HttpResponse:
    code: str = told["code"]
    body = told | {"secret": secret_of(code) if new else None, "moves": _moves(request, viewer, code)}
    return answered(body, 201 if new else 200, told["position"], {"Location": MATTERS + code})


def _moves(request: HttpRequest, viewer: Viewer, code: str) -> list[Json]:
    """What whoever reported may do themselves; nothing where they do not act or do not see it."""
    if "act" not in viewer.rights:
        return []
    try:
        return shown_moves(look(viewer, code).offers, tongue(request))
    except NotFound:
        return []


def _refused(answer: Answer) -> Problem:
    assert answer.why is not None
    return unfit(answer.why.zh, answer.why.en, slug="refused", reason=answer.why.reason)


def _method(one: ReportIn, concern: Concern) -> Method:
    """The method that was named, else that of the county."""
    if one.method is None:
        return method_of_county(code_of(concern.place))
    try:
        return current_method(one.method)
    except NotReady as fault:
        raise unfit(
            f"没有发布过“{one.method}”这个工作法：请核对，或不写", "no such method is published: name another or none",
            slug="method", reason="method",
        ) from fault  # fmt: skip


def report_many(request: HttpRequest, bulk: BulkIn) -> HttpResponse:
    """Many at once: each row is answered for itself, those that can be taken are taken in one call a method."""
    viewer = asking(request)
    rows: dict[int, Json] = {}
    read = _read(bulk.matters, rows)
    register = looked_up(list(read.values()))
    asked: dict[int, tuple[Concern, Method]] = {}
    for place, one in read.items():
        try:
            concern = concern_of(one, viewer, register)
            asked[place] = concern, _method(one, concern)
        except (Problem, MinqingError) as fault:
            rows[place] = _row(fault if isinstance(fault, Problem) else of_minqing(fault))
    for method in {id(method): method for _, method in asked.values()}.values():
        places = [place for place, (_, own) in asked.items() if own is method]
        rows |= dict(zip(places, _reported(request, viewer, bulk, places, asked, method), strict=True))
    return answered({"rows": [{"row": place, **rows[place]} for place in sorted(rows)]})


def _reported(
    request: HttpRequest, viewer: Viewer, bulk: BulkIn, places: Sequence[int],
    asked: Mapping[int, tuple[Concern, Method]], method: Method,
) -> list[Json]:  # fmt: skip
    """The rows of one method. With an Idempotency-Key each row is a request of its own: its key and its number."""
    once = [
        requested(request, viewer, json.dumps(bulk.matters[place], sort_keys=True).encode(), str(place))
        for place in places
    ]
    try:
        answers = report([asked[place][0] for place in places], method, requests=once if any(once) else None)
    except Replayed as before:  # a single row is told so as it is
        return [
            _row(key_used())
            if not before.same_digest
            else _answered_row(Answer("replayed", before.code), tongue(request))
        ]
    return [_answered_row(answer, tongue(request)) for answer in answers]


def _read(matters: Sequence[Any], rows: dict[int, Json]) -> dict[int, ReportIn]:
    """The rows that have their shape; of the others the answer is put down."""
    read: dict[int, ReportIn] = {}
    for place, row in enumerate(matters):
        try:
            read[place] = ReportIn.model_validate(row)
        except ValidationError as fault:
            rows[place] = _row(of_shape(fault.errors(include_input=False, include_url=False)))
    return read


def _row(problem: Problem) -> Json:
    return {"status": problem.status, "problem": problem.document()}


def _answered_row(answer: Answer, lang: Lang) -> Json:
    if answer.outcome == "refused":
        return _row(_refused(answer))
    new = answer.outcome != "known"
    secret = secret_of(answer.code) if new else None
    row: Json = {"status": 201 if new else 200, "matter": _standing(answer, lang) | {"secret": secret}}
    return row | {"replayed": True} if answer.outcome == "replayed" else row
