"""Tokens in a real database: whom they make act, and when they no longer do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict, NotFound
from minqing.registers.accounts.actions import (
    add_user,
    close_user,
    issue_machine_token,
    issue_token,
    open_seat,
    reopen_user,
    revoke_token,
)
from minqing.registers.accounts.queries import (
    heads_of,
    names_of,
    posts,
    serving_in,
    staff_of,
    tokens,
    users_by_login,
    viewer_in,
    viewer_of,
)
from minqing.registers.accounts.rules import HOUSE, NOTHING, Scope, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.accounts.tests.conftest import COUNTY, GRID, INSPECTION, NEW_YEAR, TOWN, VILLAGE, WATER, Seated
from minqing.registers.accounts.tokens import hash_of
from minqing.registers.regions.actions import end_post, set_leave
from minqing.registers.regions.codes import parse_code, range_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def later() -> Iterator[None]:
    """Puts the clock back after a test that moves it."""
    before = moments.shift()
    yield
    moments.shift_by(before)


def person(login: str) -> int:
    return users_by_login([login])[login]


def test_a_token_makes_its_user_act_in_the_post_with_the_rights_of_both(seated: Seated, county) -> None:
    post = seated("chen")
    issued = issue_token(post, "手机", 30, ("read", "act"))
    viewer = viewer_of(issued.words)
    assert viewer == Viewer(
        person("chen"), county[GRID], frozenset(), viewer_in(post).scope, "grid_worker",
        frozenset({"read", "act"}), issued.id, "", post,
    )  # fmt: skip
    key = parse_code("330727001002001")
    ladder = tuple(county[slug] for slug in (GRID, VILLAGE, "town-330727001", COUNTY))
    assert viewer.scope == Scope("region", key, (range_of(key),), 0, (county[GRID],), (*ladder, -person("chen")))


def test_a_viewer_costs_one_statement_whatever_the_token_is(seated: Seated, django_assert_num_queries) -> None:
    words = issue_token(seated("chen"), "手机", 30).words
    for token in (words, "mq_none", "", "\ud800\0" * 10**4):
        with django_assert_num_queries(1):
            viewer_of(token)


def test_what_is_no_token_makes_nobody_act(seated: Seated) -> None:
    words = issue_token(seated("chen"), "手机", 30).words
    for token in ("", "mq_", words[:-1], words + "x", words.upper(), "\ud800", "\0", "mq_" + "x" * 10**6):
        assert viewer_of(token) is None


def test_a_token_expires(seated: Seated, later: None) -> None:
    words = issue_token(seated("chen"), "手机", 30).words
    moments.shift_by(30 * DAY - dt.timedelta(minutes=1))
    assert viewer_of(words) is not None
    moments.shift_by(30 * DAY + dt.timedelta(minutes=1))
    assert viewer_of(words) is None


def test_a_revoked_token_opens_nothing_and_is_revoked_once(seated: Seated) -> None:
    issued = issue_token(seated("chen"), "手机", 30)
    assert revoke_token(issued.id)
    assert not revoke_token(issued.id)
    assert viewer_of(issued.words) is None


def test_a_token_lives_no_longer_than_the_post(seated: Seated, later: None) -> None:
    post = seated("chen")
    words = issue_token(post, "手机", 300).words
    end_post(post, moments.today())
    assert viewer_of(words) is not None  # the last day is a day
    moments.shift_by(DAY)
    assert viewer_of(words) is None
    with pytest.raises(NotFound, match="今天没有人在任"):
        viewer_in(post)


def test_a_post_that_has_not_begun_makes_nobody_act(seated: Seated) -> None:
    post = seated("chen", starts=moments.today() + DAY)
    with pytest.raises(NotFound):
        issue_token(post, "手机", 30)


def test_a_user_who_left_acts_in_no_post(seated: Seated, county) -> None:
    post, other = seated("chen"), seated("zhou")
    words = issue_token(post, "手机", 30).words
    set_leave(other, moments.today(), stand_in=post)
    assert staff_of([county[GRID]])[county[GRID]] == ((person("chen"), "演示·chen"),)
    close_user("chen")
    assert viewer_of(words) is None
    for shown in (post, other):  # neither in the own post, which runs to the end of the day, nor as a stand-in
        with pytest.raises(NotFound):
            viewer_in(shown)
    assert staff_of([county[GRID]]) == {county[GRID]: ()}
    assert [(row.ends, row.login) for row in posts()] == [(moments.today(), "chen"), (None, "zhou")]


def test_a_user_who_comes_back_has_their_number_but_no_post(seated: Seated, county, later: None) -> None:
    post = seated("chen")
    words, number = issue_token(post, "手机", 300).words, close_user("chen")
    assert reopen_user("chen") == number == person("chen")
    assert viewer_in(post).person == number  # the last day is a day
    assert viewer_of(words) is None
    moments.shift_by(DAY)
    assert viewer_in(open_seat("chen", GRID, "worker", moments.today())).person == number


def test_a_post_not_yet_begun_ends_on_its_first_day_when_its_user_leaves(seated: Seated) -> None:
    seated("chen", starts=moments.today() + 5 * DAY)
    close_user("chen")
    assert [(row.starts, row.ends) for row in posts()] == [(moments.today() + 5 * DAY,) * 2]


def test_on_leave_the_stand_in_acts_for_the_post_and_the_one_away_does_not(seated: Seated, county) -> None:
    worker, cadre = seated("chen"), seated("zhou", VILLAGE, "cadre")
    own = issue_token(worker, "手机", 30).words
    set_leave(worker, moments.today(), moments.today() + DAY, stand_in=cadre)
    assert viewer_of(own) is None
    for_both = viewer_of(issue_token(worker, "代班", 2).words)
    assert (for_both.person, for_both.unit, for_both.role) == (person("zhou"), county[GRID], "grid_worker")
    assert -person("zhou") in for_both.scope.barred
    assert viewer_in(cadre).unit == county[VILLAGE]
    set_leave(worker, None)
    assert viewer_of(own) is not None


def test_the_token_of_a_stand_in_ends_with_the_leave(seated: Seated, later: None) -> None:
    worker, cadre = seated("chen"), seated("zhou", VILLAGE, "cadre")
    set_leave(worker, moments.today(), moments.today(), stand_in=cadre)
    words = issue_token(worker, "代班", 30).words
    assert viewer_of(words) is not None
    moments.shift_by(DAY)
    assert viewer_of(words) is None


def test_a_program_reports_under_its_source_and_does_nothing_else(county) -> None:
    viewer = viewer_of(issue_machine_token("12345-hotline", "热线对接", 365).words)
    assert (viewer.person, viewer.unit, viewer.roles) == (0, 0, frozenset({"machine"}))
    assert (viewer.role, viewer.source, viewer.rights) == ("machine", "12345-hotline", frozenset({"report", "read"}))
    assert viewer.scope == Scope("county", 0, (range_of(parse_code("330727")),), 0)
    with pytest.raises(BadInput, match="没有“act”"):
        issue_machine_token("12345-hotline", "热线对接", 365, ("act",))


def test_a_role_word_of_a_post_gives_nobody_the_part_of_reporter_machine_or_clock(seated: Seated) -> None:
    for number, title in enumerate(("reporter", "machine", "clock", "holder")):
        assert viewer_in(seated(f"user{number}", VILLAGE, title)).roles == frozenset()
    assert viewer_in(seated("mei", VILLAGE, "mediator")).roles == frozenset({"mediator"})
    assert viewer_in(seated("lin", VILLAGE, "helper", "volunteer")).roles == frozenset({"volunteer"})


def test_inspection_is_barred_from_what_is_said_of_itself_only(seated: Seated, county) -> None:
    viewer = viewer_in(seated("ji", INSPECTION, "clerk"))
    assert viewer.scope.barred == (county[INSPECTION], -person("ji"))


def test_only_the_hash_of_a_token_is_stored_and_raw_sql_lists_none(seated: Seated) -> None:
    words = issue_token(seated("chen"), "手机", 30).words
    with connection.cursor() as cursor:
        for table in ("accounts_token", "accounts_token t join accounts_user u on u.id = t.person"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone() == (0,)
        with seen_by(HOUSE):
            cursor.execute("select to_jsonb(t)::text from accounts_tokens() t")
            listed = cursor.fetchone()[0]
    assert words not in listed and words[3:] not in listed and hash_of(words).hex() not in listed


@pytest.mark.parametrize(
    "statement",
    [
        "insert into accounts_token (hash, title, source, area, rights, expires, created)"
        " values (sha256('x'), 't', 's', 1, '{act}', now() + interval '1 day', now())",
        "update accounts_token set rights = '{act}'",
        "delete from accounts_token",
        "delete from accounts_user",
    ],
)
def test_raw_sql_of_the_application_writes_no_token_and_removes_nobody(seated: Seated, statement: str) -> None:
    issue_token(seated("chen"), "手机", 30)
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with connection.cursor() as cursor, denied as refused, transaction.atomic():
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_tokens_are_listed_with_the_day_they_were_last_used(seated: Seated) -> None:
    post = seated("chen")
    issued = issue_token(post, "手机", 30)
    assert tokens()[-1].last_used is None
    viewer_of(issued.words)
    row = tokens()[-1]
    assert (row.id, row.title, row.post, row.last_used) == (issued.id, "手机", post, moments.today())
    assert row.living(moments.now())


def test_staff_are_those_who_serve_today_with_their_numbers(seated: Seated, county) -> None:
    worker, cadre = seated("chen"), seated("zhou", VILLAGE, "head")
    seated("gone", VILLAGE, "clerk", ends=NEW_YEAR)
    seated("shen", COUNTY, "clerk", "auditor")
    grid, village, centre = county[GRID], county[VILLAGE], county[COUNTY]
    chen, zhou = (person("chen"), "演示·chen"), (person("zhou"), "演示·zhou")
    assert staff_of([grid, village, centre]) == {grid: (chen,), village: (zhou,), centre: ()}
    assert heads_of([grid, village], moments.now()) == {village: zhou[0]}
    set_leave(worker, moments.today(), stand_in=cadre)
    assert staff_of([grid]) == {grid: (zhou,)}
    assert serving_in([grid], moments.now()) == {grid: frozenset({chen[0], zhou[0]})}  # leave takes no work away
    assert serving_in([grid], moments.now() - DAY) == {grid: frozenset({chen[0]})}
    assert names_of([chen[0]]) == {chen[0]: "演示·chen"}


def test_staff_asked_again_cost_one_statement(seated: Seated, county, django_assert_num_queries) -> None:
    seated("chen")
    staff_of(county.values())
    with django_assert_num_queries(1):
        staff_of(county.values())


def test_who_serves_changes_at_midnight(seated: Seated, county, later: None) -> None:
    seated("chen", ends=moments.today())
    assert len(staff_of([county[GRID]])[county[GRID]]) == 1
    moments.shift_by(DAY)
    assert staff_of([county[GRID]]) == {county[GRID]: ()}


def test_an_administrator_has_no_token_and_sees_no_matter(seated: Seated) -> None:
    post = seated("admin", COUNTY, "it", "administrator")
    assert viewer_in(post).rights == frozenset()
    assert viewer_in(post).scope.areas == NOTHING.areas == () and viewer_in(post).scope.units == ()
    with pytest.raises(BadInput, match="不需要令牌"):
        issue_token(post, "手机", 30)


def test_a_user_serves_in_two_posts_with_a_token_for_each(seated: Seated, county) -> None:
    first = seated("chen")
    second = open_seat("chen", VILLAGE, "clerk", NEW_YEAR)
    units = [viewer_of(issue_token(post, "手机", 30).words).unit for post in (first, second)]
    assert units == [county[GRID], county[VILLAGE]]


def test_whoever_serves_in_two_posts_is_barred_in_each_from_what_is_against_either_unit(seated: Seated, county) -> None:
    post = seated("chen", WATER, "clerk")
    assert county[VILLAGE] not in viewer_in(post).scope.barred
    second = open_seat("chen", VILLAGE, "clerk", NEW_YEAR)
    viewer = viewer_of(issue_token(post, "手机", 30).words)
    assert viewer.units_besides == (county[VILLAGE], county[TOWN], county[COUNTY])
    assert set(viewer.units_besides) <= set(viewer.scope.barred) == set(viewer_in(post).scope.barred)
    assert viewer_in(second).units_besides == (county[WATER], county[COUNTY])
    end_post(second, moments.today() - DAY)
    assert viewer_of(issue_token(post, "手机二", 30).words).units_besides == ()


def test_a_stand_in_is_barred_from_what_is_against_their_own_unit_and_the_one_they_stand_in_for(
    seated: Seated, county, later: None
) -> None:
    away, own = seated("zhou", WATER, "clerk"), seated("chen")
    set_leave(away, moments.today(), moments.today() + DAY, stand_in=own)
    assert viewer_in(away).person == person("chen")
    assert {county[GRID], county[VILLAGE]} <= set(viewer_in(away).scope.barred)
    assert county[WATER] in viewer_in(own).scope.barred
    moments.shift_by(2 * DAY)
    assert county[WATER] not in viewer_in(own).scope.barred


def test_a_second_post_in_discipline_inspection_bars_from_what_is_said_of_it_alone(seated: Seated, county) -> None:
    post = seated("ji", WATER, "clerk")
    inspector = open_seat("ji", INSPECTION, "clerk", NEW_YEAR)
    assert viewer_in(post).units_besides == (county[INSPECTION],)
    assert viewer_in(inspector).units_besides == (county[WATER], county[COUNTY])


def test_logins_are_nobodys_twice(county) -> None:
    add_user("chen", "演示·陈")
    with pytest.raises(Conflict, match="已有登录名为“chen”"):
        add_user("chen", "演示·陈二")
