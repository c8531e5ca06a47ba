"""Offers found by trying: a step is shown when the kernel takes it, filled in as it asks; so is each of its choices.

The asks say what could be sent (`asks`); here each is tried with `decide` itself, on a copy that nobody keeps. What
is shown can be done, and what it would meet is read off what it did. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from minqing.kernel.matters.asks import Form, form_of_move, form_of_standing
from minqing.kernel.matters.commands import Command, Context, Decision, Refusal, Refused
from minqing.kernel.matters.matter import DONE, Matter
from minqing.kernel.matters.offers import Ask, Offer, ResultOffer, filled_in, title_of_verb
from minqing.kernel.matters.permits import check_move, open_moves
from minqing.kernel.matters.standing import STANDING, UNSHOWN, check_standing
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.titles import Title

Decide = Callable[[Method, Matter, Command, Context], Decision | Refusal]
_BY_ITS_DUTY = "fulfil"  # the verb that says nothing without what is owed

_HASH = "0" * 64  # stands for the hash of words that nobody has written yet
_CODE = "00000000"
_TRIED = ("choice", "choices", "unit", "person", "duty")  # kinds whose every value is tried
#: Asks whose values are exact already (`asks`): a county has hundreds of persons, trying each would take too long.
_SURE = ("person", "units", "against", "against_people")
_SAMPLES: Mapping[str, object] = {
    "text": "…", "count": 1, "money": 1, "number": 1, "yes_no": True, "date": "2026-01-01", "file": "…",
    "moment": "2026-01-01T00:00:00+08:00",
}  # fmt: skip


def offered(method: Method, matter: Matter, context: Context, decide: Decide, only: str = "") -> list[Offer]:
    """What the actor may do now: the moves of the stage, then the verbs that are always there. With `only`, that verb
    alone is tried."""
    trial = _Trial(method, matter, context, decide)
    found = (trial.offer(verb, form) for verb, form in _forms(method, matter, context, only))
    return [offer for offer in found if offer is not None]


def _forms(method: Method, matter: Matter, context: Context, only: str) -> Iterator[tuple[str, Form]]:
    for verb, move in open_moves(method, matter).items():
        if only not in ("", verb):
            continue
        try:
            check_move(method, matter, context, move, verb)
            yield verb, form_of_move(move, method, matter, context)
        except Refused:
            continue
    for verb in STANDING:
        if verb in UNSHOWN or only not in ("", verb):
            continue
        try:
            check_standing(verb, method, matter, context)
            yield verb, form_of_standing(verb, method, matter, context)
        except Refused:
            continue


def _owed_title(verb: str, asks: tuple[Ask, ...]) -> tuple[str, str] | None:
    """What is owed, where it is one thing alone: a button that says “done” would be taken for the matter's end."""
    owed = {title for ask in asks if verb == _BY_ITS_DUTY and ask.kind == "duty" for _number, title in ask.of}
    one = owed.pop() if len(owed) == 1 else None
    return (one.zh, one.en) if isinstance(one, Title) else None


@dataclass(frozen=True)
class _Trial:
    method: Method
    matter: Matter
    context: Context
    decide: Decide

    def offer(self, verb: str, form: Form) -> Offer | None:
        """The offer with what can be done of it; None when nothing can."""
        titles = title_of_verb(verb)
        if form.results:
            tried = (self._result(verb, form, result) for result in form.results)
            results = tuple(result for result in tried if result is not None)
            clears = tuple(sorted({number for result in results for number in result.clears}))
            return Offer(verb, *titles, form.asks, results, clears, form.one_of) if results else None
        narrowed = self._narrow(verb, "", form.asks, form.one_of)
        if narrowed is None:
            return None
        asks, clears = narrowed
        there = {ask.name for ask in asks}
        one_of = tuple(name for name in form.one_of if name in there)
        return Offer(verb, *(_owed_title(verb, asks) or titles), asks, (), clears, one_of)

    def _result(self, verb: str, form: Form, result: ResultOffer) -> ResultOffer | None:
        names = {ask.name for ask in result.asks}
        narrowed = self._narrow(verb, result.name, (*form.asks, *result.asks), result.one_of or form.one_of)
        if narrowed is None:
            return None
        asks, clears = narrowed
        return replace(result, asks=tuple(ask for ask in asks if ask.name in names), clears=clears)

    def _narrow(
        self, verb: str, result: str, asks: tuple[Ask, ...], one_of: tuple[str, ...]
    ) -> tuple[tuple[Ask, ...], tuple[int, ...]] | None:
        """The asks with the values that are taken, and the duties that are met then; None: refused whatever is sent."""
        if self.context.other is None and any(ask.kind == "matter" for ask in asks):
            return asks, ()  # which matter it is is not known yet: whether the two fit is seen when it is named
        if any(ask.required and ask.kind in _TRIED and not ask.of for ask in asks):
            return None
        asks = tuple(ask for ask in asks if ask.of or ask.kind not in _TRIED)
        told = self._least(asks, one_of)
        kept: list[Ask] = []
        met: set[int] = set()
        for ask in asks:
            fit = self._fit(verb, result, ask, told, met) if ask.kind in _TRIED else ask
            if fit is not None:
                kept.append(fit)
            elif ask.required:
                return None
        if one_of and not any(ask.name in one_of for ask in kept):
            return None
        done = self._try(verb, result, self._least(tuple(kept), one_of))
        if isinstance(done, Refusal):
            return None
        met |= self._met(done)
        return tuple(kept), tuple(sorted(met))

    def _fit(self, verb: str, result: str, ask: Ask, told: Mapping[str, object], met: set[int]) -> Ask | None:
        """The ask with the values that are taken; what each would meet is added to `met`."""
        if ask.name.startswith("form.") or ask.name in _SURE or (verb, ask.name) == ("whistle", "unit"):
            return ask
        of = []
        for value, title in ask.of:
            sent = [value] if ask.kind == "choices" else value
            done = self._try(verb, result, {**told, ask.name: sent})
            if isinstance(done, Decision):
                of.append((value, title))
                met |= self._met(done)
        return replace(ask, of=tuple(of)) if of else None

    def _met(self, done: Decision) -> set[int]:
        return {duty.id for duty in self.matter.open_duties() if done.matter.duty(duty.id).state == DONE}

    def _try(self, verb: str, result: str, told: Mapping[str, object]) -> Decision | Refusal:
        code = {"code": _CODE} if verb == "split" else {}  # the door gives the new matter its code
        return self.decide(
            self.method, self.matter, filled_in(verb, result, {**code, **told}, self.method), self.context
        )

    def _least(self, asks: tuple[Ask, ...], one_of: tuple[str, ...]) -> dict[str, Any]:
        """The least that answers the asks: what is required, and one of `one_of`."""
        told: dict[str, Any] = {}
        for ask in asks:
            if ask.required:
                value = self._sample(ask)
                told[ask.name] = [*told.get(ask.name, ()), *value] if ask.kind == "records" else value
        if one_of and not any(name in told for name in one_of):
            told |= next(({ask.name: self._sample(ask)} for ask in asks if ask.name in one_of), {})
        return told

    def _sample(self, ask: Ask) -> Any:
        if ask.kind == "records":
            return [value for value, _ in ask.of]
        if ask.of:
            return [ask.of[0][0]] if ask.kind == "choices" else ask.of[0][0]
        if ask.kind == "matter":
            return self.context.other.code if self.context.other else ""
        if ask.name == "place":
            return self.matter.place
        return _HASH if ask.name == "reason" else _SAMPLES.get(ask.kind, 1)
