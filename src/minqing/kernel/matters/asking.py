"""The call-back: somebody other than the solver asks the reporter. Pure.

Unsatisfied goes back; the second time one level higher; the third time to the top, where only the county ends it, as
answered. 'Not reached' ends a matter after three tries on three days at different hours, and is never 'satisfied'.
Nothing ends it against the reporter's own answer of this round.
"""

from __future__ import annotations

from datetime import datetime

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.acting import acted, chosen_result
from minqing.kernel.matters.answering import says_no
from minqing.kernel.matters.commands import Command, Refused
from minqing.kernel.matters.conditions import holds
from minqing.kernel.matters.consequences import follow, go
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.matter import Matter
from minqing.kernel.methods.model import Method, Move, Result

HOUR_APART = 60  # minutes of the day between tries: 08:59 and 09:00 are not different hours


def results_now(move: Move, method: Method, matter: Matter, moment: datetime) -> tuple[Result, ...]:
    """The results that a move may have now."""
    return tuple(
        result
        for result in move.results.values()
        if holds(result.when, method, matter)
        and (move.verb != "call_back" or _no_result(result.name, method, matter, moment) is None)
    )


def _no_result(name: str, method: Method, matter: Matter, moment: datetime) -> Refused | None:
    """Why a call-back cannot have come to that."""
    if name in ("satisfied", "unsatisfied") and matter.reporter == "nobody":
        return Refused("nobody", "没有反映人可回访，请现场核实", "there is nobody to call: verify on the spot")
    if name == "not_called" and matter.wants_call_back:
        return Refused("call-first", "反映人没有谢绝回访", "the reporter did not decline to be called")
    if says_no(matter) and name != "unsatisfied" and (name != "not_reached" or _is_last_try(method, matter, moment)):
        return Refused(
            "answered",
            "反映人已在网上答复“不满意”，不能这样结束：请登记“不满意”，或请反映人自己在网上改答复",
            "the reporter answered that they are not satisfied: record that, or let them change their answer online",
        )
    return None


def _counts(matter: Matter, moment: datetime) -> bool:
    """Whether a try that reaches nobody counts at that moment: another day and another hour than each before."""
    return all(
        day != moment.toordinal() and abs(minute - moment.hour * 60 - moment.minute) >= HOUR_APART
        for day, minute in matter.tries
    )


def _is_last_try(method: Method, matter: Matter, moment: datetime) -> bool:
    """Whether one more try that reaches nobody would end the matter."""
    most = method.call_back.tries if method.call_back is not None else 0
    return len(matter.tries) + _counts(matter, moment) >= most


def ask_reporter(draft: Draft, command: Command, move: Move) -> None:
    """Asking the reporter. Three tries on three days at different hours before 'not reached' ends a matter."""
    matter, moment, actor = draft.matter, draft.context.moment, draft.context.actor
    result = chosen_result(draft, move, command)
    no = _no_result(result.name, draft.method, matter, moment)
    if no is not None:
        raise no
    counted = result.name != "not_reached" or _counts(matter, moment)
    acted(draft, command)
    draft.emit(ev.CalledBack(result.name, actor.person, actor.unit, moment, counted))
    block = draft.method.call_back
    assert block is not None  # the stage exists only where the block stands
    if result.name == "not_reached" and len(draft.matter.tries) < block.tries:
        return
    if result.name == "unsatisfied":
        go(draft, _sent_back(draft), "unsatisfied")
        return
    follow(draft, result.then)


def _sent_back(draft: Draft) -> str:
    """First time where it was settled, second time one level higher, from the third on to the top."""
    block, returns = draft.method.call_back, draft.matter.returns
    assert block is not None
    if returns == 1:
        return block.unsatisfied
    if returns == 2:
        return block.again
    stage = draft.method.stages[draft.matter.settled_in]
    while stage.above:
        stage = draft.method.stages[stage.above]
    return stage.slug
