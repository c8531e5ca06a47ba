"""decide(method, matter, command, context) -> Decision | Refusal: the only place that says what is allowed.

Pure: all that is impure stands in the context. The decision carries its events and the matter they lead to.
`moves` shows what the actor may do now, by the very same checks.
"""

from __future__ import annotations

from datetime import timedelta

from minqing.kernel.clock.budgets import Rung
from minqing.kernel.clock.reckoning import rung_moment
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.acting import acted, chosen_result, fulfil_by
from minqing.kernel.matters.asking import ask_reporter
from minqing.kernel.matters.commands import Command, Context, Decision, Refusal, Refused, Report, Tick
from minqing.kernel.matters.consequences import LATE_AGAIN, follow, leads_nowhere, look_around
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.intake import report_in, rush_later
from minqing.kernel.matters.ladders import ladder as ladder_of
from minqing.kernel.matters.matter import OPEN, Duty, Matter
from minqing.kernel.matters.offers import Offer
from minqing.kernel.matters.permits import (
    check_move,
    check_needs,
    check_reason,
    find_move,
    for_the_reporter,
    needs_of,
    owed_duty,
)
from minqing.kernel.matters.reckoning import terms_of
from minqing.kernel.matters.showing import offered
from minqing.kernel.matters.standing import STANDING, check_standing
from minqing.kernel.matters.stopping import resume
from minqing.kernel.methods.model import Method, Move, RungThen

_AGAIN = Rung(late=LATE_AGAIN)
FARTHEST = timedelta(days=90)


def decide(
    method: Method, matter: Matter | None, command: Report | Command | Tick, context: Context
) -> Decision | Refusal:
    """What a command leads to, or why it cannot be."""
    try:
        if isinstance(command, Report):
            if matter is not None:
                raise Refused("known", "这件事已有编码", f"{matter.code} is on record already")
            return report_in(method, command, context)
        if matter is None:
            raise Refused("unknown", "没有这件事", "there is no such matter")
        draft = Draft(method, matter, context)
        if isinstance(command, Tick):
            _tick(draft, command)
        elif command.verb in STANDING:
            check_standing(command.verb, method, matter, context).act(draft, command)
        else:
            draft.hand = True
            _move(draft, command)
        if isinstance(command, Command) and command.emergency:
            draft.hand = False
            rush_later(draft, command.emergency)
        look_around(draft)
        return draft.done()
    except Refused as no:
        return no.refusal


def _move(draft: Draft, command: Command) -> None:
    method, matter, context = draft.method, draft.matter, draft.context
    move = find_move(method, matter, command.verb)
    if move is None:
        where = method.stages[matter.stage].title
        raise Refused("no-move", f"“{where}”没有这一步", f"stage “{matter.stage}” has no move “{command.verb}”")
    check_move(method, matter, context, move, command.verb)
    _check_way(draft, move)
    check_needs(needs_of(move, method, matter, context), method, matter, command)
    if for_the_reporter(move, method, matter, context):
        check_reason(command, "代反映人撤回", "withdrawing for the reporter")
    if command.verb == "call_back":
        ask_reporter(draft, command, move)
        return
    acted(draft, command)
    fulfil_by(draft, command.verb)
    if not move.results:
        follow(draft, move.then)
        if command.verb == "withdraw" and context.actor.unit:
            draft.emit(ev.Told(("reporter",), (), because="承办单位按反映人的意愿撤回"))
        return
    result = chosen_result(draft, move, command)
    check_needs(result.needs, method, matter, command)
    follow(draft, result.then)


def _check_way(draft: Draft, move: Move) -> None:
    if leads_nowhere(draft, move.then):
        raise Refused(
            "nowhere", "这里没有别的单位可以接办，事项仍由本单位办理", "no other unit here may have it: it is yours"
        )


def _tick(draft: Draft, tick: Tick) -> None:
    duty = owed_duty(draft.matter, tick.duty)
    if duty.next_rung != tick.rung or tick.rung >= len(duty.rungs):
        raise Refused("fired", "这一级已经触发过", f"rung {tick.rung} of duty {tick.duty} has fired or does not exist")
    if duty.rungs[tick.rung] > draft.context.moment:
        raise Refused("early", "时间未到", "the rung is not due yet")
    steps = ladder_of(draft.method, duty.kind)
    step = steps[min(tick.rung, len(steps) - 1)]
    draft.owing = duty.owed_by
    over = duty.kind.startswith("pause:")  # a pause that is over is not late: what it stopped runs on
    late = step.rung.percent is None and not over
    draft.emit(ev.RungFired(duty.id, tick.rung, str(step.rung), duty.rungs[tick.rung], late))
    if over:
        resume(draft, duty.id, "over")
    follow(draft, step.then)
    _speak_again(draft, draft.matter.duty(tick.duty))


def _speak_again(draft: Draft, duty: Duty) -> None:
    """A stage's clock never falls silent while the matter waits there: after its last rung it speaks again, five
    working days after the due time, then each time twice as long after it, at most ninety days apart."""
    if duty.state != OPEN or not duty.kind.startswith("@") or duty.next_at is not None:
        return
    first = rung_moment(_AGAIN, duty.starts, terms_of(duty, draft.context, draft.matter))
    last = duty.rungs[-1]
    again = max(first, min(duty.due + 2 * (last - duty.due), last + FARTHEST))
    rungs, version = (*duty.rungs, again), duty.calendar
    draft.emit(ev.DutyReckoned(duty.id, duty.due, rungs, duty.budget, version, duty.provisional, "again"))


def ladder(method: Method, duty: Duty) -> tuple[RungThen, ...]:
    """The rungs of a duty."""
    return ladder_of(method, duty.kind)


def moves(method: Method, matter: Matter, context: Context) -> list[Offer]:
    """What the buttons show, and all that has to be sent with each."""
    return offered(method, matter, context, decide)
