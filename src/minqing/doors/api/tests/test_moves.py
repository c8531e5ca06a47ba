"""Matters are moved: what is done, what is refused, and what may be done instead."""

from __future__ import annotations

from typing import Any

from minqing.doors.api.tests.conftest import Desk

TOWN, VILLAGE, GRID, COUNTY = "town-330727101", "village-330727101201", "grid-330727101201001", "county-330727"


def test_a_move_is_done_and_answered_with_the_next_moves(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    answer = desk.move(GRID, code, "settle", records=["result"], reason="灯泡已换")
    assert answer.status == 200
    assert answer.body["stage"] == "call-back"
    journal = desk.ask(GRID, "GET", f"matters/{code}/journal").body
    assert journal["position"] == answer.body["position"] == len(journal["lines"])
    assert not any("灯泡" in line["sentence"] for line in journal["lines"])


def test_a_refused_move_says_why_and_what_may_be_done_instead(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    answer = desk.move(GRID, code, "settle")
    assert (answer.status, answer.body["reason"]) == (422, "needs")
    assert {move["move"] for move in answer.body["moves"]} >= {"settle"}
    assert desk.move(TOWN, code, "accept").body["reason"] == "not-yours"
    assert desk.move(GRID, code, "fly").body["reason"] == "no-move"


def test_a_field_that_the_move_does_not_have_is_refused(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    for fields in ({"stars": 5}, {"form.nothing": 1}, {"colour": "red"}, {"records": "result"}, {"reason": 1}):
        answer = desk.move(GRID, code, "settle", **fields)
        assert answer.status == 422 and answer.body["errors"], fields


def test_papers_are_taken_by_moves_that_have_papers_only(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    lost = desk.move(GRID, code, "note", reason="看过", records=["result"])
    assert lost.status == 422 and lost.body["errors"][0]["at"] == "records"
    twice = desk.move(GRID, code, "settle", reason="看过", records=["result", "result"])
    assert twice.status == 422 and "重复" in twice.body["detail"]
    assert desk.move(GRID, code, "record", records=["result"]).status == 200
    assert desk.move(GRID, code, "settle", records=["result"]).status == 200  # on record already: no fault


def test_a_stale_position_is_answered_with_both_sides(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    seen = desk.ask(GRID, "GET", f"matters/{code}").headers["ETag"]
    assert desk.move(GRID, code, "accept", If_Match=seen).status == 200
    answer = desk.move(GRID, code, "settle", records=["result"], If_Match=seen)
    assert answer.status == 409
    assert answer.body["yours"] == {"move": "settle", "position": int(seen.strip('"'))}
    assert answer.body["theirs"]["position"] > int(seen.strip('"'))
    assert answer.body["theirs"]["lines"] and answer.body["theirs"]["moves"]
    assert desk.ask(GRID, "GET", f"matters/{code}").body["stage"] == "grid"


def test_two_matters_are_linked_and_merged_by_their_codes(desk: Desk) -> None:
    first, second = (desk.code(method="wushan-three-rests") for _ in range(2))
    wrong = desk.move(GRID, first, "link", code="K7M2-9QX8")
    assert wrong.status == 422 and "编码" in wrong.body["detail"]
    merged = desk.move(GRID, first, "merge", code=second.lower(), reason="同一盏灯")
    assert merged.status == 200, merged
    assert merged.body["clock"] == "ended" and {"code": second, "how": "merged"} in merged.body["links"]
    assert first in str(desk.ask(GRID, "GET", f"matters/{second}").body["links"])


def test_a_part_becomes_a_matter_of_its_own(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    done = desk.move(GRID, code, "split", reason="还有一处井盖松动")
    assert done.status == 200, done
    part = done.body["links"][0]["code"]
    assert desk.ask(GRID, "GET", f"matters/{part}").status == 200


def test_who_corrects_a_matter_against_their_own_unit_is_told_that_it_was_done(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    moves = {move["move"]: move for move in desk.ask(GRID, "GET", f"matters/{code}").body["moves"]}
    units = moves["correct"]["fields"]["properties"]["against"]["items"]["oneOf"]
    own = next(unit["const"] for unit in units if unit["title"] == "演示1格")
    done = desk.move(GRID, code, "correct", against=[own], reason="反映的是本网格", Idempotency_Key="own")
    told = desk.ask(COUNTY, "GET", f"matters/{code}")
    assert done.status == 200 and done.headers["ETag"] == told.headers["ETag"]
    assert done.body == {"code": code, "position": told.body["position"], "seen": False, "moves": []}
    again = desk.move(GRID, code, "correct", against=[own], reason="反映的是本网格", Idempotency_Key="own")
    assert (again.status, again.body) == (200, done.body) and again.headers["Idempotency-Replayed"] == "true"
    assert desk.ask(GRID, "GET", f"matters/{code}").status == 404
    assert desk.move(GRID, code, "note", reason="x").status == 404
    assert desk.move(GRID, code, "correct", against=[own], Idempotency_Key="other").status == 404


def test_every_move_that_is_offered_with_its_least_is_taken(desk: Desk) -> None:
    """What a client that knows nothing fills in from the schema is not refused for its form."""
    for who in (GRID, TOWN, VILLAGE, COUNTY):
        code = desk.code(method="wushan-three-rests")
        for move in desk.ask(who, "GET", f"matters/{code}").body["moves"]:
            if move["move"] in ("merge", "link", "reveal"):
                continue  # which other matter, which sealed field: not the schema's to know
            fresh = desk.code(method="wushan-three-rests")
            answer = desk.move(who, fresh, move["move"], **least_of(move["fields"]))
            assert answer.status == 200, (who, move["move"], answer.body)


def least_of(fields: dict[str, Any]) -> dict[str, Any]:
    told = {name: value_of(fields["properties"][name]) for name in fields.get("required", ())}
    for branches in ("oneOf", "anyOf"):
        told |= least_of(fields[branches][0]) if branches in fields else {}
    return told


def value_of(schema: dict[str, Any]) -> Any:
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if schema["type"] == "array":
        return schema["items"]["enum"][: max(1, schema["minItems"])]
    return {"string": "演示", "integer": schema.get("minimum", 0), "number": 0, "boolean": False}[schema["type"]]
