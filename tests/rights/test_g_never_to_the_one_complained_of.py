"""Guard rail (g): a matter never reaches the post or the unit it is against: no route, no duty, no word, no sight."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.cast import barred
from minqing.kernel.matters.commands import Command, Decision, Report
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.evolve import evolve
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.testing import CAST, GRID, INSPECTION, TOWN, VILLAGE, VOLUNTEER, Trial, answer_of, worker
from minqing.kernel.methods.loader import load_folder
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import REPORTER
from minqing.wiring.vocabulary import TAGS, VOCABULARY

METHODS = load_folder(Path(__file__).parents[2] / "methods", VOCABULARY)
ACTORS = [*(worker(unit) for unit in CAST.level), *(worker(unit, unit * 10 + 2) for unit in CAST.level), VOLUNTEER]
AGAINST = st.lists(st.sampled_from(sorted(set(CAST.level) - {INSPECTION})), max_size=2, unique=True)
#: What turns out on the way: a unit, or (negative) a person.
AGAINST_LATER = st.sampled_from([*CAST.level, *(-worker(unit).person for unit in CAST.level)])


def _reached(event: ev.Event) -> tuple[int, ...]:
    """The units that an event brings the matter to."""
    match event:
        case ev.Entered():
            return (event.holder,)
        case ev.DutyAdded() | ev.DutyMoved():
            return (event.owed_by,)
        case ev.Told() | ev.LetterSent():
            return event.units
        case ev.HoldRefused() | ev.Ruled():
            return (event.unit, event.ruler)
        case ev.Acted() | ev.CalledBack() | ev.Settled():
            return (event.unit,)
    return ()


def _check(trial: Trial) -> None:
    """Each event as far as was known when it happened; and who has it and owes something now."""
    matter = None
    for event in trial.history:
        matter = evolve(matter, event)
        for unit in _reached(event):
            assert not (unit and barred(unit, matter, CAST)), (CAST.names[unit], event)
        if isinstance(event, ev.Assigned) and event.worker:
            assert event.worker not in matter.against_people, event
    for unit in (trial.matter.holder, *(duty.owed_by for duty in trial.matter.open_duties())):
        assert not (unit and barred(unit, trial.matter, CAST)), CAST.names[unit]
    assert trial.matter.worker not in trial.matter.against_people


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_event_brings_it_to_a_unit_it_is_against(method: Method, data: st.DataObject) -> None:
    against = tuple(data.draw(AGAINST))
    tags = tuple(data.draw(st.lists(st.sampled_from(sorted(TAGS)), max_size=1)))
    trial = Trial(method)
    report = Report(code="K7M2-9QX7", place=CAST.place, channel="web", against=against, tags=tags)
    trial.take(REPORTER, replace(report, emergency=spot_emergency(method, "", tags)))
    for _ in range(data.draw(st.integers(1, 10))):
        match data.draw(st.integers(0, 5)):
            case 0 | 1:
                trial.wait(dt.timedelta(hours=data.draw(st.integers(1, 400))))
            case 2:
                _told_later(trial, data)
            case _:
                _one_step(trial, data)
    _check(trial)


def _told_later(trial: Trial, data: st.DataObject) -> None:
    """Whom it is against, besides, turns out on the way: whoever has it, owes it, was called or rules then."""
    number = data.draw(AGAINST_LATER)
    units, people = ((number,), ()) if number > 0 else ((), (-number,))
    command = Command("correct", against=units, against_people=people, against_unknown=1)
    if trial.matter.is_open:
        trial.take(REPORTER, command)


def _one_step(trial: Trial, data: st.DataObject) -> None:
    actor = data.draw(st.sampled_from(ACTORS))
    offered = moves(trial.method, trial.matter, trial.context(actor))
    if actor.unit and barred(actor.unit, trial.matter, CAST):
        assert offered == [], "the one complained of is offered a step"
    chance = data.draw(st.randoms(use_true_random=False))
    for offer in chance.sample(offered, len(offered)):
        command = answer_of(offer, chance, trial.method)
        if isinstance(trial.try_(actor, command), Decision):
            trial.take(actor, command)
            return


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
@pytest.mark.parametrize("unit", [GRID, VILLAGE, TOWN])
def test_who_is_complained_of_and_all_under_them_may_do_nothing(method: Method, unit: int) -> None:
    trial = Trial(method)
    trial.report("路灯不亮", against=(unit,))
    under = [one for one in (GRID, VILLAGE, TOWN) if one <= unit]
    for one in under:
        for verb in ("accept", "settle", "note", "assign", "refer", "answer", "record", "correct"):
            assert trial.refused(worker(one), verb, body="a" * 64, person=one * 10 + 1)


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
def test_a_person_complained_of_takes_no_part_wherever_they_serve(method: Method) -> None:
    """A post's person: in their own unit, and in another in which they serve besides."""
    trial = Trial(method)
    trial.report("路灯不亮", against_people=(worker(VILLAGE).person,))
    for unit in CAST.level:
        viewer = worker(unit, worker(VILLAGE).person)
        assert moves(method, trial.matter, trial.context(viewer)) == []
        assert trial.refused(viewer, "note", body="a" * 64)
    holder = trial.matter.holder
    assert trial.refused(worker(holder, 997), "assign", person=worker(VILLAGE).person)
