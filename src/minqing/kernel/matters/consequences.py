"""Consequences: what a `Then` does, always in the same order, whoever caused it. Pure.

Order: level, drop, tell, letter, outcome, go (and the stage's enter), add, whistle. Tell and letter are addressed
before the move, so `holder` is who was late. A branch is two moves or two results, never a condition in here.
"""

from __future__ import annotations

from minqing.kernel.clock.budgets import Budget
from minqing.kernel.clock.reckoning import Terms
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.cast import barred, helpers, stage_unit, unit_for
from minqing.kernel.matters.commands import Refused
from minqing.kernel.matters.conditions import holds
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.matter import OPEN, Duty
from minqing.kernel.matters.reckoning import moments_of, terms_for
from minqing.kernel.matters.stopping import resume, resume_all
from minqing.kernel.methods.model import ABOVE, BACK, CALL_BACK, STAY, End, Level, Method, Stage, Then
from minqing.kernel.methods.titles import Title

LATE_AGAIN = Budget(5, "wd")  # how long after its end a ladder of a stage speaks again: the county's own figure
MOST_STEPS = 30  # stages within one command: the checker proves that there is no round, this only guards the guard


def follow(draft: Draft, then: Then) -> None:
    """Does what a `Then` says."""
    _before_the_move(draft, then)
    if then.go and then.go != STAY:
        go(draft, then.go, then.because)
    for name in then.add:
        add(draft, name)
    for role in then.whistle:
        whistle(draft, role, unit_for(role, draft.method, draft.matter, draft.context.cast))


def _before_the_move(draft: Draft, then: Then) -> None:
    if then.level and _graver(draft, then.level):
        set_level(draft, then.level, then.because)
    for name in then.drop:
        _drop(draft, name)
    if then.tell:
        tell(draft, then.tell, then.because)
    for letter in then.letter:
        _send(draft, letter)
    if then.outcome:
        draft.emit(ev.OutcomeSet(then.outcome))


def _graver(draft: Draft, level: str) -> bool:
    """Whether a level is graver than the present one: only `grade` lowers, with its reason."""
    order = tuple(draft.method.levels)
    return not draft.matter.level or order.index(level) > order.index(draft.matter.level)


def first_level(draft: Draft, start: str | None, severity: str = "") -> Level | None:
    """Sets the level a new matter has before it enters a stage: that of its triage rule (the mildest where it names
    none), or a graver one that is said or whose condition holds; that one is returned, for what follows upon it."""
    levels = tuple(draft.method.levels.values())
    if not levels:
        return None
    least = next(place for place, level in enumerate(levels) if start in (None, level.slug))
    for level in reversed(levels[least + 1 :]):
        if level.slug == severity or (level.when is not None and holds(level.when, draft.method, draft.matter)):
            draft.emit(ev.LevelSet(level.slug))
            return level
    draft.emit(ev.LevelSet(levels[least].slug))
    return None


def raise_level(draft: Draft) -> None:
    """The gravest level whose condition holds, if graver than the present one. It raises and never lowers."""
    levels, now = tuple(draft.method.levels.values()), draft.matter.level
    if draft.matter.graded:
        return  # somebody graded it with a reason: that stands until the facts change
    for level in reversed(levels):
        if level.slug == now:
            return
        if level.when is not None and holds(level.when, draft.method, draft.matter):
            reach_level(draft, level.slug, "")
            return
    if levels:
        set_level(draft, levels[0].slug, "")


def reach_level(draft: Draft, level: str, because: str) -> None:
    """A graver level, by itself or by somebody's word, with what the file lets follow when it is reached."""
    set_level(draft, level, because)
    follow(draft, draft.method.levels[level].then)


