"""Guard rail (b): nothing makes a matter slower, hidden or unregistered because of who brought it.

The same concern is told twice, by two different reporters through two different people at the door; every step after
that is the same for both, with all the papers, words and answers it asks for, and so is what the clock does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minqing.kernel.matters.commands import Decision, Refusal, Report
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.events import Event, Reported
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.testing import (
    CAST,
    COUNTY,
    GRID,
    POLICE,
    TOWN,
    VILLAGE,
    VOLUNTEER,
    Trial,
    answer_of,
    worker,
)
from minqing.kernel.methods.loader import load_folder
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import MACHINE, REPORTER, Viewer
from minqing.wiring.vocabulary import TAGS, VOCABULARY

METHODS = load_folder(Path(__file__).parents[2] / "methods", VOCABULARY)
#: What may differ between two people who tell the same: who they are, who wrote it down, where it was on record before.
WHO = st.fixed_dictionaries({
    "reporter": st.sampled_from(["named", "unnamed"]),
    "source": st.sampled_from(["", "hotline", "petition-system"]),
})  # fmt: skip
DOORS = st.sampled_from([REPORTER, MACHINE, worker(GRID), worker(VILLAGE, 23), worker(COUNTY), Viewer(7, 0)])
CONCERNS = st.fixed_dictionaries({
    "people": st.integers(1, 60),
    "tags": st.lists(st.sampled_from(sorted(TAGS)), max_size=2).map(tuple),
    "channel": st.sampled_from(["web", "hotline", "visit", "petition"]),
    "against": st.sampled_from([(), (VILLAGE,), (TOWN,), (GRID, POLICE)]),
    "wants_call_back": st.booleans(),
})  # fmt: skip
ACTORS = [
    *(worker(unit) for unit in CAST.level), *(worker(unit, unit * 10 + 2) for unit in CAST.level), REPORTER, VOLUNTEER,
]  # fmt: skip


def _told(method: Method, concern: dict[str, object], who: dict[str, object], door: Viewer) -> Trial:
    trial = Trial(method)
    report = replace(Report(code="K7M2-9QX7", place=CAST.place, channel="web"), **concern, **who)
    report = replace(report, emergency=spot_emergency(method, "", report.tags))
    trial.take(door, report)
    return trial


def _what_follows(history: list[Event]) -> list[Event]:
    """All but the names of who told it."""
    return [
        replace(event, reporter="", source="", external_id="") if isinstance(event, Reported) else event
        for event in history
    ]


def _said(answer: Decision | Refusal) -> object:
    """What happens, or in which words it is refused."""
    return answer.events if isinstance(answer, Decision) else answer


def test_a_step_taken_here_brings_what_it_asks_for() -> None:
    """Else nothing but refusals would be compared: over sixty walks papers are handed in."""
    taken = 0
    for seed in range(60):
        chance = Random(seed)
        trial = _told(chance.choice(list(METHODS.values())), {}, {}, REPORTER)
        for _ in range(6):
            actor = chance.choice(ACTORS)
            offered = moves(trial.method, trial.matter, trial.context(actor))
            command = answer_of(chance.choice(offered), chance, trial.method) if offered else None
            if command is not None and isinstance(trial.try_(actor, command), Decision):
                trial.take(actor, command)
                taken += bool(command.records)
    assert taken > 20


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_swapping_the_reporter_changes_nothing_that_follows(method: Method, data: st.DataObject) -> None:
    concern = data.draw(CONCERNS)
    one = _told(method, concern, data.draw(WHO), data.draw(DOORS))
    other = _told(method, concern, data.draw(WHO), data.draw(DOORS))
    assert _what_follows(one.history) == _what_follows(other.history)
    for _ in range(data.draw(st.integers(0, 8))):
        if data.draw(st.integers(0, 3)) == 0:
            span = dt.timedelta(hours=data.draw(st.integers(1, 200)))
            one.wait(span)
            other.wait(span)
        else:
            actor = data.draw(st.sampled_from(ACTORS))
            offered = moves(method, one.matter, one.context(actor))
            assert offered == moves(method, other.matter, other.context(actor))
            if offered:
                offer = data.draw(st.sampled_from(offered))
                command = answer_of(offer, data.draw(st.randoms(use_true_random=False)), method)
                answers = [trial.try_(actor, command) for trial in (one, other)]
                assert _said(answers[0]) == _said(answers[1])
                if isinstance(answers[0], Decision):
                    for trial in (one, other):
                        trial.take(actor, command)
        assert _what_follows(one.history) == _what_follows(other.history)
