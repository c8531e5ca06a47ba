"""More time, for a reason of the file's list and by somebody else than who has the matter: suspend, resume, extend.

Never in an emergency, never for what is late already; the resident is told every time. Pure.
"""

from __future__ import annotations

from datetime import datetime

from minqing.kernel.clock.budgets import BadBudget, Budget, longer, parse_budget
from minqing.kernel.clock.laws import load_laws
from minqing.kernel.clock.reckoning import Extension, Terms, due
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.acting import acted
from minqing.kernel.matters.cast import stands_above
from minqing.kernel.matters.commands import Command, Context, Refused
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.permits import acts, check_needs, check_reason, not_yours, owed_duty
from minqing.kernel.matters.stopping import reckon, resume, stop, stoppable
from minqing.kernel.methods.model import CALL_BACK, Extend, Method, Suspension

_USUAL = "petition.close"  # what holds where a limit names no other law


def may_suspend(method: Method, matter: Matter, context: Context) -> None:
    """Whoever a pause of the file names, but nobody of the unit that has the matter."""
    if not method.pauses:
        raise Refused("no-pauses", "本工作法没有暂停情形", "this method has no pauses")
    if not any(_by_another(pause.by, method, matter, context) for pause in method.pauses.values()):
        raise not_yours()
    if matter.stage == CALL_BACK:
        raise Refused("asking", "回访期间不能暂停计时", "nothing is suspended while the reporter is asked")
    _no_emergency(matter)


def _no_emergency(matter: Matter) -> None:
    if matter.emergency:
        raise Refused("emergency", "紧急事项不能暂停或延长", "an emergency is neither suspended nor extended")


def _by_another(by: tuple[str, ...], method: Method, matter: Matter, context: Context, owed_by: int = 0) -> bool:
    """Whether the actor is one of the roles, and neither of the unit that has the matter or owes the duty, nor a person
    who has it in hand or said it is solved, in whatever post."""
    actor = context.actor
    if actor.unit and (actor.unit in (matter.holder, owed_by) or not actor.person):
        return False
    if actor.person and actor.person in (matter.worker, *matter.settlers):
        return False
    return acts(by, method, matter, context)


def suspend(draft: Draft, command: Command) -> None:
    """Stops the clocks that the pause names; they run again by themselves when its time is over."""
    matter, context, pause = draft.matter, draft.context, draft.method.pauses.get(command.result)
    if pause is None:
        raise Refused("result", "请选择暂停情形", f"say the result: {', '.join(draft.method.pauses)}")
    if not _by_another(pause.by, draft.method, matter, context):
        raise not_yours()
    _check_pause(pause, matter, context.moment)
    check_reason(command, "暂停计时", "suspending")
    check_needs(pause.needs, draft.method, matter, command)
    acted(draft, command)
    stop(draft, pause, context.actor.unit or draft.matter.holder)
    for number in stoppable(pause, draft.matter):
        _check_law(draft, number, "暂停")
    draft.emit(ev.Told(("reporter",), (), because=f"暂停计时：{pause.title}"))


def _check_pause(pause: Suspension, matter: Matter, moment: datetime) -> None:
    times = sum(duty.kind == f"pause:{pause.slug}" for duty in matter.duties)
    if times >= pause.times:
        raise Refused(
            "times", f"“{pause.title}”最多暂停 {pause.times} 次", f"“{pause.slug}” {pause.times} times at most"
        )
    duties = [matter.duty(number) for number in stoppable(pause, matter)]
    if not duties:
        raise Refused("nothing", "没有可以暂停的时限", "nothing runs that it could stop")
    if any(matter.stopped(duty.id) for duty in duties):
        raise Refused("paused", "已在暂停中", "it stands still already")
    if any(duty.late or duty.due <= moment for duty in duties):
        raise Refused("late", "已经超期的不能再暂停", "what is late already is not suspended")


def may_resume(method: Method, matter: Matter, context: Context) -> None:
    """Who has the matter, who stands above, and whoever may suspend; there is something to resume."""
    unit = context.actor.unit
    named = tuple(role for pause in method.pauses.values() for role in pause.by)
    if not acts(("holder", *named), method, matter, context) and not stands_above(unit, matter.holder, context.cast):
        raise not_yours()
    if not running_pauses(matter):
        raise Refused("running", "现在没有暂停", "nothing is suspended")


