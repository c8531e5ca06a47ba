"""Requests that are nobody's, not allowed, not there or not to be read are problems with a sentence."""

from __future__ import annotations

import pytest

from minqing.doors.api.tests.conftest import Desk
from minqing.registers.accounts.actions import issue_token

GRID = "grid-330727101201001"


def test_the_right_of_a_token_is_asked_first(desk: Desk) -> None:
    code = desk.code()
    assert desk.move("hotline", code, "note", reason="x").status == 403
    for who in ("", "mq_wrong", "mq_" + "a" * 43, "Bearer"):
        answer = desk.ask(who, "GET", f"matters/{code}")
        assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("right", ["report", "read"])
def test_a_token_does_what_its_rights_name_and_nothing_else(desk: Desk, right: str) -> None:
    code = desk.code(method="wushan-three-rests")
    post = next(person.post for person in desk.people if person.unit == GRID)
    token = issue_token(post, "演示", 1, (right,)).words
    body = {"title": "灯", "text": "", "place": desk.grids[0], "channel": "web"}
    read = [desk.ask(token, "GET", path).status for path in
            ("matters", f"matters/{code}", f"matters/{code}/journal", f"matters/{code}/clock")]  # fmt: skip
    assert set(read) == {200 if right == "read" else 403}
    for path, sent in (("matters", body), ("matters/bulk", {"matters": [body]})):
        assert (desk.ask(token, "POST", path, sent).status in (200, 201)) is (right == "report")
    assert desk.move(token, code, "note", reason="x").status == 403
    assert desk.move(token, code, "reveal", name="x", reason="x").status == 403
    assert desk.ask(token, "POST", f"matters/{code}/files").status == 403


def test_addresses_and_methods_that_are_not_there_are_problems(desk: Desk) -> None:
    for method, path, status in (
        ("GET", "nothing", 404),
        ("DELETE", "matters", 405),
        ("GET", "matters/bulk", 405),
        ("PUT", "matters/x/moves", 405),
    ):
        answer = desk.ask(GRID, method, path)
        assert answer.status == status and answer.body["type"].startswith("urn:minqing:problem:"), (method, path)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert "POST" in desk.ask(GRID, "PUT", "matters/x/moves").headers["Allow"]


def test_head_is_answered_like_get_without_the_body(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    for path in (f"matters/{code}", "matters", "openapi.json", "docs"):
        address, headers = f"/api/v1/{path}", {"Authorization": f"Bearer {desk.tokens[GRID]}"}
        head, get = (ask(address, headers=headers) for ask in (desk.client.head, desk.client.get))
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == str(len(get.content)) and head.get("ETag") == get.get("ETag")
    assert desk.client.head("/api/v1/matters/bulk").status_code == 405


def test_what_cannot_be_read_or_is_too_large_is_a_problem(desk: Desk) -> None:
    for raw, media, status in (
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"title": "\\ud800"}', "application/json", 422),
        (b'{"title": "\\u0000"}', "application/json", 422),
        (b'"' + b"x" * 2_000_000 + b'"', "application/json", 413),
        (b"[]", "application/json", 422),
        (b"", "application/json", 422),
    ):
        answer = desk.ask("hotline", "POST", "matters", raw=raw, **{"Content-Type": media})
        assert answer.status == status, (raw[:20], answer)
        assert answer.body["detail"]
