"""A method file read aloud in Chinese, as a clerk would say it: headed parts, whole sentences, one form for each key.

Nothing of the file is left out except what other programmes read (sections) and the file's own names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from minqing.base.errors import BadInput
from minqing.kernel.clock.budgets import budget_zh
from minqing.kernel.methods.model import CALL_BACK, Method
from minqing.kernel.methods.phrases import Phrases, sentence
from minqing.kernel.methods.sentences import (
    duty_zh,
    emergency_zh,
    field_zh,
    letter_zh,
    level_zh,
    measure_zh,
    move_zh,
    pause_zh,
    role_zh,
    rule_zh,
    stage_zh,
)
from minqing.kernel.methods.vocabulary import Vocabulary
from minqing.kernel.methods.words import ENDS, listed

THIRD = "第三次还不满意的，只有县（市、区）可以书面说明理由和还有哪些救济途径"
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
    lines = [
        sentence(f"本办法适用于区划代码{method.place}的地方", f"出处为{method.source}"),
        sentence(f"受理{len(method.kinds)}类事项：{kinds}"),
    ]
    lines += [
        sentence(f"分类为{listed([say.category(one) for one in kind.takes], '或')}的，归入“{kind.title}”")
        for kind in method.kinds.values()
        if kind.takes
    ]
    lines += [field_zh(field, say) for field in method.form.values()]
    if method.records:
        lines.append(sentence(f"办理中会用到的材料有：{listed([one.zh for one in method.records.values()], '和')}"))
    lines += [role_zh(method, slug) for slug in method.roles]
    return lines


# ---- emergencies, triage, levels


def _emergencies(method: Method, say: Phrases) -> list[str]:
    if not method.emergencies:
        return []
    gravest = f"等级一律定为最重的{say.level(list(method.levels)[-1])}，" if method.levels else ""
    return [
        "收到来件，先对照下列紧急情形，再谈分流。",
        f"有一条符合的，{gravest}马上联系到人；不引导自行解决，也不暂停计时。",
        *_numbered([emergency_zh(one, say) for one in method.emergencies]),
    ]


def _triage(method: Method, say: Phrases) -> list[str]:
    lines = [rule_zh(rule, say) for rule in method.triage]
    return ["没有紧急情形的，按下列次序逐条对照，先符合哪一条就照哪一条办：", *_numbered(lines)]


def _levels(method: Method, say: Phrases) -> list[str]:
    if not method.levels:
        return []
    names = listed([say.level(slug) for slug in method.levels])
    head = f"等级由轻到重为{names}。等级可以自动调高，不会自动调低；要调低，须由人操作并写明理由。"
    return [head, *(level_zh(level, say) for level in method.levels.values())]


# ---- the stages


def _stages(method: Method, say: Phrases) -> list[str]:
    waiting = [stage for stage in method.stages.values() if stage.end is None and stage.slug != CALL_BACK]
    lines: list[str] = []
    for number, stage in enumerate(waiting, start=1):
        lines += [f"（{numeral(number)}）{stage.title}", *stage_zh(stage, say)]
    return lines


def _anywhere(method: Method, say: Phrases) -> list[str]:
    return [f"事项结束之前，{move_zh(move, None, say)}" for move in method.anywhere.values()]


# ---- duties, joint handling


def _duties(method: Method, say: Phrases) -> list[str]:
    return [duty_zh(duty, say) for duty in method.duties.values()]


def _whistle(method: Method, say: Phrases) -> list[str]:
    block = method.whistle
    if block is None:
        return []
    answer = f"{say.limit(block.answer)}内作出答复" if block.answer else ""
    both = "吹哨一方也须派人到场，双方到场都要记录在案。" if block.attend == "both" else "由被吹哨一方派人到场。"
    return [
        sentence(f"{say.roles(block.by, '或')}可以吹哨，请{say.roles(block.to, '或')}到场联办"),
        sentence(f"接到哨声的一方须在{say.limit(block.report_in)}内报到", answer),
        both,
        sentence("到时不应的", *say.then(block.silent)) + say.because(block.silent),
        "每个被吹哨的单位各自答复；没有全部答复，又没有上级裁定免除的，不能办结。",
    ]


def _refusal(method: Method, say: Phrases) -> list[str]:
    block = method.refusal
    if block is None:
        return ["本办法实行首接负责，收到的单位不能以“不归我管”为由退单。"]
    ruling = f"由{say.role(block.ruling_by)}在{say.limit(block.within)}内裁定归谁办"
    return [
        sentence("认为不属于本单位职责的，可以写明理由退单", ruling, f"每件最多退{block.at_most}次"),
        "退单和裁定的经过，反映人都能看到。",
    ]


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
            lines.append(f"{stage.title}：属于“{ENDS[stage.end][0]}”。{why}")
    return [*_numbered(lines), "以上各种结束方式分开统计，不混在一个比率里。"]


def _reopen(method: Method, say: Phrases) -> list[str]:
    block = method.reopen
    if block is None:
        return []
    who = say.roles(block.by, "或")
    return [
        sentence(f"结束后{budget_zh(block.within)}内", f"{who}可以要求重开", f"重开后{say.go(block.to)}"),
        "这段时间从结束时算起，其间的留言不延长它；过了这段时间再来反映的，另立一件，与本件关联。",
    ]


def _pauses(method: Method, say: Phrases) -> list[str]:
    if not method.pauses:
        return ["本办法没有可以暂停计时的情形。"]
    return [
        "只有下列情形可以暂停计时，到了上限自动恢复，并且一律告知反映人：",
        *_numbered([pause_zh(one, say) for one in method.pauses.values()]),
    ]


def _letters(method: Method, say: Phrases) -> list[str]:
    return [letter_zh(letter, say) for letter in method.letters.values()]


def _measures(method: Method, say: Phrases) -> list[str]:
    names = [measure_zh(one, say) for one in method.measures]
    return [sentence(f"按本办法公布：{listed(names)}")] if names else []


# ---- what nobody may do alone


def _never_alone(method: Method, say: Phrases) -> list[str]:
    but = "除法律规定到期即告终结的以外，" if _lapsing(method) else ""
    lines = [f"{but}时限到了只会催办、提级或转办，不会自动办结；凡是结束，都要由人作出。"]
    if method.call_back:
        lines.append("办结的人不能自己回访；除写明可以不经回访的以外，单凭一个人的话不能结束事项。")
    if any(stage.end == "withdrawn" for stage in method.stages.values()):
        lines.append("撤回须有反映人本人的查询密码，或者记录在案的本人意思。")
    extends = [each.extend for each in method.stages.values()] + [each.extend for each in method.duties.values()]
    if method.pauses or any(extends):
        lines.append("延长时限、暂停计时，承办人不能自己批准。")
    lines.append("免除任务须由上级裁定，欠着任务的一方不能自己免除。")
    if method.levels:
        lines.append("调低等级须写明理由，并留在记录里。")
    lines.append("被反映的单位、岗位及其下属，不能经办、裁定或回访反映自己的事项，系统自动绕开，交给上一级。")
    return _numbered(lines)


def _lapsing(method: Method) -> bool:
    return any(
        stage.limit is not None and stage.limit.law is not None and stage.limit.law.lapses
        for stage in method.stages.values()
    )


#: The blocks, by their key in the file.
BLOCKS: Mapping[str, tuple[str, Part]] = {
    "call_back": ("回访", _call_back),
    "reopen": ("重开", _reopen),
    "whistle": ("吹哨报到", _whistle),
    "refusal": ("退单", _refusal),
}
PARTS: tuple[tuple[str, Part], ...] = (
    ("受理什么", _takes),
    ("紧急情形，先于一切分流", _emergencies),
    ("分流", _triage),
    ("等级", _levels),
    ("办理环节", _stages),
    ("不论在哪个环节都可以做的", _anywhere),
    ("随办理布置的任务", _duties),
    ("吹哨报到", _whistle),
    ("退单", _refusal),
    ("回访", _call_back),
    ("怎样才算结束", _ends),
    ("重开", _reopen),
    ("暂停计时", _pauses),
    ("文书", _letters),
    ("公布的指标", _measures),
    ("哪些事不能由一个人说了算", _never_alone),
)
