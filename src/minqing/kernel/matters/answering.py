"""The reporter's own answer while the call-back is due: satisfied or not, on record before anybody calls.

The line is a note; whoever makes the call-back (never who solved it) records the result. While the latest answer of the
round is 'unsatisfied', no result is taken that says otherwise (`asking`): docs/decisions/0008. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.commands import Command, Context, Refused
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.offers import Ask
from minqing.kernel.methods.model import CALL_BACK

#: What may be answered, in both tongues; a journal line holds the name alone.
ANSWERS = {"satisfied": ("满意", "satisfied"), "unsatisfied": ("不满意", "not satisfied")}
_NAMED = tuple((name, zh) for name, (zh, _) in ANSWERS.items())
ANSWER = Ask("to", "choice", False, "对回访的答复", "answer to the call-back", _NAMED)


class _Line(Protocol):
    """A line of the journal as `reading` hands it over; that room asks the database, this one does not."""

    @property
    def event(self) -> ev.Event: ...

    @property
    def happened(self) -> datetime: ...


@dataclass(frozen=True)
class ReporterAnswer:
    """What the reporter answered last, and when. `body` names the words said along, which are sealed ('' for none)."""

    answer: str
    at: datetime
    body: str = ""


def may_answer(matter: Matter, context: Context) -> bool:
    """Whether a note of theirs may say how satisfied they are: the reporter, where there is one, while the call-back is
    due."""
    waits = matter.is_open and matter.stage == CALL_BACK and matter.reporter != "nobody"
    return waits and "reporter" in context.actor.roles


def own_answer(event: ev.Acted) -> str:
    """What the reporter answered by this act; '' where it is no answer of theirs."""
    return event.to if event.verb == "note" and event.role == "reporter" and event.to in ANSWERS else ""


def says_no(matter: Matter) -> bool:
    """Whether the reporter's latest answer of this round is that they are not satisfied."""
    return matter.own_answer == "unsatisfied" and matter.reporter != "nobody"


def check_answer(command: Command, matter: Matter, context: Context) -> None:
    """Refuses an answer that nobody asked for, or that is none."""
    if not command.to:
        return
    if not may_answer(matter, context):
        raise Refused("not-asked", "现在没有等待答复的回访", "no call-back waits for an answer now")
    if command.to not in ANSWERS:
        raise Refused("answer", "请选“满意”或“不满意”", f"answer {' or '.join(ANSWERS)}")


def reporter_answer(lines: Iterable[_Line]) -> ReporterAnswer | None:
    """The reporter's latest answer since it was last said to be solved; None where there is none. `lines` of one matter
    in order. Whoever calls back sees it beside the move; it is no result of a call-back."""
    found = None
    for line in lines:
        event = line.event
        if isinstance(event, ev.Settled):
            found = None
        elif isinstance(event, ev.Acted) and (answer := own_answer(event)):
            found = ReporterAnswer(answer, line.happened, event.body)
    return found
