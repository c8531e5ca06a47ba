"""Who may do what now: the one set of rules that both `decide` and `moves` ask. Pure."""

from __future__ import annotations

from collections.abc import Callable

from minqing.kernel.matters.cast import plays, stands_above, takes_no_part, unit_for
from minqing.kernel.matters.commands import Command, Context, Refused
from minqing.kernel.matters.conditions import holds
from minqing.kernel.matters.draft import Draft
from minqing.kernel.matters.matter import OPEN, Duty, Matter
from minqing.kernel.methods.model import CALL_BACK, Method, Move, Then
from minqing.kernel.methods.titles import Title

#: Records that the county's written answer must carry (the third 'unsatisfied').
ANSWERED_NEEDS = ("reasons", "remedies")
#: The reporter's own word, which the holder must have on record to withdraw for them; every method takes it.
REPORTER_WORD = "reporter-word"
KERNEL_RECORDS = {
    REPORTER_WORD: Title(
        "反映人本人的话（签字、录音或通话记录）", "the reporter's own word (signed, recorded or noted down)"
    ),
}


def find_move(method: Method, matter: Matter, verb: str) -> Move | None:
    """The move of that verb which the file offers where the matter stands."""
    if not matter.is_open:
        return None
    move = method.stages[matter.stage].moves.get(verb) or method.anywhere.get(verb)
    return move or (_county_ends(method, matter) if verb == "close" else None)


def open_moves(method: Method, matter: Matter) -> dict[str, Move]:
    """All moves the file offers where the matter stands."""
    if not matter.is_open:
        return {}
    found = {**method.anywhere, **method.stages[matter.stage].moves}
    ending = _county_ends(method, matter)
    if ending is not None and "close" not in found:
        found["close"] = ending
    return found


def _county_ends(method: Method, matter: Matter) -> Move | None:
    """After the third 'unsatisfied' the county may end it as answered, with written reasons and remedies."""
    block = method.call_back
    stage = method.stages[matter.stage]
    if block is None or not block.answered or matter.returns < 3 or stage.above or stage.slug == CALL_BACK:
        return None
    return Move("close", by=("county",), needs=ANSWERED_NEEDS, then=Then(go=block.answered))


def check_move(method: Method, matter: Matter, context: Context, move: Move, verb: str) -> None:
    """Refuses when the actor, the moment or the matter is not right for a move. Says nothing about what it needs."""
    check_not_against(matter, context)
    if not acts(move.by or ("holder",), method, matter, context) and not _for_the_reporter(
        verb, method, matter, context
    ):
        raise not_yours()
    if not holds(move.when, method, matter):
        raise Refused("not-yet", "现在还不能办这一步", f"“{verb}” is not possible yet")
    guard = _GUARDS.get(verb)
    if guard is not None:
        guard(method, matter, context)


def _for_the_reporter(verb: str, method: Method, matter: Matter, context: Context) -> bool:
    """Whether the holder may do it in the reporter's name: withdraw, with the reporter's word on record."""
    return verb == "withdraw" and matter.reporter != "nobody" and acts(("holder",), method, matter, context)


def needs_of(move: Move, method: Method, matter: Matter, context: Context) -> tuple[str, ...]:
    """What a move needs of this actor."""
    return (*move.needs, REPORTER_WORD) if for_the_reporter(move, method, matter, context) else move.needs


def for_the_reporter(move: Move, method: Method, matter: Matter, context: Context) -> bool:
    """Whether it is done in the reporter's name: then what they said, when and how, is written down besides."""
    return move.verb == "withdraw" and not acts(move.by, method, matter, context)


def acts(roles: tuple[str, ...], method: Method, matter: Matter, context: Context) -> bool:
    """Whether the actor is one of the roles."""
    return any(plays(role, context.actor, method, matter, context.cast) for role in roles)


def check_not_against(matter: Matter, context: Context) -> None:
    """Refuses every act of a person or unit the matter is against, or of one under it (guard rail), in the words that
    anybody hears who is not asked: they do not learn from us that they are complained of."""
    if "reporter" in context.actor.roles:
        return  # staff of that unit may report as anyone; what they may do then is the reporter's part
    if takes_no_part(context.actor, matter, context.cast):
        raise not_yours()


def not_yours() -> Refused:
    """The same refusal for everyone who is not asked."""
    return Refused("not-yours", "这一步不由您办理", "this step is not yours to take")


def check_needs(needs: tuple[str, ...], method: Method, matter: Matter, command: Command) -> None:
    """Refuses while a field or record that the step needs is neither there nor brought along."""
    missing = [name for name in needs if not _brought(name, matter, command)]
    if missing:
        titles = [title_of(name, method) for name in missing]
        zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
        raise Refused("needs", f"还缺：{zh}", f"still needed: {en}")


def _brought(name: str, matter: Matter, command: Command) -> bool:
    there = (matter.records, command.records, matter.form, command.form, matter.filled, command.filled)
    return any(name in names for names in there)


def title_of(name: str, method: Method) -> Title:
    """What a field or record is called on a page."""
    own = method.form.get(name)
    return own.title if own else method.records.get(name) or KERNEL_RECORDS.get(name) or Title(name)


