"""A concern comes in: its kind, the emergency it may be, its way by triage. Pure.

Emergencies are looked at before all triage. Nothing here reads who brought it: the same words at the same place go
the same way, whoever brings them (guard rail).
"""

from __future__ import annotations

from datetime import datetime

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Context, Decision, Refused, Report
from minqing.kernel.matters.conditions import holds
from minqing.kernel.matters.consequences import (
    add,
    call_at_once,
    first_level,
    follow,
    go,
    look_around,
    set_level,
    tell,
    where_it_stood,
)
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.filling import check_form
from minqing.kernel.matters.joining import go_alone, lead_of
from minqing.kernel.matters.ladders import OUTSIDE
from minqing.kernel.matters.stopping import resume_all
from minqing.kernel.methods.model import Emergency, Limit, Method


def kind_of(method: Method, category: str) -> str:
    """The kind that a category of the reader's tree belongs to: leaf before top class; else the kind without a list."""
    for wanted in (category, category.split("/")[0]):
        for kind in method.kinds.values():
            if wanted and wanted in kind.takes:
                return kind.slug
    plain = [kind.slug for kind in method.kinds.values() if not kind.takes]
    return plain[0] if plain else next(iter(method.kinds))


def spot_emergency(method: Method, text: str, tags: tuple[str, ...]) -> str:
    """The first emergency of the file whose tag the reader gave or whose word stands in the text; '' for none."""
    for emergency in method.emergencies:
        if any(tag in tags for tag in emergency.tags) or any(word in text for word in emergency.words):
            return emergency.slug
    return ""


def report_in(method: Method, report: Report, context: Context) -> Decision:
    """The report, and where triage or the emergency sends it."""
    kind = report.kind or kind_of(method, report.category)
    if kind not in method.kinds:
        raise Refused("kind", f"本工作法不办“{kind}”", f"this method takes {', '.join(method.kinds)}, not “{kind}”")
    if report.people < 1:
        raise Refused("people", "涉及人数至少为 1", "people: at least 1")
    if report.severity and report.severity not in method.levels:
        raise Refused("level", "没有这个等级", f"levels: {', '.join(method.levels)}")
    check_form(report.form, report.filled, method)
    told = {name: value for name, value in report.__dict__.items() if name not in ("kind", "severity")}
    draft = Draft(method, None, context)
    draft.begin(ev.Reported(method=method.slug, version=method.version, kind=kind, facts=dict(context.facts), **told))
    emergency = next((e for e in method.emergencies if e.slug == report.emergency), None)
    if emergency is not None:
        _rush(draft, emergency)
    else:
        _triage(draft, report.severity)
    if draft.matter.is_open:
        _outside_limit(draft, report.external_due)
    look_around(draft)
    return draft.done()


def _triage(draft: Draft, severity: str) -> None:
    """The first rule that holds. The level is found before the stage is entered, so that its own limit runs; it is at
    least the severity that whoever brought it says."""
    rule = next(rule for rule in draft.method.triage if holds(rule.when, draft.method, draft.matter))
    reached = first_level(draft, rule.then.level, severity)
    follow(draft, rule.then)
    if reached is not None:
        follow(draft, reached.then)


def _outside_limit(draft: Draft, due: datetime | None) -> None:
    """The sending body's own limit stands in every list beside ours; it shortens nothing."""
    now = draft.context.moment
    if due is None:
        return
    if due <= now:
        tell(draft, ("holder", "above"), "来件时，来件单位的时限已过")
        return
    rungs = tuple(now + (due - now) * (step.rung.percent or 100) / 100 for step in OUTSIDE)
    number, holder = len(draft.matter.duties) + 1, draft.matter.holder
    version = draft.context.calendar.version
    draft.emit(ev.DutyAdded(number, "outside", "holder", holder, now, due, rungs, calendar=version, optional=True))


def rush_later(draft: Draft, slug: str) -> None:
    """Words said after the report that make it an emergency: it goes the emergency's way from where it stands, whether
    it still runs, was merged (it is taken out again) or has ended (within the window it is opened again)."""
    emergency = next((one for one in draft.method.emergencies if one.slug == slug), None)
    if emergency is None or (draft.matter.emergency and draft.matter.is_open):
        return
    draft.emit(ev.AlarmRaised(slug))
    if not draft.matter.is_open and not _opened_again(draft):
        call_at_once(draft, emergency.call, emergency.because or emergency.title.zh)
        return
    for duty in draft.matter.open_duties():
        if duty.kind == "ruling":
            draft.emit(ev.DutyDropped(duty.id, "emergency"))  # it is helped first, by who has it
    resume_all(draft, "emergency")
    _rush(draft, emergency, stay=_higher_already(draft, emergency.go))


def _opened_again(draft: Draft) -> bool:
    """Whether what has ended runs again; after the window it stays ended, and people are called all the same."""
    matter = draft.matter
    if lead_of(matter):
        go_alone(draft, "emergency")
        return True
    if matter.reopen_until is None or draft.context.moment > matter.reopen_until:
        return False
    draft.emit(ev.Reopened("emergency"))
    go(draft, where_it_stood(draft), "emergency")
    return True


def _higher_already(draft: Draft, to: str) -> bool:
    """Whether the matter stands at or above the emergency's stage: it is never sent down."""
    stages, stage = draft.method.stages, draft.method.stages[to]
    while stage.above and stage.slug != draft.matter.stage:
        stage = stages[stage.above]
    return stage.slug == draft.matter.stage


def _rush(draft: Draft, emergency: Emergency, stay: bool = False) -> None:
    """An emergency goes before all triage: gravest level, its own way, people called at once, and the holder owes a
    first act within minutes."""
    because = emergency.because or emergency.title.zh
    levels = list(draft.method.levels.values())
    if levels:
        set_level(draft, levels[-1].slug, because)
    if not stay:
        go(draft, emergency.go, because)
    if levels and levels[-1].then.add:
        for name in levels[-1].then.add:
            add(draft, name)
    call_at_once(draft, emergency.call, because)
    holder, limit = draft.matter.holder, Limit(emergency.respond)
    kind, rungs = f"respond:{emergency.slug}", emergency.unanswered_rungs
    draft.add_duty(kind, draft.stage.holder, holder, limit, rungs, optional=True)
