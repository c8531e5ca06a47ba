"""Writes of matters, for every door: `report` takes concerns in, one or many; `act` does one verb on one matter.

Merging, splitting and linking concern two matters: both are written, or neither (`joined`).
Everything impure is gathered first, `decide` says what happens while no transaction is open, `journal.append` writes
it or says who was faster. Refusals come back as values; doors print them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from minqing.base.errors import Conflict
from minqing.kernel.matters.bodies import clean_words
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.concerns import Concern, Contact, Location
from minqing.kernel.matters.deciding import Said, check_expected, decided
from minqing.kernel.matters.entries import Entry
from minqing.kernel.matters.events import Event
from minqing.kernel.matters.joined import beside, taken_in, with_code
from minqing.kernel.matters.journal import Replayed, Request, Written, append, replayed
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import Stored, read_one
from minqing.kernel.matters.reporting import Answer, report
from minqing.kernel.matters.rights import check_right
from minqing.kernel.matters.surroundings import Facts
from minqing.registers.accounts.rules import MACHINE, Viewer

__all__ = [
    "Acted",
    "Answer",
    "Concern",
    "Contact",
    "Location",
    "Replayed",
    "Request",
    "Said",
    "act",
    "lead_ended",
    "report",
]

TRIES = 5  # how often a decision is made anew when others are faster


@dataclass(frozen=True)
class Acted:
    """A command that was done: its events, and the matter as it stands now."""

    written: Written
    events: tuple[Event, ...]
    matter: Matter


def act(
    code: str,
    command: Command,
    viewer: Viewer,
    *,
    words: str = "",
    moment: datetime | None = None,
    expect: int | None = None,
    facts: Facts | None = None,
    sealed: Mapping[str, str] | None = None,
    request: Request | None = None,
    seen: Stored | None = None,
) -> Acted | Refusal:
    """Does one verb on one matter that the viewer sees. With `expect` (the position the actor saw) a change by others
    is a Conflict; without, it is decided anew on what is there then. `words` said along and `sealed` (fields of the
    form by their slug) are sealed. A `request` that was done before raises Replayed and writes nothing. `seen`: the
    matter as the viewer's own look just read it, so that it is not read twice; what has moved since is a conflict."""
    check_right(viewer, "act")
    said = Said(clean_words("", words).text, sealed)
    return act_saying(
        code, command, viewer, said, moment=moment, expect=expect, facts=facts, request=request, seen=seen
    )


def act_saying(
    code: str,
    command: Command,
    viewer: Viewer,
    said: Said,
    *,
    moment: datetime | None = None,
    expect: int | None = None,
    facts: Facts | None = None,
    request: Request | None = None,
    seen: Stored | None = None,
) -> Acted | Refusal:
    """The same for what is clean already."""
    refuse_replayed(request)
    command = with_code(command)
    for _ in range(TRIES):
        stored, seen = seen or read_one(viewer.scope, code), None
        check_expected(stored, expect)
        made = decided(stored, command, viewer, said, moment, facts)
        if isinstance(made, Refusal):
            return made
        others = beside(stored, made, command, viewer, said)
        if isinstance(others, Refusal):
            return others
        try:
            written = _append_all([replace(made, request=request), *others])
        except Conflict:
            if expect is not None:
                raise
            continue
        return Acted(written, tuple(line.event for line in made.lines), made.after)
    raise Conflict(f"事项 {code} 正被多人同时办理：请稍后再试。")


def _append_all(entries: Sequence[Entry]) -> Written:
    """All or none, the first is answered: what concerns two matters is never done to one of them alone."""
    if len(entries) == 1:
        return append(entries)[0]
    with transaction.atomic():
        written = append(entries)
        lost = [one.code for one in written if one.outcome != "written"]
        if lost:
            raise Conflict(f"事项 {lost[0]} 刚刚被别人更新过：请刷新后再办。")
    return written[0]


def refuse_replayed(request: Request | None) -> None:
    """Raises Replayed for what was done before: asked first, as what was done may not be possible a second time."""
    if request is not None and (done := replayed([request]).get(request.key)) is not None:
        raise done


def lead_ended(code: str) -> list[str]:
    """Sends the matters that were merged into an ended one on their way (their reporters are asked on their own);
    answers with their codes. Harmless when repeated."""
    gone = [one for one in taken_in(code) if isinstance(act(one, Command("follow_lead", code=code), MACHINE), Acted)]
    return gone