def _someone(method: Method, matter: Matter, context: Context) -> None:
    """Who says it is solved, and who asks afterwards, are persons: else nobody could tell them apart."""
    if context.actor.unit and not context.actor.person:
        raise Refused("person", "请由具体的人来办这一步", "say which person does this: a unit alone cannot")


def _someone_else(method: Method, matter: Matter, context: Context) -> None:
    _someone(method, matter, context)
    if context.actor.person and context.actor.person in matter.settlers:
        raise Refused(
            "solver",
            "办结的人不能自己回访或核实，请换一位",
            "who settled the matter cannot make the call-back: ask somebody else",
        )


def _call_back(method: Method, matter: Matter, context: Context) -> None:
    _someone_else(method, matter, context)
    if matter.reporter == "nobody" and "verify" in method.stages[matter.stage].moves:
        raise Refused("nobody", "没有反映人可回访，请现场核实", "there is nobody to call: verify on the spot")


def _verify(method: Method, matter: Matter, context: Context) -> None:
    _someone_else(method, matter, context)
    if matter.reporter != "nobody":
        raise Refused("call-first", "有反映人的事项要先回访反映人", "there is a reporter: call them back")


def _withdraw(method: Method, matter: Matter, context: Context) -> None:
    """Only the reporter withdraws; an emergency is looked at to its end all the same."""
    if matter.emergency:
        raise Refused("emergency", "紧急事项不因撤回而停办", "an emergency is not dropped by a withdrawal")
    _someone(method, matter, context)


def _guide(method: Method, matter: Matter, context: Context) -> None:
    """An emergency is helped first; the procedure of law comes after."""
    if matter.emergency:
        raise Refused("emergency", "紧急事项要先处置，不能以书面引导结束", "an emergency is helped first")


def _county_looks_again(method: Method, matter: Matter, context: Context) -> None:
    _someone_else(method, matter, context)


_GUARDS: dict[str, Callable[[Method, Matter, Context], None]] = {
    "settle": _someone,
    "guide": _guide,
    "call_back": _call_back,
    "verify": _verify,
    "withdraw": _withdraw,
    "close": _county_looks_again,
}


def check_reason(command: Command, zh: str, en: str) -> None:
    """Refuses what is done without words to it."""
    if not command.body:
        raise Refused("reason", f"{zh}要写明理由", f"{en} needs its reason")


def check_stake(method: Method, matter: Matter, context: Context) -> None:
    """Refuses whoever has no part in the matter: holder, those above, those who owe something, the reporter."""
    actor = context.actor
    if "reporter" in actor.roles or acts(("holder", "helpers"), method, matter, context):
        return
    if actor.unit and stands_above(actor.unit, matter.holder, context.cast):
        return
    if any(duty.owed_by == actor.unit and duty.state == OPEN for duty in matter.duties) and actor.unit:
        return
    raise not_yours()


def check_holder_or_above(method: Method, matter: Matter, context: Context) -> None:
    """Refuses whoever is neither the holder nor above the holder."""
    unit = context.actor.unit
    if not acts(("holder",), method, matter, context) and not stands_above(unit, matter.holder, context.cast):
        raise not_yours()


def owed_duty(matter: Matter, number: int) -> Duty:
    """The open duty of that number."""
    if not 1 <= number <= len(matter.duties):
        raise Refused("no-duty", "没有这项责任", f"the matter has no duty {number}")
    duty = matter.duty(number)
    if duty.state != OPEN:
        raise Refused("duty-over", "这项责任已经了结", f"duty {number} is over")
    return duty


def whistled_unit(method: Method, matter: Matter, context: Context, role: str, unit: int) -> tuple[str, int]:
    """The role and unit that a whistle calls: one the file allows. A unit named alone has the first role it plays."""
    block = method.whistle
    if block is None:
        raise Refused("no-whistle", "本工作法没有吹哨", "this method has no whistle")
    if not role:
        role = next((one for one in block.to if unit and known_as(unit, one, context)), block.to[0])
    if role not in block.to:
        raise Refused("whom", f"不能吹哨给“{role}”", f"a whistle cannot call “{role}”: {', '.join(block.to)}")
    if unit and not known_as(unit, role, context):
        raise Refused("whom", "这个单位不在这里服务", "that unit does not serve this place")
    return role, unit or unit_for(role, method, matter, context.cast)


def check_serves(person: int, draft: Draft) -> None:
    """Refuses who is complained of, and, where it is known who serves in the holder's unit, whoever does not."""
    if person in draft.matter.against_people:
        raise Refused("whom", "不能指定被反映的人", "the matter is against that person")
    serving = draft.context.staff.get(draft.matter.holder)
    if serving is not None and all(number != person for number, _ in serving):
        raise Refused("whom", "承办人要是承办单位的人", "that person does not serve in the holder's unit")


def known_as(unit: int, role: str, context: Context) -> bool:
    """Whether a unit serves this place in that role."""
    prefix = "department" if role == "department" else role
    return any(there == unit and key.startswith(prefix) for key, there in context.cast.units.items())
