"""The ways of a method as a graph: from which stage to which, by whose hand or by the clock. Checks walk on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from minqing.kernel.clock.budgets import DUE
from minqing.kernel.methods.model import ABOVE, BACK, CALL_BACK, STAY, Method, Move, RungThen, Stage

Kind = Literal["move", "clock", "duty clock", "self", "level", "county"]
START = ""


@dataclass(frozen=True)
class Edge:
    """One way from a stage to another. `said` is how a sentence names it, `trail` where it stands in the file.

    `behind`: the way is open only to a matter that was settled there (back, and above from the call-back).
    """

    source: str
    target: str
    kind: Kind
    said: str
    trail: str
    verb: str = ""
    by: tuple[str, ...] = ()
    behind: str = ""


class Graph:
    """All ways of a method, `stay`, `back` and `above` resolved."""

    def __init__(self, method: Method) -> None:
        self.method = method

    def line(self, trail: str) -> int:
        """The line of a trail, or of the nearest block around it that stands in the file."""
        lines = self.method.lines
        while trail:
            if trail in lines:
                return lines[trail]
            trail = trail.rpartition(".")[0]
        return 1

    @cached_property
    def waiting(self) -> tuple[Stage, ...]:
        """The stages where a matter waits, call-back among them."""
        return tuple(stage for stage in self.method.stages.values() if stage.end is None)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every way between stages."""
        return tuple(edge for edge in self._resolved() if edge.target in self.method.stages)

    @cached_property
    def starts(self) -> tuple[Edge, ...]:
        """The ways in: triage and emergencies."""
        method = self.method
        rules = [
            Edge(START, rule.then.go or "", "move", f"triage rule {number}", f"triage.{number - 1}.go")
            for number, rule in enumerate(method.triage, 1)
        ]
        urgent = [
            Edge(START, one.go, "move", f'emergency "{one.slug}"', f"emergencies.{one.slug}.go")
            for one in method.emergencies
        ]
        return (*rules, *urgent)

    @cached_property
    def tops(self) -> tuple[Stage, ...]:
        """The stages with nothing above them, call-back left out."""
        return tuple(one for one in self.waiting if one.above is None and one.slug != CALL_BACK)

    def reached_from(self, sources: Sequence[str], edges: Sequence[Edge] | None = None) -> set[str]:
        """Every stage that the ways lead to, the sources themselves included."""
        left = list(self.edges if edges is None else edges)
        seen = set(sources)
        while True:
            taken = [edge for edge in left if edge.source in seen and (not edge.behind or edge.behind in seen)]
            fresh = {edge.target for edge in taken} - seen
            if not fresh:
                return seen
            seen |= fresh
            left = [edge for edge in left if edge.target not in seen]

    def _resolved(self) -> Iterator[Edge]:
        raw = list(self._raw())
        settles = tuple(dict.fromkeys(edge.source for edge in raw if edge.target == CALL_BACK))
        for edge in raw:
            for target, behind in self._targets(edge, settles):
                yield Edge(edge.source, target, edge.kind, edge.said, edge.trail, edge.verb, edge.by, behind)

    def _targets(self, edge: Edge, settles: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        stages = self.method.stages
        if edge.target == BACK:
            return tuple((base, base) for base in settles)
        if edge.target == ABOVE:
            bases = settles if edge.source == CALL_BACK else (edge.source,)
            return tuple((above, base) for base in bases if (above := stages[base].above))
        return () if edge.target in (STAY, "") else ((edge.target, ""),)

    def _raw(self) -> Iterator[Edge]:
        for stage in self.waiting:
            trail = "call_back" if stage.slug == CALL_BACK else f"stages.{stage.slug}"
            yield from self._moves(stage, trail)
            yield from self._by_clock(stage, trail)
            yield from self._alone(stage, trail)
        block = self.method.call_back
        if block is not None:
            yield Edge(CALL_BACK, block.again, "move", "call_back", "call_back.again", "call_back", block.by)
            for stage in self.tops:
                where = "call_back.answered"
                yield Edge(stage.slug, block.answered, "county", "the county", where, "close", ("county",))

    def _moves(self, stage: Stage, trail: str) -> Iterator[Edge]:
        own = [(f"{trail}.moves.{verb}", move) for verb, move in stage.moves.items()]
        if stage.slug == CALL_BACK:
            own = [(trail, move) for move in stage.moves.values()]
        everywhere = [(f"anywhere.{verb}", move) for verb, move in self.method.anywhere.items()]
        for where, move in (*own, *everywhere):
            yield from _ways(stage, move, where)

    def _by_clock(self, stage: Stage, trail: str) -> Iterator[Edge]:
        for step in stage.rungs:
            if step.then.go:
                yield Edge(stage.slug, step.then.go, "clock", str(step.rung), self.rung_trail(trail, step))
        for trail_of, rungs in self._other_clocks():
            for step in rungs:
                if step.then.go:
                    yield Edge(stage.slug, step.then.go, "duty clock", str(step.rung), trail_of)

    def rung_trail(self, trail: str, step: RungThen) -> str:
        """Where a rung of that block stands: in its own overdue, or in the ladder it leans on."""
        own = f"{trail}.overdue"
        return own if step.rung == DUE and own in self.method.lines else f"{trail}.ladder.{step.rung}"

    def _other_clocks(self) -> Iterator[tuple[str, tuple[RungThen, ...]]]:
        for duty in self.method.duties.values():
            yield f"duties.{duty.slug}.overdue", duty.rungs
        for letter in self.method.letters.values():
            yield f"letters.{letter.slug}.overdue", letter.rungs
        if self.method.whistle is not None:
            yield "whistle.silent", (RungThen(DUE, self.method.whistle.silent),)

    def _alone(self, stage: Stage, trail: str) -> Iterator[Edge]:
        if stage.enter.go:
            yield Edge(stage.slug, stage.enter.go, "self", "enter", f"{trail}.enter")
        for number, rule in enumerate(stage.by_itself):
            if rule.then.go:
                yield Edge(stage.slug, rule.then.go, "self", "by_itself", f"{trail}.by_itself.{number}")
        for level in self.method.levels.values():
            if level.then.go:
                yield Edge(stage.slug, level.then.go, "level", f'level "{level.slug}"', f"levels.{level.slug}.then")


def _ways(stage: Stage, move: Move, where: str) -> Iterator[Edge]:
    by = move.by or (stage.holder,)
    if move.then.go:
        yield Edge(stage.slug, move.then.go, "move", move.verb, f"{where}.go", move.verb, by)
    for result in move.results.values():
        if result.then.go:
            trail = f"{where}.results.{result.name}.go"
            yield Edge(stage.slug, result.then.go, "move", move.verb, trail, move.verb, by)
