"""Clocks that stand still and go on: a pause stops duties, its own duty ends it by itself, time is given back. Pure.

Hours get back the seconds, days each day begun (kernel.clock). While a duty stands still its ladder is silent and its
due time is the latest it can be; when it goes on both are reckoned from what the pause really took.
"""

from __future__ import annotations

from datetime import datetime

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Context
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.ladders import PAUSE, ladder
from minqing.kernel.matters.matter import OPEN, Duty, Matter
from minqing.kernel.matters.reckoning import moments_of, terms_of
from minqing.kernel.methods.model import Limit, Method, Suspension


def stop(draft: Draft, pause: Suspension, owed_by: int) -> None:
    """Stops what the pause names, until it is over."""
    numbers = stoppable(pause, draft.matter)
    added = draft.add_duty(f"pause:{pause.slug}", pause.by[0], owed_by, Limit(pause.at_most), PAUSE, optional=True)
    draft.emit(ev.Suspended(added.duty, pause.slug, numbers, draft.context.moment))
    for number in numbers:
        reckon(draft, number, "suspended")


def stoppable(pause: Suspension, matter: Matter) -> tuple[int, ...]:
    """The running duties that a pause names: the stage's own, and duties of the file."""
    return tuple(
        duty.id
        for duty in matter.open_duties()
        if ("stage" in pause.stops and duty.kind == "@" + matter.stage) or duty.kind in pause.stops
    )


def resume(draft: Draft, pause: int, because: str) -> None:
    """What the pause of that number had stopped runs again, from now on."""
    stopped = [stop.duty for stop in draft.matter.stops if stop.pause == pause and stop.end is None]
    draft.emit(ev.Resumed(pause, draft.context.moment, because))
    if draft.matter.duty(pause).state == OPEN:
        draft.emit(ev.DutyDropped(pause, "resumed"))
    for number in stopped:
        if draft.matter.duty(number).state == OPEN:
            reckon(draft, number, "resumed")
    draft.emit(ev.Told(("reporter",), (), because="恢复计时"))


def resume_all(draft: Draft, because: str, duty: int = 0) -> None:
    """Ends every pause, or those that stop the duty of that number."""
    running = dict.fromkeys(
        stop.pause for stop in draft.matter.stops if stop.end is None and (not duty or stop.duty == duty)
    )
    for pause in running:
        resume(draft, pause, because)


def reckon(draft: Draft, number: int, because: str) -> None:
    """The due time and the rungs to come of a duty, from its pauses and extensions."""
    duty = draft.matter.duty(number)
    due, provisional, rungs = reckoned(draft.method, draft.matter, duty, draft.context)
    version = draft.context.calendar.version
    draft.emit(ev.DutyReckoned(number, due, rungs, duty.budget, version, provisional, because))


def reckoned(
    method: Method, matter: Matter, duty: Duty, context: Context
) -> tuple[datetime, bool, tuple[datetime, ...]]:
    """Due time, whether provisional, and rungs of a standing duty; those that have fired stay as they were, one that
    stands still has no others."""
    due, provisional, at = moments_of(terms_of(duty, context, matter), ladder(method, duty.kind), duty.starts)
    fired = duty.rungs[: duty.next_rung]
    if matter.stopped(duty.id):
        return due, provisional, fired
    return due, provisional, (*fired, *at[duty.next_rung :], *duty.rungs[max(len(at), duty.next_rung) :])
