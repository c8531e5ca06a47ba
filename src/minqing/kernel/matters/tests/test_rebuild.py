from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from minqing.base.ledger.verify import verify
from minqing.kernel.matters.commands import Refusal, Tick
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.reading import MATTERS
from minqing.kernel.matters.rebuild import compare
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import REPORTER, VOLUNTEER, answer_of, worker
from minqing.kernel.methods.loader import load_folder
from minqing.registers.accounts.rules import CLOCK
from minqing.wiring.vocabulary import VOCABULARY

METHODS = load_folder(Path(__file__).resolve().parents[5] / "methods", VOCABULARY)
PEOPLE = [REPORTER, VOLUNTEER, *(worker(unit, unit * 10 + number) for unit in range(1, 8) for number in (1, 2))]


def step(trial: StoredTrial, chance: random.Random) -> None:
    """Somebody does something that is offered, or time passes."""
    rung = trial.next_rung()
    if rung is not None and chance.random() < 0.3:
        trial.moment = max(trial.moment, rung[0])
        trial.take(CLOCK, Tick(rung[1], rung[2]))
        return
    trial.moment += dt.timedelta(hours=chance.choice([0, 1, 30]))
    actor = chance.choice(PEOPLE)
    offered = moves(trial.method, trial.matter, trial.context(actor))
    if not offered:
        return
    command = answer_of(chance.choice(offered), chance, trial.method)
    if not isinstance(trial.try_(actor, command), Refusal):
        trial.take(actor, command)


@pytest.mark.parametrize("slug", METHODS)
def test_after_random_commands_the_replayed_journal_equals_every_stored_row(db, home, slug):
    chance = random.Random(slug)
    for _ in range(6):
        trial = StoredTrial(METHODS[slug])
        trial.report("楼上漏水", people=chance.choice([1, 12]), against=chance.choice([(), (2,)]))
        for _ in range(25):
            step(trial, chance)
    found = compare()
    assert (found.matters, found.differences) == (6, [])
    assert found.lines > 100
    assert verify([MATTERS], home).faults == []
