"""A post that ends hands over: what its person had in hand goes to the unit's head, or back on the unit's list."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from minqing.base import moments
from minqing.base.errors import Conflict
from minqing.base.ledger.verify import verify
from minqing.kernel.matters import handing
from minqing.kernel.matters.actions import Concern, act, report
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.events import Assigned, Told
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.handing import count_in_hand, hand_over_ended
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import MATTERS, history, read_one
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.actions import add_user, close_user, open_seat
from minqing.registers.accounts.queries import viewer_in
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.regions.actions import end_post, set_leave
from minqing.registers.regions.codes import code_of

DAY = dt.timedelta(days=1)
NEW_YEAR = dt.date(2026, 1, 1)


@pytest.fixture
def grid(db, reader, wushan, tmp_path: Path) -> int:
    """A grid of the trial county, whose unit takes concerns in."""
    publish(wushan)
    return open_trial_county(tmp_path, towns=1, villages=1, grids=1)[0]


@pytest.fixture
def seat(grid: int):
    """Adds a user with a post in the unit of the grid; returns person and post."""

    def seat(login: str, title: str = "worker", unit: str = "") -> tuple[int, int]:
        return add_user(login, f"演示·{login}"), open_seat(login, unit or f"grid-{code_of(grid)}", title, NEW_YEAR)

    return seat


@pytest.fixture
def in_hand(grid: int, wushan):
    """Reports a concern and gives it to the person of a post; returns its code."""

    def in_hand(person: int, post: int) -> str:
        (answer,) = report([Concern(grid, "web", text="路灯不亮")], wushan)
        viewer = viewer_in(post)
        assert answer.matter.holder == viewer.unit
        done = act(answer.code, Command("assign", person=person), viewer)
        assert not isinstance(done, Refusal), done
        return answer.code

    return in_hand


def matter(code: str) -> Matter:
    return read_one(HOUSE, code).matter


def hand_over() -> list[str]:
    handed = hand_over_ended(moments.now())
    assert not handed.refused
    return handed.codes


def ended(post: int) -> None:
    end_post(post, moments.today() - DAY)


def test_a_post_that_ends_hands_its_matters_to_the_head_of_the_unit(seat, in_hand, tmp_path: Path) -> None:
    (chen, post), (zhou, _) = seat("chen"), seat("zhou", "head")
    code = in_hand(chen, post)
    owed = matter(code).open_duties()
    ended(post)
    assert hand_over() == [code]
    assert matter(code).worker == zhou
    assert matter(code).open_duties() == owed, "duties are the unit's: nothing starts anew, nothing is lost"
    told = [line.event for line in history(HOUSE, code)]
    assert Assigned(zhou) in told
    assert any(isinstance(event, Told) for event in told[-3:]), "the unit hears of it"
    assert replay(told) == matter(code)
    assert not verify([MATTERS], tmp_path).count


def test_what_the_end_of_a_post_hands_over_is_counted_before(seat, in_hand) -> None:
    (chen, post), (zhou, _) = seat("chen"), seat("zhou")
    in_hand(chen, post), in_hand(chen, post)
    unit = viewer_in(post).unit
    assert (count_in_hand([unit], chen), count_in_hand([unit], zhou), count_in_hand([], chen)) == (2, 0, 0)
    ended(post)
    assert len(hand_over()) == 2 and count_in_hand([unit], chen) == 0


def test_handing_over_again_changes_nothing(seat, in_hand) -> None:
    chen, post = seat("chen")
    code = in_hand(chen, post)
    ended(post)
    assert hand_over() == [code]
    position = matter(code).position
    assert hand_over() == []
    assert matter(code).position == position


def test_where_the_unit_has_no_head_the_matter_is_nobodys_yet(seat, in_hand) -> None:
    (chen, post), _ = seat("chen"), seat("zhou")
    code = in_hand(chen, post)
    ended(post)
    hand_over()
    assert matter(code).worker == 0
    assert matter(code).holder, "the unit has it still"


def test_who_serves_keeps_what_they_have_until_the_last_day_is_over(seat, in_hand) -> None:
    chen, post = seat("chen")
    code = in_hand(chen, post)
    assert hand_over() == []
    end_post(post, moments.today())
    assert hand_over() == []
    assert hand_over_ended(moments.now() + DAY).codes == [code]


def test_leave_hands_nothing_over(seat, in_hand) -> None:
    (chen, post), (_, other) = seat("chen"), seat("zhou", "head")
    code = in_hand(chen, post)
    set_leave(post, moments.today(), stand_in=other)
    assert hand_over() == []
    assert matter(code).worker == chen


def test_what_a_stand_in_took_in_hand_is_handed_over_when_the_leave_is_over(seat, in_hand) -> None:
    (_, post), (zhou, other) = seat("chen", "head"), seat("zhou", unit="village-330727101201")
    set_leave(post, moments.today(), stand_in=other)
    code = in_hand(zhou, post)
    assert hand_over() == []
    set_leave(post, None)
    assert hand_over() == [code]


def test_a_closed_user_hands_over_what_they_had(seat, in_hand) -> None:
    (chen, post), (zhou, _) = seat("chen"), seat("zhou", "head")
    code = in_hand(chen, post)
    close_user("chen")
    assert hand_over() == [code]
    assert matter(code).worker == zhou


def test_a_matter_against_the_head_is_not_handed_to_them(seat, in_hand, grid: int, wushan) -> None:
    (chen, post), (zhou, _) = seat("chen"), seat("zhou", "head")
    (answer,) = report([Concern(grid, "web", text="路灯不亮", against_people=(zhou,))], wushan)
    if answer.matter.holder != viewer_in(post).unit:
        pytest.fail(f"the matter went to {answer.matter.holder}")
    act(answer.code, Command("assign", person=chen), viewer_in(post))
    ended(post)
    hand_over()
    assert matter(answer.code).worker == 0


def test_many_matters_are_found_in_two_questions(seat, in_hand, django_assert_max_num_queries) -> None:
    (chen, post), (zhou, other) = seat("chen"), seat("zhou", "head")
    codes = [in_hand(chen, post) for _ in range(4)]
    kept = in_hand(zhou, other)
    with django_assert_max_num_queries(12):
        assert hand_over() == []
    ended(post)
    assert hand_over() == codes
    assert matter(kept).worker == zhou


def test_one_matter_that_fails_keeps_no_other_from_being_handed_over(seat, in_hand, monkeypatch) -> None:
    """Somebody is faster on one of them: it is reported, the others have gone back to the unit."""
    person, post = seat("clerk")
    first, second = in_hand(person, post), in_hand(person, post)
    ended(post)

    def busy(code: str, *told: object) -> object:
        if code == first:
            raise Conflict("正被多人同时办理")
        return act(code, *told)

    monkeypatch.setattr(handing, "act", busy)
    handed = hand_over_ended(moments.now())
    assert (handed.codes, list(handed.refused)) == ([second], [first])
    assert "正被多人同时办理" in handed.refused[first].zh
