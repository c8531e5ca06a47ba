"""Concerns come in: one, many, of programs and of posts, and what is told of those that are not taken."""

from __future__ import annotations

from minqing.doors.api.tests.conftest import Desk

GRID, OTHER_GRID, POLICE = "grid-330727101201001", "grid-330727101201002", "trial-police"


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


def test_who_can_be_reached_is_not_nobody(desk: Desk) -> None:
    for told in ({"address": "演示路1号"}, {"id_number": "330727199001010000"}, {"email": "a@example.org"},
                 {"way": "sms"}, {"name": "演示居民"}, {"unnamed": True}):  # fmt: skip
        answer = desk.report(reporter={"nobody": True, **told})
        assert (answer.status, answer.body["reason"]) == (422, "reporter"), told


def test_a_clock_of_the_future_is_the_kernels_word(desk: Desk) -> None:
    assert desk.report(external_due="2300-01-01T00:00:00Z").body["reason"] == "moment"
