"""Nobody gives themselves a post, a stand-in or a longer term, closes themselves, or takes a lock off their account."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict, NotAllowed
from minqing.registers.accounts.actions import StaffPlan, close_user, open_seat, open_staff, reopen_user
from minqing.registers.accounts.factors import drop_factors, factors_of
from minqing.registers.accounts.passwords import start_password
from minqing.registers.accounts.queries import posts, users_by_login
from minqing.registers.accounts.terms import end_post, set_leave
from minqing.registers.accounts.tests.conftest import COUNTY, NEW_YEAR, VILLAGE, Seated
from minqing.registers.regions.journal import changed_by

pytestmark = pytest.mark.django_db

SUMMER = dt.date(2026, 7, 1)


@pytest.fixture
def office(seated: Seated) -> int:
    """The post of an administrator, `ling`."""
    return seated("ling", COUNTY, "administrator", "administrator")


def ling() -> int:
    return users_by_login(["ling"])["ling"]


#: What somebody may not do for themselves, and does for another: (own login or post) -> done.
DEEDS: dict[str, Callable[[str, int, int], object]] = {
    "a post": lambda login, own, grid: open_seat(login, VILLAGE, "clerk", NEW_YEAR),
    "a post from a list": lambda login, own, grid: open_staff([StaffPlan(login, "演示", VILLAGE, "clerk", NEW_YEAR)]),
    "a stand-in": lambda login, own, grid: set_leave(grid, SUMMER, None, own),
    "the end of a post": lambda login, own, grid: end_post(own, dt.date(2027, 1, 1)),
    "a starting password": lambda login, own, grid: start_password(login),
    "closing": lambda login, own, grid: close_user(login),
}


@pytest.mark.parametrize("name", DEEDS)
def test_what_nobody_does_for_themselves_another_does_and_the_machine_too(
    name: str, office: int, seated: Seated
) -> None:
    grid = seated("chen")
    with changed_by(ling()), pytest.raises(NotAllowed, match="另一位管理员"):
        DEEDS[name]("ling", office, grid)
    assert [row.unit for row in posts() if row.login == "ling"] == [COUNTY]
    assert posts(post=grid)[0].stand_in is None
    other = seated("wang", COUNTY, "clerk", "county_centre")
    with changed_by(ling()):
        DEEDS[name]("wang", other, grid)
    DEEDS[name]("ling", office, grid)  # the command line of the machine names nobody


def test_nobody_stands_in_by_a_way_round(office: int, seated: Seated) -> None:
    grid, village = seated("chen"), seated("wang", VILLAGE)
    set_leave(village, SUMMER, None, office)  # another saw to it: ling stands in at the village
    with changed_by(ling()), pytest.raises(NotAllowed, match="代班"):
        set_leave(grid, SUMMER, None, village)
    assert posts(post=grid)[0].stand_in is None


def test_their_own_leave_is_theirs_to_set(office: int, seated: Seated) -> None:
    grid = seated("chen")
    with changed_by(ling()):
        set_leave(office, SUMMER, None, grid)
        set_leave(office, None)
    assert posts(post=office)[0].absent_from is None


def test_lost_factors_are_taken_off_on_record(office: int, seated: Seated) -> None:
    seated("chen")
    chen = users_by_login(["chen"])["chen"]
    for kind in ("totp", "recovery_codes", "webauthn"):
        Authenticator.objects.create(user_id=chen, type=kind, data={}, created_at=moments.now())
    assert factors_of(chen) == ("totp", "recovery_codes", "webauthn")
    with changed_by(chen), pytest.raises(NotAllowed, match="我的账号"):
        drop_factors("chen")
    assert factors_of(chen)
    with changed_by(ling()):
        assert drop_factors("chen") == 3
    assert factors_of(chen) == ()
    with connection.cursor() as cursor:
        cursor.execute("select actor, data from ledger_line where kind = 'FactorsDropped'")
        assert cursor.fetchall() == [(ling(), {"user": chen, "number": 3})]


def test_there_is_nothing_to_take_off_of_who_has_none_or_has_left(seated: Seated) -> None:
    seated("chen")
    with pytest.raises(Conflict, match="什么都没有改"):
        drop_factors("chen")
    close_user("chen")
    with pytest.raises(BadInput, match="没有登录名为"):
        drop_factors("chen")
    reopen_user("chen")


def test_no_door_takes_the_way_round() -> None:
    """The register of places knows posts but not who sits in them: doors end and cover posts by `accounts.terms`."""
    doors = Path(__file__).parents[3] / "doors"
    told = [path for path in doors.rglob("*.py") if "tests" not in path.parts]
    round_ = re.compile(r"regions\.actions import [^\n(]*\b(end_post|set_leave|open_posts?)\b")
    wide = re.compile(r"regions\.actions import \([^)]*\b(end_post|set_leave|open_posts?)\b")
    texts = {path.name: path.read_text("utf-8") for path in told}
    assert len(texts) > 50
    assert [name for name, text in texts.items() if round_.search(text) or wide.search(text)] == []


@pytest.mark.django_db
def test_a_list_of_nobody_opens_nothing() -> None:
    """A county that is made ready once more has its people."""
    assert open_staff([]) == []
