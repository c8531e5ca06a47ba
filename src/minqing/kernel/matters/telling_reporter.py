"""A matter's journal as its reporter is told it: “you” for what they did, no word of the office. What a clerk alone has
to know (marks on the way to a limit, steps whose effect is told anyway) is not told. Pure; built on `telling`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.answering import ANSWERS
from minqing.kernel.matters.joining import PART
from minqing.kernel.matters.telling import Teller, shown
from minqing.kernel.methods.words import ENDS

#: What the reporter did, by its verb. '' in the tables: what follows from it is told, and says enough.
_OWN = {
    "note": ("您补充了说明", "you added something"),
    "record": ("您补了照片或文件", "you added photos or files"),
    "remind": ("您催了一次", "you reminded them"),
    "correct": ("您作了更正", "you corrected something"),
    "reopen": ("您要求重新办理", "you asked to have it done again"),
    "refer": ("您要求由村里来办", "you asked the village to take it on"),
    "unmerge": ("您要求单独办理", "you asked to have it handled on its own"),
    "suspend": ("您请求等一等", "you asked to wait"),
    "resume": ("您说可以接着办了", "you said it can go on"),
    "withdraw": ("您撤回了这件事", "you withdrew it"),
    "call_back": ("您答复了办得怎么样", "you said how it was handled"),
    "rate": ("", ""),
}  # fmt: skip
#: What somebody else did; their unit stands before it.
_THEIRS = {
    "accept": ("已经接手", "has taken it on"),
    "refer": ("转给了更合适的单位", "passed it on to a better place"),
    "transfer": ("移交给了主管单位", "handed it to the office that is responsible"),
    "whistle": ("请了有关单位一起来办", "called in others to help"),
    "arrive": ("已经到场", "has come"),
    "answer": ("给出了意见", "gave its opinion"),
    "verify": ("到现场看过了", "looked at the spot"),
    "guide": ("书面告诉了您该走的途径", "told you in writing which way to go"),
    "note": ("记下了办理情况", "noted how it goes"),
    "record": ("收了材料", "put papers on record"),
    "supervise": ("督促加快办理", "pressed for it to be done faster"),
    "remind": ("催了一次", "sent a reminder"),
    "correct": ("作了更正", "corrected something"),
    "hand_over": ("换了经办的人", "gave it to another colleague"),
}  # fmt: skip
#: Steps of a desk whose effect is told in a sentence of its own, or is of no matter to the reporter.
_SILENT = frozenset(
    {"report", "settle", "call_back", "close", "withdraw", "grade", "assign", "refuse", "rule", "suspend", "resume",
     "extend", "merge", "unmerge", "split", "link", "mirror", "follow_lead", "fulfil", "waive", "clear", "reopen"}
)  # fmt: skip
_RESULTS = {
    "satisfied": ("回访：您表示满意", "asked afterwards: you are satisfied"),
    "unsatisfied": ("回访：您表示不满意", "asked afterwards: you are not satisfied"),
    "not_reached": ("打过回访电话，没有联系上您", "you were called and not reached"),
    "not_called": ("您谢绝了回访", "you declined to be called"),
}  # fmt: skip


class ReporterTeller(Teller):
    """Tells the reporter. '' where there is nothing that they need to be told."""

    def tell(self, event: ev.Event) -> str:
        """The sentence of one event."""
        said = super().tell(event)
        own = _SENTENCES.get(type(event))
        return own(self, event) if own is not None else said

    def because(self, reason: str) -> str:
        """The reporter is told “you”."""
        return self.say("：您不满意", ": you are not satisfied") if reason == "unsatisfied" else super().because(reason)


def _acted(t: Teller, e: ev.Acted) -> str:
    if e.role == "reporter":
        if e.verb == "note" and e.to in ANSWERS:
            zh, en = ANSWERS[e.to]
            return t.say(f"您答复：{zh}", f"you answered: {en}")
        return t.say(*_OWN[e.verb]) if e.verb in _OWN else t.say(f"您：{t.verb(e.verb)}", f"you: {t.verb(e.verb)}")
    if e.verb in _SILENT or (not e.unit and e.role != "volunteer"):
        return ""
    zh, en = _THEIRS.get(e.verb, (f"：{t.verb(e.verb)}", f": {t.verb(e.verb)}"))
    return t.say(f"{t.who(e.unit)}{zh}", f"{t.who(e.unit)} {en}" if e.verb in _THEIRS else f"{t.who(e.unit)}{en}")


def _reported(t: Teller, e: ev.Reported) -> str:
    if e.emergency:
        return t.say("收到您反映的事，按紧急情况处理", "what you told us was received and is handled as an emergency")
    return t.say("收到您反映的事，时限从现在算起", "what you told us was received; the time limit runs from now")


def _entered(t: Teller, e: ev.Entered) -> str:
    stage, who = t.stage(e.stage), t.unit(e.holder)
    if not e.holder:
        return t.say(f"到了“{stage}”这一步", f"it is now at “{stage}”") + t.because(e.because)
    return t.say(f"现在由{who}办（{stage}）", f"it is now with {who} (“{stage}”)") + t.because(e.because)


def _added(t: Teller, e: ev.DutyAdded) -> str:
    late = t.say("（暂定）", " (provisional)") if e.provisional else ""
    who, title, due = t.unit(e.owed_by), t.duty_of(e.kind), shown(e.due)
    return t.say(f"{who}最晚 {due} 办好“{title}”{late}", f"{who} is to have “{title}” done by {due}{late}")


def _done(t: Teller, e: ev.DutyDone) -> str:
    late = t.say("，超过了时限", ", past its limit") if e.late else ""
    return t.say(f"“{t.duty(e.duty)}”办好了{late}", f"“{t.duty(e.duty)}” is done{late}")


def _dropped(t: Teller, e: ev.DutyDropped) -> str:
    if e.because == "raised":
        return t.say(f"“{t.duty(e.duty)}”改由上一级办", f"“{t.duty(e.duty)}” goes to the level above")
    return t.say(f"“{t.duty(e.duty)}”不用再办了", f"“{t.duty(e.duty)}” is not needed any more")


def _reckoned(t: Teller, e: ev.DutyReckoned) -> str:
    if e.because == "again":
        return ""
    return t.say(
        f"“{t.duty(e.duty)}”的时限改到 {shown(e.due)}", f"the limit of “{t.duty(e.duty)}” is now {shown(e.due)}"
    )


def _rung(t: Teller, e: ev.RungFired) -> str:
    if "%" in e.name:
        return ""
    zh, en = ("到时限了", "has come to its limit") if e.name == "due" else ("超过时限了", "is past its limit")
    return t.say(f"“{t.duty(e.duty)}”{zh}", f"“{t.duty(e.duty)}” {en}")


def _told(t: Teller, e: ev.Told) -> str:
    if not e.units:
        return ""
    names = t.addressed((), e.units)
    return t.say(f"已通知{names}", f"{names} was told") + t.because(e.because)


def _refused(t: Teller, e: ev.HoldRefused) -> str:
    zh = f"，认为该由{t.unit(e.proposed)}办" if e.proposed else ""
    en = f" but for {t.unit(e.proposed)}" if e.proposed else ""
    return t.say(
        f"{t.unit(e.unit)}说这件事不归它办{zh}，由{t.unit(e.ruler)}决定；时限照常算",
        f"{t.unit(e.unit)} says it is not for them{en}; {t.unit(e.ruler)} decides; the time limit runs on",
    )


def _ruled(t: Teller, e: ev.Ruled) -> str:
    return t.say(
        f"{t.unit(e.ruler)}决定：由{t.unit(e.unit)}办", f"{t.unit(e.ruler)} decided: {t.unit(e.unit)} handles it"
    )


def _linked(t: Teller, e: ev.Linked) -> str:
    """No code of a matter that another reporter has: that of a part, split off the own one, is told."""
    if e.how == PART:
        return t.say(f"其中一部分单独办理，编码 {e.code}", f"a part is handled on its own under the code {e.code}")
    return t.say("与另一件相关事项一并考虑", "looked at together with another matter")


def _revived(t: Teller, e: ev.Revived) -> str:
    if e.because == "lead solved":
        return t.say(
            "一起办的那件事办好了，接下来单独问您", "the matter it was joined to is done: you are asked on your own"
        )
    return t.say("恢复单独办理", "it is handled on its own again") + t.because(e.because)


def _settled(t: Teller, e: ev.Settled) -> str:
    who = t.unit(e.unit)
    return t.say(
        f"{who}说办好了，接下来问您满意不满意", f"{who} says it is done; next you are asked if you are satisfied"
    )


def _closed(t: Teller, e: ev.Closed) -> str:
    zh, en = ENDS[e.end]
    said = t.say(f"这件事办结了：{zh}", f"it is ended: {en}")
    if not e.reopen_until:
        return said
    until = shown(e.reopen_until)
    return said + t.say(f"。{until} 前您可以要求重新办", f". Until {until} you may ask to have it done again")


#: Sentences of their own; every other event is told as everybody is told it.
_SENTENCES: dict[type[Any], Callable[[Teller, Any], str]] = {
    ev.Reported: _reported,
    ev.Acted: _acted,
    ev.Entered: _entered,
    ev.LevelSet: lambda t, e: t.say(f"按“{t.level(e.level)}”办理", f"it is handled as “{t.level(e.level)}”"),
    ev.Recorded: lambda t, e: t.say(f"记下了材料：{t.names(e.records)}", f"put on record: {t.names(e.records)}"),
    ev.DutyAdded: _added,
    ev.DutyDone: _done,
    ev.DutyMissed: lambda t, e: t.say(f"“{t.duty(e.duty)}”没有办成", f"“{t.duty(e.duty)}” was not done"),
    ev.DutyDropped: _dropped,
    ev.DutyReckoned: _reckoned,
    ev.RungFired: _rung,
    ev.Assigned: lambda t, e: t.say("已指定专人办理", "somebody has it in hand") if e.worker else "",
    ev.Linked: _linked,
    ev.Unlinked: lambda t, e: t.say("不再与另一件相关事项一并考虑", "no longer looked at together with another matter"),
    ev.HoldRefused: _refused,
    ev.Ruled: _ruled,
    ev.Revived: _revived,
    ev.Told: _told,
    ev.Rated: lambda t, e: t.say(f"您的评价：{e.stars} 星", f"you gave {e.stars} of 5 stars"),
    ev.Settled: _settled,
    ev.CalledBack: lambda t, e: t.say(*_RESULTS[e.result]),
    ev.Closed: _closed,
    ev.Reopened: lambda t, e: t.say("重新办理", "it is taken up again"),
}
