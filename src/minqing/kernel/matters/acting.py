"""What every act has in common: who did it, what they brought along, which result it had. Pure."""

from __future__ import annotations

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.cast import helpers
from minqing.kernel.matters.commands import Command, Refused
from minqing.kernel.matters.conditions import holds
from minqing.kernel.matters.consequences import finish
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.filling import check_form
from minqing.kernel.matters.permits import KERNEL_RECORDS, find_move
from minqing.kernel.methods.model import Move, Result
from minqing.kernel.methods.vocabulary import STANDING_VERBS

#: Verbs beside the moves that read `result` and `to`, each from a closed list; elsewhere it would be a place for words
#: in a journal line.
ENDS_IN = ("rule", "suspend")
TELLS_TO = ("grade", "whistle", "rule", "extend", "split", "link", "supervise", "note")

#: Acts beside the moves of the file by which an emergency's holder, or a unit that was called, has responded.
HOLDER_RESPONDS = ("assign", "note", "record", "whistle", "arrive", "answer", "fulfil")
CALLED_RESPOND = ("arrive", "answer", "fulfil")
#: Moves by which somebody else has it: the first act is owed by them now.
PASSED_ON = ("refer", "transfer")


def acted(draft: Draft, command: Command, role: str = "") -> None:
    """Notes who did what, and what they brought along: fields, numbers, records."""
    if command.to and command.verb not in TELLS_TO:
        raise Refused("to", "这一步不用写明对象", f"“{command.verb}” takes no “to”: words belong to the body")
    if command.result and not _has_results(draft, command.verb):
        raise Refused("result", "这一步没有结果可选", f"“{command.verb}” has no results: words belong to the body")
    actor = draft.context.actor
    role = role or _role_of(draft)
    draft.emit(ev.Acted(command.verb, command.result, actor.person, actor.unit, role, command.to, command.body))
    if draft.matter.emergency and _responds(draft, command.verb):
        _respond(draft)
    _take_along(draft, command)


def _has_results(draft: Draft, verb: str) -> bool:
    """Whether the verb ends in one of a closed list; which one is checked where it acts."""
    move = find_move(draft.method, draft.matter, verb) if verb not in STANDING_VERBS else None
    return verb in ENDS_IN or (move is not None and bool(move.results))


def _responds(draft: Draft, verb: str) -> bool:
    """Whether this is a first act on an emergency: a step of who has it or was called, not paperwork beside it and not
    passing it on."""
    unit, matter = draft.context.actor.unit, draft.matter
    if unit and unit == matter.holder:
        return verb not in PASSED_ON and (verb not in STANDING_VERBS or verb in HOLDER_RESPONDS)
    called = next((one.call for one in draft.method.emergencies if one.slug == matter.emergency), ())
    there = {*helpers(matter), *(one for role in called for one in draft.told(role))}
    return unit in there and verb in CALLED_RESPOND


def _respond(draft: Draft) -> None:
    """Somebody has responded."""
    for duty in draft.matter.open_duties():
        if duty.kind.startswith("respond:"):
            finish(draft, duty)


def _role_of(draft: Draft) -> str:
    roles = draft.context.actor.roles
    return min(roles) if roles else ""


def _take_along(draft: Draft, command: Command) -> None:
    if command.form or command.filled or command.people is not None or command.place is not None:
        check_form(command.form, command.filled, draft.method)
        if command.people is not None and command.people < 1:
            raise Refused("people", "涉及人数至少为 1", "people: at least 1")
        draft.emit(ev.FormSet(dict(command.form), command.filled, command.people, command.place))
    if not command.records:
        return
    new = tuple(name for name in command.records if name not in draft.matter.records)
    unknown = [name for name in new if name not in draft.method.records and name not in KERNEL_RECORDS]
    if unknown:
        raise Refused("record", f"没有“{unknown[0]}”这种材料", f"the method has no record “{unknown[0]}”")
    if new:
        draft.emit(ev.Recorded(new, command.body))


def chosen_result(draft: Draft, move: Move, command: Command) -> Result:
    """The result said, or the first that holds by itself."""
    if command.result:
        found = move.results.get(command.result)
        if found is None:
            words = ", ".join(move.results)
            raise Refused("result", f"没有“{command.result}”这个结果", f"“{command.verb}” ends in {words}")
        if not holds(found.when, draft.method, draft.matter):
            raise Refused("not-yet", "这个结果现在不成立", f"“{command.result}” is not possible yet")
        return found
    for result in move.results.values():
        if result.when is not None and holds(result.when, draft.method, draft.matter):
            return result
    raise Refused("result", "请选择结果", f"say the result: {', '.join(move.results)}")


def fulfil_by(draft: Draft, verb: str) -> None:
    """Meets the open duty of the file that this verb fulfils and that who acts owes."""
    for duty in draft.matter.open_duties():
        kind = draft.method.duties.get(duty.kind)
        if kind is not None and verb in kind.done_by and duty.owed_by == draft.context.actor.unit:
            finish(draft, duty)
            return
