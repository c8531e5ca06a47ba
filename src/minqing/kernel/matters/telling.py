"""A matter's journal in plain words, Chinese or English: one sentence an event, as a resident or clerk would read it.

Pure. Units are told by name, stages and levels by the titles of the method the matter runs under: in English too,
where the county wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from minqing.kernel.clock.budgets import budget_en, budget_zh, parse_budget
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.answering import ANSWERS
from minqing.kernel.matters.consequences import duty_title
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.permits import title_of
from minqing.kernel.matters.reasons import BECAUSE, in_english
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.vocabulary import KERNEL_VERBS, STANDING_VERBS
from minqing.kernel.methods.words import ENDS

Lang = Literal["zh", "en"]
_RESULTS = {
    "satisfied": ("满意", "satisfied"),
    "unsatisfied": ("不满意", "unsatisfied"),
    "not_reached": ("未联系上", "not reached"),
    "not_called": ("谢绝回访", "declined"),
}
#: Who acts without being of a unit.
_ROLES = {"reporter": ("反映人", "the reporter"), "volunteer": ("志愿者", "a volunteer")}
_NOBODY = ("无（这里没有可告知的单位）", "nobody (no such unit here)")


class Teller:
    """Tells the events of one matter in order; it follows the duties so that their numbers get names."""

    def __init__(self, method: Method, units: Mapping[int, str], lang: Lang = "zh") -> None:
        self._method = method
        self._units = units
        self._lang = lang
        self._of_file = {one.zh: one.en for one in method.said.values()} if lang == "en" else {}
        self._duties: dict[int, ev.DutyAdded] = {}
        self._volunteer = False

    def tell(self, event: ev.Event) -> str:
        """The sentence of one event."""
        if isinstance(event, ev.DutyAdded):
            self._duties[event.duty] = event
        if isinstance(event, ev.Acted):
            self._volunteer = event.role == "volunteer"
        return _SENTENCES[type(event)](self, event)

    def say(self, zh: str, en: str) -> str:
        return en if self._lang == "en" else zh

    def unit(self, number: int) -> str:
        return self._units.get(number) or self.say("上级（待明确）", "the level above (open)")

    def who(self, number: int) -> str:
        """The unit of who acted last; a volunteer acts for no unit, and is not known by theirs (decisions/0008)."""
        return self.say(*_ROLES["volunteer"]) if self._volunteer or not number else self.unit(number)

    def stage(self, slug: str) -> str:
        return self._method.stages[slug].title.said(self._lang)

    def duty(self, number: int) -> str:
        return self.duty_of(self._duties[number].kind)

    def duty_of(self, kind: str) -> str:
        return duty_title(self._method, kind).said(self._lang)

    def kind(self, number: int) -> str:
        """Of which kind a duty is: '@STAGE' and 'pause:REASON' are told otherwise than what somebody has to do."""
        return self._duties[number].kind

    def pausing(self, number: int) -> bool:
        return self.kind(number).startswith("pause:")

    def at_the_latest(self, due: datetime) -> str:
        """When a pause is over."""
        return self.say(f"暂停最晚到 {shown(due)} 为止", f"the pause ends by {shown(due)} at the latest")

    def limit(self, number: int) -> str:
        """Its time limit in English: a stage is where a matter stands and nothing that somebody does."""
        if self.kind(number) == "outside":
            return self.duty(number)
        place = "at" if self.kind(number).startswith("@") else "of"
        return f"the time limit {place} “{self.duty(number)}”"

    def level(self, slug: str) -> str:
        known = self._method.levels.get(slug)
        return known.title.said(self._lang) if known else slug

    def because(self, reason: str) -> str:
        if not reason:
            return ""
        zh, en = BECAUSE.get(reason) or (reason, self.in_english(reason))
        return self.say(f"：{zh}", f": {en}")

    def in_english(self, words: str) -> str:
        """What the journal keeps in Chinese, a reason or an outcome, as the file or the kernel has it in English."""
        return in_english(words, self._of_file)

    def addressed(self, roles: tuple[str, ...], units: tuple[int, ...]) -> str:
        """Whom something reached: units by name, the reporter where that role is among them, else nobody."""
        names = [self.unit(unit) for unit in units]
        if "reporter" in roles:
            names.append(self.say(*_ROLES["reporter"]))
        return self.say("、", ", ").join(names) or self.say(*_NOBODY)

    def names(self, names: tuple[str, ...]) -> str:
        return self.say("、", ", ").join(title_of(name, self._method).said(self._lang) for name in names)

    def verb(self, verb: str) -> str:
        known = KERNEL_VERBS.get(verb) or STANDING_VERBS.get(verb)
        return self.say(known.zh, known.en) if known else verb

    def pause(self, slug: str) -> str:
        known = self._method.pauses.get(slug)
        return known.title.said(self._lang) if known else slug

    def letter(self, slug: str) -> str:
        return self._method.letters[slug].title.said(self._lang)

    def letter_to(self, slug: str) -> tuple[str, ...]:
        return self._method.letters[slug].to


def shown(moment: datetime) -> str:
    """A moment as a list shows it; midnight is the 24:00 of the day before."""
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        day = moment.date().fromordinal(moment.toordinal() - 1)
        return f"{day} 24:00"
    return f"{moment:%Y-%m-%d %H:%M}"


def standing_words(matter: Matter, method: Method, units: Mapping[int, str]) -> str:
    """Where a matter stands, in a line."""
    where = method.stages[matter.stage].title.zh
    if matter.end:
        return ENDS["merged"][0] if matter.end == "merged" else where
    return f"{where}，{units.get(matter.holder) or '上级（待明确）'}承办"


def _reported(t: Teller, e: ev.Reported) -> str:
    if e.emergency:
        return t.say("收到反映，按紧急事项处理", "reported, an emergency")
    return t.say("收到反映，平台受理，时限起算", "reported and taken in; the clock runs")


def _acted(t: Teller, e: ev.Acted) -> str:
    by_role = not e.unit or e.role == "volunteer"
    who = t.say(*_ROLES.get(e.role, ("平台", "the platform"))) if by_role else t.unit(e.unit)
    if e.verb == "note" and e.to in ANSWERS:
        zh, en = ANSWERS[e.to]
        return t.say(f"{who}在网上答复：{zh}", f"{who} answered: {en}")
    return t.say(f"{who}：{t.verb(e.verb)}", f"{who}: {t.verb(e.verb)}")


def _entered(t: Teller, e: ev.Entered) -> str:
    holder = t.say(f"，由{t.unit(e.holder)}承办", f", held by {t.unit(e.holder)}") if e.holder else ""
    return t.say(f"进入“{t.stage(e.stage)}”{holder}", f"entered “{t.stage(e.stage)}”{holder}") + t.because(e.because)


def _level(t: Teller, e: ev.LevelSet) -> str:
    return t.say(f"等级定为{t.level(e.level)}", f"level is now {t.level(e.level)}")


def _form(t: Teller, e: ev.FormSet) -> str:
    names = t.names((*e.form, *e.filled)) or t.say("人数或地点", "number of people or place")
    return t.say(f"补充或更正：{names}", f"filled in or corrected: {names}")


def _added(t: Teller, e: ev.DutyAdded) -> str:
    late = t.say("（暂定）", " (provisional)") if e.provisional else ""
    who, title, due = t.unit(e.owed_by), t.duty_of(e.kind), shown(e.due)
    if t.pausing(e.duty):
        return t.at_the_latest(e.due)
    owes = f"{who} has it until {due}" if e.kind.startswith("@") else f"{who} owes “{title}” by {due}"
    return t.say(f"{who}须在 {due} 前完成“{title}”{late}", f"{owes}{late}")


def _done(t: Teller, e: ev.DutyDone) -> str:
    late = t.say("（超期）", " (late)") if e.late else ""
    done = f"the step “{t.duty(e.duty)}” is done" if t.kind(e.duty).startswith("@") else f"“{t.duty(e.duty)}” done"
    return t.say(f"“{t.duty(e.duty)}”已完成{late}", f"{done}{late}")


def _dropped(t: Teller, e: ev.DutyDropped) -> str:
    if t.pausing(e.duty):
        return t.say("暂停结束", "the pause is over")
    if e.because == "raised":
        return t.say(f"“{t.duty(e.duty)}”随提级转出", f"“{t.duty(e.duty)}” was taken over from above")
    return t.say(f"“{t.duty(e.duty)}”不再需要", f"“{t.duty(e.duty)}” fell away")


def _reckoned(t: Teller, e: ev.DutyReckoned) -> str:
    if e.because == "again":
        return t.say(f"仍未办结，{shown(e.rungs[-1])} 再次提醒", f"still waiting: reminded again {shown(e.rungs[-1])}")
    if t.pausing(e.duty):
        return t.at_the_latest(e.due)
    return t.say(f"“{t.duty(e.duty)}”改为 {shown(e.due)} 到期", f"{t.limit(e.duty)} is now {shown(e.due)}")


def _rung(t: Teller, e: ev.RungFired) -> str:
    if t.pausing(e.duty):
        return t.say("时钟：暂停期满", "the clock: the time of the pause is over")
    title, limit = t.duty(e.duty), t.limit(e.duty)
    if "%" in e.name:
        return t.say(f"时钟：“{title}”用去{e.name}", f"the clock: {e.name} of {limit} is used")
    zh, en = ("到期", "is reached") if e.name == "due" else ("逾期", "is over")
    return t.say(f"时钟：“{title}”{zh}", f"the clock: {limit} {en}")


def _told(t: Teller, e: ev.Told) -> str:
    told = t.say("当场通知", "called at once: ") if e.urgent else t.say("告知", "told: ")
    return told + t.addressed(e.roles, e.units) + t.because(e.because)


def _called_back(t: Teller, e: ev.CalledBack) -> str:
    zh, en = _RESULTS[e.result]
    extra = "" if e.counted else t.say("（同一天或同一时段，不计次数）", " (same day or hour: not counted)")
    return t.say(f"{t.who(e.unit)}回访：{zh}", f"call-back: {en}") + extra


def _letter(t: Teller, e: ev.LetterSent) -> str:
    to = t.letter_to(e.letter)
    if not e.units and "reporter" not in to:
        return t.say(f"{t.letter(e.letter)}没有可送的单位", f"{t.letter(e.letter)}: no unit here to send it to")
    who = t.addressed(to, e.units)
    return t.say(f"向{who}发出{t.letter(e.letter)}", f"{t.letter(e.letter)} sent to {who}")


def _closed(t: Teller, e: ev.Closed) -> str:
    zh, en = ENDS[e.end]
    until = (
        t.say(f"，{shown(e.reopen_until)} 前可重开", f", may be reopened until {shown(e.reopen_until)}")
        if e.reopen_until
        else ""
    )
    return t.say(f"办结：{zh}{until}", f"ended: {en}{until}")


def _suspended(t: Teller, e: ev.Suspended) -> str:
    titles = t.say("、", ", ").join(f"“{t.duty(number)}”" for number in e.duties)
    why = t.pause(e.reason)
    return t.say(f"{titles}暂停计时：{why}", f"the clock of {titles} stands still: {why}")


def _resumed(t: Teller, e: ev.Resumed) -> str:
    over = t.say("（暂停期满）", " (the pause is over)") if e.because == "over" else ""
    return t.say(f"恢复计时{over}", f"the clock runs again{over}")


def _refused(t: Teller, e: ev.HoldRefused) -> str:
    whose = t.say(f"，认为应由{t.unit(e.proposed)}办理", f", says it is for {t.unit(e.proposed)}") if e.proposed else ""
    return t.say(
        f"{t.unit(e.unit)}退单{whose}，由{t.unit(e.ruler)}裁定；办理时限照常计算",
        f"{t.unit(e.unit)} says it is not theirs{whose}; {t.unit(e.ruler)} rules; the clock runs on",
    )


def _ruled(t: Teller, e: ev.Ruled) -> str:
    if e.result == "theirs":
        return t.say(
            f"{t.unit(e.ruler)}裁定：由{t.unit(e.unit)}办理", f"{t.unit(e.ruler)} ruled: {t.unit(e.unit)} keeps it"
        )
    return t.say(
        f"{t.unit(e.ruler)}裁定：改由{t.unit(e.unit)}办理", f"{t.unit(e.ruler)} ruled: it goes to {t.unit(e.unit)}"
    )


def _against(t: Teller, e: ev.AgainstSet) -> str:
    count = len(e.units) + len(e.people) + e.unknown
    if not count:
        return t.say("经核实，不针对任何单位或个人", "found to be against nobody")
    return t.say(f"登记被反映的单位或个人（共 {count} 个），其一律回避", f"against {count}: none of them takes part")


def _moved(t: Teller, e: ev.DutyMoved) -> str:
    title, who = t.duty(e.duty), t.unit(e.owed_by)
    if t.pausing(e.duty):
        return t.say(f"暂停改由{who}负责", f"{who} looks after the pause now")
    now = f"{who} has it now" if t.kind(e.duty).startswith("@") else f"“{title}” is now owed by {who}"
    return t.say(f"“{title}”改由{who}负责", now)


_LINK_WORDS = {
    "merged": ("并入事项 {}", "merged into {}"),
    "takes_in": ("并进事项 {}", "takes in {}"),
    "part": ("其中一部分另立为事项 {}", "a part became {}"),
    "recurrence": ("与事项 {} 属于再次发生", "happened again: {}"),
}


def _linked(t: Teller, e: ev.Linked) -> str:
    zh, en = _LINK_WORDS.get(e.how, ("关联事项 {}", "linked to {}"))
    return t.say(zh.format(e.code), en.format(e.code))


def _revived(t: Teller, e: ev.Revived) -> str:
    if e.because == "lead solved":
        return t.say("主案已办好，单独回访", "the matter it was joined to is solved: asked on its own")
    return t.say("恢复单独办理", "goes its own way again") + t.because(e.because)


def _extended(t: Teller, e: ev.Extended) -> str:
    more = parse_budget(e.budget)
    return t.say(f"“{t.duty(e.duty)}”延长{budget_zh(more)}", f"{t.limit(e.duty)} is {budget_en(more)} longer")


def _assigned(t: Teller, e: ev.Assigned) -> str:
    if not e.worker:
        return t.say("暂无承办人", "nobody has it in hand yet")
    return t.say(f"指定承办人（{e.worker}号）", f"assigned to person {e.worker}")


_SENTENCES: dict[type[Any], Callable[[Teller, Any], str]] = {
    ev.Reported: _reported,
    ev.AlarmRaised: lambda t, e: t.say("补充的情况属于紧急事项", "what was told since makes it an emergency"),
    ev.Acted: _acted,
    ev.Entered: _entered,
    ev.LevelSet: _level,
    ev.FormSet: _form,
    ev.Recorded: lambda t, e: t.say(f"收录{t.names(e.records)}", f"on record: {t.names(e.records)}"),
    ev.DutyAdded: _added,
    ev.DutyDone: _done,
    ev.DutyMissed: lambda t, e: t.say(f"“{t.duty(e.duty)}”未能完成", f"{t.limit(e.duty)} was missed"),
    ev.DutyDropped: _dropped,
    ev.DutyReckoned: _reckoned,
    ev.RungFired: _rung,
    ev.Assigned: _assigned,
    ev.DutyMoved: _moved,
    ev.AgainstSet: _against,
    ev.HoldRefused: _refused,
    ev.Ruled: _ruled,
    ev.Suspended: _suspended,
    ev.Resumed: _resumed,
    ev.Extended: _extended,
    ev.Unlinked: lambda t, e: t.say(f"与事项 {e.code} 分开", f"no longer with {e.code}"),
    ev.Revived: _revived,
    ev.Rated: lambda t, e: t.say(f"反映人评价：{e.stars} 星", f"the reporter gave {e.stars} of 5 stars"),
    ev.Settled: lambda t, e: t.say(f"{t.unit(e.unit)}报告已办好，等待回访", f"{t.unit(e.unit)} says it is solved"),
    ev.CalledBack: _called_back,
    ev.Told: _told,
    ev.LetterSent: _letter,
    ev.OutcomeSet: lambda t, e: t.say(f"结果：{e.outcome}", f"outcome: {t.in_english(e.outcome)}"),
    ev.Linked: _linked,
    ev.Closed: _closed,
    ev.Reopened: lambda t, e: t.say("重开", "reopened"),
}
