"""A matter's journal as its reporter is told it: “you” for what they did, no word of the office. What a clerk alone has
to know (marks on the way to a limit, steps whose effect is told anyway) is not told. Pure; built on `telling`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.answering import ANSWERS
from minqing.kernel.matters.joining import MERGED, PART
from minqing.kernel.matters.telling import Teller, shown
from minqing.kernel.matters.telling_words import (
    ANSWER,
    DUTIES,
    ENDINGS,
    OUTSIDE,
    OWN,
    PAUSED,
    REASONS,
    RECORDS,
    RESULTS,
    SILENT,
    THEIRS,
    TOLD_ALREADY,
)
from minqing.kernel.methods.model import CALL_BACK


class ReporterTeller(Teller):
    """Tells the reporter. '' where there is nothing that they need to be told."""

    asked = True  # whether they are asked afterwards: they may have declined

    def tell(self, event: ev.Event) -> str:
        """The sentence of one event."""
        if isinstance(event, ev.Reported):
            self.asked = event.wants_call_back
        said = super().tell(event)
        own = _SENTENCES.get(type(event))
        return own(self, event) if own is not None else said

    def because(self, reason: str) -> str:
        """The reporter is told “you”."""
        own = REASONS.get(reason)
        return self.say(f"：{own[0]}", f": {own[1]}") if own else super().because(reason)

    def addressed(self, roles: tuple[str, ...], units: tuple[int, ...]) -> str:
        """The reporter is told “you”, before all others."""
        if "reporter" not in roles:
            return super().addressed(roles, units)
        return self.say("、", ", ").join([self.say("您", "you"), *(self.unit(unit) for unit in units)])

    def names(self, names: tuple[str, ...]) -> str:
        """Papers; what the kernel asks for is called as the reporter knows it."""
        return self.say("、", ", ").join(
            self.say(*RECORDS[name]) if name in RECORDS else super(ReporterTeller, self).names((name,))
            for name in names
        )

    def duty_of(self, kind: str) -> str:
        """What somebody owes, without words of the office."""
        return self.say(*DUTIES[kind]) if kind in DUTIES else super().duty_of(kind)

    def until(self, duty: int) -> str:
        """When a duty was due as it was added."""
        return shown(self._duties[duty].due)

    def is_for_desks(self, duty: int) -> bool:
        """Whether a duty is the time of a stage or of a pause: what comes of the one is told by where the matter goes,
        and of the other by what it stops."""
        return self.pausing(duty) or self.kind(duty).startswith("@")

    def time_limit(self, duty: int) -> str:
        """Its time limit in Chinese."""
        return self.duty(duty) if self.kind(duty) == OUTSIDE else f"“{self.duty(duty)}”的时限"

    def solves_itself(self, kind: str) -> bool:
        """Whether a duty is the time in which people try to settle it among themselves."""
        stage = self._method.stages.get(kind.removeprefix("@"))
        return kind.startswith("@") and stage is not None and stage.self_help


def _acted(t: Teller, e: ev.Acted) -> str:
    if e.role == "reporter":
        if e.verb == "note" and e.to in ANSWERS:
            zh, en = ANSWERS[e.to]
            return t.say(f"您答复：{zh}", f"you answered: {en}")
        return t.say(*OWN[e.verb]) if e.verb in OWN else t.say(f"您：{t.verb(e.verb)}", f"you: {t.verb(e.verb)}")
    if e.verb in SILENT or (not e.unit and e.role != "volunteer"):
        return ""
    zh, en = THEIRS.get(e.verb, (f"：{t.verb(e.verb)}", f": {t.verb(e.verb)}"))
    return t.say(f"{t.who(e.unit)}{zh}", f"{t.who(e.unit)} {en}" if e.verb in THEIRS else f"{t.who(e.unit)}{en}")


def _reported(t: Teller, e: ev.Reported) -> str:
    if e.emergency:
        return t.say("收到您反映的事，按紧急情况处理", "what you told us was received and is handled as an emergency")
    return t.say("收到您反映的事，时限从现在算起", "what you told us was received; the time limit runs from now")


def _entered(t: Teller, e: ev.Entered) -> str:
    stage, who = t.stage(e.stage), t.unit(e.holder)
    if not e.holder:
        return t.say(f"到了“{stage}”这一步", f"it is now at “{stage}”") + t.because(e.because)
    return t.say(f"现在由{who}办（{stage}）", f"it is now with {who} (“{stage}”)") + t.because(e.because)


def _added(t: ReporterTeller, e: ev.DutyAdded) -> str:
    """Until when somebody has it. Who declined to be asked is not promised a question."""
    asks = e.kind == f"@{CALL_BACK}"
    if t.pausing(e.duty) or (asks and not t.asked):
        return ""
    late = t.say("（暂定）", " (provisional)") if e.provisional else ""
    who, title, due = t.unit(e.owed_by), t.duty_of(e.kind), shown(e.due)
    if asks:
        zh, en = f"{who}最晚 {due} 回访您", f"{who} will ask you by {due} how it went"
    elif e.kind == OUTSIDE:
        zh, en = f"转来的单位要求最晚 {due} 办好", f"whoever passed it on wants it done by {due}"
    elif t.solves_itself(e.kind):
        zh, en = f"到 {due} 还没有解决，就转上一级办", f"if it is not settled by {due}, the level above takes it on"
    elif e.kind.startswith("@"):
        zh, en = f"{who}最晚 {due} 办好", f"{who} has it until {due}"
    else:
        zh, en = f"{who}最晚 {due} 办好“{title}”", f"{who} is to have “{title}” done by {due}"
    return t.say(f"{zh}{late}", f"{en}{late}")


def _done(t: ReporterTeller, e: ev.DutyDone) -> str:
    """Leaving a stage is no solution of anything: who withdraws or passes on leaves it too. That an opinion was given
    is told by who gave it, and the sender's time by how the matter ends."""
    kind = t.kind(e.duty)
    if t.is_for_desks(e.duty) or kind == OUTSIDE or (kind == ANSWER and not e.late):
        return ""
    late = t.say("，超过了时限", ", past its limit") if e.late else ""
    return t.say(f"“{t.duty(e.duty)}”办好了{late}", f"“{t.duty(e.duty)}” is done{late}")


