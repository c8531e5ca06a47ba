"""What the buttons show is what decide takes: every verb, every actor, at stations all along the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.permits import REPORTER_WORD
from minqing.kernel.matters.standing import STANDING
from minqing.kernel.matters.testing import COUNTY, GRID, POLICE, TOWN, VILLAGE, VOLUNTEER, Trial, worker
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import CLOCK, REPORTER

ACTORS = [REPORTER, VOLUNTEER, CLOCK, *(worker(unit) for unit in range(1, 8))]
VERBS = [*STANDING, "accept", "settle", "refer", "guide", "call_back", "verify", "withdraw", "close"]


def stations(method: Method) -> Iterator[tuple[str, Trial]]:
    """The same matter at each station of a long way."""
    other = Trial(method)
    other.report(code="K7M2-9QXG", category="labour/wages")
    trial = Trial(method, other=other.matter)
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


def every_way(verb: str, method: Method, trial: Trial) -> Iterator[Command]:
    """Everything that somebody could send with a verb who brings all there is to bring."""
    rich = Command(verb, body="w" * 64, records=(*method.records, REPORTER_WORD), people=2, stars=3, code="K7M2-9QXG")
    plain = replace(rich, people=None)
    yield from (plain, replace(rich, records=()), replace(plain, records=()), Command(verb))
    for result in ("satisfied", "unsatisfied", "not_reached", "not_called", "theirs", "not_theirs", *method.pauses):
        yield replace(plain, result=result)
        yield from (replace(plain, result=result, to=slug) for slug in method.stages)
    yield from (replace(plain, to=to) for to in (*method.levels, *method.kinds, "department", "town", "related"))
    for unit in range(1, 8):
        yield replace(plain, unit=unit)
        yield replace(plain, person=unit * 10 + 1)
        yield replace(plain, against=(unit,))
    yield from (replace(plain, duty=duty.id) for duty in trial.matter.duties)


@pytest.mark.parametrize("name", ["wushan", "panan"])
def test_moves_are_what_decide_takes(name: str, request: pytest.FixtureRequest) -> None:
    method, seen = request.getfixturevalue(name), set()
    for station, trial in stations(method):
        seen.add(station)
        for actor in ACTORS:
            shown = {offer.verb for offer in moves(method, trial.matter, trial.context(actor))}
            for verb in VERBS:
                taken = [
                    way for way in every_way(verb, method, trial) if not isinstance(trial.try_(actor, way), Refusal)
                ]
                assert (verb in shown) == bool(taken), (station, actor, verb, taken)
    assert {"town", "whistled", "call-back", "closed", "long closed"} <= seen


def test_what_a_move_still_needs_and_may_result_in_is_shown(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours")
    offer = {o.verb: o for o in moves(wushan, trial.matter, trial.context(worker(GRID)))}["settle"]
    (papers,) = [ask for ask in offer.asks if ask.required]
    assert (papers.name, papers.kind, papers.of) == ("records", "records", (("result", wushan.records["result"]),))
    assert (offer.title_zh, offer.title_en, offer.clears) == ("办结", "settle", (1,))
    trial.act(worker(GRID), "settle", records=("result",))
    asked = {o.verb: o for o in moves(wushan, trial.matter, trial.context(VOLUNTEER))}["call_back"]
    assert [result.name for result in asked.results] == ["satisfied", "unsatisfied", "not_reached"]
    assert [result.clears for result in asked.results] == [(2,), (2,), ()]


def test_a_stranger_is_shown_nothing(wushan: Method) -> None:
    trial = Trial(wushan)
    trial.report(category="order/neighbours")
    assert moves(wushan, trial.matter, trial.context(VOLUNTEER)) == []
    assert moves(wushan, trial.matter, trial.context(worker(POLICE))) == []
    assert {offer.verb for offer in moves(wushan, trial.matter, trial.context(worker(VILLAGE)))} >= {"note", "assign"}
