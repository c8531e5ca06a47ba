"""OpenAPI 3.1 of the API: ninja's own, with problems in their media type and the headers of answers.

`python -m minqing.doors.api.openapi` writes docs/openapi.json; a house test compares the file with what is served.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from minqing.doors.counter.problems import PROBLEM_JSON

if TYPE_CHECKING:  # ninja itself can only be imported once Django is configured
    from ninja import NinjaAPI

Schema = dict[str, Any]
PREFIX = "/api/v1/"

_HEADERS: dict[str, Schema] = {
    "ETag": {"description": "the position, for If-Match", "schema": {"type": "string"}},
    "Location": {"description": "the address of the matter", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true`: the request was done before; this is the matter as it stands now",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Minqing-Clock": {
        "description": "where the clock of a trial instance is shifted: `shifted` and an ISO 8601 duration",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "seconds to wait", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "how to sign in", "schema": {"type": "string"}},
}
#: What any request may be answered, whatever it asks for.
_OF_ALL = {
    "408": "Request Timeout: the body stopped half way; nothing was taken, send it again",
    "411": "Length Required: a body came in chunks; send Content-Length",
    "413": "Content Too Large: more than 2 MB, a file more than 10 MB",
    "500": "Our fault: it may have been done; look first, or send it again with the same Idempotency-Key",
    "503": "Not ready, too many large bodies at once, or the database does not answer: it may have been done; see 500",
}
#: Which headers an answer may carry besides: by operation and status.
_CARRIED = {
    ("report", "201"): ("ETag", "Location", "Idempotency-Replayed"),
    ("report", "200"): ("ETag", "Location"),
    ("act", "200"): ("ETag", "Idempotency-Replayed"),
    ("attach", "200"): ("ETag", "Idempotency-Replayed"),
    ("matter", "200"): ("ETag",),
    ("public", "200"): ("ETag",),
}
_OF_CODE = {"parameters": {"code": "$response.body#/code"}}
#: Where the code and secret of a report lead: what a client, or a test, may ask next.
_LINKS: dict[str, Schema] = {
    name: {"operationId": name, **_OF_CODE} for name in ("matter", "journal", "clock", "act", "attach")
} | {"public": {"operationId": "public", **_OF_CODE, "requestBody": {"secret": "$response.body#/secret"}}}


@cache
def document(api: NinjaAPI) -> bytes:
    """The document as it is served and committed."""
    told: Schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    for operations in told["paths"].values():
        for operation in operations.values():
            operation["responses"] = {**_answers_of_all(operation["responses"]), **operation["responses"]}
            for status, answer in operation["responses"].items():
                _finish(operation["operationId"], status, answer)
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _answers_of_all(own: Mapping[str, Schema]) -> dict[str, Schema]:
    """What every operation may be answered besides: bodies without or beyond their measure, our own fault, and no
    database. They have the shape of the other problems."""
    problem = next(answer["content"] for status, answer in own.items() if int(status) >= 400)
    return {
        status: {"description": told, "content": dict(problem)} for status, told in _OF_ALL.items() if status not in own
    }


def _finish(operation: str, status: str, answer: Schema) -> None:
    if int(status) >= 400 and "content" in answer:
        answer["content"] = {PROBLEM_JSON: answer["content"].pop("application/json")}
    names = [*_CARRIED.get((operation, status), ()), "Minqing-Clock"]
    if status == "401":
        names.append("WWW-Authenticate")
    if status == "503":
        names.append("Retry-After")
    if (operation, status) == ("report", "201"):
        answer["links"] = _LINKS
    answer["headers"] = {name: _HEADERS[name] for name in names}


def main(path: Path = Path("docs/openapi.json")) -> None:
    """Writes the committed copy; run in the root of the checkout. The routes are loaded once Django is ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
    django.setup()
    path.write_bytes(document(importlib.import_module("minqing.doors.api.routes").api))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
