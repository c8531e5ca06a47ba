"""Checks that everything that waits has someone, a time and a consequence, and that limits grow only with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minqing.base.definitions import Reading
from minqing.kernel.clock.budgets import DUE, Budget, longer
from minqing.kernel.clock.dates import DatedTime
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.model import CALL_BACK, STAY, Limit, Method, RungThen, Stage


def check_waiting(graph: Graph, reading: Reading) -> None:
    """Every waiting stage has a holder, a limit, a due rung and a move."""
    for stage in graph.waiting:
        if stage.slug == CALL_BACK:
            if not _due(stage.rungs):
                line = graph.line("call_back")
                reading.complain(line, "call_back: nothing happens when nobody asks in time: add overdue")
            continue
        _check_stage(graph, reading, stage)
        _dead_rungs(graph, reading, f"stages.{stage.slug}", stage.rungs, f'stage "{stage.slug}"')


def _check_stage(graph: Graph, reading: Reading, stage: Stage) -> None:
    trail, what = f"stages.{stage.slug}", f'stage "{stage.slug}"'
    line = graph.line(trail)
    if not stage.holder:
        reading.complain(line, f"{what} waits for nobody: give it a holder")
    if stage.limit is None:
        reading.complain(line, f"{what} has no limit: a matter could lie there for ever")
    elif not _due(stage.rungs):
        reading.complain(
            graph.line(f"{trail}.limit"),
            f"{what} has a limit but nothing happens when it is over: add overdue or a ladder with a due rung",
        )
    if not stage.moves:
        reading.complain(line, f"nobody can do anything in {what}: it has no moves")
    if stage.self_help and not any("reporter" in move.by for move in stage.moves.values()):
        reading.complain(
            graph.line(f"{trail}.self_help"),
            f"{what} is self-help, which is offered, never imposed: give the reporter a move out of it",
        )


def _due(rungs: Sequence[RungThen]) -> bool:
    return any(step.rung == DUE for step in rungs)


def _dead_rungs(graph: Graph, reading: Reading, trail: str, rungs: Sequence[RungThen], what: str) -> None:
    moved = next((step for step in rungs if step.then.go and step.then.go != STAY), None)
    if moved is not None and rungs[-1] is not moved:
        line, last = graph.line(graph.rung_trail(trail, rungs[-1])), rungs[-1].rung
        reading.complain(line, f'in {what} the rung "{last}" never comes: "{moved.rung}" has moved the matter on')


def check_duties(graph: Graph, reading: Reading) -> None:
    """A duty, a reply, a helper's silence has a consequence; and some verb fulfils the duty."""
    method = graph.method
    verbs = {"fulfil", "answer", "arrive", "record", "note"} | _verbs(method)
    for duty in method.duties.values():
        trail, what = f"duties.{duty.slug}", f'duty "{duty.slug}"'
        if not _due(duty.rungs):
            reading.complain(
                graph.line(trail), f"{what} can be missed and nothing happens: add overdue or a ladder with a due rung"
            )
        if not set(duty.done_by) & verbs:
            named = ", ".join(duty.done_by)
            line = graph.line(f"{trail}.done_by")
            reading.complain(line, f"{what}: no stage has the move {named}: it could never be fulfilled")
        moving = [str(step.rung) for step in duty.rungs if step.then.go and step.then.go != STAY]
        if duty.outlives and moving:
            reading.complain(graph.line(trail), f"{what} outlives the matter: it may tell, but not move")
        _dead_rungs(graph, reading, trail, duty.rungs, what)
    for letter in method.letters.values():
        if letter.reply is not None and not _due(letter.rungs):
            reading.complain(
                graph.line(f"letters.{letter.slug}"),
                f'letter "{letter.slug}" asks for a reply, but nothing happens without one: add overdue',
            )


def _verbs(method: Method) -> set[str]:
    return set(method.anywhere) | {verb for stage in method.stages.values() for verb in stage.moves}