def set_level(draft: Draft, level: str, because: str) -> None:
    """Sets the level; a graver one may shorten the running limit, none lengthens it."""
    if level == draft.matter.level:
        return
    draft.emit(ev.LevelSet(level, because))
    duty = draft.matter.stage_duty()
    if duty is None:
        return
    resume_all(draft, "level", duty.id)  # whoever still needs the pause asks for it anew
    if draft.stage.limit is None or not draft.stage.limit.by_level:
        return
    duty = draft.matter.duty(duty.id)
    terms = terms_for(draft.stage.limit, level, duty.owed_by, draft.context)
    now, version = draft.context.moment, draft.context.calendar.version
    moment, provisional, at = moments_of(terms, draft.stage.rungs, now)
    if moment < duty.due:  # reckoned from now: nobody is late by a level that did not stand yet
        at = (*at, *(rung for rung in duty.rungs[len(at) :] if rung > now))
        draft.emit(ev.DutyReckoned(duty.id, moment, at, str(terms.budget), version, provisional, "level", now))


def look_around(draft: Draft) -> None:
    """After every command: levels rise by themselves, and what happens by itself does."""
    if not draft.matter.is_open:
        return
    draft.hand = False
    raise_level(draft)
    for _ in range(MOST_STEPS):
        steps = draft.stage.by_itself
        found = next((b for b in steps if holds(b.when, draft.method, draft.matter)), None) if steps else None
        if found is None or not draft.matter.is_open:
            return
        follow(draft, found.then)


def go(draft: Draft, to: str, because: str) -> None:
    """Leaves the stage and enters another, passing over stages that nobody here may hold. Where that leads back to the
    present one the matter stays, and its clock runs on: a referral to oneself buys no time."""
    stage = reachable(draft, _target(draft, to))
    if stage.slug == draft.matter.stage:
        return
    if stage.end is not None:
        _may_end(draft, stage)
    _leave(draft)
    left = draft.matter.stage
    if stage.slug == CALL_BACK:
        _met_outside(draft)
        actor = draft.context.actor
        draft.emit(ev.Settled(left, actor.unit or draft.matter.holder, actor.person))
    if stage.end is not None:
        draft.emit(ev.Entered(stage.slug, 0, because))
        close(draft, stage.slug, stage.end)
        return
    before = draft.matter.held_before(stage.slug) if stage.slug != CALL_BACK else None
    enter(draft, stage, holder_in(draft, stage), because, before)


def hand_to(draft: Draft, stage: Stage, unit: int, because: str) -> None:
    """Gives the matter to a unit, in a stage: by a ruling, or since the one who had it may no longer."""
    _leave(draft, because)
    enter(draft, stage, unit, because)


def enter(draft: Draft, stage: Stage, holder: int, because: str, before: Duty | None = None) -> None:
    """Into a stage where somebody has it from now on, and what the file lets follow. `before`: the duty of that stage
    when it stood there earlier in this round; it is taken up again where it is due sooner than a new one."""
    draft.emit(ev.Entered(stage.slug, holder, because))
    assert stage.limit is not None  # the checker refuses a waiting stage without one
    if before is None or not _taken_up(draft, stage, holder, before):
        draft.add_duty("@" + stage.slug, stage.holder, holder, stage.limit, stage.rungs)
    for duty in draft.matter.open_duties():
        if (duty.kind == "outside" or duty.kind.startswith("respond:")) and duty.owed_by != holder:
            draft.emit(ev.DutyMoved(duty.id, holder))
    follow(draft, stage.enter)


def _taken_up(draft: Draft, stage: Stage, holder: int, before: Duty) -> bool:
    """Whether the time that ran there runs on: to and fro between two stages buys nobody time. A ladder that has said
    all speaks again five working days from now: a clock is never silent."""
    context, matter = draft.context, draft.matter
    assert stage.limit is not None
    fresh, _, _ = moments_of(terms_for(stage.limit, matter.level, holder, context), (), context.moment)
    if fresh <= before.due:
        return False
    rungs = before.rungs
    if before.next_rung >= len(rungs):
        again = Terms(LATE_AGAIN, context.calendar, None, "none")
        rungs = (*rungs, max(rungs[-1], moments_of(again, (), context.moment)[0]))
    draft.owe_again(before, owed_by=holder, rungs=rungs)
    return True


def leads_nowhere(draft: Draft, then: Then) -> bool:
    """Whether a `Then` would send the matter on, and nobody else here may have it."""
    if not then.go or then.go == STAY:
        return False
    return reachable(draft, _target(draft, then.go)).slug == draft.matter.stage


