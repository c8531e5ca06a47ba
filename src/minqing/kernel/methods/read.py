"""A method file read aloud in Chinese, as a clerk would say it: headed parts, whole sentences, one form for each key.

Nothing of the file is left out except what other programmes read (sections) and the file's own names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from minqing.base.errors import BadInput
from minqing.kernel.clock.budgets import Budget, budget_zh
from minqing.kernel.methods.model import (
    CALL_BACK,
    ByItself,
    DutyKind,
    Emergency,
    Field,
    Level,
    Method,
    Move,
    Result,
    Stage,
    Suspension,
)
from minqing.kernel.methods.phrases import Phrases, sentence
from minqing.kernel.methods.spoken import spoken
from minqing.kernel.methods.vocabulary import Vocabulary
from minqing.kernel.methods.words import ENDS, listed

FOUND: Mapping[str, str] = {"by place": "按事发地确定", "by category": "按事项分类确定", "by choice": "由经办人选定"}
PLACES: Mapping[str, str] = {"grid": "网格", "village": "村（社区）", "town": "乡镇（街道）",
                               "county": "县（市、区）", "city": "市"}
THIRD = "第三次还不满意的，只有县（市、区）可以书面说明理由和还有哪些救济途径"
SELF_HELP = "本环节是帮助当事人自行商量解决，只引导、不强求；紧急情形不得转到这里。"
NUMERALS = "零一二三四五六七八九"
Part = Callable[[Method, Phrases], list[str]]


def read_aloud(method: Method, vocabulary: Vocabulary, lang: str = "zh") -> str:
    """The whole file in Chinese. Raises BadInput for another tongue: what a file titles, it titles in Chinese."""
    if lang != "zh":
        raise BadInput("a method is read aloud in Chinese only, as its file is written: use zh")
    say = Phrases(method, vocabulary)
    parts = [(title, lines) for title, part in PARTS if (lines := part(method, say))]
    text = [f"《{method.title.zh}》"]
    for number, (title, lines) in enumerate(parts, start=1):
        text += ["", f"{numeral(number)}、{title}", *lines]
    return "\n".join(text) + "\n"


def numeral(number: int) -> str:
    """1 to 99 as 一, 十, 二十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十") + (NUMERALS[ones] if ones else "")


def _numbered(lines: list[str]) -> list[str]:
    return [f"{number}. {line}" for number, line in enumerate(lines, start=1)]


# ---- what it takes

def _takes(method: Method, say: Phrases) -> list[str]:
    kinds = listed([say.kind(slug) for slug in method.kinds], "和")
    lines = [sentence(f"本办法适用于区划代码{method.place}的地方", f"出处为{method.source}"),
             sentence(f"受理{len(method.kinds)}类事项：{kinds}")]
    lines += [sentence(f"事项分类属于{listed([say.category(one) for one in kind.takes])}的", f"归入“{kind.title}”")
              for kind in method.kinds.values() if kind.takes]
    lines += [_field(field, say) for field in method.form.values()]
    if method.records:
        lines.append(sentence(f"办理中会用到的材料有：{listed(list(method.records.values()), '和')}"))
    lines += [_role(method, slug) for slug in method.roles]
    return lines


def _field(field: Field, say: Phrases) -> str:
    several = "一项或几项" if field.type == "many" else "一项"
    choice = f"从{listed([f'“{one}”' for one in field.of])}中选{several}" if field.of else ""
    must = f"登记时{_must(field, say)}填写“{field.title}”"
    if not field.personal:
        return sentence(must, choice)
    keep = f"保存{budget_zh(field.keep)}后销毁" if field.keep else ""
    return sentence(f"{must}（个人信息）", choice, f"用于{field.personal}", f"依据是{field.ground}", keep)


def _must(field: Field, say: Phrases) -> str:
    if field.required_for:
        return f"，{listed([say.kind(kind) for kind in field.required_for], '和')}类事项必须"
    return "必须" if field.required else "可以"


def _role(method: Method, slug: str) -> str:
    role = method.roles[slug]
    found = FOUND.get(role.found, "由指定单位担任")
    if role.found.startswith("by form."):
        title = method.form[role.found.removeprefix("by form.")].title if role.found[8:] in method.form else role.found
        found = f"按登记的“{title}”确定"
    where = f"设在{PLACES[role.level]}一级" if role.level in PLACES else ""
    return sentence(f"“{role.title}”{found}", where, "是事项的一方" if role.party else "")


