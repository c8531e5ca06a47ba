"""What is logged of a request: a number, a template, a status, a time; and nothing that anybody sent."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Any, NoReturn

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from minqing.doors.web.faults import fault_page
from minqing.settings.logs import JsonLines
from minqing.wiring import urls
from minqing.wiring.watching import HEADER

WORD = "阿斯特拉巴"
KEYS = {"at", "level", "log", "request", "method", "route", "status", "ms", "process"}


def breaks(request: HttpRequest, code: str) -> NoReturn:
    raise RuntimeError(f"{WORD} 住在村口")


def not_ready(request: HttpRequest) -> HttpResponse:
    return fault_page(request, 503, "稍后再试")


urlpatterns = [*urls.urlpatterns, path("breaks/<str:code>", breaks), path("wait", not_ready)]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500


class Kept(logging.Handler):
    """The lines as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def client(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    kept = Kept()
    for name, level in (("minqing.requests", logging.INFO), ("minqing", logging.ERROR)):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [kept])
        monkeypatch.setattr(logging.getLogger(name), "level", level)
    logging.getLogger("minqing.requests").manager._clear_cache()
    yield kept.lines
    logging.getLogger("minqing.requests").manager._clear_cache()


def test_a_request_is_a_line_with_its_number_and_route_and_nothing_that_was_sent(client, log) -> None:
    answer = client.get(f"/api/v1/nowhere/{WORD}?q={WORD}", headers={HEADER: WORD, "Cookie": WORD})
    client.post("/healthz", {"text": WORD}, headers={"User-Agent": WORD})
    client.generic("GEHEIM", "/breaks/7KQ2-9XR3")
    assert all(set(line) == KEYS for line in log if line["log"] == "minqing.requests")
    first, second, *_ = log
    assert first["request"] == answer[HEADER] and re.fullmatch("[0-9a-f]{10}", answer[HEADER])
    assert (first["route"], first["status"]) == ("/api/v1/", 404) and first["ms"] >= 0
    assert (second["method"], second["route"]) == ("POST", "/healthz")
    assert (log[-1]["method"], log[-1]["route"], log[-1]["status"]) == ("?", "/breaks/<str:code>", 500)
    for word in (WORD, "7KQ2", "GEHEIM"):
        assert word not in json.dumps(log, ensure_ascii=False)


def test_each_request_has_a_number_of_its_own(client) -> None:
    assert len({client.get("/healthz")[HEADER] for _ in range(50)}) == 50


def test_the_number_of_a_fault_stands_in_answer_log_and_page(client, log) -> None:
    program = client.get("/breaks/x")
    assert program.json()["request"] == program[HEADER]
    assert program[HEADER] in next(line["said"] for line in log if line["level"] == "error")
    page = client.get("/breaks/x", headers={"Accept": "text/html,*/*"})
    said = page.content.decode()
    assert page["Content-Type"].startswith("text/html") and said.count(page[HEADER]) == 2 and "可能已经办成" in said
    assert WORD not in said and "script" not in said and page["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_the_number_stands_on_a_page_that_is_not_ready_and_on_no_other(client) -> None:
    page, absent = client.get("/wait"), client.get("/nowhere-at-all")
    assert page.status_code == 503 and f"<b>{page[HEADER]}</b>" in page.content.decode()
    assert absent.status_code == 404 and absent[HEADER] not in absent.content.decode()


def test_the_message_of_an_exception_is_no_part_of_a_line() -> None:
    try:
        raise RuntimeError(WORD)
    except RuntimeError:
        record = logging.LogRecord("django", logging.ERROR, "", 1, "failed", None, sys.exc_info())
    told = json.loads(JsonLines().format(record))
    assert told["kind"] == "RuntimeError" and told["said"] == "failed" and WORD not in json.dumps(told)
