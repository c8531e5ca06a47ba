"""Two matters: merged into one and taken out again, a part made a matter of its own, linked. Pure.

`decide` sees one side at a time, the other in `Context.other`. What is done on one side is mirrored on the other by
`mirror`, and a merged matter goes to its own call-back when its lead has ended (`follow_lead`): `next_on` says which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.acting import acted
from minqing.kernel.matters.cast import barred
from minqing.kernel.matters.commands import Command, Context, Refused, Report
from minqing.kernel.matters.consequences import close, enter, tell
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.matter import DROPPED, Duty, Matter
from minqing.kernel.matters.permits import check_holder_or_above, check_reason, not_yours
from minqing.kernel.matters.stopping import reckoned
from minqing.kernel.methods.model import CALL_BACK, Method
from minqing.registers.regions.codes import is_key, town_of

MERGED, TAKES_IN, PART = "merged", "takes_in", "part"
LINKS = ("related", "recurrence")
#: Ends of a lead after which those merged into it are asked on their own; after the others they go on alone.
_SOLVED = ("satisfied", "answered", "verified", "not_reached", "not_called")


def lead_of(matter: Matter) -> str:
    """The code of the matter that this one is merged into; '' for none."""
    return next((code for code, how in reversed(matter.links) if how == MERGED), "") if matter.end == MERGED else ""


def next_on(command: Command, matter: Matter) -> Command | None:
    """What is done on the other matter once `command` has led here; None when it concerns this one alone."""
    if command.verb in ("merge", "link", "unmerge", "follow_lead"):
        code = command.code or next((code for code, how in reversed(matter.links) if how == MERGED), "")
        return Command("mirror", code=matter.code) if code else None
    return None


def _another(draft: Draft, command: Command) -> Matter:
    other = draft.context.other
    if other is None or not command.code or other.code != command.code or other.code == draft.matter.code:
        raise Refused("other", "请写明另一件事项的编码", "say which other matter: its code")
    return other


def may_join(method: Method, matter: Matter, context: Context) -> None:
    """A person of the unit that has it, or above."""
    check_holder_or_above(method, matter, context)
    if not context.actor.person:
        raise Refused("person", "请由具体的人来办这一步", "say which person does this: a unit alone cannot")


def may_merge(method: Method, matter: Matter, context: Context) -> None:
    """Not while the reporter is asked, never what is late and never an emergency: that one is looked at by itself."""
    may_join(method, matter, context)
    if matter.stage == CALL_BACK:
        raise Refused("asking", "正在回访，不能并案", "the reporter is being asked: it is not merged now")
    if matter.emergency:
        raise Refused("emergency", "紧急事项单独办理，不并案", "an emergency is not merged")
    if any(duty.late or duty.due <= context.moment for duty in _limits(matter.open_duties(), matter)):
        raise Refused("late", "已经超期的不能并案", "what is late is not merged: its clock speaks for itself")


def merge(draft: Draft, command: Command) -> None:
    """Goes into another matter of the same area; its reporter keeps the code and is asked on their own."""
    other, matter = _another(draft, command), draft.matter
    check_reason(command, "并案", "merging")
    if not other.is_open or other.stage == CALL_BACK:
        raise Refused("other-ended", "只能并入正在办理的事项", "the other matter has ended, or its reporter is asked")
    if barred(draft.context.actor.unit, other, draft.context.cast):
        raise not_yours()
    if not (set(matter.against) <= set(other.against) and set(matter.against_people) <= set(other.against_people)):
        raise Refused(
            "against", "反映单位或个人的事项，只能并入反映同一对象的事项", "what is against somebody stays against them"
        )
    if not _same_area(matter.place, other.place):
        raise Refused("place", "只能并入同一乡镇（街道）的事项", "the two are not of one town")
    acted(draft, command)
    draft.emit(ev.Linked(other.code, MERGED))
    close(draft, matter.stage, "merged")
    draft.emit(ev.Told(("reporter",), (), because="与另一事项一并办理，编码照样可以查询，办结后单独回访"))


def _same_area(one: int, other: int) -> bool:
    if not (is_key(one) and is_key(other)):
        return one == other
    return town_of(one) == town_of(other)


def may_unmerge(method: Method, matter: Matter, context: Context) -> None:
    """The unit that had it or one above; or the reporter, whose concern it is."""
    if matter.end != MERGED:
        raise Refused("not-merged", "这件事项没有并案", "it is not merged into another")
    if "reporter" not in context.actor.roles:
        may_join(method, matter, context)


def unmerge(draft: Draft, command: Command) -> None:
    """Taken out again: back to where it stood, and its time is what it would have been."""
    if draft.context.actor.unit:
        check_reason(command, "撤销并案", "taking it out again")
    acted(draft, command)
    go_alone(draft, "unmerged")
    draft.emit(ev.Told(("reporter", "holder"), draft.told("holder"), because="不再并案，单独办理"))


def go_alone(draft: Draft, because: str) -> None:
    """Out of its lead, on from where it stood: all that ran when it was merged is owed again by who owed it, with the
    due time that it had, and its ladder goes on. A pause is asked for anew."""
    ran = [draft.matter.duty(number) for number in draft.matter.aside]
    draft.emit(ev.Unlinked(lead_of(draft.matter), MERGED))
    draft.emit(ev.Revived(because))
    draft.emit(ev.Entered(draft.stage.slug, draft.matter.holder, because))
    for duty in ran:
        if duty.state == DROPPED and not duty.kind.startswith("pause:"):
            draft.owe_again(duty)


def may_follow(method: Method, matter: Matter, context: Context) -> None:
    """The house's own program, after the lead has ended."""
    if not (context.actor.scope.house and "machine" in context.actor.roles) or matter.end != MERGED:
        raise not_yours()


