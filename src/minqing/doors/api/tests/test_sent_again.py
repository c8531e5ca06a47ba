"""A request sent again under its key is not done again."""

from __future__ import annotations

from minqing.doors.api.tests.conftest import Desk

GRID = "grid-330727101201001"


def test_a_request_sent_again_is_not_done_again(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    first = desk.move(GRID, code, "note", reason="去看过", Idempotency_Key="one")
    again = desk.move(GRID, code, "note", reason="去看过", Idempotency_Key="one")
    assert first.status == again.status == 200
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert again.body["position"] == first.body["position"]
    other = desk.move(GRID, code, "note", reason="又去", Idempotency_Key="one")
    assert (other.status, other.body["reason"]) == (422, "key-used")


def test_a_request_is_the_same_however_its_code_is_typed(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    first = desk.move(GRID, code, "note", reason="去看过", Idempotency_Key="typed")
    again = desk.move(GRID, code.lower(), "note", reason="去看过", Idempotency_Key="typed")
    assert again.status == 200 and again.headers["Idempotency-Replayed"] == "true"
    assert again.body["position"] == first.body["position"]


def test_a_report_sent_again_gives_the_same_code_and_secret(desk: Desk) -> None:
    body = {"title": "灯", "text": "", "place": desk.grids[0], "channel": "hotline"}
    first = desk.ask("hotline", "POST", "matters", body, Idempotency_Key="r")
    again = desk.ask("hotline", "POST", "matters", body, Idempotency_Key="r")
    assert first.status == again.status == 201
    assert (again.body["code"], again.body["secret"]) == (first.body["code"], first.body["secret"])
    assert again.headers["Idempotency-Replayed"] == "true"


def test_rows_sent_again_are_not_taken_again(desk: Desk) -> None:
    row = {"title": "灯", "text": "", "place": desk.grids[0], "channel": "hotline"}
    first = desk.ask("hotline", "POST", "matters/bulk", {"matters": [row, row]}, Idempotency_Key="b")
    again = desk.ask("hotline", "POST", "matters/bulk", {"matters": [row, row]}, Idempotency_Key="b")
    codes = [[row["matter"]["code"] for row in answer.body["rows"]] for answer in (first, again)]
    assert codes[0] == codes[1] and codes[0][0] != codes[0][1]
    assert {row["status"] for row in again.body["rows"]} == {201}
    assert all(row["replayed"] for row in again.body["rows"]) and "replayed" not in first.body["rows"][0]
    one = [desk.ask("hotline", "POST", "matters/bulk", {"matters": [row]}, Idempotency_Key="o") for _ in range(2)]
    assert [answer.body["rows"][0].get("replayed", False) for answer in one] == [False, True]
