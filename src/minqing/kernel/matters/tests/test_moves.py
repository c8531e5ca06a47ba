"""What the buttons show is what decide takes: every verb, every actor, at stations all along the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.standing import STANDING
from minqing.kernel.matters.testing import COUNTY, GRID, POLICE, TOWN, VILLAGE, VOLUNTEER, Trial, worker
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import CLOCK, REPORTER

ACTORS = [REPORTER, VOLUNTEER, CLOCK, *(worker(unit) for unit in range(1, 8))]
#: Refusals of who, where and when. A verb that is shown gets none of them; what is missing along is asked for.
NOT_NOW = {"not-yours", "no-move", "ended", "open", "window", "solver", "nobody", "emergency", "not-yet", "nowhere",
           "no-whistle", "no-levels", "attend", "call-first"}  # fmt: skip
VERBS = [*STANDING, "accept", "settle", "refer", "guide", "call_back", "verify", "withdraw", "close"]


def stations(method: Method) -> Iterator[tuple[str, Trial]]:
    """The same matter at each station of a long way."""
    trial = Trial(method)
    trial.report(category="labour/wages")
    while trial.matter.stage != "town":
        yield trial.matter.stage, trial
        trial.act(worker(trial.matter.holder), "refer")
    yield "town", trial
    trial.act(worker(TOWN), "whistle", to="department")
    yield "whistled", trial
    trial.act(worker(POLICE), "arrive")
    trial.act(worker(POLICE), "answer")
    for duty in [duty.id for duty in trial.matter.open_duties() if duty.kind == "attend"]:
        trial.act(worker(COUNTY), "waive", duty=duty, body="w" * 64)
    trial.act(worker(TOWN), "settle", records=tuple(method.records))
    yield "call-back", trial
    for duty in [duty.id for duty in trial.matter.open_duties() if duty.kind == "answer-village"]:
        trial.act(worker(TOWN), "fulfil", duty=duty)
    trial.act(worker(COUNTY), "call_back", result="satisfied")
    yield "closed", trial
    trial.moment += dt.timedelta(days=40)
    yield "long closed", trial


@pytest.mark.parametrize("name", ["wushan", "panan"])
def test_moves_are_what_decide_takes(name: str, request: pytest.FixtureRequest) -> None:
    method, seen = request.getfixturevalue(name), set()
    for station, trial in stations(method):
        seen.add(station)
        for actor in ACTORS:
            shown = {offer.verb for offer in moves(method, trial.matter, trial.context(actor))}
            for verb in VERBS:
                answer = trial.try_(actor, Command(verb))
                refused = isinstance(answer, Refusal) and answer.reason in NOT_NOW
                assert (verb in shown) != refused, (station, actor, verb, answer)
    assert {"town", "whistled", "call-back", "closed", "long closed"} <= seen


def test_what_a_move_still_needs_and_may_result_in_is_shown(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours")
    offer = {o.verb: o for o in moves(wushan, trial.matter, trial.context(worker(GRID)))}["settle"]
    assert offer.needs == ("result",)
    trial.act(worker(GRID), "settle", records=("result",))
    asked = {o.verb: o for o in moves(wushan, trial.matter, trial.context(VOLUNTEER))}["call_back"]
    assert {"satisfied", "unsatisfied", "not_reached"} <= set(asked.results)


def test_a_stranger_is_shown_nothing(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours")
    assert moves(wushan, trial.matter, trial.context(VOLUNTEER)) == []
    assert moves(wushan, trial.matter, trial.context(worker(POLICE))) == []
    assert {offer.verb for offer in moves(wushan, trial.matter, trial.context(worker(VILLAGE)))} >= {"note", "assign"}