# ---- emergencies, triage, levels

def _emergencies(method: Method, say: Phrases) -> list[str]:
    if not method.emergencies:
        return []
    gravest = f"等级一律定为最重的{say.level(list(method.levels)[-1])}，" if method.levels else ""
    return ["收到来件，先对照下列紧急情形，再谈分流。",
            f"有一条符合的，{gravest}马上联系到人；不引导自行解决，也不暂停计时。",
            *_numbered([_emergency(one, say) for one in method.emergencies])]


def _emergency(one: Emergency, say: Phrases) -> str:
    words = f"来件中提到{listed([f'“{word}”' for word in one.words], '或')}" if one.words else ""
    tags = f"被识别为{listed([say.word(tag) for tag in one.tags], '或')}" if one.tags else ""
    signs = "，或者".join(part for part in (words, tags) if part)
    why = sentence(f"说明：{one.because}") if one.because else ""
    return f"{one.title}：" + sentence(f"{signs}的", say.go(one.go), f"立即联系{say.roles(one.call)}") + why


def _triage(method: Method, say: Phrases) -> list[str]:
    lines = []
    for rule in method.triage:
        head = f"{spoken(rule.when.text, say)}的" if rule.when else "其余的"
        lines.append(sentence(head, *say.then(rule.then)) + say.because(rule.then))
    return ["没有紧急情形的，按下列次序逐条对照，先符合哪一条就照哪一条办：", *_numbered(lines)]


def _levels(method: Method, say: Phrases) -> list[str]:
    if not method.levels:
        return []
    names = listed([say.level(slug) for slug in method.levels])
    head = f"等级由轻到重为{names}。等级可以自动调高，不会自动调低；要调低，须由人操作并写明理由。"
    return [head, *(_level(level, say) for level in method.levels.values())]


def _level(level: Level, say: Phrases) -> str:
    when = f"{spoken(level.when.text, say)}的，自动定为本级" if level.when else "由分流或经办人确定"
    plan = f"启动{level.plan}" if level.plan else ""
    return f"{level.title}：" + sentence(when, plan, *say.then(level.then)) + say.because(level.then)


# ---- the stages

def _stages(method: Method, say: Phrases) -> list[str]:
    waiting = [stage for stage in method.stages.values() if stage.end is None and stage.slug != CALL_BACK]
    lines: list[str] = []
    for number, stage in enumerate(waiting, start=1):
        lines += [f"（{numeral(number)}）{stage.title}", *_stage(stage, say)]
    return lines


def _stage(stage: Stage, say: Phrases) -> list[str]:
    limit = f"时限为{say.limit(stage.limit)}" if stage.limit else ""
    lines = [sentence(f"由{say.role(stage.holder)}办理", limit)]
    if stage.longer_because:
        lines.append(sentence(f"本环节的时限比下一级长，理由是：{stage.longer_because}"))
    lines.append(SELF_HELP if stage.self_help else "")
    lines += [say.extend(stage.extend), "可以多件一起办理，每件仍单独作出决定。" if stage.in_batches else ""]
    entering = say.then(stage.enter)
    lines.append(sentence("事项一进入本环节", *entering) + say.because(stage.enter) if entering else "")
    lines += say.ladder(stage.rungs, "办完", stage.above)
    lines += [_by_itself(one, stage.above, say) for one in stage.by_itself]
    lines += [_move(move, stage.above, say) for move in stage.moves.values()]
    return [line for line in lines if line]


def _by_itself(one: ByItself, above: str | None, say: Phrases) -> str:
    when = f"一旦{spoken(one.when.text, say)}"
    return sentence(when, "不用人操作", *say.then(one.then, above)) + say.because(one.then)


def _move(move: Move, above: str | None, say: Phrases) -> str:
    who = say.roles(move.by, "或") if move.by else "承办人"
    when = f"{spoken(move.when.text, say)}的" if move.when else ""
    needs = _needs((*say.needs_of(move.verb), *move.needs), say)
    first = sentence(when, f"{who}可以{say.verb(move.verb)}", needs, *say.then(move.then, above))
    results = [_result(result, above, say) for result in move.results.values()]
    return first + say.because(move.then) + "".join(results)


