"""'Not ours' and its ruling: who has the matter asks, somebody else rules, and the resident sees both. Pure.

The stage's clock runs on meanwhile: a dispute about whose it is buys nobody time.
"""

from __future__ import annotations

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.acting import acted
from minqing.kernel.matters.cast import barred, chain, stage_unit, unit_for
from minqing.kernel.matters.commands import Command, Context, Refused
from minqing.kernel.matters.consequences import finish, hand_to, tell
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.ladders import RULING
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.permits import acts, check_reason, not_yours
from minqing.kernel.methods.model import CALL_BACK, Method, Stage

_RELATIVE = ("above", "supervisor")


def may_refuse(method: Method, matter: Matter, context: Context) -> None:
    """The holder, where the file lets refuse, so often and not while a ruling is awaited."""
    block = method.refusal
    if block is None:
        raise Refused("no-refusal", "本工作法首接负责，不能退单", "in this method the first receiver keeps the matter")
    if not acts(("holder",), method, matter, context) or matter.stage == CALL_BACK:
        raise not_yours()
    if matter.emergency:
        raise Refused("emergency", "紧急事项先办，不能退单", "an emergency is helped first")
    if _awaited(matter) is not None:
        raise Refused("ruling", "退单正在等裁定", "a ruling is awaited already")
    if matter.refusals >= block.at_most:
        raise Refused("refusals", f"已退单 {matter.refusals} 次，不能再退", f"refused {matter.refusals} times already")
    if not ruler_of(method, matter, context, 0):
        raise Refused("nobody", "这里没有可以裁定的上级", "nobody here could rule on it")


def ruler_of(method: Method, matter: Matter, context: Context, proposed: int) -> int:
    """Who rules: the role of the file, where it is a relative one the nearest common superior of both; never the
    holder, nor whose it is said to be, nor the one complained of. 0: nobody."""
    assert method.refusal is not None
    cast, role = context.cast, method.refusal.ruling_by
    way = chain(matter.holder, cast)
    if role in _RELATIVE:
        both = [unit for unit in way if not proposed or unit in chain(proposed, cast)]
    else:
        unit = unit_for(role, method, matter, cast)
        both = [unit, *chain(unit, cast)]
    fit = (one for one in both if one and one not in (matter.holder, proposed) and not barred(one, matter, cast))
    return next(fit, 0)


def refuse(draft: Draft, command: Command) -> None:
    """Not ours: the reason is on record, the clock runs on, somebody else rules within the file's time."""
    method, context = draft.method, draft.context
    assert method.refusal is not None  # may_refuse has seen it
    check_reason(command, "退单", "refusing")
    proposed = command.unit
    if proposed and (proposed not in context.cast.units.values() or proposed == draft.matter.holder):
        raise Refused("whom", "这个单位不在这里服务，或就是承办单位", "that unit does not serve this place, or has it")
    ruler = ruler_of(method, draft.matter, context, proposed)
    if not ruler:
        raise Refused("nobody", "没有同管双方的上级，请不写明应由谁办", "no common superior: do not name a unit")
    acted(draft, command)
    draft.emit(ev.HoldRefused(draft.matter.holder, ruler, proposed))
    draft.add_duty("ruling", method.refusal.ruling_by, ruler, method.refusal.within, RULING, optional=True)
    draft.emit(ev.Told(("reporter", method.refusal.ruling_by), (ruler,), because="承办单位退单，等待裁定"))


def _awaited(matter: Matter) -> Duty | None:
    return next((duty for duty in matter.open_duties() if duty.kind == "ruling"), None)


def may_rule(method: Method, matter: Matter, context: Context) -> None:
    """Whoever owes the ruling."""
    duty = _awaited(matter)
    if duty is None or not context.actor.unit or duty.owed_by != context.actor.unit:
        raise not_yours()


def rule(draft: Draft, command: Command) -> None:
    """Theirs: it stays, and was theirs all the time. Not theirs: it goes to whom the ruler names."""
    duty = _awaited(draft.matter)
    assert duty is not None  # may_rule has seen it
    check_reason(command, "裁定", "ruling")
    if command.result not in ("theirs", "not_theirs"):
        raise Refused("result", "请选择裁定结果", "say the result: theirs, not_theirs")
    ruler = draft.context.actor.unit
    if command.result == "theirs":
        acted(draft, command)
        finish(draft, duty)
        draft.emit(ev.Ruled("theirs", ruler, draft.matter.holder, draft.matter.stage))
        tell(draft, ("holder", "reporter"), "裁定由原单位办理")
        return
    stage, unit = _ruled_to(draft, command)
    acted(draft, command)
    finish(draft, duty)
    draft.emit(ev.Ruled("not_theirs", ruler, unit, stage.slug))
    tell(draft, ("holder", "reporter"), "裁定改由另一单位办理")  # who had it; who has it now hears by entering
    hand_to(draft, stage, unit, "裁定改由本单位办理")


def _ruled_to(draft: Draft, command: Command) -> tuple[Stage, int]:
    """The stage and the unit that a ruler names: a level, a unit, or both."""
    method, matter, cast = draft.method, draft.matter, draft.context.cast
    stages = stages_to_rule(method)
    if command.to:
        stage = stages.get(command.to)
        if stage is None:
            raise Refused("whom", "没有这个办理层级", f"levels to rule to: {', '.join(stages)}")
        unit = command.unit or stage_unit(stage, method, matter, cast)
    else:
        unit = command.unit
        own = (one for one in stages.values() if unit and stage_unit(one, method, matter, cast) == unit)
        stage = next(own, draft.stage)
    if not unit or unit == matter.holder or unit not in cast.units.values() or barred(unit, matter, cast):
        raise Refused("whom", "请写明改由哪个单位办理", "say who has it from now on: a unit of this place, another one")
    return stage, unit


def stages_to_rule(method: Method) -> dict[str, Stage]:
    """The stages that a ruling may name: nobody is ruled into helping themselves."""
    return {
        slug: stage
        for slug, stage in method.stages.items()
        if stage.end is None and slug != CALL_BACK and not stage.self_help
    }
