"""Every fault of a request becomes a problem document here. What is a fault of ours goes on to the roof, which logs it
and answers 500, or 503 where the database was lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from minqing.base.errors import MinqingError
from minqing.doors.counter.faults import of_minqing, of_shape
from minqing.doors.counter.problems import Problem, no_such_page, not_signed_in, too_large, unreadable


def answer_errors(api: NinjaAPI) -> None:
    """Hands every kind of fault to its problem."""
    for kind, told in _TOLD:
        api.add_exception_handler(kind, partial(_answer, told))


def _answer(told: Callable[[Any], Problem], request: HttpRequest, fault: Any) -> HttpResponse:
    return told(fault).response()


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
