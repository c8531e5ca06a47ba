"""Matters are looked at and listed, each by who sees it, as the registers stand at that moment."""

from __future__ import annotations

import datetime as dt
import json

from minqing.base import moments
from minqing.doors.api.tests.conftest import Desk
from minqing.registers.regions.actions import end_post, move_unit, set_day, set_leave

VILLAGE, COUNTY = "village-330727101201", "county-330727"
GRID, OTHER_GRID = "grid-330727101201001", "grid-330727101201002"
NOWHERE = "2222-2222"  # well formed, and nobody's


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


def test_a_clock_says_why_each_duty_ends_when_it_does(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    told = desk.ask(GRID, "GET", f"matters/{code}/clock").body
    assert told["duties"][0]["explain"] and told["duties"][0]["owed_by"]["unit"] == GRID
    english = desk.ask(GRID, "GET", f"matters/{code}/clock", **{"Accept-Language": "en"}).body
    assert english["duties"][0]["explain"] != told["duties"][0]["explain"]


def test_stage_level_duties_and_values_are_named_in_the_tongue_that_is_asked_for(desk: Desk) -> None:
    code = desk.code(method="wushan-three-rests")
    told = {
        lang: desk.ask(GRID, "GET", f"matters/{code}", **{"Accept-Language": lang}).body for lang in ("zh-Hans", "en")
    }
    named = [(one["stage_title"], one["level_title"], one["duties"][0]["title"]) for one in told.values()]
    assert named == [("网格调处", "平稳", "网格调处"), ("with the grid", "calm", "with the grid")]
    cause = next(move for move in told["en"]["moves"] if move["move"] == "correct")["fields"]["properties"][
        "form.cause"
    ]
    assert cause["title"] == "cause" and {"const": "邻里", "title": "neighbours"} in cause["oneOf"]
    lines = desk.ask(GRID, "GET", f"matters/{code}/journal", **{"Accept-Language": "en"}).body["lines"]
    assert any("entered “with the grid”" in line["sentence"] for line in lines)


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
