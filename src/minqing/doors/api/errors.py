"""Every fault of a request becomes a problem document here. What is a fault of ours goes on to the roof, which logs it
and answers 500, or 503 where the database was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from minqing.base.errors import BadInput, Conflict, MinqingError, NotAllowed, NotFound, NotReady
from minqing.doors.api.problems import Problem, no_such_page, not_signed_in, too_large, unreadable

_STATUS: tuple[tuple[type[MinqingError], int, str], ...] = (
    (NotFound, 404, "unknown"),
    (BadInput, 422, "unfit"),
    (NotAllowed, 403, "not-allowed"),
    (Conflict, 409, "busy"),
    (NotReady, 503, "not-ready"),
)

#: pydantic's kinds of faults in Chinese; all others are said by its own English sentence.
_FAULTS = {
    "missing": "必填",
    "extra_forbidden": "没有这一栏",
    "string_too_long": "太长",
    "string_too_short": "不能为空",
    "string_type": "应为文字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "literal_error": "不在可选之列",
    "moment": "应为时间，例如 2026-06-01T10:00:00+08:00",
    "characters": "有不能保存的字符（空字符或半个代理字符）",
}


def answer_errors(api: NinjaAPI) -> None:
    """Hands every kind of fault to its problem."""
    for kind, told in _TOLD:
        api.add_exception_handler(kind, partial(_answer, told))


def _answer(told: Callable[[Any], Problem], request: HttpRequest, fault: Any) -> HttpResponse:
    return told(fault).response()


def of_minqing(fault: MinqingError) -> Problem:
    """The problem of a fault of the kernel or a register: its sentence as it stands."""
    for kind, status, slug in _STATUS:
        if isinstance(fault, kind):
            return Problem(status, slug, str(fault))
    return Problem(422, "unfit", str(fault))


def of_shape(faults: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem of a request that does not have its shape: where, and what is wrong there, never what was sent."""
    told = [{"at": ".".join(map(str, fault["loc"])), "fault": _said(fault)} for fault in faults[:20]]
    first = f"{told[0]['at']} {told[0]['fault']}" if told else ""
    return Problem(
        422, "shape", f"请求的内容不合格式：{first}", "the request does not fit its schema", extra={"errors": told}
    )


def _said(fault: Mapping[str, Any]) -> str:
    """Of the sentences only those that repeat nothing of the input."""
    zh = _FAULTS.get(fault["type"])
    return zh or f"不合要求（{fault['type']}）"


def _of_ninja(fault: HttpError) -> Problem:
    """ninja answers 400 for whatever its parser raised; a Problem behind it is told as it stands."""
    cause = fault.__cause__
    if isinstance(cause, Problem):
        return cause
    if isinstance(cause, RequestDataTooBig):
        return too_large("2 MB")
    return unreadable("请求读不懂，请检查后再发", "the request cannot be read")


_TOLD: tuple[tuple[type[Exception], Callable[[Any], Problem]], ...] = (
    (Problem, lambda fault: fault),
    (ValidationError, lambda fault: of_shape(fault.errors)),
    (MinqingError, of_minqing),
    (AuthenticationError, lambda fault: not_signed_in()),
    (HttpError, _of_ninja),
    (Http404, lambda fault: no_such_page()),
    (RequestDataTooBig, lambda fault: too_large("2 MB")),
    (SuspiciousOperation, lambda fault: unreadable("请求读不懂，请检查后再发", "the request cannot be read")),
)