def running_pauses(matter: Matter) -> tuple[int, ...]:
    """The numbers of the pauses that hold now."""
    return tuple(dict.fromkeys(stop.pause for stop in matter.stops if stop.end is None))


def take_up_again(draft: Draft, command: Command) -> None:
    """Ends one pause early, or all of them where none is named."""
    running = running_pauses(draft.matter)
    if command.duty and command.duty not in running:
        raise Refused("no-duty", "没有这项暂停", "that is no pause that holds now")
    acted(draft, command)
    for number in (command.duty,) if command.duty else running:
        resume(draft, number, "resumed")


def may_extend(method: Method, matter: Matter, context: Context) -> None:
    """Whoever the file names, for a duty that may still be extended."""
    if not any(extend_of(method, duty) is not None for duty in matter.open_duties()):
        raise Refused("no-extension", "这里的时限不能延长", "no limit here may be extended")
    if not extendable(method, matter, context):
        raise not_yours()
    _no_emergency(matter)


def extendable(method: Method, matter: Matter, context: Context) -> tuple[Duty, ...]:
    """The running duties that the actor may give more time."""
    found = ((duty, extend_of(method, duty)) for duty in matter.open_duties())
    return tuple(
        duty
        for duty, extend in found
        if extend is not None and _by_another(extend.by, method, matter, context, duty.owed_by)
    )


def extend_of(method: Method, duty: Duty) -> Extend | None:
    """What the file says of more time for a duty of that kind."""
    if duty.kind.startswith("@"):
        return method.stages[duty.kind[1:]].extend
    own = method.duties.get(duty.kind)
    return own.extend if own else None


def extend(draft: Draft, command: Command) -> None:
    """Gives a duty more time: so often, so much, and never past what the law gives."""
    method, matter, context = draft.method, draft.matter, draft.context
    fit = extendable(method, matter, context)
    duty = owed_duty(matter, command.duty) if command.duty else fit[0]
    if duty not in fit:
        raise not_yours()
    rule = extend_of(method, duty)
    assert rule is not None  # extendable has seen it
    more = _so_much(command.to, rule)
    check_reason(command, "延长时限", "extending")
    if sum(one.duty == duty.id for one in matter.extensions) >= rule.times:
        raise Refused("times", f"最多延长 {rule.times} 次", f"{rule.times} times at most")
    if matter.stopped(duty.id):
        raise Refused("paused", "已在暂停中，恢复后再延长", "it stands still: resume first")
    if duty.late or duty.due <= context.moment:
        raise Refused("late", "已经超期的不能再延长", "what is late already is not extended")
    acted(draft, command)
    draft.emit(ev.Extended(duty.id, str(more), context.moment))
    reckon(draft, duty.id, "extended")
    _check_law(draft, duty.id, "延长")
    draft.emit(ev.Told(("reporter",), (), because="延长时限"))


def _check_law(draft: Draft, number: int, what: str) -> None:
    """Neither a pause nor more time reaches past what the law gives."""
    duty = draft.matter.duty(number)
    latest = legal_end(draft.matter, duty, draft.context)
    if latest is not None and duty.due > latest:
        raise Refused("law", f"{what}后超过法定期限（{latest:%Y-%m-%d}）", f"the law ends it on {latest:%Y-%m-%d}")


def _so_much(said: str, rule: Extend) -> Budget:
    try:
        more = parse_budget(said) if said else rule.at_most
    except BadBudget:
        raise Refused("budget", "时间要写成 5d、3wd 的样子", "write the time like 5d or 3wd") from None
    if longer(more, rule.at_most):
        raise Refused("budget", f"每次最多延长 {rule.at_most}", f"{rule.at_most} at most each time")
    return more


def legal_end(matter: Matter, duty: Duty, context: Context) -> datetime | None:
    """The last moment that the law gives, its own extension included; the usual clock runs from the day the matter came
    in (from the stage's begin once it came back). None: where the parties' own agreement or time decides."""
    law = load_laws().get(duty.law or _USUAL)
    if law is None or law.side == "right" or law.agreed:
        return None
    again = matter.returns or matter.reopenings or law.name != _USUAL
    start = duty.starts if again else matter.since or matter.duties[0].starts
    more = (Extension(law.extend, "law"),) if law.extend is not None else ()
    return due(start, Terms(law.budget, context.calendar, None, law.roll, more)).moment
