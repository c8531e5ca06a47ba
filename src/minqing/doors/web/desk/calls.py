"""The call-backs of today: whom the viewer is to call, how often it was tried, when it may be tried next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from minqing.base import moments
from minqing.doors.web.desk.waiting import Narrowed, capped
from minqing.kernel.matters.call_list import to_call
from minqing.kernel.matters.calling import Tries
from minqing.kernel.matters.own_list import ASKING
from minqing.kernel.matters.queries import Tally
from minqing.kernel.matters.urgency import Clock, clock_word
from minqing.registers.accounts.rules import Viewer

SHOWN = 8  # lines; the others stand in the inbox


@dataclass(frozen=True)
class Call:
    """One call as a page shows it."""

    code: str
    title: str
    due: datetime
    clock: Clock
    tries: Tries


def calls_of(viewer: Viewer, owed: Mapping[str, Tally]) -> dict[str, Any]:
    """What “要打的回访电话” shows. `only_calls`: the viewer's list holds nothing else, so nothing is shown twice."""
    if ASKING not in owed or "act" not in viewer.rights:
        return {"calls": []}
    now, waiting = moments.now(), owed[ASKING].count
    calls = [
        Call(one.line.code, one.line.title, one.line.due,
             clock_word(one.line.starts, one.line.due, one.line.late, now), one.tries)
        for one in to_call(viewer, SHOWN)
    ]  # fmt: skip
    return {
        "calls": calls,
        "calls_count": capped(waiting),
        "calls_more": Narrowed(sort="call-back").address() if waiting > len(calls) else "",
        "only_calls": bool(calls) and set(owed) == {ASKING},
    }
