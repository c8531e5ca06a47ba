"""Concerns come in, are looked at, listed and moved: each answer by its status and what it says."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from minqing.base import moments
from minqing.doors.api.tests.conftest import Desk
from minqing.registers.accounts.actions import issue_token
from minqing.registers.regions.actions import end_post, move_unit, set_day, set_leave

TOWN, VILLAGE, GRID = "town-330727101", "village-330727101201", "grid-330727101201001"
NOWHERE = "2222-2222"  # well formed, and nobody's
OTHER_GRID, COUNTY, POLICE = "grid-330727101201002", "county-330727", "trial-police"


def test_a_report_is_answered_with_code_secret_and_where_it_stands(desk: Desk) -> None:
    answer = desk.report(method="wushan-three-rests", people=3, reporter={"name": "演示居民", "phone": "13800000000"})
    assert answer.status == 201
    told = answer.body
    assert set(told) >= {"code", "secret", "method", "version", "stage", "holder", "level", "due", "clock", "position"}
    assert told["holder"] == {"unit": GRID, "name": "演示1格"}
    assert (told["method"], told["stage"], told["clock"]) == ("wushan-three-rests", "grid", "running")
    assert answer.headers["Location"] == f"/api/v1/matters/{told['code']}"
    assert answer.headers["ETag"] == f'"{told["position"]}"'
    assert told["moves"] == []  # the hotline reports and reads; it does not act


def test_the_county_method_takes_what_names_none(desk: Desk) -> None:
    assert desk.report().body["method"] == "panan-three-feelings"


def test_the_same_outside_number_is_known_under_its_code(desk: Desk) -> None:
    first = desk.report(external_id="2026-1")
    again = desk.report(external_id="2026-1", title="另一个标题")
    assert (first.status, again.status) == (201, 200)
    assert again.body["code"] == first.body["code"] and again.body["secret"] is None


def test_a_program_reports_under_its_own_source_only(desk: Desk) -> None:
    assert desk.report(source="petition").status == 403
    assert desk.report(source="12345").status == 201


def test_people_do_not_ask_for_the_numbers_of_programs(desk: Desk) -> None:
    body = {
        "title": "灯",
        "text": "",
        "place": desk.grids[0],
        "channel": "visit",
        "external_id": "1",
        "source": "12345",
    }
    answer = desk.ask(GRID, "POST", "matters", body)
    assert (answer.status, answer.body["reason"]) == (422, "source")


def test_a_post_reports_in_its_own_area(desk: Desk) -> None:
    body = {"title": "护栏松动", "text": "", "place": desk.grids[1], "channel": "patrol", "reporter": {"nobody": True}}
    assert desk.ask(GRID, "POST", "matters", body).body["reason"] == "area"
    told = desk.ask(OTHER_GRID, "POST", "matters", body | {"method": "wushan-three-rests"})
    assert told.status == 201 and told.body["moves"]  # whoever holds it may go on at once
    assert desk.ask(POLICE, "POST", "matters", body).status == 201


def test_what_is_on_no_register_is_told_in_a_sentence(desk: Desk) -> None:
    for told, reason in (
        ({"place": "330727999"}, "place"),
        ({"place": "33072710"}, "place"),
        ({"against": ["no-such-unit"]}, "against"),
        ({"against": ["post:99999"]}, "against"),
        ({"method": "no-such-method"}, "method"),
        ({"kind": "no-such-kind"}, "kind"),
    ):
        answer = desk.report(**told)
        assert (answer.status, answer.body["reason"]) == (422, reason), answer
        assert "（" in answer.body["detail"]


def test_many_are_answered_row_by_row(desk: Desk) -> None:
    good = {"title": "灯", "text": "", "place": desk.grids[0], "channel": "hotline", "external_id": "7"}
    rows = [good, {"title": "灯"}, good | {"place": "330727999"}, good, good | {"external_id": "8"}, "row"]
    answer = desk.ask("hotline", "POST", "matters/bulk", {"matters": rows})
    assert answer.status == 200
    told = answer.body["rows"]
    assert [row["row"] for row in told] == list(range(6))
    assert [row["status"] for row in told] == [201, 422, 422, 200, 201, 422]
    assert told[0]["matter"]["code"] == told[3]["matter"]["code"] and told[0]["matter"]["secret"]
    assert told[1]["problem"]["errors"][0]["at"] and told[3]["matter"]["secret"] is None


def test_more_than_500_rows_are_refused_whole(desk: Desk) -> None:
    assert desk.ask("hotline", "POST", "matters/bulk", {"matters": [{}] * 501}).status == 422


def test_who_sees_a_matter_reads_it_masked_with_its_moves(desk: Desk) -> None:
    code = desk.code(text="我的电话 13800138000，请回电", method="wushan-three-rests")
    answer = desk.ask(GRID, "GET", f"matters/{code}")
    assert answer.status == 200 and answer.headers["ETag"] == f'"{answer.body["position"]}"'
    assert "13800138000" not in answer.body["text"] and "请回电" in answer.body["text"]
    assert {move["move"] for move in answer.body["moves"]} >= {"accept", "settle", "note"}
    assert desk.ask(GRID, "GET", f"matters/{code.lower()}").status == 200


def test_what_is_not_seen_is_told_in_the_words_of_what_is_not_there(desk: Desk) -> None:
    code = desk.code()
    for path in ("", "/journal", "/clock"):
        unseen = desk.ask(OTHER_GRID, "GET", f"matters/{code}{path}")
        nothing = desk.ask(OTHER_GRID, "GET", f"matters/{NOWHERE}{path}")
        assert unseen.status == nothing.status == 404
        assert json.loads(json.dumps(unseen.body).replace(code, NOWHERE)) == nothing.body
    assert desk.move(OTHER_GRID, code, "note", reason="x").status == 404


def test_a_code_that_cannot_be_one_says_what_is_wrong(desk: Desk) -> None:
    answer = desk.ask(GRID, "GET", "matters/K7M2-9QX8")
    assert answer.status == 404 and answer.body["reason"] == "code"


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


def test_who_can_be_reached_is_not_nobody(desk: Desk) -> None:
    for told in ({"address": "演示路1号"}, {"id_number": "330727199001010000"}, {"email": "a@example.org"},
                 {"way": "sms"}, {"name": "演示居民"}, {"unnamed": True}):  # fmt: skip
        answer = desk.report(reporter={"nobody": True, **told})
        assert (answer.status, answer.body["reason"]) == (422, "reporter"), told


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


def test_a_list_is_the_viewers_own_and_goes_page_by_page(desk: Desk) -> None:
    codes = [desk.code(place=desk.grids[0]) for _ in range(3)]
    other = desk.code(place=desk.grids[1])
    first = desk.ask(GRID, "GET", "matters?limit=2")
    rest = desk.ask(GRID, "GET", f"matters?limit=2&cursor={first.body['next']}")
    assert [row["code"] for row in (*first.body["matters"], *rest.body["matters"])] == codes[::-1]
    assert rest.body["next"] == "" and sum(int(each["count"]) for each in first.body["counts"]) == 3
    assert other in [row["code"] for row in desk.ask(VILLAGE, "GET", "matters").body["matters"]]


def test_a_list_is_narrowed_and_searched(desk: Desk) -> None:
    code = desk.code(title="水管漏水", text="楼上水管漏水", method="wushan-three-rests")
    desk.code()
    for query in ("stage=grid", "kind=appeal", "late=false", "channel=hotline", "state=all"):
        assert desk.ask(GRID, "GET", f"matters?{query}").status == 200
    found = desk.ask(GRID, "GET", "matters?q=水管").body["matters"]
    assert [row["code"] for row in found] == [code]
    assert desk.ask(GRID, "GET", "matters?late=true&state=ended").body["matters"] == []


def test_what_a_list_cannot_be_asked_is_a_problem(desk: Desk) -> None:
    code = desk.code(place=desk.grids[1])
    for query in (
        "limit=0",
        "limit=201",
        "limit=x",
        "state=none",
        "cursor=???",
        f"cursor={code}",
        "color=red",
        "limit=1&limit=2",
        "q=%00",
    ):
        answer = desk.ask(GRID, "GET", f"matters?{query}")
        assert answer.status == 422 and answer.body["detail"], query


def test_a_clock_says_why_each_duty_ends_when_it_does(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    told = desk.ask(GRID, "GET", f"matters/{code}/clock").body
    assert told["duties"][0]["explain"] and told["duties"][0]["owed_by"]["unit"] == GRID
    english = desk.ask(GRID, "GET", f"matters/{code}/clock", **{"Accept-Language": "en"}).body
    assert english["duties"][0]["explain"] != told["duties"][0]["explain"]


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


def test_a_clock_of_the_future_is_the_kernels_word(desk: Desk) -> None:
    assert desk.report(external_due="2300-01-01T00:00:00Z").body["reason"] == "moment"


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


def test_a_change_of_the_registers_is_seen_by_the_very_next_request(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    second = next(
        person for person in reversed(desk.people) if person.unit == GRID and person.token != desk.tokens[GRID]
    )

    def people() -> list[int]:
        moves = desk.ask(GRID, "GET", f"matters/{code}").body["moves"]
        assign = next(move for move in moves if move["move"] == "assign")
        return assign["fields"]["properties"]["person"]["enum"]

    def due() -> str:
        duties = desk.move(VILLAGE, desk.code(), "refuse", reason="演示").body["duties"]
        return max(duty["due"] for duty in duties if duty["kind"] == "ruling")  # one working day

    both, before = people(), due()
    assert second.person in both and before == due()
    set_leave(second.post, moments.today())
    assert second.person not in people()
    assert desk.ask(second.token, "GET", f"matters/{code}").status == 401
    set_leave(second.post, None)
    assert people() == both and desk.ask(second.token, "GET", f"matters/{code}").status == 200
    for days in range(1, 10):
        set_day(330727000000000, moments.today() + dt.timedelta(days), False, "演示：停工")
    assert due() > before
    move_unit(GRID, COUNTY)
    assert desk.ask(VILLAGE, "GET", f"matters/{code}").body["sealed"] == []  # it stands above the holder no longer
    end_post(second.post, moments.today() - dt.timedelta(1))
    assert second.person not in people()


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
