"""The panel of a call-back: whom to call, what was done and told of it, their own answer online, the tries so far.

It stands where the kernel offers the move; its buttons are the results of the move's own schema, sent to the move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.doors.counter.forms import shown_moves
from minqing.doors.web.once import new_name
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.answering import ANSWERS, reporter_answer, says_no
from minqing.kernel.matters.calling import VERB, tries_of
from minqing.kernel.matters.queries import Sight
from minqing.kernel.matters.reading import Line
from minqing.kernel.matters.replying import SETTLE, latest_reply
from minqing.kernel.matters.telling import Teller

PURPOSE = "回访"  # the reason that the journal of readings keeps, in the tongue of the journal
#: What one press opens, by its kind and in this order.
_OPENS: Mapping[str, Any] = {
    "phone": gettext_lazy("电话"), "name": gettext_lazy("称呼"), SETTLE: gettext_lazy("给反映人的答复"),
}  # fmt: skip
_RESULTS: Mapping[str, Any] = {
    "satisfied": gettext_lazy("打通了：满意"), "unsatisfied": gettext_lazy("打通了：不满意"),
    "not_reached": gettext_lazy("没打通"), "not_called": gettext_lazy("反映人谢绝回访"),
}  # fmt: skip
#: What units did that a caller has to know before they ask; the rest is no news to whoever reported.
_WORK = ("settle", "answer", "arrive", "guide", "sign")


@dataclass(frozen=True)
class Done:
    """One thing that was done, in plain words."""

    at: datetime
    said: str


@dataclass(frozen=True)
class Button:
    """A result of the call. `plain`: it needs nothing besides, and is one press."""

    result: str
    title: str
    plain: bool


def panel_of(sight: Sight, lines: Sequence[Line], named: Sequence[Mapping[str, str]], lang: Literal["zh", "en"],
             units: Mapping[int, str]) -> dict[str, Any] | None:  # fmt: skip
    """What the panel shows; None where the viewer is not offered the call-back now."""
    offered = [offer for offer in sight.offers if offer.verb == VERB]
    if not offered:
        return None
    schema = shown_moves(offered, lang)[0]["fields"]
    matter, answer, whom = sight.stored.matter, reporter_answer(lines), whom_of(named, lines)
    return {
        "tries": tries_of(sight.method, matter),
        "next_try": len(matter.tries) + 1,
        "answer": answer,
        "answered": ANSWERS[answer.answer][lang == "en"] if answer else "",
        "done": done_of(lines, Teller(sight.method, units, lang)),
        "opens": _("、").join(str(_OPENS[one["kind"]]) for one in whom),
        "has_phone": any(one["kind"] == "phone" for one in whom),
        "says_no": says_no(matter),
        "declined": not matter.wants_call_back,
        "buttons": buttons_of(schema),
        "once": new_name(),
        "may_say": "reason" in schema.get("properties", {}),
    }


def whom_of(named: Sequence[Mapping[str, str]], lines: Sequence[Line]) -> list[Mapping[str, str]]:
    """What is sealed of whom to call, the number first, and what they were told last."""
    reply = latest_reply(lines)
    last = reply[0] if reply is not None else ""
    told = {one["kind"]: one for one in named if one["kind"] != SETTLE or one["name"] == last}
    return [told[kind] for kind in _OPENS if kind in told]


def buttons_of(schema: Mapping[str, Any]) -> list[Button]:
    """The results of a move, as its schema has them."""
    branches = schema.get("oneOf", ())
    if branches:
        found = [(one["properties"]["result"]["const"], one.get("title", ""), one) for one in branches]
    else:
        told = schema["properties"]["result"]
        own = {one["const"]: one["title"] for one in told.get("oneOf", ())}
        found = [(name, own.get(name, name), schema) for name in told.get("enum", own)]
    return [Button(result, str(_RESULTS.get(result, title)), _is_plain(one)) for result, title, one in found]


def _is_plain(schema: Mapping[str, Any]) -> bool:
    return "anyOf" not in schema and all(name == "result" for name in schema.get("required", ()))


def done_of(lines: Sequence[Line], teller: Teller) -> list[Done]:
    """What was done since the matter came in, or was last sent back, in the order in which it was done."""
    found: list[Done] = []
    for line in lines:
        event, said = line.event, teller.tell(line.event)
        if isinstance(event, ev.CalledBack) and event.result == "unsatisfied":
            found = [Done(line.happened, _("上次回访：不满意"))]
        elif (isinstance(event, ev.Acted) and event.verb in _WORK) or (isinstance(event, ev.Recorded) and found):
            found.append(Done(line.happened, said))
    return found
