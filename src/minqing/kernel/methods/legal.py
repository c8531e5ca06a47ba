"""Checks times against the law: an office's duty is never longer, a party's time never shorter, extensions within."""

from __future__ import annotations

from collections.abc import Iterator

from minqing.base.definitions import Reading
from minqing.kernel.clock.budgets import Budget, longer, rough_minutes
from minqing.kernel.clock.laws import LegalClock, load_laws
from minqing.kernel.methods.graph import Graph
from minqing.kernel.methods.model import CALL_BACK, Extend, Limit, Method, Stage

_PARTIES = ("reporter", "parties")
#: What holds for a stage of an office where the file names no other law.
_USUAL = "petition.close"


def check_laws(graph: Graph, reading: Reading) -> None:
    """Every limit and extension that rests on a law, and the stages of offices that name none."""
    method = graph.method
    for trail, owed_by, limit, extend in _timed(graph):
        if limit is None:
            continue
        if limit.law is not None:
            _check_limit(graph, reading, trail, limit, limit.law)
            _check_extension(graph, reading, trail, extend, limit.law)
        elif not _is_party(graph, owed_by):
            _check_usual(graph, reading, trail, limit, extend)
    for slug, pause in method.pauses.items():
        if pause.law is not None and longer(pause.at_most, pause.law.budget):
            _too_long(graph, reading, f"pauses.{slug}.at_most", pause.at_most, pause.law)


def _timed(graph: Graph) -> Iterator[tuple[str, str, Limit | None, Extend | None]]:
    for stage in graph.waiting:
        if stage.slug != CALL_BACK:
            yield f"stages.{stage.slug}", stage.holder, stage.limit, stage.extend
    method = graph.method
    for duty in method.duties.values():
        yield f"duties.{duty.slug}", duty.owed_by, duty.limit, duty.extend
    for letter in method.letters.values():
        if not all(_is_party(graph, role) for role in letter.to):
            yield f"letters.{letter.slug}.reply", "", letter.reply, None
    yield from _timed_blocks(method)


def _timed_blocks(method: Method) -> Iterator[tuple[str, str, Limit | None, Extend | None]]:
    if method.call_back is not None:
        yield "call_back.within", "", method.call_back.within, None
    if method.whistle is not None:
        yield "whistle.report_in", "", method.whistle.report_in, None
        yield "whistle.answer", "", method.whistle.answer, None
    if method.refusal is not None:
        yield "refusal.within", "", method.refusal.within, None


def _times(limit: Limit) -> Iterator[tuple[str, Budget]]:
    if isinstance(limit.time, Budget):
        yield "", limit.time
    for level, time in limit.by_level.items():
        if isinstance(time, Budget):
            yield f".{level}", time


def _check_limit(graph: Graph, reading: Reading, trail: str, limit: Limit, law: LegalClock) -> None:
    for level, time in _times(limit):
        where = _where(graph, trail, level)
        if law.side == "duty" and longer(time, law.budget):
            _too_long(graph, reading, where, time, law)
        if law.side == "right" and longer(law.budget, time):
            reading.complain(
                graph.line(where), f"{time} cuts the {law.budget} that {law.article} gives the party ({law.title})"
            )


def _too_long(graph: Graph, reading: Reading, where: str, time: Budget, law: LegalClock) -> None:
    reading.complain(graph.line(where), f"{time} is longer than the {law.budget} of {law.article} ({law.title})")


def _check_extension(graph: Graph, reading: Reading, trail: str, extend: Extend | None, law: LegalClock) -> None:
    if extend is None or law.agreed or law.side == "right":
        return
    if law.extend is None:
        reading.complain(graph.line(f"{trail}.extend"), f"{law.article} knows no extension of {law.title}")
    elif longer(extend.at_most, law.extend):
        reading.complain(
            graph.line(f"{trail}.extend"),
            f"{extend.at_most} more is longer than the {law.extend} that {law.article} allows for {law.title}",
        )


def _check_usual(graph: Graph, reading: Reading, trail: str, limit: Limit, extend: Extend | None) -> None:
    law = load_laws()[_USUAL]
    for level, time in _times(limit):
        if longer(time, law.budget):
            reading.complain(
                graph.line(_where(graph, trail, level)),
                f"{time} is longer than the {law.budget} of {law.article} ({law.title}): "
                "shorten it, or name under law the legal clock that gives more",
            )
    _check_extension(graph, reading, trail, extend, law)


def _where(graph: Graph, trail: str, level: str) -> str:
    return f"{trail}.limit{level}" if f"{trail}.limit" in graph.method.lines else trail


def check_whole_way(graph: Graph, reading: Reading) -> None:
    """The stages a matter may climb, one after the other, keep together within the time the law gives for the whole."""
    law = load_laws()[_USUAL]
    most = rough_minutes(law.budget)
    for slug in dict.fromkeys(edge.target for edge in graph.starts):
        way = _upward(graph, slug)
        for level in graph.method.levels or ("",):
            minutes = sum(_minutes(stage, level) for stage in way)
            if minutes > most and all(_minutes(stage, level) <= most for stage in way):
                names = " -> ".join(stage.slug for stage in way)
                reading.complain(
                    graph.line(f"stages.{way[-1].slug}.limit"),
                    f"the way {names} takes up to {minutes // 1440}d together, longer than the {law.budget} of "
                    f"{law.article} ({law.title}): shorten a stage, or name under law what gives more",
                )
                break


def _upward(graph: Graph, slug: str) -> list[Stage]:
    way: list[Stage] = []
    stage = graph.method.stages.get(slug)
    while stage is not None and stage not in way:
        way.append(stage)
        stage = graph.method.stages.get(stage.above or "")
    return way


def _minutes(stage: Stage, level: str) -> int:
    if stage.limit is None or (stage.limit.law is not None and stage.limit.law.name != _USUAL):
        return 0
    time = stage.limit.at(level)
    return rough_minutes(time) if isinstance(time, Budget) else 0


def _is_party(graph: Graph, role: str) -> bool:
    found = graph.method.roles.get(role)
    return found.party if found is not None else role in _PARTIES
