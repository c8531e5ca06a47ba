"""Accounts on record: numbers only, and one line for a whole county's staff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from minqing.base.ledger.streams import REGISTER
from minqing.base.ledger.verify import verify
from minqing.registers.accounts.actions import (
    SeatPlan,
    UserPlan,
    add_user,
    add_users,
    close_user,
    issue_machine_token,
    issue_token,
    revoke_token,
    seat_users,
)
from minqing.registers.accounts.tests.conftest import GRID, NEW_YEAR, Seated
from minqing.registers.regions.actions import PostPlan, open_posts

pytestmark = pytest.mark.django_db


def lines() -> list[tuple[str, str, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select s.code, l.kind, l.data::text from ledger_line l join ledger_subject s using (stream, subject)"
            " where l.stream = %s order by l.recorded, l.subject, l.seq",
            [REGISTER.number],
        )
        return [(code, kind, json.loads(data)) for code, kind, data in cursor.fetchall()]


def test_users_seats_and_tokens_are_on_record_by_their_numbers(seated: Seated, tmp_path: Path) -> None:
    post = seated("chen")
    issued = issue_token(post, "陈网格的手机", 30, ("read",))
    program = issue_machine_token("hotline", "热线对接", 30)
    revoke_token(issued.id)
    number = close_user("chen")
    told = {(code, kind) for code, kind, _ in lines()}
    assert {
        (f"user:{number}", "UserAdded"),
        (f"post:{post}", "UserSeated"),
        (f"token:{issued.id}", "TokenIssued"),
        (f"token:{program.id}", "TokenIssued"),
        (f"token:{issued.id}", "TokenRevoked"),
        (f"user:{number}", "UserClosed"),
    } <= told
    assert not verify([REGISTER], tmp_path).count


def test_neither_names_nor_logins_nor_tokens_stand_in_lines(seated: Seated) -> None:
    issued = issue_token(seated("chen.wei"), "陈网格的手机", 30)
    close_user("chen.wei")
    told = json.dumps(lines(), ensure_ascii=False)
    assert not [word for word in ("chen", "陈", "演示", issued.words, issued.words[3:20]) if word in told]


def test_the_staff_of_a_county_are_two_lines(county) -> None:
    posts = open_posts([PostPlan(GRID, "worker", f"演示·{number}", NEW_YEAR) for number in range(50)])
    before = len(lines())
    add_users([UserPlan(f"u{number}", f"演示·{number}") for number in range(50)])
    seat_users([SeatPlan(f"u{number}", post) for number, post in enumerate(posts)])
    assert [(code, kind, data["count"]) for code, kind, data in lines()[before:]] == [
        ("county", "UserAdded", 50),
        ("county", "UserSeated", 50),
    ]


def test_closing_twice_is_one_line(county) -> None:
    add_user("chen", "演示·陈")
    close_user("chen")
    before = len(lines())
    close_user("chen")
    assert len(lines()) == before
