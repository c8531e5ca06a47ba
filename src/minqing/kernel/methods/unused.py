"""Checks that what a file declares is used: duties, letters, roles, levels; and that `do` gets its answer."""

from __future__ import annotations

from collections.abc import Iterator

from minqing.base.definitions import Reading
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.model import Method, Move, Then


def check_used(graph: Graph, reading: Reading) -> None:
    """A name that nothing refers to is a slip, or a rule that will never work."""
    method = graph.method
    thens = list(all_thens(method))
    for block, names, used in (
        ("duty", method.duties, {one for then in thens for one in then.add}),
        ("letter", method.letters, {one for then in thens for one in then.letter}),
        ("role", method.roles, _roles_used(method, thens)),
        ("level", _levels_to_set(method), {then.level for then in thens if then.level}),
    ):
        plural = {"duty": "duties"}.get(block, f"{block}s")
        for name in names:
            if name not in used:
                reading.complain(graph.line(f"{plural}.{name}"), f'{block} "{name}" is never used: use it or drop it')
    _check_steps(graph, reading, thens)


def all_thens(method: Method) -> Iterator[Then]:
    """Every consequence of a method."""
    for stage in method.stages.values():
        yield stage.enter
        yield from (step.then for step in stage.rungs)
        yield from (rule.then for rule in stage.by_itself)
        for move in stage.moves.values():
            yield from _of_move(move)
    for move in method.anywhere.values():
        yield from _of_move(move)
    yield from (rule.then for rule in method.triage)
    yield from (level.then for level in method.levels.values())
    for duty in method.duties.values():
        yield from (step.then for step in duty.rungs)
    for letter in method.letters.values():
        yield from (step.then for step in letter.rungs)
    if method.whistle is not None:
        yield method.whistle.silent


def _of_move(move: Move) -> Iterator[Then]:
    yield move.then
    yield from (result.then for result in move.results.values())


def _levels_to_set(method: Method) -> list[str]:
    """Levels that only a consequence can set: not the first, not the gravest of the emergencies, none with a when."""
    return [slug for slug, level in list(method.levels.items())[1:-1] if level.when is None]


def _roles_used(method: Method, thens: list[Then]) -> set[str]:
    used = {role for then in thens for role in (*then.tell, *then.whistle)}
    for stage in method.stages.values():
        used |= {stage.holder, *(role for move in stage.moves.values() for role in move.by)}
        used |= set(stage.extend.by) if stage.extend else set()
    used |= {role for move in method.anywhere.values() for role in move.by}
    used |= {role for duty in method.duties.values() for role in (duty.owed_by, duty.owed_to)}
    used |= {role for letter in method.letters.values() for role in letter.to}
    used |= {role for one in method.emergencies for role in one.call}
    used |= {role for pause in method.pauses.values() for role in pause.by}
    for block in (method.call_back, method.reopen, method.whistle):
        used |= set(block.by) if block is not None else set()
    used |= set(method.whistle.to) if method.whistle is not None else set()
    used |= {method.refusal.ruling_by} if method.refusal is not None else set()
    return used


def _check_steps(graph: Graph, reading: Reading, thens: list[Then]) -> None:
    takers = {verb for stage in graph.waiting for verb, move in stage.moves.items() if "machine" in move.by}
    for verb in sorted({verb for then in thens for verb in then.do} - takers):
        reading.complain(1, f'the step "{verb}" is asked for, but no move "{verb}" by: machine takes its answer')
