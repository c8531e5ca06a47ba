"""The sentences of a method file, one form for each thing it brings: a field, a rule, a stage, a move, a duty."""

from __future__ import annotations

from collections.abc import Mapping

from minqing.kernel.clock.budgets import Budget, budget_zh
from minqing.kernel.methods.model import (
    ByItself,
    DutyKind,
    Emergency,
    Field,
    Letter,
    Level,
    Measure,
    Method,
    Move,
    Result,
    Stage,
    Suspension,
    TriageRule,
)
from minqing.kernel.methods.phrases import Phrases, sentence
from minqing.kernel.methods.spoken import spoken
from minqing.kernel.methods.words import listed

FOUND: Mapping[str, str] = {"by place": "按事发地确定", "by category": "按事项分类确定", "by choice": "由经办人选定"}
PLACES: Mapping[str, str] = {
    "grid": "网格",
    "village": "村（社区）",
    "town": "乡镇（街道）",
    "county": "县（市、区）",
    "city": "市",
}
SELF_HELP = "本环节是帮助当事人自行商量解决，只引导、不强求；紧急情形不得转到这里。"


def field_zh(field: Field, say: Phrases) -> str:
    """What is asked at the report."""
    several = "一项或几项" if field.type == "many" else "一项"
    choice = f"从{listed([f'“{one}”' for one in field.choices])}中选{several}" if field.of else ""
    must = f"登记时{_must(field, say)}填写“{field.title}”"
    if not field.personal:
        return sentence(must, choice)
    keep = f"保存{budget_zh(field.keep)}后销毁" if field.keep else ""
    return sentence(f"{must}（个人信息）", choice, f"用于{field.personal}", f"依据是{field.ground}", keep)


def _must(field: Field, say: Phrases) -> str:
    if field.required_for:
        return f"，{listed([say.kind(kind) for kind in field.required_for], '和')}类事项必须"
    return "必须" if field.required else "可以"


def role_zh(method: Method, slug: str) -> str:
    """A role the file brings, and how its unit is found."""
    role = method.roles[slug]
    found = FOUND.get(role.found, "由指定单位担任")
    if role.found.startswith("by form."):
        title = method.form[role.found.removeprefix("by form.")].title if role.found[8:] in method.form else role.found
        found = f"按登记的“{title}”确定"
    where = f"设在{PLACES[role.level]}一级" if role.level in PLACES else ""
    return sentence(f"“{role.title}”{found}", where, "是事项的一方" if role.party else "")


def emergency_zh(one: Emergency, say: Phrases) -> str:
    """The signs of an emergency, where it goes, who is called."""
    words = f"来件中提到{listed([f'“{word}”' for word in one.words], '或')}" if one.words else ""
    tags = f"被识别为{listed([say.word(tag) for tag in one.tags], '或')}" if one.tags else ""
    signs = "，或者".join(part for part in (words, tags) if part)
    why = sentence(f"说明：{one.because}") if one.because else ""
    respond = f"承办单位{budget_zh(one.respond)}内须有人响应"
    return f"{one.title}：" + sentence(f"{signs}的", say.go(one.go), f"立即联系{say.roles(one.call)}", respond) + why


def level_zh(level: Level, say: Phrases) -> str:
    """A level and what reaching it brings."""
    by_hand = "不自动判定，由分流、紧急情形或经办人确定"
    when = f"{spoken(level.when.text, say)}的，自动定为本级" if level.when else by_hand
    after = [f"启动{level.plan}" if level.plan else "", *say.then(level.then)]
    follows = f"定为本级后，{'，'.join(part for part in after if part)}" if any(after) else ""
    return f"{level.title}：" + sentence(when) + sentence(follows) + say.because(level.then)


def stage_zh(stage: Stage, say: Phrases) -> list[str]:
    """A stage: who, by when, what the clock does, what can be done; a line each."""
    limit = f"时限为{say.limit(stage.limit)}" if stage.limit else ""
    lines = [sentence(f"由{say.role(stage.holder)}办理", limit)]
    if stage.longer_because:
        lines.append(sentence(f"本环节的时限比下一级长，理由是：{stage.longer_because}"))
    if stage.slower_because:
        lines.append(sentence(f"较重的等级在本环节时限反而较长，理由是：{stage.slower_because}"))
    lines.append(SELF_HELP if stage.self_help else "")
    lines += [say.extend(stage.extend), "可以多件一起办理，每件仍单独作出决定。" if stage.in_batches else ""]
    entering = say.then(stage.enter)
    lines.append(sentence("事项一进入本环节", *entering) + say.because(stage.enter) if entering else "")
    lines += say.ladder(stage.rungs, "办完", stage.above)
    lines += [by_itself_zh(one, stage.above, say) for one in stage.by_itself]
    lines += [move_zh(move, stage.above, say) for move in stage.moves.values()]
    return [line for line in lines if line]


