"""What each step asks for before anything was tried: missing papers and fields, whom, which duty, why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from minqing.kernel.clock.budgets import Budget, budget_en, budget_zh, parse_budget
from minqing.kernel.matters.answering import ANSWER, may_answer
from minqing.kernel.matters.asking import results_now
from minqing.kernel.matters.cast import barred
from minqing.kernel.matters.commands import Context
from minqing.kernel.matters.consequences import duty_title
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.minding import REPORT_WITHIN, STARS
from minqing.kernel.matters.offers import Ask, AskKind, ResultOffer, Value
from minqing.kernel.matters.pausing import extend_of, extendable, running_pauses
from minqing.kernel.matters.permits import for_the_reporter, known_as, needs_of, title_of
from minqing.kernel.matters.replying import REPLY, replies
from minqing.kernel.matters.ruling import stages_to_rule
from minqing.kernel.methods.model import Field, Method, Move
from minqing.kernel.methods.titles import Title

_KINDS: Mapping[str, AskKind] = {
    "choice": "choice", "many": "choices", "count": "count", "money": "money", "number": "number", "yes_no": "yes_no",
    "date": "date", "moment": "moment", "file": "file", "photo": "file",
}  # fmt: skip
RESULT_TITLES: Mapping[str, tuple[str, str]] = {
    "satisfied": ("满意", "satisfied"),
    "unsatisfied": ("不满意", "unsatisfied"),
    "not_reached": ("未联系上", "not reached"),
    "not_called": ("谢绝回访", "declined"),
    "theirs": ("由其办理", "theirs"),
    "not_theirs": ("不由其办理", "not theirs"),
}
REASON = Ask("reason", "text", True, "理由", "reason")
WORDS = Ask("reason", "text", False, "说明", "remarks")


class Form(NamedTuple):
    """What a step asks for: the asks, its results with theirs, and of which asks at least one is needed."""

    asks: tuple[Ask, ...] = ()
    results: tuple[ResultOffer, ...] = ()
    one_of: tuple[str, ...] = ()


def form_of_move(move: Move, method: Method, matter: Matter, context: Context) -> Form:
    """A move of the file: what it needs that is not there yet, and the results that are possible now."""
    needs = _needed(needs_of(move, method, matter, context), method, matter)
    papers = () if any(ask.name == "records" for ask in needs) else _papers(method, matter)
    words = REASON if for_the_reporter(move, method, matter, context) else REPLY if replies(move, matter) else WORDS
    asks = (*needs, *papers, words)
    results = tuple(
        ResultOffer(result.name, *RESULT_TITLES.get(result.name, (result.name, result.name)),
                    _needed(result.needs, method, matter))
        for result in results_now(move, method, matter, context.moment)
    )  # fmt: skip
    return Form(asks, results)


def form_of_standing(verb: str, method: Method, matter: Matter, context: Context) -> Form:
    """A verb that is always there."""
    return _FORMS[verb](method, matter, context)


def _needed(needs: tuple[str, ...], method: Method, matter: Matter) -> tuple[Ask, ...]:
    missing = [name for name in needs if name not in (*matter.records, *matter.form, *matter.filled)]
    fields = [_field_ask(method.form[name], True) for name in missing if name in method.form]
    papers = tuple((name, title_of(name, method)) for name in missing if name not in method.form)
    return (*fields, Ask("records", "records", True, "材料", "records", papers)) if papers else tuple(fields)


def _papers(method: Method, matter: Matter) -> tuple[Ask, ...]:
    """The papers that may be put on record along the way."""
    of = tuple((name, title) for name, title in method.records.items() if name not in matter.records)
    return (Ask("records", "records", False, "材料", "records", of),) if of else ()


def _field_ask(field: Field, required: bool) -> Ask:
    kind = _KINDS.get(field.type, "text")
    of = tuple((one.zh, one) for one in field.of)
    return Ask(f"form.{field.slug}", kind, required, field.title.zh, field.title.en, of)


def _unit_of(numbers: Iterable[int], context: Context) -> tuple[tuple[Value, str], ...]:
    return tuple((unit, context.cast.names.get(unit, str(unit))) for unit in dict.fromkeys(numbers) if unit)


def _staff(units: Iterable[int], matter: Matter, context: Context) -> tuple[tuple[Value, str], ...]:
    return tuple(
        (person, name)
        for unit in units
        for person, name in context.staff.get(unit, ())
        if person not in matter.against_people
    )


def _duties(duties: Iterable[Duty], method: Method) -> tuple[tuple[Value, Title], ...]:
    return tuple((duty.id, duty_title(method, duty.kind)) for duty in duties)


def _assign(method: Method, matter: Matter, context: Context) -> Form:
    people = _staff([matter.holder], matter, context)
    return Form((Ask("person", "person", True, "承办人", "who has it in hand", people), WORDS))


def _note(method: Method, matter: Matter, context: Context) -> Form:
    if may_answer(matter, context):
        return Form((ANSWER, WORDS), one_of=("to", "reason"))
    return Form((Ask("reason", "text", True, "内容", "words"),))


def _record(method: Method, matter: Matter, context: Context) -> Form:
    papers = _papers(method, matter)
    return Form((*papers, WORDS), one_of=(*(ask.name for ask in papers), "reason"))


_UNKNOWN = Ask("against_unknown", "count", False, "名册上没有的被反映人数", "named ones on no register", least=1)


def _correct(method: Method, matter: Matter, context: Context) -> Form:
    units = _unit_of((unit for unit in context.cast.units.values() if unit not in matter.against), context)
    against = (Ask("against", "choices", False, "被反映的单位", "units it is against", units),) if units else ()
    against = (*against, _UNKNOWN)
    if "reporter" in context.actor.roles:  # who serves where is not shown to whoever has a code: persons are counted
        return Form((*against, WORDS), one_of=tuple(ask.name for ask in against))
    people = _staff(dict.fromkeys(context.cast.units.values()), matter, context)
    asks = (
        *(_field_ask(field, False) for field in method.form.values()),
        Ask("people", "count", False, "涉及人数", "people concerned", least=1),
        Ask("place", "place", False, "地点", "place"),
        *against,
        *((Ask("against_people", "choices", False, "被反映的人", "persons it is against", people),) if people else ()),
    )
    return Form((*asks, REASON), one_of=("people", *(ask.name for ask in asks if ask.name != "people")))


def _grade(method: Method, matter: Matter, context: Context) -> Form:
    levels = tuple((slug, level.title) for slug, level in method.levels.items() if slug != matter.level)
    return Form((Ask("to", "choice", True, "等级", "level", levels), REASON))


def _whistle(method: Method, matter: Matter, context: Context) -> Form:
    roles = method.whistle.to if method.whistle is not None else ()
    there = (unit for unit in context.cast.units.values() if unit != matter.holder)
    fit = [
        unit
        for unit in there
        if not barred(unit, matter, context.cast) and any(known_as(unit, role, context) for role in roles)
    ]
    units = _unit_of(fit, context)
    more = Ask("units", "choices", False, "同时吹哨的单位", "further units", units)
    return Form((Ask("unit", "unit", True, "吹哨给", "whom to call", units), more, WORDS))


def _duty_form(*more: Ask) -> Callable[[Method, Matter, Context], Form]:
    def form(method: Method, matter: Matter, context: Context) -> Form:
        ask = Ask("duty", "duty", True, "哪一项责任", "which duty", _duties(matter.open_duties(), method))
        return Form((ask, *more))

    return form


def _plain(method: Method, matter: Matter, context: Context) -> Form:
    return Form((WORDS,))


def _hand_over(method: Method, matter: Matter, context: Context) -> Form:
    people = tuple(one for one in _staff([matter.holder], matter, context) if one[0] != matter.worker)
    return Form(
        (Ask("person", "person", False, "移交给（不选为暂无承办人）", "to whom (left out: nobody yet)", people), WORDS)
    )


def _clear(method: Method, matter: Matter, context: Context) -> Form:
    units = _unit_of(matter.against, context)
    names = {person: name for serving in context.staff.values() for person, name in serving}
    people = tuple((person, names.get(person, str(person))) for person in matter.against_people)
    asks = (
        Ask("against", "choices", False, "澄清的单位", "units to clear", units),
        Ask("against_people", "choices", False, "澄清的人", "persons to clear", people),
        *((_UNKNOWN,) if matter.against_unknown else ()),
        REASON,
    )
    return Form(asks, one_of=("against", "against_people", "against_unknown"))


def _refuse(method: Method, matter: Matter, context: Context) -> Form:
    units = _unit_of((unit for unit in context.cast.units.values() if unit != matter.holder), context)
    return Form((Ask("unit", "unit", False, "应由哪个单位办", "whose it is instead", units), REASON))


def _rule(method: Method, matter: Matter, context: Context) -> Form:
    stages = tuple((slug, stage.title) for slug, stage in stages_to_rule(method).items())
    units = _unit_of(context.cast.units.values(), context)
    to = Ask("to", "choice", False, "改到哪一级", "to which level", stages)
    unit = Ask("unit", "unit", False, "改由哪个单位办", "to which unit", units)
    theirs = ResultOffer("theirs", *RESULT_TITLES["theirs"])
    other = ResultOffer("not_theirs", *RESULT_TITLES["not_theirs"], (to, unit), one_of=("to", "unit"))
    return Form((REASON,), (theirs, other))


def _suspend(method: Method, matter: Matter, context: Context) -> Form:
    pauses = (
        ResultOffer(slug, pause.title.zh, pause.title.en, _needed(pause.needs, method, matter))
        for slug, pause in method.pauses.items()
    )
    return Form((REASON,), tuple(pauses))


def _resume(method: Method, matter: Matter, context: Context) -> Form:
    duties = _duties((matter.duty(number) for number in running_pauses(matter)), method)
    return Form((Ask("duty", "duty", False, "哪一项暂停", "which pause", duties), WORDS))


def _length(budget: Budget) -> Title:
    return Title(budget_zh(budget), budget_en(budget))


def _extend(method: Method, matter: Matter, context: Context) -> Form:
    duties = extendable(method, matter, context)
    asks: list[Ask] = [Ask("duty", "duty", True, "哪一项责任", "which duty", _duties(duties, method))]
    rule = extend_of(method, duties[0]) if len(duties) == 1 else None
    if rule is not None:
        most = rule.at_most
        steps = sorted({1, *range(5, most.amount, 5), most.amount})[:40]
        of = tuple((str(Budget(step, most.unit)), _length(Budget(step, most.unit))) for step in steps)
        asks.append(Ask("to", "choice", False, "延长多久", "how much more", of))
    return Form((*asks, REASON))


def _supervise(method: Method, matter: Matter, context: Context) -> Form:
    within = tuple((text, _length(parse_budget(text))) for text in REPORT_WITHIN)
    return Form((Ask("to", "choice", False, "多久内报告", "report within", within), REASON))


_OTHER = Ask("code", "matter", True, "另一事项的编码", "code of the other matter")


def _merge(method: Method, matter: Matter, context: Context) -> Form:
    return Form((_OTHER, REASON))


def _unmerge(method: Method, matter: Matter, context: Context) -> Form:
    return Form((REASON if context.actor.unit else WORDS,))


def _split(method: Method, matter: Matter, context: Context) -> Form:
    kinds = tuple((slug, kind.title) for slug, kind in method.kinds.items())
    people = Ask("people", "count", False, "这一部分涉及人数", "people concerned by the part", least=1)
    return Form((Ask("to", "choice", False, "新事项的类别", "kind of the new matter", kinds), people, REASON))


def _link(method: Method, matter: Matter, context: Context) -> Form:
    how = (("related", Title("相关", "related")), ("recurrence", Title("再次发生", "happened again")))
    return Form((_OTHER, Ask("to", "choice", True, "关联方式", "how they belong together", how), WORDS))


def _rate(method: Method, matter: Matter, context: Context) -> Form:
    stars = tuple((number, Title(f"{number} 星", f"{number} of {len(STARS)} stars")) for number in STARS)
    return Form((Ask("stars", "choice", True, "评价", "stars", stars), WORDS))


_FORMS: Mapping[str, Callable[[Method, Matter, Context], Form]] = {
    "assign": _assign,
    "hand_over": _hand_over,
    "note": _note,
    "record": _record,
    "correct": _correct,
    "clear": _clear,
    "grade": _grade,
    "whistle": _whistle,
    "arrive": _plain,
    "answer": _plain,
    "fulfil": _duty_form(WORDS),
    "waive": _duty_form(REASON),
    "refuse": _refuse,
    "rule": _rule,
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
    "supervise": _supervise,
    "merge": _merge,
    "unmerge": _unmerge,
    "split": _split,
    "link": _link,
    "remind": _plain,
    "rate": _rate,
    "reopen": _plain,
}