def _needs(needs: tuple[str, ...], say: Phrases) -> str:
    names = list(dict.fromkeys(say.need(slug) for slug in needs))
    return f"须有{listed(names, '和')}" if names else ""


def _result(result: Result, above: str | None, say: Phrases) -> str:
    when = f"并且{spoken(result.when.text, say)}" if result.when else ""
    head = f"结果是{say.word(result.name)}{'，' if when else ''}{when}的"
    return sentence(head, _needs(result.needs, say), *say.then(result.then, above)) + say.because(result.then)


def _anywhere(method: Method, say: Phrases) -> list[str]:
    return [f"事项结束之前，{_move(move, None, say)}" for move in method.anywhere.values()]


# ---- duties, joint handling

def _duties(method: Method, say: Phrases) -> list[str]:
    return [line for duty in method.duties.values() for line in _duty(duty, say)]


def _duty(duty: DutyKind, say: Phrases) -> list[str]:
    owed = f"由{say.role(duty.owed_by)}完成" + (f"，对方是{say.role(duty.owed_to)}" if duty.owed_to else "")
    done = "，".join(f"以“{say.verb(verb)}”了结" for verb in duty.done_by if verb != "fulfil")
    each = f"按{say.field(duty.each.removeprefix('form.'))}逐行各立一项" if duty.each else ""
    every = f"{_each(duty.every)}一次{_until(duty, say)}" if duty.every else ""
    limit = f"时限为{say.limit(duty.limit)}" if duty.limit else ""
    lines = [f"{duty.title}：" + sentence(owed, limit, each, every, done), *say.ladder(duty.rungs, "完成")]
    lines.append(say.extend(duty.extend))
    lines.append("没有完成这一项，不妨碍办结。" if duty.optional else "这一项没有完成的，不能办结。")
    lines.append("事项结束以后，这一项继续有效。" if duty.outlives else "")
    return ["".join(line for line in lines if line)]


def _each(every: Budget) -> str:
    return f"每{budget_zh(every)[1:] if every.amount == 1 else budget_zh(every)}"


def _until(duty: DutyKind, say: Phrases) -> str:
    if duty.until == "stage":
        return "，到离开本环节为止"
    return f"，到{say.field(duty.until.removeprefix('form.'))}为止" if duty.until else ""


def _whistle(method: Method, say: Phrases) -> list[str]:
    block = method.whistle
    if block is None:
        return []
    answer = f"{say.limit(block.answer)}内作出答复" if block.answer else ""
    both = "吹哨一方也须派人到场，双方到场都要记录在案。" if block.attend == "both" else "由被吹哨一方派人到场。"
    return [
        sentence(f"{say.roles(block.by, '或')}可以吹哨，请{say.roles(block.to, '或')}到场联办"),
        sentence(f"接到哨声的一方须在{say.limit(block.report_in)}内报到", answer), both,
        sentence("到时不应的", *say.then(block.silent)) + say.because(block.silent),
        "每个被吹哨的单位各自答复；没有全部答复，又没有上级裁定免除的，不能办结。",
    ]


def _refusal(method: Method, say: Phrases) -> list[str]:
    block = method.refusal
    if block is None:
        return ["本办法实行首接负责，收到的单位不能以“不归我管”为由退单。"]
    ruling = f"由{say.role(block.ruling_by)}在{say.limit(block.within)}内裁定归谁办"
    return [sentence("认为不属于本单位职责的，可以写明理由退单", ruling, f"每件最多退{block.at_most}次"),
            "退单和裁定的经过，反映人都能看到。"]


# ---- the call-back and the ends

def _call_back(method: Method, say: Phrases) -> list[str]:
    block = method.call_back
    if block is None:
        return []
    lines = [
        sentence(f"事项办完后，由{say.roles(block.by, '或')}在{say.limit(block.within)}内回访反映人"),
        sentence("反映人满意的", say.go(block.satisfied)),
        sentence("第一次回访不满意的", say.go(block.unsatisfied)) + sentence("第二次仍不满意的", say.go(block.again)),
        sentence(THIRD, say.go(block.answered)) if block.answered else "",
        sentence(f"要在不同的日子、不同的时段联系满{block.tries}次，都联系不上的", say.go(block.unreached)),
        sentence("抽样没有抽中，或者反映人不愿接受回访的", say.go(block.not_called)) if block.not_called else "",
        sentence("没有人可以回访的，由另一人到现场核实并拍照", say.go(block.verified)) if block.verified else "",
    ]
    return [line for line in lines if line] + say.ladder(block.rungs, "回访")


