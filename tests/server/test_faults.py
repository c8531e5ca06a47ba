"""A fault of ours through the whole application: what is answered, and what the log says of it and does not."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from minqing.wiring import problems, urls

WORD = "阿斯特拉巴"


def breaks(request: HttpRequest, code: str) -> NoReturn:
    raise RuntimeError(f"{WORD} 住在村口")


def answers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}")


urlpatterns = [*urls.urlpatterns, path("breaks/<str:code>", breaks), path("answers", answers)]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500


@pytest.fixture
def client(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What would be written to stderr by the handlers of the settings."""
    for name in ("minqing", "django", "django.request", "django.security.DisallowedHost"):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "handlers", [caplog.handler] if logger.handlers else [])
    return caplog


def test_a_fault_of_ours_is_a_problem_that_promises_nothing(client: Client) -> None:
    for verb in (client.get, client.post):
        answer = verb("/breaks/7KQ2-9XR3")
        assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
        told = answer.json()
        assert told["type"] == "urn:minqing:problem:ours" and told["title"].startswith("本系统出错")
        assert "可能已经办成" in told["detail"] and "Idempotency-Key" in told["detail"]
        assert WORD not in answer.content.decode() and answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_log_of_a_fault_names_its_place_and_neither_code_nor_words(
    client: Client, log: pytest.LogCaptureFixture
) -> None:
    client.generic("GEHEIM", "/breaks/7KQ2-9XR3?q=%E7%8E%8B")
    client.post("/breaks/7KQ2-9XR3", {"text": WORD})
    told = log.text
    assert "breaks/<str:code>" in told and "RuntimeError" in told and "in breaks" in told
    for word in (WORD, "7KQ2", "GEHEIM", "%E7"):
        assert word not in told


def test_a_problem_of_a_status_without_a_title_is_told_all_the_same() -> None:
    told = problems.Problem(418, "teapot", "不泡茶").document()
    assert told["title"] and told["status"] == 418


def test_a_lost_database_promises_nothing_either() -> None:
    answer = problems.unreachable()
    assert answer.status_code == 503 and answer["Retry-After"]
    assert "可能已经办成" in answer.content.decode() and "未作" not in answer.content.decode()
