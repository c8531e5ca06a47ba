"""docs/openapi.json is what the API serves: whoever changes a route commits its description."""

from __future__ import annotations

import json
from pathlib import Path

from minqing.doors.api.openapi import document
from minqing.doors.api.routes import api

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
ROUTES = {
    "/api/v1/matters": {"post", "get"},
    "/api/v1/matters/bulk": {"post"},
    "/api/v1/matters/{code}": {"get"},
    "/api/v1/matters/{code}/moves": {"post"},
    "/api/v1/matters/{code}/files": {"post"},
    "/api/v1/matters/{code}/journal": {"get"},
    "/api/v1/matters/{code}/clock": {"get"},
    "/api/v1/public/{code}": {"post"},
}


def test_the_committed_openapi_is_the_one_served() -> None:
    again = "run `.venv/bin/python -m minqing.doors.api.openapi`"
    assert COMMITTED.read_bytes() == document(api), again


def test_it_has_the_routes_of_the_design_and_no_other() -> None:
    told = json.loads(document(api))
    assert told["openapi"].startswith("3.1")
    assert {path: set(operations) for path, operations in told["paths"].items()} == ROUTES


def test_every_answer_beyond_400_is_a_problem_document() -> None:
    for path, operations in json.loads(document(api))["paths"].items():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                media = "application/json" if int(status) < 400 else "application/problem+json"
                assert list(answer["content"]) == [media], (path, status)
