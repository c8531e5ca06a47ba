"""Checks how a matter ends: by a person's act, never the clock alone; never on one person's word; ends never mixed."""

from __future__ import annotations

from minqing.base.definitions import Reading
from minqing.kernel.methods.graph import Edge, Graph
from minqing.kernel.methods.model import CALL_BACK, Stage

_ASKED = ("satisfied", "not_reached", "not_called", "verified")


def check_endings(graph: Graph, reading: Reading) -> None:
    """Looks at every way into an end, and at the ends themselves."""
    for edge in graph.edges:
        end = graph.method.stages[edge.target]
        if end.end is not None:
            _check_way(graph, reading, edge, end)
    for slug, stage in graph.method.stages.items():
        if stage.end in _ASKED and stage.no_call_back:
            reading.complain(
                graph.line(f"stages.{slug}.no_call_back"),
                f'"{slug}" is an end {stage.end}: only the call-back leads there, there is no way round it',
            )
    _check_top(graph, reading)
    _check_call_back_stands(graph, reading)


def _check_way(graph: Graph, reading: Reading, edge: Edge, end: Stage) -> None:
    line = graph.line(edge.trail)
    if edge.kind in ("clock", "duty clock"):
        if not _lapses(graph, edge):
            reading.complain(
                line,
                f'the clock would close the matter (stage "{edge.source}", {edge.said} -> {end.slug}): '
                "only a person closes, or a legal clock that lapses",
            )
        return
    if edge.kind in ("self", "level"):
        if not end.no_call_back:
            said = f'{edge.said} of stage "{edge.source}"'
            reading.complain(line, f"{said} closes the matter without anybody: go to call-back")
        return
    if end.end == "withdrawn":
        if edge.verb != "withdraw" or edge.by != ("reporter",):
            reading.complain(line, f'"{end.slug}" is an end withdrawn: only the move withdraw by: reporter leads there')
    elif edge.source != CALL_BACK and edge.kind != "county":
        _check_word(graph, reading, edge, end, line)


def _check_word(graph: Graph, reading: Reading, edge: Edge, end: Stage, line: int) -> None:
    said = f'"{edge.verb}" in stage "{edge.source}" goes straight to "{end.slug}"'
    if end.end == "answered":
        reading.complain(line, f"{said}: only the county ends the third unsatisfied as answered; the kernel offers it")
    elif end.end in _ASKED:
        if edge.by != ("reporter",) or end.end != "satisfied":
            reading.complain(line, f"{said}: one person's word does not close a matter; go to call-back")
    elif not end.no_call_back and not _by_party(graph, edge):
        reading.complain(
            line,
            f"{said}: one person's word does not close a matter; go to call-back, "
            f'or say in "{end.slug}" no_call_back and why',
        )
    elif end.end == "guided" and not _told_in_writing(graph, edge):
        reading.complain(
            line, f"{said}: guided means told in writing, where to and by which article: add a letter or a record"
        )


def _by_party(graph: Graph, edge: Edge) -> bool:
    roles = graph.method.roles
    parties = {"reporter", "parties", *(slug for slug, role in roles.items() if role.party)}
    return set(edge.by) <= parties


def _told_in_writing(graph: Graph, edge: Edge) -> bool:
    method = graph.method
    move = method.stages[edge.source].moves.get(edge.verb) or method.anywhere[edge.verb]
    thens = [(move.then, ()), *((result.then, result.needs) for result in move.results.values())]
    written = set(method.records)
    return any(then.letter or written & {*move.needs, *needs} for then, needs in thens if then.go == edge.target)


def _lapses(graph: Graph, edge: Edge) -> bool:
    method = graph.method
    if edge.kind == "duty clock":
        block, slug = edge.trail.split(".")[:2]
        limit = method.duties[slug].limit if block == "duties" else None
    else:
        limit = method.stages[edge.source].limit
    return bool(limit and limit.law and limit.law.lapses)


def _check_top(graph: Graph, reading: Reading) -> None:
    """The third unsatisfied is ended at the top by the county: so there is a top, and the county can act there."""
    method = graph.method
    if method.call_back is None:
        return
    for stage in graph.tops:
        role = method.roles.get(stage.holder)
        if stage.holder not in ("county", "city", "court") and (role is None or role.level not in ("county", "city")):
            reading.complain(
                graph.line(f"stages.{stage.slug}"),
                f'stage "{stage.slug}" has nothing above it and is not held by the county: give it an above',
            )


def _check_call_back_stands(graph: Graph, reading: Reading) -> None:
    ends = {stage.end for stage in graph.method.stages.values()}
    if graph.method.call_back is None and "satisfied" in ends:
        reading.complain(1, "a matter can end satisfied, but nobody asks the reporter: add the block call_back")