def by_itself_zh(one: ByItself, above: str | None, say: Phrases) -> str:
    """What happens without a hand."""
    when = f"一旦{spoken(one.when.text, say)}"
    return sentence(when, "不用人操作", *say.then(one.then, above)) + say.because(one.then)


def move_zh(move: Move, above: str | None, say: Phrases) -> str:
    """Who may do what, when, with what, and what follows each result."""
    who = say.roles(move.by, "或") if move.by else "承办人"
    when = f"{spoken(move.when.text, say)}的" if move.when else ""
    needs = needs_zh((*say.needs_of(move.verb), *move.needs), say)
    first = sentence(when, f"{who}可以{say.verb(move.verb)}", needs, *say.then(move.then, above))
    results = [_result(result, above, say) for result in move.results.values()]
    return first + say.because(move.then) + "".join(results)


def needs_zh(needs: tuple[str, ...], say: Phrases) -> str:
    """须有“议事记录”, or nothing."""
    names = list(dict.fromkeys(say.need(slug) for slug in needs))
    return f"须有{listed(names, '和')}" if names else ""


def _result(result: Result, above: str | None, say: Phrases) -> str:
    when = f"并且{spoken(result.when.text, say)}" if result.when else ""
    head = f"结果是{say.word(result.name)}{'，' if when else ''}{when}的"
    return sentence(head, needs_zh(result.needs, say), *say.then(result.then, above)) + say.because(result.then)


def duty_zh(duty: DutyKind, say: Phrases) -> str:
    """A duty in one line."""
    owed = f"由{say.role(duty.owed_by)}完成" + (f"，对方是{say.role(duty.owed_to)}" if duty.owed_to else "")
    done = "，".join(f"以“{say.verb(verb)}”了结" for verb in duty.done_by if verb != "fulfil")
    each = f"按{say.field(duty.each.removeprefix('form.'))}逐行各立一项" if duty.each else ""
    every = f"{_each(duty.every)}一次{_until(duty, say)}" if duty.every else ""
    limit = f"时限为{say.limit(duty.limit)}" if duty.limit else ""
    lines = [f"{duty.title}：" + sentence(owed, limit, each, every, done), *say.ladder(duty.rungs, "完成")]
    lines.append(say.extend(duty.extend))
    lines.append("没有完成这一项，不妨碍办结。" if duty.optional else "这一项没有完成的，不能办结。")
    lines.append("事项结束以后，这一项继续有效。" if duty.outlives else "")
    return "".join(line for line in lines if line)


def _each(every: Budget) -> str:
    return f"每{budget_zh(every)[1:] if every.amount == 1 else budget_zh(every)}"


def _until(duty: DutyKind, say: Phrases) -> str:
    if duty.until == "stage":
        return "，到离开本环节为止"
    return f"，到{say.field(duty.until.removeprefix('form.'))}为止" if duty.until else ""


def pause_zh(one: Suspension, say: Phrases) -> str:
    """A reason that stops a clock."""
    stops = listed(["本环节的时限" if slug == "stage" else say.duty(slug) for slug in one.stops], "和")
    by = f"由{say.roles(one.by, '或')}决定（承办人不能自己决定）"
    return f"{one.title}：" + sentence(
        by, needs_zh(one.needs, say), f"停的是{stops}", f"最长{budget_zh(one.at_most)}，最多{one.times}次"
    )


def letter_zh(letter: Letter, say: Phrases) -> str:
    """A letter: to whom, how numbered, what reply it asks for."""
    reply = f"收到的一方须在{say.limit(letter.reply)}内回复" if letter.reply else "不要求回复"
    number = f"编号格式为“{letter.number}”" if letter.number else ""
    sent = sentence(f"发给{say.roles(letter.to)}", number, reply)
    return f"{say.letter(letter.slug)}：{sent}" + "".join(say.ladder(letter.rungs, "回复"))


def rule_zh(rule: TriageRule, say: Phrases) -> str:
    """A triage rule; the last takes what is left."""
    head = f"{spoken(rule.when.text, say)}的" if rule.when else "其余的"
    return sentence(head, *say.then(rule.then)) + say.because(rule.then)


def measure_zh(measure: Measure, say: Phrases) -> str:
    """A figure and its target, without a full stop."""
    return say.measure(measure.slug) + (f"（目标{measure.target}）" if measure.target else "")
