"""Times, rungs and consequences as Chinese phrases: the parts that the reading aloud and the comparison are made of."""

from __future__ import annotations

import re

from minqing.kernel.clock.budgets import Budget, Rung, budget_zh
from minqing.kernel.clock.dates import DatedTime
from minqing.kernel.clock.laws import LegalClock
from minqing.kernel.methods.model import ABOVE, BACK, STAY, Extend, Limit, RungThen, Then
from minqing.kernel.methods.words import Words, listed

TENTHS = "零一二三四五六七八九"
ARTICLE = re.compile(r"(?P<law>[^、]+?) (?P<numbers>[\d、之]+)(?:、|$)")


def sentence(*parts: str) -> str:
    """The parts that say something, with commas between and one full stop."""
    said = [part.strip("，。；") for part in parts if part]
    return f"{'，'.join(said)}。" if said else ""


def article(law: LegalClock) -> str:
    """《信访工作条例》第34条."""
    found = [f"《{match['law']}》第{match['numbers'].strip('、')}条" for match in ARTICLE.finditer(law.article)]
    return "、".join(found) or law.article


def rung_zh(rung: Rung, done: str = "办完") -> str:
    """When a rung is reached, as the head of a sentence; `done` says what was to be done."""
    if rung.percent is not None:
        used = f"{TENTHS[rung.percent // 10]}成" if rung.percent % 10 == 0 else f"{rung.percent}%"
        return "时限过半时" if rung.percent == 50 else f"时限用去{used}时"
    if rung.late is None:
        return f"到期仍未{done}的"
    return f"逾期满{budget_zh(rung.late)}仍未{done}的"


class Phrases(Words):
    """What a file says of one method, in phrases without a full stop."""

    def time(self, time: Budget | DatedTime) -> str:
        """3日; 当日; 举办日前7日."""
        if isinstance(time, Budget):
            return budget_zh(time)
        return dated_zh(time, self)

    def limit(self, limit: Limit) -> str:
        """3日; 一般3日、紧急24小时; with the legal clock it rests on."""
        law = self.law(limit.law, limit) if limit.law else ""
        each = [f"{listed([self.level(level) for level in levels])}{time}" for time, levels in self.by_level(limit)]
        return "，".join(each or [self.time(limit.at(None))]) + law

    def law(self, law: LegalClock, limit: Limit) -> str:
        """The legal clock behind a limit: an office's duty may be shorter, a party's right longer."""
        same = not limit.by_level and limit.time == law.budget
        most = "最长" if law.side == "duty" else "至少"
        return f"（法定{'时限' if same else most + budget_zh(law.budget)}，依据{article(law)}）"

    def by_level(self, limit: Limit) -> list[tuple[str, list[str]]]:
        """Each time with the levels it holds for; empty where one time holds for all."""
        levels: dict[str, list[str]] = {}
        for level, time in limit.by_level.items():
            levels.setdefault(self.time(time), []).append(level)
        return list(levels.items())

    def extend(self, extend: Extend | None) -> str:
        """Who may give more time."""
        if extend is None:
            return ""
        return sentence(
            f"确需延长的，由{self.roles(extend.by, '或')}批准（承办人不能自己批准）",
            f"每次最多延长{budget_zh(extend.at_most)}，最多延长{extend.times}次",
            "并告知反映人",
        )

    def go(self, target: str, above: str | None = None) -> str:
        """转入“镇级办理”; an end: 以“办结”结束."""
        if target == STAY:
            return "事项仍留在本环节"
        if target == BACK:
            return "退回原来的办理环节"
        if target == ABOVE:
            return f"提到上一级，转入{self.stage(above)}" if above else "提到上一级"
        found = self.method.stages.get(target)
        return f"以{self.stage(target)}结束" if found and found.end else f"转入{self.stage(target)}"

    def then(self, then: Then, above: str | None = None) -> list[str]:
        """What follows, in the order in which it happens; without the reason."""
        said = [
            f"等级定为{self.level(then.level)}" if then.level else "",
            self._drop(then.drop),
            f"告知{self.roles(then.tell)}" if then.tell else "",
            f"发出{'、'.join(self.letter(slug) for slug in then.letter)}" if then.letter else "",
            f"处理结果记为{self.word(then.outcome)}" if then.outcome else "",
            self.go(then.go, above) if then.go else "",
            f"同时布置{'、'.join(self.duty(slug) for slug in then.add)}" if then.add else "",
            f"吹哨请{self.roles(then.whistle)}到场" if then.whistle else "",
            self._open(then),
            f"由系统自动进行{'、'.join(self.verb(slug) for slug in then.do)}" if then.do else "",
        ]
        return [part for part in said if part]

    def _drop(self, drop: tuple[str, ...]) -> str:
        if not drop:
            return ""
        if "all" in drop:
            return "撤销尚未完成的全部任务和协办"
        return f"撤销{'、'.join(self.duty(slug) for slug in drop)}"

    def _open(self, then: Then) -> str:
        if then.open is None:
            return ""
        kind = self.kind(then.open.kind) if then.open.method == self.method.slug else self.word(then.open.kind)
        return f"另立一件{kind}子事项" + ("，子事项办结之前本件不能办结" if then.open.wait else "")

    def because(self, then: Then) -> str:
        """说明 as a sentence of its own."""
        return sentence(f"说明：{then.because}") if then.because else ""

    def ladder(self, rungs: tuple[RungThen, ...], done: str = "办完", above: str | None = None) -> list[str]:
        """One sentence a rung."""
        return [
            sentence(rung_zh(step.rung, done), *self.then(step.then, above)) + self.because(step.then) for step in rungs
        ]


def dated_zh(time: DatedTime, words: Words) -> str:
    """当日; “期满日”当天; “举办日”之前7日."""
    if time.relation == "same day":
        return "当日"
    anchor = words.field((time.anchor or "").removeprefix("form."))
    if time.budget is None:
        return f"{anchor}当天"
    return f"{anchor}{'之前' if time.relation == 'before' else '之后'}{budget_zh(time.budget)}"