def _target(draft: Draft, to: str) -> Stage:
    method, matter = draft.method, draft.matter
    if to == BACK:
        return method.stages[matter.settled_in or matter.stage]
    if to == ABOVE:
        base = method.stages[matter.settled_in if matter.stage == CALL_BACK and matter.settled_in else matter.stage]
        return method.stages[base.above] if base.above else base
    return method.stages[to]


def reachable(draft: Draft, stage: Stage) -> Stage:
    """The stage itself, or the first one above it that somebody here may hold: no grid is invented, and the one
    complained of never gets it."""
    seen = 0
    while not stage.end and stage.above and seen < MOST_STEPS:
        if stage_unit(stage, draft.method, draft.matter, draft.context.cast):
            return stage
        stage = draft.method.stages[stage.above]
        seen += 1
    return stage


def where_it_stood(draft: Draft) -> str:
    """The last stage in which somebody worked on it: never lower, so that an emergency comes to no self-help."""
    kinds = [duty.kind[1:] for duty in draft.matter.duties if duty.kind.startswith("@")]
    worked = [stage for stage in kinds if stage != CALL_BACK]
    return worked[-1] if worked else next(stage.slug for stage in draft.method.stages.values() if not stage.end)


def holder_in(draft: Draft, stage: Stage) -> int:
    """Who has the matter in a stage here; 0: nobody in this county may."""
    cast = draft.context.cast
    unit = stage_unit(stage, draft.method, draft.matter, cast) or unit_for(
        stage.holder, draft.method, draft.matter, cast
    )
    if unit:
        return unit
    for role in ("county", "inspection", "city"):
        unit = cast.units.get(role, 0)
        if unit and not barred(unit, draft.matter, cast):
            return unit
    return 0  # nobody in this county may have it: it stands on the list of the level above


def _met_outside(draft: Draft) -> None:
    """The limit of the sending body is met when the matter is solved or ends."""
    for duty in draft.matter.open_duties():
        if duty.kind == "outside":
            finish(draft, duty)


def _leave(draft: Draft, because: str = "raised") -> None:
    for asked in draft.matter.open_duties():
        if asked.kind == "ruling":
            draft.emit(ev.DutyDropped(asked.id, "moved"))  # nobody is left whose matter it was asked to be
    duty = draft.matter.stage_duty()
    if duty is None:
        return
    resume_all(draft, "moved", duty.id)
    duty = draft.matter.duty(duty.id)
    if draft.hand:
        finish(draft, duty)
    elif draft.context.moment >= duty.due:
        draft.emit(ev.DutyMissed(duty.id))
    else:
        draft.emit(ev.DutyDropped(duty.id, because))  # a level or an early rung took it on: neither met nor missed


def finish(draft: Draft, duty: Duty) -> None:
    """A duty is met, in time or late."""
    draft.emit(ev.DutyDone(duty.id, draft.context.moment > duty.due, draft.context.actor.person))


def _may_end(draft: Draft, stage: Stage) -> None:
    matter, method = draft.matter, draft.method
    waiting = helpers(matter)
    if waiting and stage.end not in ("withdrawn", "merged"):
        names = [draft.context.cast.names.get(unit, str(unit)) for unit in waiting]
        zh, en = "、".join(names), ", ".join(names)
        raise Refused("helpers", f"{zh}尚未答复，暂不能结束", f"helpers have not answered: {en}; wait or waive")
    owed = [d for d in matter.open_duties() if not (d.optional or d.outlives or d.kind.startswith("@"))]
    if owed and stage.end not in ("withdrawn", "merged"):
        titles = [duty_title(method, duty.kind) for duty in owed]
        zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
        raise Refused("owed", f"尚有未完成的责任：{zh}", f"still owed: {en}")


def duty_title(method: Method, kind: str) -> Title:
    """What a duty of this kind is called on a page."""
    if kind.startswith("@"):
        return method.stages[kind[1:]].title
    if kind.startswith("reply:"):
        return method.letters[kind.removeprefix("reply:")].title
    if kind.startswith("respond:"):
        return Title("紧急响应", "emergency response")
    if kind.startswith("pause:"):
        why = method.pauses[kind.removeprefix("pause:")].title
        return Title(f"暂停计时（{why.zh}）", f"clock stopped ({why.en})")
    own = method.duties.get(kind)
    return own.title if own else _DUTY_TITLES[kind]


