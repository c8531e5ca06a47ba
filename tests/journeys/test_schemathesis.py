"""The API against its own OpenAPI: whatever is sent, no answer that is not described, and never a fault of ours.

Requests go through the whole application of the server in this process. What a client of the county knows is filled
in (a place, a method, the secret); moves are taken from what the answers themselves describe.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation.stateful import run_state_machine_as_test

from minqing.base import moments
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.trial_staff import program_token, seat_people, slug_of
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.regions.codes import code_of, county_of
from minqing.wiring.vocabulary import VOCABULARY

load_all_checks()
METHODS = Path(__file__).resolve().parents[2] / "methods"
METHOD = "wushan-three-rests"
PLACE = re.compile(r"[1-9][0-9]{5,14}")
#: A refusal by the rules of a matter (422) is no fault of the description; each row of a batch has its own answer.
EXCLUDED = [CHECKS.get_one("positive_data_acceptance")]
OF_ROWS = [*EXCLUDED, CHECKS.get_one("negative_data_rejection")]
SLOWLY = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]


@dataclass
class Api:
    """The loaded OpenAPI, tokens of a grid worker, the county centre and the hotline, and the codes of some matters."""

    schema: Any
    tokens: dict[str, str]
    place: str
    codes: list[tuple[str, str]] = field(default_factory=list)

    def bearer(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[token]}"}


@pytest.fixture
def api(own_database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    moments.shift_by(dt.timedelta(0))
    (grid,) = open_trial_county(tmp_path, towns=1, villages=1, grids=1)
    for name in (METHOD, "panan-three-feelings"):
        publish(load_method(METHODS / f"{name}.yaml", VOCABULARY))
    county = slug_of(county_of(grid))
    people = seat_people([(slug_of(grid), "grid", "grid_worker", 1), (county, "county", "county_centre", 1)])
    tokens = {"grid": people[0].token, "county": people[1].token, "hotline": program_token("12345")}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    yield known(Api(schema, tokens, code_of(grid)))
    connections.close_all()


def known(api: Api) -> Api:
    """Fills in what a client of the county knows, where what was made up has the right form."""

    @api.schema.hook
    def map_body(context: Any, body: Any) -> Any:
        if isinstance(body, dict) and isinstance(body.get("place"), str) and PLACE.fullmatch(body["place"]):
            body = {name: value for name, value in body.items() if name not in ("kind", "severity", "against")}
            body |= {"place": api.place, "method": METHOD}
        return body

    @api.schema.auth()
    class CountyCentre:
        """Signs in as the county centre; the check of ignored tokens takes it away again."""

        def get(self, case: Any, context: Any) -> str:
            return api.tokens["county"]

        def set(self, case: Any, data: str, context: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

    for title in ("路灯不亮", "楼上漏水"):
        body = {"title": title, "text": title, "place": api.place, "channel": "web", "method": METHOD}
        case = api.schema["/api/v1/matters"]["POST"].Case(body=body, media_type="application/json")
        answer = case.call(headers=api.bearer("county"))
        assert answer.status_code == 201, answer.text
        api.codes.append((answer.json()["code"], answer.json()["secret"]))
    return api


def filled(fields: dict[str, Any]) -> dict[str, Any]:
    """The least that a move's own schema asks for."""
    told = {
        name: least(fields["properties"][name]) for name in fields.get("required", ()) if name in fields["properties"]
    }
    for branch in (fields.get("oneOf") or [])[:1] + (fields.get("anyOf") or [])[:1]:
        told |= filled({"properties": {}, **branch})
    return told


def least(schema: dict[str, Any]) -> Any:
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if schema["type"] == "array":
        return schema["items"]["enum"][: max(1, schema.get("minItems", 0))]
    return {"string": "演示", "integer": schema.get("minimum", 0), "number": 0, "boolean": False}[schema["type"]]


LONG = "长" * 350_000  # 1 MB of UTF-8