def _dropped(t: ReporterTeller, e: ev.DutyDropped) -> str:
    if t.is_for_desks(e.duty):
        return ""
    if t.kind(e.duty) == OUTSIDE:
        return t.say("不再按转来单位的时限算", "the sender's own time limit counts no more")
    return t.say(f"“{t.duty(e.duty)}”不用再办了", f"“{t.duty(e.duty)}” is not needed any more")


def _reckoned(t: ReporterTeller, e: ev.DutyReckoned) -> str:
    due = shown(e.due)
    if e.because == "again":
        return ""
    if t.pausing(e.duty):
        return t.say(
            f"停下来的时限最晚 {due} 接着算", f"the time limit that stands still runs on by {due} at the latest"
        )
    return t.say(f"{t.time_limit(e.duty)}改到 {due}", f"{t.limit(e.duty)} is now {due}")


def _moved(t: ReporterTeller, e: ev.DutyMoved) -> str:
    """A stage's is told by who has the matter."""
    if t.is_for_desks(e.duty):
        return ""
    title, who = t.duty(e.duty), t.unit(e.owed_by)
    return t.say(f"“{title}”改由{who}来办", f"“{title}” is now for {who} to do")


def _missed(t: ReporterTeller, e: ev.DutyMissed) -> str:
    zh = f"没有赶上{t.duty(e.duty)}" if t.kind(e.duty) == OUTSIDE else f"“{t.duty(e.duty)}”没有办成"
    return t.say(zh, f"{t.limit(e.duty)} was missed")


def _rung(t: ReporterTeller, e: ev.RungFired) -> str:
    if "%" in e.name or t.pausing(e.duty):
        return ""
    zh, en = ("到了", "is reached") if e.name == "due" else ("已经过了", "is over")
    return t.say(f"{t.time_limit(e.duty)}{zh}", f"{t.limit(e.duty)} {en}")