def _ends(method: Method, say: Phrases) -> list[str]:
    lines = []
    for stage in method.stages.values():
        if stage.end is not None:
            why = sentence(f"不经回访就可以结束，理由是：{stage.no_call_back}") if stage.no_call_back else ""
            lines.append(f"{stage.title}：属于“{ENDS[stage.end]}”。{why}")
    return [*_numbered(lines), "以上各种结束方式分开统计，不混在一个比率里。"]


def _reopen(method: Method, say: Phrases) -> list[str]:
    block = method.reopen
    if block is None:
        return []
    who = say.roles(block.by, "或")
    return [sentence(f"结束后{budget_zh(block.within)}内", f"{who}可以要求重开", f"重开后{say.go(block.to)}"),
            "这段时间从结束时算起，其间的留言不延长它；过了这段时间再来反映的，另立一件，与本件关联。"]


def _pauses(method: Method, say: Phrases) -> list[str]:
    if not method.pauses:
        return ["本办法没有可以暂停计时的情形。"]
    return ["只有下列情形可以暂停计时，到了上限自动恢复，并且一律告知反映人：",
            *_numbered([_pause(one, say) for one in method.pauses.values()])]


def _pause(one: Suspension, say: Phrases) -> str:
    stops = listed(["本环节的时限" if slug == "stage" else say.duty(slug) for slug in one.stops], "和")
    by = f"由{say.roles(one.by, '或')}决定（承办人不能自己决定）"
    return f"{one.title}：" + sentence(by, _needs(one.needs, say), f"停的是{stops}", f"最长{budget_zh(one.at_most)}")


def _letters(method: Method, say: Phrases) -> list[str]:
    lines = []
    for letter in method.letters.values():
        reply = f"收到的一方须在{say.limit(letter.reply)}内回复" if letter.reply else "不要求回复"
        number = f"编号格式为“{letter.number}”" if letter.number else ""
        sent = sentence(f"发给{say.roles(letter.to)}", number, reply)
        lines.append(f"{say.letter(letter.slug)}：{sent}" + "".join(say.ladder(letter.rungs, "回复")))
    return lines


def _measures(method: Method, say: Phrases) -> list[str]:
    names = [say.measure(one.slug) + (f"（目标{one.target}）" if one.target else "") for one in method.measures]
    return [sentence(f"按本办法公布：{listed(names)}")] if names else []


# ---- what nobody may do alone

def _never_alone(method: Method, say: Phrases) -> list[str]:
    but = "除法律规定到期即告终结的以外，" if _lapsing(method) else ""
    lines = [f"{but}时限到了只会催办、提级或转办，不会自动办结；凡是结束，都要由人作出。"]
    if method.call_back:
        lines.append("办结的人不能自己回访；写明可以不经回访的以外，一个人说了不算办结。")
    if any(stage.end == "withdrawn" for stage in method.stages.values()):
        lines.append("撤回须有反映人本人的查询密码，或者记录在案的本人意思。")
    lines += ["延长时限、暂停计时，承办人不能自己批准。",
              "免除别人的任务，须由上级裁定，不能由欠着任务的一方自己免除。"]
    if method.levels:
        lines.append("等级由自动规则定下的，经办人调低须写明理由，并留在记录里。")
    lines.append("被反映的单位、岗位及其下属，不能经办、裁定或回访反映自己的事项，系统自动绕开，交给上一级。")
    return _numbered(lines)


def _lapsing(method: Method) -> bool:
    return any(stage.limit is not None and stage.limit.law is not None and stage.limit.law.lapses
               for stage in method.stages.values())


PARTS: tuple[tuple[str, Part], ...] = (
    ("受理什么", _takes), ("紧急情形，先于一切分流", _emergencies), ("分流", _triage), ("等级", _levels),
    ("办理环节", _stages), ("不论在哪个环节都可以做的", _anywhere), ("随办理布置的任务", _duties),
    ("吹哨报到", _whistle), ("退单", _refusal), ("回访", _call_back), ("怎样才算结束", _ends), ("重开", _reopen),
    ("暂停计时", _pauses), ("文书", _letters), ("公布的指标", _measures), ("哪些事不能由一个人说了算", _never_alone),
)
