"""Verbs that are always there: for each, who may (asked by `moves` too) and what it does. Pure.

Comments, notes and corrections never move a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from minqing.kernel.matters import events as ev
from minqing.kernel.matters import joining, minding, pausing, ruling
from minqing.kernel.matters.acting import acted, fulfil_by
from minqing.kernel.matters.answering import check_answer
from minqing.kernel.matters.cast import barred, lends_a_hand, stands_above
from minqing.kernel.matters.commands import Command, Context, Refused
from minqing.kernel.matters.consequences import finish, go, reach_level, set_level, where_it_stood, whistle
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.permits import (
    check_holder_or_above,
    check_not_against,
    check_reason,
    check_serves,
    check_stake,
    not_yours,
    owed_duty,
    whistled_unit,
)
from minqing.kernel.methods.model import BACK, Method

Check = Callable[[Method, Matter, Context], None]


class Standing(NamedTuple):
    """Who may, and what it does."""

    check: Check
    act: Callable[[Draft, Command], None]
    closed_too: bool = False


def _assign(draft: Draft, command: Command) -> None:
    if not command.person:
        raise Refused("whom", "请写明承办人", "say who: person")
    check_serves(command.person, draft)
    acted(draft, command)
    draft.emit(ev.Assigned(command.person))


def _note(draft: Draft, command: Command) -> None:
    check_answer(command, draft.matter, draft.context)
    if not (command.body or command.to) and not (command.verb == "record" and command.records):
        raise Refused("words", "请写明内容", "say what: a note has words, a record papers or words")
    acted(draft, command)
    fulfil_by(draft, command.verb)


def _may_grade(method: Method, matter: Matter, context: Context) -> None:
    if not method.levels:
        raise Refused("no-levels", "本工作法不分等级", "this method has no levels")
    check_holder_or_above(method, matter, context)


def _grade(draft: Draft, command: Command) -> None:
    order = list(draft.method.levels)
    if command.to not in order:
        raise Refused("level", "没有这个等级", f"levels: {', '.join(order)}")
    if command.to == draft.matter.level:
        raise Refused("level", "已经是这个等级", "it has that level already")
    check_reason(command, "调整等级", "grading")
    if draft.matter.emergency and order.index(command.to) < order.index(draft.matter.level):
        raise Refused("emergency", "紧急事项不能降级", "an emergency is not graded down")
    acted(draft, command)
    draft.hand = True
    graver = order.index(command.to) > order.index(draft.matter.level)
    (reach_level if graver else set_level)(draft, command.to, "graded")


def _may_whistle(method: Method, matter: Matter, context: Context) -> None:
    """The holder whistles, when the holder is one of the roles that the file lets whistle."""
    block, unit = method.whistle, context.actor.unit
    if block is None:
        raise Refused("no-whistle", "本工作法没有吹哨", "this method has no whistle")
    if not unit or unit != matter.holder or all(context.cast.units.get(role) != unit for role in block.by):
        raise not_yours()


def _whistle(draft: Draft, command: Command) -> None:
    """Calls one unit or several: each owes its own report-in and its own answer, and the lead ends when all have."""
    called = dict.fromkeys((command.unit, *command.units) if command.unit or not command.units else command.units)
    found = [whistled_unit(draft.method, draft.matter, draft.context, command.to, unit) for unit in called]
    for _, unit in found:
        if unit and barred(unit, draft.matter, draft.context.cast):
            raise Refused("against", "不能吹哨给被反映的单位", "the matter is against that unit: it is never called")
        if not unit or unit == draft.matter.holder:
            raise Refused("nobody", "这里没有可以吹哨的部门，请先登记单位", "no unit here can be called: register it")
    acted(draft, command)
    for role, unit in found:
        whistle(draft, role, unit)


def _owing(matter: Matter, unit: int, kinds: tuple[str, ...]) -> list[Duty]:
    return [duty for duty in matter.open_duties() if unit and duty.owed_by == unit and duty.kind.split(":")[0] in kinds]


def _may_arrive(method: Method, matter: Matter, context: Context) -> None:
    if not _owing(matter, context.actor.unit, ("report-in", "attend")):
        raise not_yours()


def _arrive(draft: Draft, command: Command) -> None:
    acted(draft, command)
    for duty in _owing(draft.matter, draft.context.actor.unit, ("report-in", "attend")):
        finish(draft, duty)


def _may_answer(method: Method, matter: Matter, context: Context) -> None:
    unit = context.actor.unit
    if not _owing(matter, unit, ("answer", "reply", "report-in", "report-back")):
        raise not_yours()
    both = method.whistle is not None and method.whistle.attend == "both"
    if both and _owing(matter, unit, ("report-in",)):
        raise Refused("attend", "请先报到到场，再答复", "report in on the spot first, then answer")


def _answer(draft: Draft, command: Command) -> None:
    acted(draft, command)
    for duty in _owing(draft.matter, draft.context.actor.unit, ("answer", "reply", "report-in", "report-back")):
        finish(draft, duty)


def _fulfillable(method: Method, duty: Duty, unit: int) -> bool:
    kind = method.duties.get(duty.kind)
    return kind is not None and "fulfil" in kind.done_by and bool(unit) and duty.owed_by == unit


def _may_fulfil(method: Method, matter: Matter, context: Context) -> None:
    if not any(_fulfillable(method, duty, context.actor.unit) for duty in matter.open_duties()):
        raise not_yours()


def _fulfil(draft: Draft, command: Command) -> None:
    duty = owed_duty(draft.matter, command.duty)
    if not _fulfillable(draft.method, duty, draft.context.actor.unit):
        raise not_yours()
    acted(draft, command)
    finish(draft, duty)


def _may_waive(method: Method, matter: Matter, context: Context) -> None:
    if all(_never_waived(duty, context) for duty in matter.open_duties()):
        raise not_yours()


def _never_waived(duty: Duty, context: Context) -> bool:
    """The stage's own duty is the resident's clock, an emergency's first act is nobody's to waive, a pause is ended by
    `resume`; all else is for a superior of who owes it: neither they themselves nor the lead who called them."""
    superior = stands_above(context.actor.unit, duty.owed_by, context.cast)
    return duty.kind.startswith(("@", "respond:", "pause:")) or not superior


def _waive(draft: Draft, command: Command) -> None:
    duty = owed_duty(draft.matter, command.duty)
    if _never_waived(duty, draft.context):
        raise not_yours()
    check_reason(command, "免除责任", "waiving")
    acted(draft, command)
    draft.emit(ev.DutyDropped(duty.id, "waived"))


def _may_reopen(method: Method, matter: Matter, context: Context) -> None:
    block = method.reopen
    if matter.is_open:
        raise Refused("open", "事项尚未结束", "the matter is still open")
    if block is None or matter.reopen_until is None or context.moment > matter.reopen_until:
        raise Refused(
            "window",
            "已过重开期限，请重新反映，新事项会与本事项关联",
            "the window is over: report it as a new matter, linked to this one",
        )
    actor = context.actor
    if not any(role in actor.roles or (actor.unit and context.cast.units.get(role) == actor.unit) for role in block.by):
        raise not_yours()


def _reopen(draft: Draft, command: Command) -> None:
    block = draft.method.reopen
    assert block is not None  # _may_reopen has seen it
    acted(draft, command)
    draft.emit(ev.Reopened())
    go(draft, where_it_stood(draft) if block.to == BACK else block.to, "reopened")


#: Done by the house itself, on the other of two matters: never on a button.
UNSHOWN = ("mirror", "follow_lead")
STANDING: Mapping[str, Standing] = {
    "assign": Standing(check_holder_or_above, _assign),
    "hand_over": Standing(minding.may_hand_over, minding.hand_over),
    "note": Standing(check_stake, _note, closed_too=True),
    "record": Standing(check_stake, _note, closed_too=True),
    "correct": Standing(minding.may_correct, minding.correct),
    "clear": Standing(minding.may_clear, minding.clear),
    "grade": Standing(_may_grade, _grade),
    "whistle": Standing(_may_whistle, _whistle),
    "arrive": Standing(_may_arrive, _arrive),
    "answer": Standing(_may_answer, _answer),
    "fulfil": Standing(_may_fulfil, _fulfil, closed_too=True),
    "waive": Standing(_may_waive, _waive),
    "refuse": Standing(ruling.may_refuse, ruling.refuse),
    "rule": Standing(ruling.may_rule, ruling.rule),
    "suspend": Standing(pausing.may_suspend, pausing.suspend),
    "resume": Standing(pausing.may_resume, pausing.take_up_again),
    "extend": Standing(pausing.may_extend, pausing.extend),
    "supervise": Standing(minding.may_supervise, minding.supervise),
    "merge": Standing(joining.may_merge, joining.merge),
    "unmerge": Standing(joining.may_unmerge, joining.unmerge, closed_too=True),
    "split": Standing(joining.may_join, joining.split),
    "link": Standing(joining.may_link, joining.link, closed_too=True),
    "mirror": Standing(joining.may_mirror, joining.mirror, closed_too=True),
    "follow_lead": Standing(joining.may_follow, joining.follow_lead, closed_too=True),
    "remind": Standing(minding.may_remind, minding.remind),
    "rate": Standing(minding.may_rate, minding.rate, closed_too=True),
    "reopen": Standing(_may_reopen, _reopen, closed_too=True),
}


def check_standing(verb: str, method: Method, matter: Matter, context: Context) -> Standing:
    """The verb, or why the actor may not use it now."""
    standing = STANDING[verb]
    if not matter.is_open and not standing.closed_too:
        raise Refused("ended", "事项已经结束", "the matter has ended")
    check_not_against(matter, context)
    if lends_a_hand(context.actor):
        raise not_yours()
    standing.check(method, matter, context)
    return standing