_DUTY_TITLES = {
    "report-in": Title("报到", "reporting in"), "attend": Title("到场", "being there"),
    "answer": Title("答复", "answer"), "ruling": Title("退单裁定", "ruling whose it is"),
    "report-back": Title("督办报告", "report to who supervises"),
    "outside": Title("来件单位时限", "the sender's own time limit"),
}  # fmt: skip


def close(draft: Draft, stage: str, end: End) -> None:
    """The matter ends, and with it all that is owed but what outlives it."""
    resume_all(draft, "closed")
    if end not in ("withdrawn", "merged"):
        _met_outside(draft)
    for duty in draft.matter.open_duties():
        if not duty.outlives:
            draft.emit(ev.DutyDropped(duty.id, "closed"))
    until = None
    if draft.method.reopen is not None and end != "merged":
        # what a resident may still do is lengthened by a holiday (docs/clock.md)
        terms = Terms(draft.method.reopen.within, draft.context.calendar, None, "next-day")
        until = moments_of(terms, (), draft.context.moment)[0]
    draft.emit(ev.Closed(stage, end, until))


def _drop(draft: Draft, name: str) -> None:
    for duty in draft.matter.open_duties():
        if duty.kind != name and (name != "all" or duty.kind.startswith("@")):
            continue
        if duty.kind.startswith("pause:"):
            resume(draft, duty.id, "dropped")  # what it stopped runs on: a clock never stands still for good
        else:
            draft.emit(ev.DutyDropped(duty.id))


def tell(draft: Draft, roles: tuple[str, ...], because: str, urgent: bool = False) -> None:
    """Tells the posts behind some roles; of an emergency that nobody has settled yet all is urgent."""
    urgent = urgent or bool(draft.matter.emergency and draft.matter.is_open and draft.matter.stage != CALL_BACK)
    units = dict.fromkeys(unit for role in roles for unit in draft.told(role))
    draft.emit(ev.Told(roles, tuple(units), urgent, because))


def call_at_once(draft: Draft, roles: tuple[str, ...], because: str) -> None:
    """An emergency: people are called, now."""
    tell(draft, roles, because, urgent=True)


def _send(draft: Draft, slug: str) -> None:
    letter = draft.method.letters[slug]
    units = tuple(dict.fromkeys(unit for role in letter.to for unit in draft.told(role)))
    draft.emit(ev.LetterSent(slug, units))
    if letter.reply is not None:
        for unit in units:
            draft.add_duty("reply:" + slug, letter.to[0], unit, letter.reply, letter.rungs, optional=True)


def add(draft: Draft, name: str) -> None:
    """Adds a duty of the file; of one that nobody here can owe the level above hears."""
    kind = draft.method.duties[name]
    if any(duty.kind == name for duty in draft.matter.open_duties()):
        return
    unit = unit_for(kind.owed_by, draft.method, draft.matter, draft.context.cast)
    if not unit:
        tell(draft, ("above",), f"这里没有单位可以承担“{kind.title}”")
        return
    assert kind.limit is not None
    draft.add_duty(name, kind.owed_by, unit, kind.limit, kind.rungs, optional=kind.optional, outlives=kind.outlives)


def whistle(draft: Draft, role: str, unit: int) -> None:
    """Calls a unit: it owes its report-in and, where the file says, an answer; with `attend: both` the lead owes
    its own attendance too."""
    block = draft.method.whistle
    assert block is not None
    if not unit or unit == draft.matter.holder:
        # a report or a rung is never refused for what the register lacks: the level above hears of it
        return tell(draft, ("above",), "这里没有可以吹哨的部门")
    if unit in helpers(draft.matter):
        return None
    rung = block.silent_rungs
    draft.add_duty("report-in", role, unit, block.report_in, rung)
    if block.answer is not None:
        draft.add_duty("answer", role, unit, block.answer, rung)
    if block.attend == "both":
        lead = draft.matter.holder
        standing = any(d.kind == "attend" and d.state == OPEN and d.owed_by == lead for d in draft.matter.duties)
        if not standing:
            draft.add_duty("attend", "holder", lead, block.report_in, rung)
    return None
