"""A client who knows nothing but the offers gets on: what is shown can be done, and says all that it needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.matter import DONE, OPEN
from minqing.kernel.matters.offers import Offer
from minqing.kernel.matters.testing import CAST, PLACE, REPORTER, VOLUNTEER, Trial, answer_of, worker
from minqing.kernel.methods.loader import load_folder
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import Viewer
from minqing.wiring.vocabulary import VOCABULARY

METHODS = load_folder(Path(__file__).resolve().parents[5] / "methods", VOCABULARY)
PEOPLE = [REPORTER, VOLUNTEER, *(worker(unit, unit * 10 + number) for unit in range(1, 8) for number in (1, 2))]
WALKS, STEPS = 80, 30
NEEDS_CODE, CHILD = ("merge", "link"), "NNNN3333"


class Client:
    """Walks one made-up matter by what it is shown."""

    def __init__(self, method: Method, seed: str, known: set[str]) -> None:
        self.known = known  # verbs that earlier walks have used: others are taken more often
        self.chance, self.method = Random(seed), method
        self.trial = Trial(method)
        chance = self.chance
        self.trial.report(
            kind=chance.choice(list(method.kinds)),
            people=chance.choice((1, 6, 40)),
            emergency=chance.choice(("", "", "", *(one.slug for one in method.emergencies))),
            reporter=chance.choice(("named", "nobody")),
            wants_call_back=chance.random() < 0.8,
            against=chance.choice(((), (), (), (2,), (5,))),
        )

    def step(self) -> None:
        """Somebody takes one of the offers, or time passes."""
        if self.chance.random() < 0.2:
            self.trial.wait(dt.timedelta(hours=self.chance.choice((1, 26, 90))))
        actor = self.chance.choice(PEOPLE)
        offers = moves(self.method, self.trial.matter, self.trial.context(actor))
        own = [offer for offer in offers if offer.verb not in ("withdraw", "guide")]
        if own and self.chance.random() < 0.95:
            offers = own
        fresh = [offer for offer in offers if offer.verb not in self.known]
        if offers:
            self.take(actor, self.chance.choice(fresh if fresh and self.chance.random() < 0.5 else offers))

    def take(self, actor: Viewer, offer: Offer) -> None:
        command = answer_of(offer, self.chance, self.method)
        if command.verb in NEEDS_CODE:  # a code of another matter cannot be known from an offer
            self.named(actor, command)
            return
        if command.verb == "split":
            command = replace(command, code=CHILD)  # the door draws it
        before, answer = self.trial.matter, self.trial.try_(actor, command)
        assert not isinstance(answer, Refusal), (actor, offer, command, answer)
        self.trial.take(actor, command)
        self.known.add(offer.verb)
        result = next((one for one in offer.results if one.name == command.result), None)
        clears = result.clears if result else offer.clears
        met = {d.id for d in before.duties if d.state == OPEN and self.trial.matter.duty(d.id).state == DONE}
        assert met <= set(clears), (offer, met)
        if not any(ask.of and ask.kind != "records" for ask in (*offer.asks, *(result.asks if result else ()))):
            assert met == set(clears), (offer, met)

    def named(self, actor: Viewer, command: Command) -> None:
        """The other matter is named; whether the two fit shows only then, and each refusal has its reason."""
        other = Trial(self.method)
        other.report(code="QQQQ2222", against=self.chance.choice(((), (2,))))
        self.trial.other = other.matter
        offers = {one.verb for one in moves(self.method, self.trial.matter, self.trial.context(actor))}
        answer = self.trial.try_(actor, replace(command, code="QQQQ2222"))
        if isinstance(answer, Refusal):
            assert answer.reason in ("not-yours", "against", "linked")
            assert command.verb not in offers or answer.reason == "linked"
        else:
            assert command.verb in offers
            if command.verb == "link" or self.chance.random() < 0.2:
                self.trial.take(actor, replace(command, code="QQQQ2222"))
                self.known.add(command.verb)
        self.trial.other = None


@pytest.mark.parametrize("slug", sorted(METHODS))
def test_whoever_fills_an_offer_in_as_it_says_is_not_refused(slug: str) -> None:
    seen: set[str] = set()
    for seed in range(WALKS):
        client = Client(METHODS[slug], f"{slug} {seed}", seen)
        for _ in range(STEPS):
            client.step()
    wanted = {"assign", "note", "record", "correct", "grade", "whistle", "arrive", "answer", "waive", "reopen"}
    wanted |= {
        "accept",
        "settle",
        "refer",
        "call_back",
        "hand_over",
        "clear",
        "supervise",
        "merge",
        "unmerge",
    }
    wanted |= {"split", "link", "remind", "rate"}
    if METHODS[slug].refusal is not None:
        wanted |= {"refuse", "rule", "suspend", "extend"}
    assert wanted <= seen, wanted - seen


def test_nobody_reads_of_a_place_or_person_that_is_not_there() -> None:
    method = METHODS["wushan-three-rests"]
    trial = Trial(method, staff={})
    trial.report(place=PLACE)
    offers = {offer.verb: offer for offer in moves(method, trial.matter, trial.context(worker(CAST.units["grid"])))}
    assert "assign" not in offers
    assert "against_people" not in {ask.name for ask in offers["correct"].asks}