def _told(t: Teller, e: ev.Told) -> str:
    if e.units:
        names = t.addressed(e.roles, e.units)
        return t.say(f"已通知{names}", f"told: {names}") + t.because(e.because)
    if "reporter" not in e.roles or e.because in TOLD_ALREADY or e.because.startswith(PAUSED):
        return ""
    return t.say("向您说明", "for you to know") + t.because(e.because)


def _against(t: Teller, e: ev.AgainstSet) -> str:
    count = len(e.units) + len(e.people) + e.unknown
    if not count:
        return t.say("经核实，不针对任何单位或个人", "found to be against nobody")
    return t.say(
        f"这件事反映的单位或个人（共 {count} 个）都不参与办理", f"it is against {count}: none of them takes part"
    )


def _suspended(t: ReporterTeller, e: ev.Suspended) -> str:
    """Which limits stand still, why, and when they run on at the latest."""
    titles, until = t.say("、", ", ").join(f"“{t.duty(number)}”" for number in e.duties), t.until(e.pause)
    why = t.pause(e.reason)
    return t.say(
        f"{titles}的时限先停下来：{why}；最晚 {until} 接着算",
        f"the time limit of {titles} stands still: {why}; it runs on by {until} at the latest",
    )


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
    if e.how == MERGED:
        return t.say("和另一件事一起办", "handled together with another matter")
    return t.say("与另一件相关事项一并考虑", "looked at together with another matter")


def _revived(t: ReporterTeller, e: ev.Revived) -> str:
    if e.because == "lead solved" and not t.asked:
        return t.say("一起办的那件事办好了", "the matter it was joined to is done")
    if e.because == "lead solved":
        return t.say(
            "一起办的那件事办好了，接下来单独问您", "the matter it was joined to is done: you are asked on your own"
        )
    return t.say("恢复单独办理", "it is handled on its own again") + t.because(e.because)


def _settled(t: ReporterTeller, e: ev.Settled) -> str:
    """Who declined to be asked is not promised a question."""
    who = t.unit(e.unit)
    if not t.asked:
        return t.say(f"{who}说办好了", f"{who} says it is done")
    return t.say(
        f"{who}说办好了，接下来问您满意不满意", f"{who} says it is done; next you are asked if you are satisfied"
    )


def _closed(t: Teller, e: ev.Closed) -> str:
    if e.end == MERGED:
        return ""  # it has not ended for its reporter: it is handled with another
    zh, en = ENDINGS[e.end]
    said = t.say(f"这件事办结了：{zh}", f"it is ended: {en}")
    if not e.reopen_until:
        return said
    until = shown(e.reopen_until)
    return said + t.say(f"。{until} 前您可以要求重新办", f". Until {until} you may ask to have it done again")


#: Sentences of their own; every other event is told as everybody is told it.
_SENTENCES: dict[type[Any], Callable[[Any, Any], str]] = {
    ev.Reported: _reported,
    ev.Acted: _acted,
    ev.Entered: _entered,
    ev.LevelSet: lambda t, e: t.say(f"按“{t.level(e.level)}”办理", f"it is handled as “{t.level(e.level)}”"),
    ev.Recorded: lambda t, e: t.say(f"记下了材料：{t.names(e.records)}", f"put on record: {t.names(e.records)}"),
    ev.DutyAdded: _added,
    ev.DutyDone: _done,
    ev.DutyMissed: _missed,
    ev.DutyMoved: _moved,
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
    ev.AgainstSet: _against,
    ev.Suspended: _suspended,
    ev.Resumed: lambda t, e: t.say("时限接着算", "the time limit runs on"),
    ev.Rated: lambda t, e: t.say(f"您的评价：{e.stars} 星", f"you gave {e.stars} of 5 stars"),
    ev.Settled: _settled,
    ev.CalledBack: lambda t, e: t.say(*RESULTS[e.result]),
    ev.Closed: _closed,
    ev.Reopened: lambda t, e: t.say("重新办理", "it is taken up again"),
}
