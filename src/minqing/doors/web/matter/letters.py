"""What the reporter of a matter is told in writing: that it was taken in, and what came of it.

Only what the reporter may be told stands there (`told_to_reporter`): no words of anybody, no name, no secret. They are
Chinese: papers for residents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from minqing.base import moments
from minqing.doors.web.wordings import place_title
from minqing.kernel.clock.laws import load_laws
from minqing.kernel.matters.cast import unit_for
from minqing.kernel.matters.consequences import duty_title
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.papers import ACCEPTANCE, ANSWER
from minqing.kernel.matters.public import Disclosed
from minqing.kernel.matters.queries import Sight
from minqing.kernel.matters.telling import shown
from minqing.kernel.matters.urgency import main_of
from minqing.kernel.methods.model import ABOVE, BACK, CALL_BACK, Method
from minqing.kernel.methods.words import ENDS
from minqing.registers.regions.queries import names_of_units
from minqing.tools.letters.values import Letter, Section

_TITLES: Mapping[str, str] = {ACCEPTANCE: "登记受理告知书", ANSWER: "办理结果告知书"}
#: What the links to them are called on pages, in the tongue of the page.
LINKS: Mapping[str, Promise] = {ACCEPTANCE: gettext_lazy("登记受理告知书"), ANSWER: gettext_lazy("办理结果告知书")}
_STEPS = frozenset(
    {"Reported", "AlarmRaised", "Entered", "HoldRefused", "Ruled", "Suspended", "Resumed", "Extended", "Recorded",
     "LetterSent", "Settled", "CalledBack", "Reopened", "Revived", "Closed"}
)  # fmt: skip
_MOST_STEPS = 14  # the newest: the others can be read with code and secret
_RIGHTS = (
    "登记和办理不影响您依法走其他途径：可以申请调解、仲裁，可以申请行政复议，也可以向人民法院起诉。"
    "这些途径各有法定期限，请留意不要错过。"
)
_REVIEW = (
    "属于《信访工作条例》第三十一条第六项的事项，对书面处理意见不服的，可以自收到之日起 30 日内，"
    "请求原办理单位的上一级复查（第三十五条）；复查单位 30 日内书面答复。"
)
_OTHER = "对行政行为不服的，可以依法申请行政复议或者提起行政诉讼；民事、劳动争议，可以申请调解、仲裁或者起诉。"


def letter_of(kind: str, sight: Sight, told: Disclosed) -> Letter:
    """The letter: `sight` is the matter, `told` what its reporter is told of it."""
    made: Mapping[str, Callable[[Sight, Disclosed], Letter]] = {ACCEPTANCE: _acceptance, ANSWER: _answer}
    return made[kind](sight, told)


def _acceptance(sight: Sight, told: Disclosed) -> Letter:
    matter = sight.stored.matter
    urgent = "按紧急事项处理，" if matter.emergency else ""
    return Letter(
        _TITLES[ACCEPTANCE],
        f"编码 {told.code}",
        "反映人：",
        f"您于{_day(told.opened)}反映的事项，已经登记受理，{urgent}从登记之时起计算办理时限。现将有关情况告知如下。",
        (*_facts(sight, told), *_standing(matter, told)),
        (
            Section(f"一、什么时候{'回访' if _asking(matter) else '办出结果'}", tuple(_time(sight, told))),
            Section("二、怎样知道办到哪一步", (_follow(),)),
            Section("三、到期还没有办好，找谁", (_late(sight, told),)),
            Section("四、您还有的途径", (_RIGHTS,)),
        ),
        told.holder or _unit_here(sight),
        moments.today(),
        "本单不写反映内容，也不写查询密码；请保管好编码。",
    )


def _answer(sight: Sight, told: Disclosed) -> Letter:
    matter = sight.stored.matter
    unit = _settler(matter)
    how = ENDS[matter.end][0] if matter.end else "已报告办好，等待回访"
    said = f"由{unit}办理，" if unit else ""
    return Letter(
        _TITLES[ANSWER],
        f"编码 {told.code}",
        "反映人：",
        f"您于{_day(told.opened)}反映的事项，{said}现将办理结果告知如下。",
        (*_facts(sight, told), ("结果", how)),
        (
            Section("一、办了什么", (), tuple(_steps(told))),
            Section("二、您不满意怎么办", tuple(_not_satisfied(sight))),
            Section("三、还有哪些法定途径", (_REVIEW, _OTHER)),
        ),
        unit or told.holder or _unit_here(sight),
        moments.today(),
        "本单不写反映内容，也不写查询密码；请保管好编码。",
    )


def _facts(sight: Sight, told: Disclosed) -> Iterator[tuple[str, str]]:
    place = place_title(sight.stored.matter.place)
    yield "事项编码", told.code
    yield "登记时间", shown(told.opened)
    if place:
        yield "事情所在地", place
    yield "办理办法", told.method


def _standing(matter: Matter, told: Disclosed) -> Iterator[tuple[str, str]]:
    yield "现在到哪一步", told.stage
    if matter.is_open:
        yield "办理单位", told.holder or "上级（待明确）"
    if matter.is_open and told.due is not None:
        yield "回访时限" if _asking(matter) else "办理时限", shown(told.due)


def _asking(matter: Matter) -> bool:
    return matter.is_open and matter.stage == CALL_BACK


def _time(sight: Sight, told: Disclosed) -> Iterator[str]:
    """What is owed next, by whom and until when, and the article it rests on where there is one."""
    matter = sight.stored.matter
    duty = main_of(matter)
    if not matter.is_open or told.due is None or duty is None:
        yield f"这件事现在的状态是“{told.stage}”，没有在计算的时限。"
        return
    late = "（次年节假日安排公布后可能调整）" if duty.provisional else ""
    unit = names_of_units([duty.owed_by]).get(duty.owed_by, "") or told.holder or "办理单位"
    what = "向您回访" if _asking(matter) else f"完成“{duty_title(sight.method, duty.kind)}”这一步"
    done = "已报告办好。" if _asking(matter) else ""
    yield f"{done}{unit}应当在 {shown(told.due)} 前{what}{late}。"
    law = load_laws().get(duty.law)
    if law is not None:
        yield f"法定时限的依据：{law.article}（{law.title}）。"


def _follow() -> str:
    return (
        "打开“查进度”，输入事项编码和登记时告诉您的查询密码，就能看到办到哪一步、谁在办、最晚什么时候；也可以补充说明、上传照片。"
        "查询密码只在登记时告诉您本人，不补发；没有记下的，可以凭事项编码到登记的地方，请他们看办到哪一步。"
    )


def _late(sight: Sight, told: Disclosed) -> str:
    above = _above(sight)
    turn = f"也可以直接向上一级{above}反映，" if above else ""
    return (
        f"到期没有结果，平台自动提醒办理单位，并按办理办法报上一级。您可以在“查进度”里点“催一催”，{turn}"
        "报事项编码就行，不用从头再说一遍。催办不影响这件事的办理。"
    )


def _above(sight: Sight) -> str:
    """The unit over the holder, passing over whom the matter is against."""
    matter, cast = sight.stored.matter, sight.context.cast
    unit = unit_for("above", sight.method, matter, cast) if matter.is_open and matter.holder else 0
    return cast.names.get(unit, "")


def _steps(told: Disclosed) -> list[str]:
    lines = [line for line in told.lines if line.kind in _STEPS]
    return [f"{shown(line.happened)}　{line.formal}" for line in lines[-_MOST_STEPS:]]


def _not_satisfied(sight: Sight) -> Iterator[str]:
    matter = sight.stored.matter
    if matter.is_open:
        yield "接下来会有人向您回访，回访的人不是办理这件事的人。"
        yield f"没有办好、不满意，请照实说：{_sent_back(sight.method, matter)}"
    elif matter.reopen_until is not None and matter.reopen_until > moments.now():
        yield (
            f"在 {shown(matter.reopen_until)} 前，您可以凭编码和查询密码在“查进度”里要求重新办理，也可以到登记处提出。"
            "过了这个时间，可以作为新的事项反映，平台会与这一件关联起来。"
        )
    else:
        yield "您可以作为新的事项反映，平台会与这一件关联起来。"
    yield "说不满意、要求重新办理，不会影响您办任何别的事。"


def _sent_back(method: Method, matter: Matter) -> str:
    """Where a matter goes each time its reporter is not satisfied, as its method has it."""
    block = method.call_back
    if block is None:
        return "说了不满意，这件事重新办理。"
    known = {BACK: "退回原来的环节重新办理", ABOVE: "交上一级重新办理"}
    times = [known.get(to) or f"转到“{method.stages[to].title}”重新办理" for to in (block.unsatisfied, block.again)]
    top = method.stages.get(matter.settled_in)
    while top is not None and top.above:
        top = method.stages[top.above]
    last = f"转到“{top.title}”继续办理" if top is not None else "继续办理"
    answer = "，或者由县级书面答复" if block.answered else ""
    return f"第一次说不满意，{times[0]}；第二次，{times[1]}；第三次，{last}{answer}。"


def _settler(matter: Matter) -> str:
    unit = matter.settled_by[0]
    return names_of_units([unit]).get(unit, "") if unit else ""


def _unit_here(sight: Sight) -> str:
    """Where nobody holds it: the unit of the county."""
    cast = sight.context.cast
    return cast.names.get(cast.units.get("county", 0), "")


def _day(moment: datetime) -> str:
    moment = moments.in_china(moment)
    return f"{moment.year}年{moment.month}月{moment.day}日"
