"""Verbs beside the way: remind, rate, supervise, hand over; whom the matter is against, said later or cleared. Pure.

None of them moves a level or a limit; only that the holder turns out to be complained of moves the matter, at once.
"""

from __future__ import annotations

from minqing.kernel.clock.budgets import Budget, parse_budget
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.acting import acted
from minqing.kernel.matters.cast import stands_above
from minqing.kernel.matters.commands import Command, Context, Refused
from minqing.kernel.matters.consequences import tell
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.ladders import REPORT_BACK
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.passing_on import move_there, step_aside
from minqing.kernel.matters.permits import acts, check_holder_or_above, check_reason, check_serves, not_yours
from minqing.kernel.methods.model import CALL_BACK, Limit, Method

#: Within which a supervised unit reports back: the county's own figures, the first where none is said.
REPORT_WITHIN = ("3wd", "1wd", "5wd")
STARS = (1, 2, 3, 4, 5)


def _reporter_only(context: Context) -> None:
    if "reporter" not in context.actor.roles:
        raise not_yours()


def may_remind(method: Method, matter: Matter, context: Context) -> None:
    """The reporter."""
    _reporter_only(context)


def remind(draft: Draft, command: Command) -> None:
    """Holder and above are told that somebody waits; no clock and no level moves."""
    acted(draft, command)
    tell(draft, ("holder", "above"), "反映人催办")


def may_rate(method: Method, matter: Matter, context: Context) -> None:
    """The reporter, once a round, after it is said to be solved."""
    _reporter_only(context)
    if (matter.is_open and matter.stage != CALL_BACK) or matter.end == "merged":
        raise Refused("not-yet", "办结后再评价", "rate it when it is solved")
    if matter.stars:
        raise Refused("rated", "已经评价过", "it is rated already")


def rate(draft: Draft, command: Command) -> None:
    """One to five stars for the handling, for no person."""
    if command.stars not in STARS:
        raise Refused("stars", "请评 1 到 5 星", "say stars: 1 to 5")
    acted(draft, command)
    draft.emit(ev.Rated(command.stars))


def may_supervise(method: Method, matter: Matter, context: Context) -> None:
    """A person of a unit above the holder, when no report is awaited."""
    actor = context.actor
    if not actor.person or not stands_above(actor.unit, matter.holder, context.cast):
        raise not_yours()
    if any(duty.kind == "report-back" and duty.owed_by == matter.holder for duty in matter.open_duties()):
        raise Refused("supervised", "已经督办，正在等报告", "a report is awaited already")


def supervise(draft: Draft, command: Command) -> None:
    """The holder owes a report back, and hears of it."""
    check_reason(command, "督办", "supervising")
    within = command.to or REPORT_WITHIN[0]
    if within not in REPORT_WITHIN:
        raise Refused("budget", f"报告时限可选 {'、'.join(REPORT_WITHIN)}", f"within: {', '.join(REPORT_WITHIN)}")
    acted(draft, command)
    budget: Budget = parse_budget(within)
    draft.add_duty("report-back", "holder", draft.matter.holder, Limit(budget), REPORT_BACK, optional=True)
    tell(draft, ("holder",), "上级督办，请按时报告")


def may_hand_over(method: Method, matter: Matter, context: Context) -> None:
    """Who has it or stands above; the house itself, when a post ends."""
    actor = context.actor
    if not matter.worker:
        raise Refused("nothing", "还没有指定承办人", "nobody has it in hand: assign it")
    if not (actor.scope.house and "machine" in actor.roles):
        check_holder_or_above(method, matter, context)


def hand_over(draft: Draft, command: Command) -> None:
    """Another person has it in hand from now on, or nobody yet."""
    if command.person == draft.matter.worker:
        raise Refused("whom", "承办人没有变", "that person has it in hand already")
    if command.person:
        check_serves(command.person, draft)
    acted(draft, command)
    draft.emit(ev.Assigned(command.person))
    tell(draft, ("holder",), "承办人移交")


def may_correct(method: Method, matter: Matter, context: Context) -> None:
    """Who has it or stands above; the reporter may say whom it is against."""
    if "reporter" not in context.actor.roles:
        check_holder_or_above(method, matter, context)


def correct(draft: Draft, command: Command) -> None:
    """Fields, people, place; and whom it is against: added here, taken away only by `clear`."""
    fields = command.form or command.filled or command.people is not None or command.place is not None
    whom = command.against or command.against_people or command.against_unknown
    if fields and not _staff(draft):
        raise not_yours()
    if not fields and not whom:
        raise Refused("nothing", "没有写明更正什么", "say what to correct")
    matter = draft.matter
    units = _joined(matter.against, command.against)
    people = _joined(matter.against_people, command.against_people)
    unknown = matter.against_unknown + max(0, command.against_unknown)
    names = (units, people, unknown) != (matter.against, matter.against_people, matter.against_unknown)
    if names and "reporter" not in draft.context.actor.roles:
        check_reason(command, "登记被反映的单位或个人", "saying whom it is against")
    acted(draft, command)
    if command.place is not None:
        move_there(draft)
    if names:
        draft.emit(ev.AgainstSet(units, people, unknown))
        draft.emit(ev.Told(("reporter",), (), because="登记了被反映的单位或个人"))
        step_aside(draft)


def _staff(draft: Draft) -> bool:
    context = draft.context
    above = stands_above(context.actor.unit, draft.matter.holder, context.cast)
    return above or acts(("holder",), draft.method, draft.matter, context)


def _joined(old: tuple[int, ...], new: tuple[int, ...]) -> tuple[int, ...]:
    return (*old, *(number for number in dict.fromkeys(new) if number not in old))


def may_clear(method: Method, matter: Matter, context: Context) -> None:
    """A person above the holder, or of discipline inspection: never the holder alone."""
    actor, inspection = context.actor, context.cast.units.get("inspection", 0)
    if not (matter.against or matter.against_people or matter.against_unknown):
        raise Refused("nothing", "没有反映单位或个人", "it is against nobody")
    above = stands_above(actor.unit, matter.holder, context.cast)
    if not actor.person or not (above or (inspection and actor.unit == inspection)):
        raise not_yours()


def clear(draft: Draft, command: Command) -> None:
    """Somebody named by mistake: with a reason, on record; the matter stays where it is."""
    check_reason(command, "澄清", "clearing")
    matter = draft.matter
    units = tuple(unit for unit in matter.against if unit not in command.against)
    people = tuple(person for person in matter.against_people if person not in command.against_people)
    unknown = max(0, matter.against_unknown - max(0, command.against_unknown))
    if (units, people, unknown) == (matter.against, matter.against_people, matter.against_unknown):
        raise Refused(
            "nothing", "请写明澄清哪个单位或哪个人", "say whom to clear: unit, person, or how many unknown ones"
        )
    acted(draft, command)
    draft.emit(ev.AgainstSet(units, people, unknown))
    draft.emit(ev.Told(("reporter",), (), because="澄清了被反映的单位或个人"))
