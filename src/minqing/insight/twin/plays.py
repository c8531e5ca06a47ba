"""What a stage's moves amount to for who works there: stay, settle, hand up, end; and what a move needs brought.

Worked out once a method, so that the simulation need not ask for the buttons at every step. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.conditions import holds
from minqing.kernel.matters.events import Plain
from minqing.kernel.matters.matter import Matter
from minqing.kernel.methods.conditions import Condition
from minqing.kernel.methods.model import ABOVE, CALL_BACK, STAY, Field, Method, Move, Stage, Then

#: Fields whose value may hold words of people: the value is a body, the line names the field only.
_BODIES = ("text", "place", "unit", "file", "photo")


@dataclass(frozen=True)
class Step:
    """One way to take a move: verb, result, who may, what it needs."""

    verb: str
    result: str
    by: tuple[str, ...]
    needs: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def possible(self, method: Method, matter: Matter) -> bool:
        """Whether its conditions hold now."""
        return all(holds(condition, method, matter) for condition in self.conditions)


@dataclass(frozen=True)
class Plays:
    """The steps of one stage by what they lead to. `climbs`: its ladder takes the matter on by itself."""

    stays: tuple[Step, ...]
    settles: tuple[Step, ...]
    ups: tuple[Step, ...]
    ends: tuple[Step, ...]
    climbs: bool
    may_whistle: bool


def plays_of(method: Method) -> Mapping[str, Plays]:
    """The plays of every stage where somebody works."""
    return {slug: _plays(method, stage) for slug, stage in method.stages.items() if stage.end is None}


def _plays(method: Method, stage: Stage) -> Plays:
    found: dict[str, list[Step]] = {"stay": [], "settle": [], "up": [], "end": [], "side": []}
    above = _above(method, stage)
    for move in {**method.anywhere, **stage.moves}.values():
        if set(move.by) != {"reporter"}:
            for step, then in _steps(move):
                found[_leads(then, method, above)].append(step)
    climbs = any(_leads(step.then, method, above) == "up" for step in stage.rungs)
    whistles = method.whistle is not None and stage.holder in method.whistle.by
    stays, settles, ups, ends = (tuple(found[way]) for way in ("stay", "settle", "up", "end"))
    return Plays(stays, settles, ups, ends, climbs, whistles)


def _above(method: Method, stage: Stage) -> frozenset[str]:
    found: list[str] = []
    while stage.above and stage.above not in found:
        found.append(stage.above)
        stage = method.stages[stage.above]
    return frozenset(found)


def _steps(move: Move) -> Iterator[tuple[Step, Then]]:
    own = () if move.when is None else (move.when,)
    if not move.results:
        yield Step(move.verb, "", move.by, move.needs, own), move.then
    for result in move.results.values():
        conditions = own if result.when is None else (*own, result.when)
        yield Step(move.verb, result.name, move.by, (*move.needs, *result.needs), conditions), result.then


def _leads(then: Then, method: Method, above: frozenset[str]) -> str:
    if then.go is None or then.go == STAY:
        return "stay"
    if then.go == CALL_BACK:
        return "settle"
    if then.go == ABOVE or then.go in above:
        return "up"
    stage = method.stages.get(then.go)
    return "end" if stage is not None and stage.end else "side"


def command_for(step: Step, method: Method, matter: Matter, draw: Random) -> Command:
    """The command that takes the step, with everything it still needs brought along."""
    there = (*matter.records, *matter.form, *matter.filled)
    missing = [name for name in step.needs if name not in there]
    if not missing:
        return Command(step.verb, step.result)
    fields = [method.form[name] for name in missing if name in method.form]
    form, filled = made_up(fields, draw)
    records = tuple(name for name in missing if name not in method.form)
    return Command(step.verb, step.result, form=form, filled=filled, records=records)


def made_up(fields: list[Field], draw: Random) -> tuple[dict[str, Plain], tuple[str, ...]]:
    """Made-up values of fields, and the names of those whose values would be bodies."""
    form: dict[str, Plain] = {}
    filled = []
    for one in fields:
        if one.personal or one.type in _BODIES:
            filled.append(one.slug)
        else:
            form[one.slug] = _value(one, draw)
    return form, tuple(filled)


def _value(one: Field, draw: Random) -> Plain:
    match one.type:
        case "choice":
            return draw.choice(one.choices)
        case "many":
            return (draw.choice(one.choices),)
        case "yes_no":
            return draw.random() < 0.5
        case "number":
            return round(draw.uniform(0, 100), 1)
        case "money":
            return draw.randrange(100, 20000, 100)
        case "count":
            return draw.randrange(0, 4)
    return "2026-06-01"  # dates and moments of made-up forms
