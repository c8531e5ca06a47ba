"""A matter passes to somebody else by itself: its holder is complained of, or the place was wrong. Pure."""

from __future__ import annotations

from dataclasses import replace

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.cast import barred, chain, stage_unit, unit_for
from minqing.kernel.matters.consequences import hand_to, holder_in, reachable, tell
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.matter import Duty
from minqing.kernel.methods.model import CALL_BACK


def step_aside(draft: Draft) -> None:
    """Whom the matter turns out to be against has no part in it any more: it goes on to the next level at once, what
    they owed is owed by who has it instead, and who is called no longer is."""
    matter, cast = draft.matter, draft.context.cast
    if matter.worker in matter.against_people:
        draft.emit(ev.Assigned(0))
    if not matter.is_open:
        return
    if matter.holder and barred(matter.holder, matter, cast):
        stage = reachable(draft, draft.stage)
        hand_to(draft, stage, holder_in(draft, stage), "against")
    for duty in draft.matter.open_duties():
        if not duty.owed_by or not barred(duty.owed_by, draft.matter, cast):
            continue
        unit = _instead(draft, duty)
        draft.emit(ev.DutyMoved(duty.id, unit) if unit else ev.DutyDropped(duty.id, "against"))


def _instead(draft: Draft, duty: Duty) -> int:
    """Who owes what the one complained of owed: whoever plays the role now; where a unit was asked by itself, the level
    above it. 0: that is the holder, or nobody is left to ask."""
    matter, cast = draft.matter, draft.context.cast
    if duty.kind not in ("report-in", "answer", "ruling") and not duty.kind.startswith("reply:"):
        return unit_for(duty.role, draft.method, matter, cast)
    way = (unit for unit in chain(duty.owed_by, cast) if not barred(unit, matter, cast))
    unit = next(way, 0)
    return unit if unit != matter.holder else 0


def move_there(draft: Draft) -> None:
    """The place was corrected: who has the stage there has the matter, and owes what its holder here owed. The time
    runs on."""
    draft.context = replace(draft.context, cast=draft.context.there or draft.context.cast)
    left, stage = draft.matter.holder, draft.stage
    holder = stage_unit(stage, draft.method, draft.matter, draft.context.cast)
    if stage.slug == CALL_BACK or holder in (0, left):
        return
    tell(draft, ("holder",), "地点更正，改由另一单位办理")
    draft.emit(ev.Entered(stage.slug, holder, "地点更正，改由本单位办理"))
    for duty in draft.matter.open_duties():
        if duty.owed_by == left:
            draft.emit(ev.DutyMoved(duty.id, holder))
    draft.emit(ev.Told(("reporter",), (), because="地点更正，改由那里的单位办理"))