def test_hostile_requests_are_answered_as_described(api: Api) -> None:
    """1 MB of text, halves of surrogates, NUL, wrong tokens, stale positions, keys used again."""
    code, secret = api.codes[0]
    one = {"title": "灯", "text": "灯", "place": api.place, "channel": "web", "method": METHOD}
    raw = json.dumps(one).encode()
    county = api.bearer("county")

    def told(more: dict[str, str]) -> bytes:
        return json.dumps(one | more, ensure_ascii=False).encode()

    stale, key = {**county, "If-Match": '"1"'}, {**county, "Idempotency-Key": "k"}
    cases: list[tuple[int, str, bytes, dict[str, str]]] = [
        (422, "matters", told({"text": LONG}), county),
        (413, "matters", told({"text": LONG * 3}), county),
        (422, "matters", raw.replace(b'"web"', b'"\\u0000"'), county),
        (422, "matters", raw.replace(b'"web"', b'"\\ud800"'), county),
        (422, f"matters/{code}/moves", b'{"move": "note", "reason": "\\udfff"}', county),
        (422, f"matters/{code}/moves", b'{"move": "note", "\\u0000": 1}', county),
        (403, f"public/{code}", json.dumps({"secret": secret[::-1]}).encode(), {}),
        (422, f"public/{code}", b'{"secret": "\\ud800"}', {}),
        (401, "matters", raw, {}),
        (401, "matters", raw, {"Authorization": "Bearer mq_" + "a" * 43}),
        (401, "matters", raw, {"Authorization": "Basic eA=="}),
        (401, "matters", raw, {"Authorization": "Bearer \u00e9"}),
        (409, f"matters/{code}/moves", b'{"move": "note", "reason": "x"}', stale),
        (400, f"matters/{code}/moves", b'{"move": "note"}', {**county, "If-Match": "x"}),
        (201, "matters", raw, key),
        (201, "matters", raw, key),
        (422, "matters", raw.replace(b"web", b"app"), key),
        (400, "matters", raw, {**county, "Idempotency-Key": "k" * 201}),
        (400, "matters", b"[" * 90_000, county),
        (400, "matters", b"\xff\xfe", county),
        (404, "nothing", b"{}", county),
    ]
    client = Client(raise_request_exception=True)
    for status, path, body, headers in cases:
        answer = client.post(f"/api/v1/{path}", body, "application/json", headers=headers)
        assert answer.status_code == status, (path, body[:60], headers, answer.content[:200])
        described(api, path, answer)


def described(api: Api, path: str, answer: Any) -> None:
    """The answer is one that the OpenAPI knows, in its media type."""
    template = re.sub(r"(matters|public)/[^/]+-[^/]+", r"\1/{code}", f"/api/v1/{path}")
    operation = api.schema.raw_schema["paths"].get(template, {}).get("post")
    media = "application/json" if answer.status_code < 400 else "application/problem+json"
    assert answer.headers["Content-Type"] == media
    if operation is not None:
        assert media in operation["responses"][str(answer.status_code)]["content"]
    if answer.status_code >= 400:
        assert answer.json()["detail"] and answer.json()["status"] == answer.status_code


def test_whatever_is_sent_to_an_operation_is_answered_as_described(api: Api) -> None:
    for made in api.schema.get_all_operations():
        operation = made.ok()
        excluded = OF_ROWS if operation.path.endswith("/bulk") else EXCLUDED

        def fuzz(case: Any) -> None:
            case.call_and_validate(excluded_checks=excluded)  # noqa: B023  (called before the next turn)

        settings(
            max_examples=25, deadline=None, database=None, derandomize=True, suppress_health_check=SLOWLY,
            phases=[Phase.generate],
        )(given(case=operation.as_strategy())(fuzz))()  # fmt: skip


def test_whatever_is_done_in_turn_is_answered_as_described(api: Api) -> None:
    machine: Any = api.schema.as_state_machine()

    class Turns(machine):
        """Random requests after each other; of the moves, those that the matter itself describes."""

        def before_call(self, case: Any) -> None:
            if case.operation.path.endswith("/moves") and isinstance(case.body, dict) and "move" in case.body:
                code = (case.path_parameters or {}).get("code", "")
                moves = self.shown(str(code))
                if moves:
                    one = moves[len(json.dumps(case.body)) % len(moves)]
                    case.body = {"move": one["move"], **filled(one["fields"])}

        def shown(self, code: str) -> list[dict[str, Any]]:
            look = api.schema["/api/v1/matters/{code}"]["GET"].Case(path_parameters={"code": code or "x"})
            answer = look.call(headers=api.bearer("county"))
            return answer.json()["moves"] if answer.status_code == 200 else []

        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            excluded = OF_ROWS if case.operation.path.endswith("/bulk") else EXCLUDED
            case.validate_response(response, excluded_checks=excluded, transport_kwargs=kwargs)

    run_state_machine_as_test(
        Turns,
        settings=settings(max_examples=25, stateful_step_count=8, deadline=None, database=None, derandomize=True,
                          suppress_health_check=SLOWLY, phases=[Phase.generate]),
    )  # fmt: skip
