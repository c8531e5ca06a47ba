"""Whoever could sign in as somebody else by a starting password cannot keep it from that person, nor from others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator

from minqing.base import moments
from minqing.registers.accounts.actions import close_user
from minqing.registers.accounts.factors import drop_factors
from minqing.registers.accounts.passwords import change_password, start_password
from minqing.registers.accounts.queries import users_by_login, viewer_in
from minqing.registers.accounts.resets import TOLD_FOR, SignInChange, resets, resets_beside, sign_in_of, told_to
from minqing.registers.accounts.tests.conftest import COUNTY, TOWN, VILLAGE, WATER, Seated
from minqing.registers.regions.journal import changed_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved() -> Iterator[Callable[[dt.timedelta], None]]:
    """Moves the clock on from where the test began."""
    before = moments.shift()
    yield lambda by: moments.shift_by(before + by)
    moments.shift_by(before)


@pytest.fixture
def chen(seated: Seated) -> int:
    """Somebody at the village who signs in with a password of their own."""
    seated("chen", VILLAGE, "clerk")
    person = users_by_login(["chen"])["chen"]
    start_password("chen")
    change_password(person, "河边第三棵柳树 42")
    return person


@pytest.fixture
def ling(seated: Seated) -> int:
    """An administrator."""
    seated("ling", COUNTY, "administrator", "administrator")
    return users_by_login(["ling"])["ling"]


def said(changes: tuple[SignInChange, ...]) -> list[tuple[str, int, bool]]:
    return [(one.what, one.by, one.reset) for one in changes]


def test_the_first_starting_password_is_no_reset(chen: int) -> None:
    assert told_to(chen) == () and resets() == ()
    assert said(sign_in_of(chen)) == [("changed", 0, False), ("started", 0, False)]


def test_who_entered_in_the_name_of_somebody_cannot_take_back_that_it_is_told(chen: int, ling: int) -> None:
    with changed_by(ling):
        start_password("chen")
    change_password(chen, "管理员自己定的密码 1")  # in the name of chen
    with changed_by(ling):
        start_password("chen")  # and once more, when chen cannot sign in
    change_password(chen, "河边第四棵柳树 43")
    assert said(told_to(chen))[:4] == [
        ("changed", 0, False), ("started", ling, True), ("changed", 0, False), ("started", ling, True),
    ]  # fmt: skip
    assert told_to(chen)[1].by_name == "演示·ling" and told_to(chen)[1].name == "演示·chen"


def test_factors_taken_off_are_a_reset(chen: int, ling: int) -> None:
    Authenticator.objects.create(user_id=chen, type="totp", data={}, created_at=moments.now())
    with changed_by(ling):
        drop_factors("chen")
    assert said(told_to(chen))[0] == ("factors", ling, True)
    assert said(resets()) == [("factors", ling, True)]


def test_it_is_told_for_two_weeks_and_listed_for_a_year(chen: int, moved: Callable[[dt.timedelta], None]) -> None:
    start_password("chen")
    moved(TOLD_FOR - dt.timedelta(hours=1))
    assert told_to(chen) and resets()
    moved(TOLD_FOR + dt.timedelta(hours=1))
    assert told_to(chen) == () and resets() == ()
    assert sign_in_of(chen)[0].reset
    moved(dt.timedelta(days=366))
    assert sign_in_of(chen) == ()


def test_colleagues_of_the_unit_are_told_and_the_unit_above_of_whoever_serves_alone(
    chen: int, ling: int, seated: Seated
) -> None:
    town, water = seated("zhou", TOWN, "clerk"), seated("wu", WATER, "clerk")
    start_password("chen")
    assert [one.person for one in resets_beside(viewer_in(town))] == [chen]
    assert resets_beside(viewer_in(water)) == ()
    beside = seated("wang", VILLAGE, "mediator")
    assert [one.person for one in resets_beside(viewer_in(beside))] == [chen]
    assert resets_beside(viewer_in(town)) == (), "there is a colleague now"
    own = seated("zheng", VILLAGE, "head")
    start_password("zheng")
    start_password("zheng")
    assert [one.person for one in resets_beside(viewer_in(own))] == [chen], "their own is told elsewhere"
    assert len(resets_beside(viewer_in(beside))) == 2
    close_user("chen")
    assert len(resets_beside(viewer_in(beside))) == 1