def check_limits_upward(graph: Graph, reading: Reading) -> None:
    """A stage has no more time than the one below it, or says why."""
    stages = graph.method.stages
    for below in graph.waiting:
        above = stages.get(below.above or "")
        if above is None or above.limit is None or below.limit is None or above.longer_because:
            continue
        for more, less in _grown(graph.method, above.limit, below.limit):
            reading.complain(
                graph.line(f"stages.{above.slug}.limit"),
                f'stage "{above.slug}" ({more}) gives more time than "{below.slug}" ({less}) below it: '
                "shorten it or say longer_because",
            )
            break


def check_limits_by_level(graph: Graph, reading: Reading) -> None:
    """A graver level has no more time in a stage than a milder one, or the stage says why; the gravest, in which every
    emergency stands, never has."""
    for stage in graph.waiting:
        times = [(level, stage.limit.at(level)) for level in graph.method.levels] if stage.limit else []
        for place, (level, time) in enumerate(times):
            milder = next((one for one in times[:place] if _slower(time, one[1])), None)
            if milder is None or (stage.slower_because and place < len(times) - 1):
                continue
            last = (
                "the gravest level is never slower" if place == len(times) - 1 else "shorten it or say slower_because"
            )
            reading.complain(
                graph.line(f"stages.{stage.slug}.limit"),
                f'stage "{stage.slug}" gives the graver level "{level}" ({time}) more time than "{milder[0]}" '
                f"({milder[1]}): {last}",
            )
            break


def _slower(one: object, other: object) -> bool:
    return isinstance(one, Budget) and isinstance(other, Budget) and longer(one, other)


def _grown(method: Method, above: Limit, below: Limit) -> Iterator[tuple[Budget, Budget]]:
    for level in method.levels or ("",):
        more, less = above.at(level), below.at(level)
        if isinstance(more, Budget) and isinstance(less, Budget) and longer(more, less):
            yield more, less


def check_dates(graph: Graph, reading: Reading) -> None:
    """A time that hangs on a form field, and rows that make duties, never hang on a field that may be empty."""
    for stage in graph.waiting:
        trail = "call_back.within" if stage.slug == CALL_BACK else f"stages.{stage.slug}.limit"
        for field in _anchors(stage.limit):
            if not _sure_on_entering(graph, stage, field):
                reading.complain(graph.line(trail), _may_be_empty(f'the time of stage "{stage.slug}"', field))
    for duty in graph.method.duties.values():
        hangs = [*_anchors(duty.limit), *([duty.each] if duty.each else [])]
        hangs += [duty.until] if duty.until and duty.until != "stage" else []
        for field in hangs:
            if not graph.method.form[field].required and not _always_added_with(graph.method, duty.slug, field):
                what = f'the time of duty "{duty.slug}"'
                reading.complain(graph.line(f"duties.{duty.slug}"), _may_be_empty(what, field))


def _may_be_empty(what: str, field: str) -> str:
    return f'{what} hangs on form.{field}, which may be empty here: make the field required, or add it to "needs"'


def _anchors(limit: Limit | None) -> list[str]:
    if limit is None:
        return []
    times = [limit.time, *limit.by_level.values()]
    return sorted({time.anchor.removeprefix("form.") for time in times if isinstance(time, DatedTime) and time.anchor})


def _sure_on_entering(graph: Graph, stage: Stage, field: str) -> bool:
    method = graph.method
    if method.form[field].required:
        return True
    if any(edge.target == stage.slug for edge in graph.starts):
        return False
    entering = [edge for edge in graph.edges if edge.target == stage.slug and edge.source != stage.slug]
    return all(edge.kind == "move" and field in _needs(method, edge.source, edge.verb) for edge in entering)


def _needs(method: Method, slug: str, verb: str) -> tuple[str, ...]:
    move = method.stages[slug].moves.get(verb) or method.anywhere.get(verb)
    if move is None:
        return ()
    shared = [result.needs for result in move.results.values()]
    return (*move.needs, *(shared[0] if len(shared) == 1 else ()))


def _always_added_with(method: Method, duty: str, field: str) -> bool:
    adding = []
    for stage in method.stages.values():
        if duty in stage.enter.add or any(duty in step.then.add for step in stage.rungs):
            return False
        for move in stage.moves.values():
            adding += [move.needs] if duty in move.then.add else []
            adding += [(*move.needs, *result.needs) for result in move.results.values() if duty in result.then.add]
    return bool(adding) and all(field in needs for needs in adding)
