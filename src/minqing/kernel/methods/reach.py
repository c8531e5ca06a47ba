"""Checks the ways through a method: all stages reached, an end from each, and nothing that goes round by itself."""

from __future__ import annotations

from collections.abc import Sequence

from minqing.base.definitions import Reading
from minqing.kernel.methods.graph import Edge, Graph
from minqing.kernel.methods.model import ABOVE, BACK, CALL_BACK, SIX_ENDS, Stage


def check_reach(graph: Graph, reading: Reading) -> None:
    """Every stage is reached, and from every stage an end is."""
    method = graph.method
    reached = graph.reached_from([edge.target for edge in graph.starts])
    for slug, stage in method.stages.items():
        trail = "call_back" if slug == CALL_BACK else f"stages.{slug}"
        if slug not in reached and stage.end != "merged":  # merging is the kernel's, no move leads there
            what = f'{"end" if stage.end else "stage"} "{slug}"'
            reading.complain(graph.line(trail), f"{what} is never reached: no triage rule, move or clock leads there")
    # Withdrawing is the reporter's, the county's word comes after three call-backs: neither is a way out of a stage.
    ways = [edge for edge in graph.edges if edge.kind != "county"]
    backwards = [Edge(edge.target, edge.source, edge.kind, edge.said, edge.trail) for edge in ways]
    ending = graph.reached_from([slug for slug, stage in method.stages.items() if stage.end in SIX_ENDS], backwards)
    for slug, stage in method.stages.items():
        if stage.end is None and slug not in ending:
            reading.complain(graph.line(f"stages.{slug}"), f'from stage "{slug}" no end can be reached')


def check_rounds(graph: Graph, reading: Reading) -> None:
    """Neither the clock nor what happens by itself may send a matter round; `above` rises and has a top."""
    entering = [edge for edge in graph.edges if edge.said == "enter"]
    by_clock = [edge for edge in graph.edges if edge.kind == "clock"] + entering + _from_entering(graph)
    by_itself = [edge for edge in graph.edges if edge.kind == "self"]
    _complain_of_round(graph, reading, by_clock, "the clock would send the matter round for ever")
    _complain_of_round(graph, reading, by_itself, "the matter would go round by itself")
    rising = [
        Edge(stage.slug, stage.above, "clock", "above", f"stages.{stage.slug}.above")
        for stage in graph.waiting
        if stage.above
    ]
    _complain_of_round(graph, reading, rising, "above goes round, so nothing is the top")


def _from_entering(graph: Graph) -> list[Edge]:
    """A duty that entering a stage adds, and whose clock moves the matter, is a clock of that stage."""
    found = []
    for stage in graph.waiting:
        for duty in stage.enter.add:
            found += [
                edge
                for edge in graph.edges
                if edge.source == stage.slug and edge.kind == "duty clock" and edge.trail == f"duties.{duty}.overdue"
            ]
    return found


def _complain_of_round(graph: Graph, reading: Reading, edges: Sequence[Edge], what: str) -> None:
    found = _round(edges)
    if not found:
        return
    names = [edge.source for edge in found]
    stages = graph.method.stages
    downward = [edge for edge in found if stages[edge.source].above != edge.target]
    at = graph.line((downward or found)[-1].trail)
    reading.complain(at, f"{what}: {' -> '.join([*names, names[0]])}")


def _round(edges: Sequence[Edge]) -> list[Edge]:
    """The edges of a round, if there is one."""
    ways: dict[str, list[Edge]] = {}
    for one in edges:
        ways.setdefault(one.source, []).append(one)
    clear: set[str] = set()
    for start in ways:
        path: list[Edge] = []
        stack = [iter(ways[start])]
        on_path = [start]
        while stack:
            edge = next(stack[-1], None)
            if edge is None:
                clear.add(on_path.pop())
                stack.pop()
                del path[-1:]
            elif edge.target in on_path:
                return [*path, edge][on_path.index(edge.target) :]
            elif edge.target not in clear:
                path.append(edge)
                on_path.append(edge.target)
                stack.append(iter(ways.get(edge.target, ())))
    return []


def check_targets(graph: Graph, reading: Reading) -> None:
    """`above` needs a stage above, `back` a settling to go back to; triage begins in a waiting stage."""
    stages = graph.method.stages
    for stage in graph.waiting:
        if stage.slug == CALL_BACK:
            continue
        trail = f"stages.{stage.slug}"
        for step in stage.rungs:
            _check_relative(graph, reading, stage, step.then.go, str(step.rung), graph.rung_trail(trail, step))
        for verb, move in stage.moves.items():
            for go in (move.then.go, *(result.then.go for result in move.results.values())):
                _check_relative(graph, reading, stage, go, verb, f"{trail}.moves.{verb}.go")
        if stage.above and stages[stage.above].end:
            reading.complain(graph.line(f"{trail}.above"), f'"{stage.above}" is an end: no end stands above a stage')
    _check_starts(graph, reading)


def _check_starts(graph: Graph, reading: Reading) -> None:
    for edge in graph.starts:
        if edge.said.startswith("emergency"):  # those have sentences of their own
            continue
        target = graph.method.stages.get(edge.target)
        if target is None or target.end or target.slug == CALL_BACK:
            where = f'goes to "{edge.target}"' if edge.target else "goes nowhere"
            line = graph.line(edge.trail)
            reading.complain(line, f"{edge.said} {where}: a new matter begins where someone holds it")


def _check_relative(graph: Graph, reading: Reading, stage: Stage, go: str | None, said: str, trail: str) -> None:
    if go == ABOVE and stage.above is None:
        reading.complain(graph.line(trail), f'"{said}" goes above, but stage "{stage.slug}" has no above')
    elif go == BACK:
        reading.complain(
            graph.line(trail), f'"{said}" goes back, where it was settled: only call_back and reopen know where that is'
        )
