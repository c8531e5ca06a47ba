"""S26 to each of the six ends, in memory and in the database; every due time recomputed by another reckoner."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from reckoner import recompute
from s26 import STORIES

from minqing.base.moments import CHINA
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.evolve import evolve
from minqing.kernel.matters.reckoning import explain_duty
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import CLOCK, Trial
from minqing.kernel.methods.loader import load_method
from minqing.wiring.vocabulary import VOCABULARY

ROOT = Path(__file__).resolve().parents[2]
METHOD = load_method(ROOT / "methods" / "wushan-three-rests.yaml", VOCABULARY)


@pytest.mark.parametrize("end", STORIES)
def test_s26_in_memory_reaches_each_end(end: str) -> None:
    trial = Trial(METHOD)
    STORIES[end](trial)
    assert trial.matter.end == end


@pytest.mark.django_db
@pytest.mark.parametrize("end", STORIES)
def test_s26_in_the_database_reaches_each_end(end: str) -> None:
    """The same story, every decision through the journal; what each step sees is what was read back."""
    trial = StoredTrial(METHOD)
    STORIES[end](trial)
    assert trial.matter.end == end
    for event in trial.history:
        if isinstance(event, ev.DutyAdded):
            assert event.due == recompute(event), event


@pytest.mark.parametrize("end", STORIES)
def test_every_due_time_is_right_to_the_minute_by_an_independent_reckoner(end: str) -> None:
    trial = Trial(METHOD)
    STORIES[end](trial)
    added = [event for event in trial.history if isinstance(event, ev.DutyAdded)]
    assert added
    for event in added:
        assert event.due == recompute(event), event
    context = trial.context(CLOCK)
    for duty in evolve_all(trial.history).duties:
        last = explain_duty(duty, context)[-1]
        assert said(last) == duty.due, last


def evolve_all(history: list[ev.Event]):
    matter = None
    for event in history:
        matter = evolve(matter, event)
    return matter


def said(sentence: str) -> dt.datetime:
    """The moment that the last sentence of an explanation names: 到期：2026年6月4日（周四）24:00。"""
    year, month, day, hour, minute = map(int, re.search(r"(\d+)年(\d+)月(\d+)日.*?(\d+):(\d\d)", sentence).groups())
    return dt.datetime(year, month, day, tzinfo=CHINA) + dt.timedelta(hours=hour, minutes=minute)
