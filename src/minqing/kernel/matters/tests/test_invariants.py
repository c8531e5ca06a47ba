"""Random reports, commands and hours on every method file; the invariants of docs/architecture.md hold at each step."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.cast import barred, takes_no_part
from minqing.kernel.matters.commands import Command, Decision, Refusal, Tick
from minqing.kernel.matters.decide import moves
from minqing.kernel.matters.evolve import evolve, replay
from minqing.kernel.matters.joining import lead_of
from minqing.kernel.matters.matter import OPEN
from minqing.kernel.matters.testing import CAST, CLOCK, PLACE, REPORTER, VOLUNTEER, Trial, answer_of, worker
from minqing.kernel.methods.loader import load_folder
from minqing.kernel.methods.model import CALL_BACK
from minqing.wiring.vocabulary import VOCABULARY

ROOT = Path(__file__).resolve().parents[5]
METHODS = load_folder(ROOT / "methods", VOCABULARY)
STAFF = [worker(unit, unit * 10 + number) for unit in range(1, 8) for number in (1, 2)]
PEOPLE = [REPORTER, VOLUNTEER, *STAFF]
NOTHING_MOVES = ("note", "record", "correct", "assign", "hand_over", "remind", "rate", "clear", "link", "split")
NONSENSE = st.text(max_size=8).filter(lambda verb: not verb.isascii() or not verb.isalpha())  # "note" is a verb


class Loop(RuleBasedStateMachine):
    """One matter, anybody, any time."""

    method = next(iter(METHODS.values()))

    @initialize(data=st.data())
    def report(self, data: st.DataObject) -> None:
        cast = CAST
        known = data.draw(st.sampled_from([4, 3, 2, 1]), label="how many levels are known of the place")
        if known < 4:
            gone = ("grid", "village", "town")[: 4 - known]
            cast = replace(CAST, units={role: unit for role, unit in CAST.units.items() if role not in gone})
        self.trial = Trial(self.method, cast=cast)
        other = Trial(self.method)
        other.report(code="QQQQ2222", place=PLACE)
        self.other = other.matter
        emergencies = ["", "", *(e.slug for e in self.method.emergencies)]
        self.trial.report(
            place=PLACE,
            kind=data.draw(st.sampled_from(list(self.method.kinds))),
            people=data.draw(st.sampled_from([1, 2, 5, 12, 40, 200])),
            tags=tuple(data.draw(st.lists(st.sampled_from(["violence", "noise", "crowd"]), max_size=2, unique=True))),
            emergency=data.draw(st.sampled_from(emergencies)),
            reporter=data.draw(st.sampled_from(["named", "unnamed", "nobody"])),
            wants_call_back=data.draw(st.booleans()),
            against=tuple(data.draw(st.lists(st.sampled_from([1, 2, 3, 5]), max_size=2, unique=True))),
        )

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        actor = data.draw(st.sampled_from(PEOPLE))
        offered = moves(self.method, self.trial.matter, self.trial.context(actor))
        if takes_no_part(actor, self.trial.matter, self.trial.cast):
            assert not offered, "I2: the one complained of takes no part"
        if not offered:
            return
        offer = data.draw(st.sampled_from(offered))
        command = answer_of(offer, data.draw(st.randoms(use_true_random=False)), self.method)
        if command.verb in ("merge", "link"):
            self.trial.other = self.other
            command = replace(command, code=self.other.code)
        if command.verb == "split":
            command = replace(command, code="NNNN3333")
        before, answer = self.trial.matter, self.trial.try_(actor, command)
        self.trial.other = None
        if isinstance(answer, Refusal):
            assert answer.zh and answer.en and command.verb in ("merge", "link"), (command, answer)
            return
        self.take(answer)
        same = (self.trial.matter.level, self.trial.matter.against) == (before.level, before.against)
        if offer.verb in NOTHING_MOVES and same:
            for old, new in zip(before.duties, self.trial.matter.duties, strict=True):
                assert old.due == new.due and old.rungs == new.rungs, "I12"

    @rule(data=st.data())
    def somebody_pauses(self, data: st.DataObject) -> None:
        """Rare among all steps, and what follows upon it is what the pause invariant is about."""
        for actor in (worker(4, 42), REPORTER):
            offers = moves(self.method, self.trial.matter, self.trial.context(actor))
            offer = next((one for one in offers if one.verb == "suspend"), None)
            if offer is not None:
                chance = data.draw(st.randoms(use_true_random=False))
                self.take(self.trial.try_(actor, answer_of(offer, chance, self.method)))
                return

    @rule(hours=st.sampled_from([1, 9, 25, 80, 200]))
    def time_passes(self, hours: int) -> None:
        was_open = self.trial.matter.is_open
        self.trial.wait(dt.timedelta(hours=hours))
        assert self.trial.matter.is_open == was_open, "I9: the clock ended a matter"

    @rule(verb=NONSENSE, to=st.text(max_size=4), number=st.integers(-3, 60))
    def nonsense_is_refused(self, verb: str, to: str, number: int) -> None:
        answer = self.trial.try_(worker(3), Command(verb, to=to, duty=number))
        assert isinstance(answer, Refusal)
        assert isinstance(self.trial.try_(CLOCK, Tick(number, 40)), Refusal)

    def take(self, answer: Decision) -> None:
        before = self.trial.matter
        self.trial.history += answer.events
        self.trial.matter = answer.matter
        order = list(self.method.levels)
        sank = before.level and order.index(answer.matter.level) < order.index(before.level)
        if sank:
            assert answer.events[0].verb == "grade" and not answer.matter.emergency, "I10"

    @invariant()
    def an_open_matter_waits_for_somebody(self) -> None:
        matter = self.trial.matter
        running = [duty for duty in matter.duties if duty.state == OPEN and duty.kind.startswith("@")]
        if matter.is_open:
            assert self.method.stages[matter.stage].end is None, "I1"
            assert [duty.kind for duty in running] == ["@" + matter.stage], "I1"
        else:
            assert all(duty.outlives for duty in matter.duties if duty.state == OPEN), "I8"

    @invariant()
    def never_to_the_one_complained_of(self) -> None:
        """As far as was known then: `correct` may say later whom it is against, and from then on they have no part."""
        cast, matter = self.trial.cast, None
        for event in self.trial.history:
            matter = evolve(matter, event)
            if isinstance(event, ev.Told | ev.LetterSent):
                assert not any(barred(unit, matter, cast) for unit in event.units if unit), "I2"
        reached = {matter.holder} | {duty.owed_by for duty in matter.open_duties()}
        assert not any(barred(unit, matter, cast) for unit in reached if unit), "I2"
        assert not matter.worker or matter.worker not in matter.against_people, "I2"

    @invariant()
    def a_pause_stops_and_gives_back(self) -> None:
        """I15: what stands still has no next rung, and each pause has a running duty that ends it; no emergency, no
        ended matter stands still; nothing is due earlier for having been stopped or extended."""
        matter = self.trial.matter
        standing = [stop for stop in matter.stops if stop.end is None]
        for stop in standing:
            assert matter.duty(stop.pause).state == OPEN and matter.duty(stop.duty).next_at is None, "I15"
            assert matter.is_open and not matter.emergency, "I15"
        assert {stop.pause for stop in standing} == {
            duty.id for duty in matter.open_duties() if duty.kind.startswith("pause:")
        }, "I15"
        stage = matter.stage_duty()
        if matter.is_open and stage is not None:
            assert stage.next_at is not None or matter.stopped(stage.id), "I14"
        due: dict[int, dt.datetime] = {}
        for event in self.trial.history:
            if isinstance(event, ev.DutyReckoned) and event.because in ("suspended", "extended"):
                assert event.due >= due[event.duty], "I15"
            if isinstance(event, ev.DutyReckoned | ev.DutyAdded):
                due[event.duty] = event.due

    @invariant()
    def replay_is_exact(self) -> None:
        assert replay(self.trial.history) == self.trial.matter, "I3"
        assert self.trial.matter.position == len(self.trial.history)

    @invariant()
    def duties_are_sound(self) -> None:
        fired: set[tuple[int, int]] = set()
        over: set[int] = set()
        for event in self.trial.history:
            if isinstance(event, ev.RungFired):
                assert (event.duty, event.rung) not in fired and event.duty not in over, "I5, I4"
                fired.add((event.duty, event.rung))
            elif isinstance(event, ev.DutyDone | ev.DutyMissed | ev.DutyDropped):
                assert event.duty not in over, "I4"
                over.add(event.duty)
        for place, duty in enumerate(self.trial.matter.duties, 1):
            assert duty.id == place and duty.due > duty.starts, "I4, I5"
            assert list(duty.rungs) == sorted(duty.rungs), "I5"

    @invariant()
    def each_end_has_its_ground(self) -> None:
        matter, history = self.trial.matter, self.trial.history
        asked = [event for event in history if isinstance(event, ev.CalledBack)]
        acted = [event for event in history if isinstance(event, ev.Acted)]
        settlers: set[int] = set()
        for event in history:
            if isinstance(event, ev.Settled):
                settlers.add(event.person)
            if isinstance(event, ev.CalledBack):
                assert event.person not in settlers, "I6"
        if matter.is_open:
            return
        ground = {
            "satisfied": lambda: asked[-1].result == "satisfied",
            "not_reached": lambda: _three_tries(asked),
            "answered": lambda: matter.returns >= 3 and _county_ended(acted),
            "verified": lambda: matter.reporter == "nobody",
            "not_called": lambda: not matter.wants_call_back,
            "guided": lambda: any(event.verb == "guide" for event in acted),
            "withdrawn": lambda: any(event.verb == "withdraw" for event in acted),
            "merged": lambda: any(event.verb == "merge" for event in acted) and bool(lead_of(matter)),
        }
        assert ground[matter.end](), f"I7: {matter.end}"
        if matter.end in ("satisfied", "not_reached", "not_called"):
            assert _own_answer(history) != "unsatisfied", f"I7: {matter.end} against the reporter's own answer"


def _three_tries(asked: list[ev.CalledBack]) -> bool:
    counted = [event.at for event in asked if event.result == "not_reached" and event.counted][-3:]
    return len({at.date() for at in counted}) == 3 and len({at.hour for at in counted}) == 3


def _own_answer(history: list[ev.Event]) -> str:
    """What the reporter answered last since it was last said to be solved."""
    settled = max(place for place, event in enumerate(history) if isinstance(event, ev.Settled))
    acts = [event for event in history[settled:] if isinstance(event, ev.Acted) and event.verb == "note"]
    return next((event.to for event in reversed(acts) if event.role == "reporter" and event.to), "")


def _county_ended(acted: list[ev.Acted]) -> bool:
    """Notes may follow the end; the act that ended it stands before them."""
    ending = [event for event in acted if event.verb == "close"]
    return bool(ending) and ending[-1].unit == CAST.units["county"]


@pytest.mark.parametrize("slug", sorted(METHODS))
def test_the_invariants_hold_whoever_acts_and_whatever_the_hour(slug: str) -> None:
    machine = type("Loop_" + slug.replace("-", "_"), (Loop,), {"method": METHODS[slug]})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


@pytest.mark.parametrize("slug", sorted(METHODS))
@pytest.mark.parametrize("text", ["邻居噪音扰民", "有人要跳楼", "村里水管坏了"])
def test_the_same_concern_from_another_reporter_goes_the_same_way(slug: str, text: str) -> None:
    """I11, guard rail: who brought it changes nothing but the word that says how it was brought."""
    ways = []
    for reporter in ("named", "unnamed"):
        trial = Trial(METHODS[slug])
        trial.report(text, reporter=reporter)
        trial.wait(dt.timedelta(days=5))
        ways.append([replace(trial.history[0], reporter=""), *trial.history[1:]])
    assert ways[0] == ways[1]


def test_the_call_back_stage_is_made_by_its_block() -> None:
    assert all(CALL_BACK in method.stages for method in METHODS.values())


def test_a_stage_left_by_its_level_was_neither_met_nor_missed() -> None:
    """Nobody did anything there: it may not stand in anyone's rate of what was done on time."""
    trial = Trial(METHODS["panan-three-feelings"])
    events = trial.report("反映人很多", people=40)
    assert [type(event) for event in events if isinstance(event, ev.DutyDone | ev.DutyMissed)] == []
    assert [event.because for event in events if isinstance(event, ev.DutyDropped)] == ["raised"]


def test_an_emergency_nobody_acts_on_is_told_again_in_half_an_hour() -> None:
    """I13: 'called at once' is not enough, somebody must have it in hand."""
    trial = Trial(METHODS["wushan-three-rests"])
    trial.report("有人要跳楼")
    waiting = [duty for duty in trial.matter.open_duties() if duty.kind.startswith("respond:")]
    assert [duty.due - duty.starts for duty in waiting] == [dt.timedelta(minutes=30)]
    trial.wait(dt.timedelta(minutes=31))
    told = [event for event in trial.history if isinstance(event, ev.Told)][-1]
    assert told.because == "紧急事项无人响应" and CAST.units["county"] in told.units


def test_the_first_act_of_a_unit_answers_an_emergency() -> None:
    trial = Trial(METHODS["wushan-three-rests"])
    trial.report("有人要跳楼")
    trial.act(worker(trial.matter.holder), "accept")
    assert not [duty for duty in trial.matter.open_duties() if duty.kind.startswith("respond:")]
    trial.wait(dt.timedelta(minutes=31))
    assert "紧急事项无人响应" not in [e.because for e in trial.history if isinstance(e, ev.Told)]
