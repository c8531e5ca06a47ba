"""The outbox on a real database: what is handed over, in which order, what waits and what is passed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.db import ProgrammingError, connection, transaction

from minqing.base import moments
from minqing.kernel.matters import outbox
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.events import Reported, RungFired
from minqing.kernel.matters.outbox import Happened, hand_over, name_of, put_aside, try_again
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


class Ear:
    """A reaction that remembers what it heard and fails on what it is told to."""

    def __init__(self, name: str = "ear") -> None:
        self.__module__, self.__qualname__ = "tests", name
        self.heard: list[Happened] = []
        self.calls = 0
        self.fails_on: set[str] = set()

    def __call__(self, batch: Sequence[Happened]) -> None:
        self.calls += 1
        if self.fails_on & {one.code for one in batch}:
            raise ValueError("some word of a resident")
        self.heard += batch

    def codes(self) -> list[str]:
        return [one.code for one in self.heard]


@pytest.fixture
def county(tmp_path, wushan):
    publish(wushan)
    (tmp_path / "lists").mkdir()
    return open_trial_county(tmp_path / "lists")


@pytest.fixture
def reported(county, wushan):
    """Reports so many matters that long ago, recorded at once."""

    def report(many: int, ago: dt.timedelta = dt.timedelta(0), late: dt.timedelta = dt.timedelta(0)) -> None:
        happened = moments.now() - ago
        store_made_up(wushan, county, [happened] * many, happened + late)

    return report


def rows() -> int:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from matters_outbox")
        return cursor.fetchone()[0]


def test_a_reaction_hears_each_event_it_is_wired_to_once_and_the_rows_are_gone(reported):
    reported(3)
    ear = Ear()
    handed = hand_over({Reported: (ear,)})
    assert (handed.taken, handed.done, handed.faults, ear.calls) == (3, 3, [], 1)
    first = ear.heard[0]
    assert isinstance(first.event, Reported) and first.event.code == first.code and first.position == 1
    assert len(set(ear.codes())) == 3 and abs(moments.now() - first.happened) < DAY
    assert hand_over({Reported: (ear,)}).taken == rows() == 0


def test_a_reaction_of_two_events_hears_them_in_the_order_of_the_matter(reported):
    reported(1, ago=10 * DAY)
    sweep(moments.now(), by="test")
    ear = Ear()
    hand_over({Reported: (ear,), RungFired: (ear,)})
    positions = [one.position for one in ear.heard]
    assert isinstance(ear.heard[0].event, Reported) and isinstance(ear.heard[1].event, RungFired)
    assert ear.calls == 1 and positions == sorted(positions)


def test_the_past_wakes_nobody(reported):
    reported(2, ago=30 * DAY, late=DAY + dt.timedelta(seconds=1))
    reported(1, ago=30 * DAY, late=DAY)
    ear = Ear()
    assert hand_over({Reported: (ear,)}).done == 3
    assert len(ear.heard) == 1


def test_a_load_of_history_wakes_nobody(reported, monkeypatch):
    monkeypatch.setattr(outbox, "HISTORY", "matter")  # the topic of what is reported here
    reported(2)
    ear = Ear()
    assert hand_over({Reported: (ear,)}).done == 2 and ear.heard == []


def test_what_a_reaction_fails_on_waits_alone_and_only_for_that_reaction(reported):
    reported(5)
    good, bad = Ear("good"), Ear("bad")
    hand_over({}, many=0)
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select code from matters_matter order by id offset 2 limit 1")
        poison = cursor.fetchone()[0]
    bad.fails_on = {poison}
    handed = hand_over({Reported: (good, bad)})
    assert (handed.taken, handed.done) == (5, 4)
    assert [(one.reaction, one.code, one.tries, one.aside) for one in handed.faults] == [
        ("tests.bad", poison, 1, False)
    ]
    assert len(bad.heard) == 4 and len(good.heard) == 5
    assert hand_over({Reported: (good, bad)}).taken == 0  # not before its pause is over
    bad.fails_on = set()
    assert try_again() == 1
    hand_over({Reported: (good, bad)})
    assert bad.codes()[-1] == poison and len(good.heard) == 5 and rows() == 0


def test_a_matter_that_waits_holds_up_what_comes_after_it_and_no_other_matter(reported):
    reported(1, ago=10 * DAY)
    ear = Ear()
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select code from matters_matter")
        ear.fails_on = {cursor.fetchone()[0]}
    wired = {Reported: (ear,), RungFired: (ear,)}
    hand_over(wired)
    sweep(moments.now(), by="test")
    ear.fails_on = set()
    reported(1)
    hand_over(wired)
    assert [type(one.event) for one in ear.heard] == [Reported] and rows() > 1
    try_again()
    hand_over(wired)
    assert [type(one.event) for one in ear.heard][1:3] == [Reported, RungFired] and rows() == 0


def test_after_its_last_try_it_is_put_aside_in_sight_and_holds_up_nothing(reported, monkeypatch):
    monkeypatch.setattr(outbox, "MOST", 1)
    reported(1, ago=10 * DAY)
    ear = Ear()
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select code from matters_matter")
        (poison,) = cursor.fetchone()
    ear.fails_on = {poison}
    wired = {Reported: (ear,), RungFired: (ear,)}
    assert [one.aside for one in hand_over(wired).faults] == [True]
    (waiting,) = put_aside()
    assert (waiting.code, waiting.first, waiting.waiting) == (poison, 1, ("tests.ear",))
    ear.fails_on = set()
    sweep(moments.now(), by="test")
    hand_over(wired)
    assert [type(one.event) for one in ear.heard][:1] == [RungFired] and rows() == 1
    assert try_again() == 1 and hand_over(wired).done == 1 and put_aside() == []


def test_what_a_failed_reaction_wrote_is_undone(reported):
    reported(1)

    def writes_and_fails(batch: Sequence[Happened]) -> None:
        connection.cursor().execute("select matters_outbox_done((select array_agg(id) from matters_outbox))")
        raise ValueError

    assert len(hand_over({Reported: (writes_and_fails,)}).faults) == 1
    assert rows() == 1


def test_a_reaction_is_known_by_its_module_and_name():
    assert name_of(hand_over) == "minqing.kernel.matters.outbox.hand_over"


@pytest.mark.parametrize(
    "call", ["matters_outbox_take(1, 1::smallint)", "matters_outbox_done('{1}')", "matters_outbox_revive()"]
)
def test_the_outbox_is_closed_to_every_scope_but_the_house(call):
    with pytest.raises(ProgrammingError, match="by the house alone"), transaction.atomic():
        connection.cursor().execute(f"select {call}")