def follow_lead(draft: Draft, command: Command) -> None:
    """The lead has ended: this reporter is asked on their own; where the lead was not solved, it goes on alone."""
    lead = _another(draft, command)
    if lead.code != lead_of(draft.matter) or lead.is_open or lead.end == MERGED:
        raise Refused("lead", "主案尚未办结", "the lead has not ended")
    acted(draft, command)
    if lead.end not in _SOLVED or CALL_BACK not in draft.method.stages:
        go_alone(draft, "lead ended")
        return
    draft.emit(ev.Unlinked(lead.code, MERGED))
    stood = draft.matter.stage
    draft.emit(ev.Revived("lead solved"))
    draft.emit(ev.Settled(stood, *lead.settled_by))
    stage = draft.method.stages[CALL_BACK]
    holder = draft.told(stage.holder)
    enter(draft, stage, holder[0] if holder else draft.matter.holder, "主案已办结，单独回访")


def may_mirror(method: Method, matter: Matter, context: Context) -> None:
    """Asked of the other matter, which must show what is mirrored."""
    if context.other is None:
        raise not_yours()


def mirror(draft: Draft, command: Command) -> None:
    """Notes here what was done to the other matter: it came in, went out again, or was linked to this one."""
    other, matter = _another(draft, command), draft.matter
    comes_in = lead_of(other) == matter.code
    if comes_in and (other.code, TAKES_IN) not in matter.links and matter.is_open:
        acted(draft, command)
        draft.emit(ev.Linked(other.code, TAKES_IN))
        draft.emit(ev.FormSet(people=matter.people + other.people))
        _take_time(draft, other)
        tell(draft, ("holder",), "另一事项并入，时限以先到的为准")
    elif (other.code, TAKES_IN) in matter.links and not comes_in:
        acted(draft, command)
        draft.emit(ev.Unlinked(other.code, TAKES_IN))
        draft.emit(ev.FormSet(people=max(1, matter.people - other.people)))
        _give_back(draft, other)
    else:
        how = next((how for code, how in other.links if code == matter.code and how in LINKS), "")
        if not how or (other.code, how) in matter.links:
            raise Refused("mirrored", "没有要对应登记的", "there is nothing to mirror")
        acted(draft, command)
        draft.emit(ev.Linked(other.code, how))


def _limits(duties: Iterable[Duty], matter: Matter) -> list[Duty]:
    """Of some duties those whose time the reporter waits for: the stage's own and what the sending body set."""
    return [duty for duty in duties if duty.kind in ("@" + matter.stage, "outside")]


