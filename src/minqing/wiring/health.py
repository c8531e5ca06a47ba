"""`/healthz`: this process answers. `/readyz`: it can work, or what is missing and which command brings it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse

from minqing.doors.counter.readiness import keys_missing, tables_missing
from minqing.wiring.keeping import LOST
from minqing.wiring.problems import not_ready


def healthz(request: HttpRequest) -> JsonResponse:
    """Asks neither database nor disk."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """503 with a sentence for each thing that is missing."""
    missing = list(_missing())
    if not missing:
        return JsonResponse({"status": "ready"})
    return not_ready(missing)


def _missing() -> Iterator[str]:
    try:
        yield from tables_missing()
    except LOST:
        yield "数据库连不上：请查看数据库是否在运行（the database does not answer）"
    yield from keys_missing()