def _take_time(draft: Draft, other: Matter) -> None:
    """What comes in brings its time along: the sooner due time holds for the lead, unless the lead stands at a higher
    level already, and the limit of the body that sent it."""
    for duty in _limits((other.duty(number) for number in other.aside), other):
        if duty.kind == "outside":
            draft.owe_again(duty, owed_by=draft.matter.holder, after=0)
        elif not _stands_higher(draft, other):
            _due_sooner(draft, duty)


def _stands_higher(draft: Draft, other: Matter) -> bool:
    stages, seen = draft.method.stages, draft.stage.slug
    stage = stages[other.stage] if other.method == draft.method.slug else None
    while stage is not None and stage.above:
        stage = stages[stage.above]
        if stage.slug == seen:
            return True
    return False


def _due_sooner(draft: Draft, brought: Duty) -> None:
    """From the other's start and by its budget, so that a calendar decreed later finds the same. More time that the
    other was given stays behind; where that would make the lead late at once, the lead keeps its own."""
    own = draft.matter.stage_duty()
    assert own is not None
    as_if = replace(own, starts=brought.starts, budget=brought.budget)
    due, provisional, rungs = reckoned(draft.method, draft.matter, as_if, draft.context)
    if draft.context.moment < due < own.due:
        version = draft.context.calendar.version
        draft.emit(ev.DutyReckoned(own.id, due, rungs, brought.budget, version, provisional, "merged", brought.starts))


def _give_back(draft: Draft, other: Matter) -> None:
    """The sending body's limit goes with the matter that it was set for."""
    theirs = {(duty.starts, duty.due) for duty in other.duties if duty.kind == "outside"}
    for duty in draft.matter.open_duties():
        if duty.kind == "outside" and (duty.starts, duty.due) in theirs:
            draft.emit(ev.DutyDropped(duty.id, "unmerged"))


def split(draft: Draft, command: Command) -> None:
    """A part becomes a matter of its own (`child_of` is its report), linked to this one."""
    if not command.code or command.code == draft.matter.code:
        raise Refused("code", "请写明新事项的编码", "say the code of the new matter")
    if command.to and command.to not in draft.method.kinds:
        raise Refused("kind", f"本工作法不办“{command.to}”", f"kinds: {', '.join(draft.method.kinds)}")
    check_reason(command, "分案", "splitting")
    acted(draft, command)
    draft.emit(ev.Linked(command.code, PART))
    tell(draft, ("reporter",), "其中一部分另立一件，单独办理")


def child_of(matter: Matter, command: Command) -> Report:
    """The report of the matter that `split` makes: of the same people and place, against the same, as grave, and
    waiting since the same day: neither the law's clock nor the sending body's begins anew."""
    return Report(
        code=command.code,
        place=matter.place,
        channel=matter.channel,
        kind=command.to or matter.kind,
        category=matter.category,
        tags=matter.tags,
        people=command.people or matter.people,
        against=matter.against,
        against_people=matter.against_people,
        against_unknown=matter.against_unknown,
        emergency=matter.emergency,
        form=matter.form,
        reporter=matter.reporter,
        wants_call_back=matter.wants_call_back,
        external_due=_outside_due(matter),
        since=matter.since or matter.duties[0].starts,
        links=(matter.code,),
        body=command.body,
        severity=matter.level,
    )


def _outside_due(matter: Matter) -> datetime | None:
    """The limit of the sending body that still runs: it holds for each part."""
    return min((duty.due for duty in matter.open_duties() if duty.kind == "outside"), default=None)


def may_link(method: Method, matter: Matter, context: Context) -> None:
    """Whoever works on it."""
    may_join(method, matter, context)


def link(draft: Draft, command: Command) -> None:
    """Two matters belong together."""
    other, how = _another(draft, command), command.to or LINKS[0]
    if how not in LINKS:
        raise Refused("how", "请选择关联方式", f"say how: {', '.join(LINKS)}")
    if (other.code, how) in draft.matter.links:
        raise Refused("linked", "已经关联", "they are linked already")
    acted(draft, command)
    draft.emit(ev.Linked(other.code, how))
