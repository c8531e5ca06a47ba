"""Writes a simulated stretch of time into the journal: made-up matters that really went the way of the method.

Every line is what `decide` answered at its moment; the journal takes them in bulk by the same door as all others, as
recorded now. All or nothing: one transaction. Everything is marked: source `demo`, words that end in （演示）.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from random import Random

from django.db import transaction

from minqing.base.errors import Conflict
from minqing.insight.twin.ground import Ground
from minqing.insight.twin.outcome import Outcome
from minqing.insight.twin.scenario import Scenario
from minqing.insight.twin.simulate import run
from minqing.insight.twin.texts import CONDUCT, concern, said
from minqing.insight.twin.world import Taken
from minqing.kernel.clock.calendars import Calendar
from minqing.kernel.matters.bodies import name_of
from minqing.kernel.matters.codes import new_code
from minqing.kernel.matters.commands import Command, Report
from minqing.kernel.matters.events import Acted, Event, Recorded, Reported
from minqing.kernel.matters.journal import Body, Entry, append
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.outbox import HISTORY
from minqing.kernel.matters.reading import Line
from minqing.kernel.methods.model import Method
from minqing.registers.regions.rules import Region, lineage

SOURCE = "demo"
AT_ONCE = 1_000  # matters in one append

Progress = Callable[[str, int, int], None]  # what is being done, how far, of how much


@dataclass(frozen=True)
class Made:
    """What a demo year is made for: the county's casts, its calendar, what places are called, who serves where."""

    ground: Ground
    calendar: Calendar
    names: Mapping[Region, str]
    people: Mapping[int, Sequence[int]]


@dataclass
class _Told:
    """One matter's lines and words, as they come."""

    lines: list[Line] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    title: str = ""
    text: str = ""
    after: Matter | None = None


def write_year(
    method: Method, made: Made, scenario: Scenario, until: dt.date, days: int, seed: int, progress: Progress
) -> Outcome:
    """So many days that end with the day before `until`, simulated and then written; answers what came of them."""
    book = _Book(made.names, Random(f"words {seed}"))
    outcome = run(
        method, made.ground, scenario, days, seed, until - dt.timedelta(days),
        progress=lambda day: progress("simulate", day, days), record=book.note,
        calendar=made.calendar, dress=book.dress, people=made.people,
    )  # fmt: skip
    _write([_entry(told, method) for told in book.told.values()], progress)
    return outcome


def _entry(told: _Told, method: Method) -> Entry:
    assert told.after is not None  # it was reported
    bodies = tuple(told.bodies)
    return Entry(told.after, tuple(told.lines), method, bodies=bodies, title=told.title, text=told.text, topic=HISTORY)


def _write(entries: Iterable[Entry], progress: Progress) -> None:
    rest = list(entries)
    total, waiting = len(rest), iter(rest)
    with transaction.atomic():
        for done in range(0, total, AT_ONCE):
            written = append(list(islice(waiting, AT_ONCE)))
            if any(one.outcome != "written" for one in written):
                raise Conflict("演示数据已经写过一部分，或有编码重复：什么都没有写入，请再试一次。")
            progress("write", min(done + AT_ONCE, total), total)


class _Book:
    """Gathers what was decided, and puts made-up words to it."""

    def __init__(self, names: Mapping[Region, str], chance: Random) -> None:
        self.names, self.chance = names, chance
        self.told: dict[str, _Told] = {}

    def dress(self, number: int, report: Report) -> Report:
        """A code as real ones have, an outside number that tells the demo from everything else."""
        category = CONDUCT if report.against else report.category
        return replace(
            report, code=new_code(), source=SOURCE, external_id=f"{number:06}", category=category, filled=("cause",)
        )

    def note(self, taken: Taken) -> None:
        """One command that was taken."""
        told = self.told.setdefault(taken.code, _Told())
        told.after = taken.matter
        moment, person = taken.context.moment, taken.context.actor.person
        for event in self._worded(taken, told):
            told.lines.append(Line(event, moment, person))

    def _worded(self, taken: Taken, told: _Told) -> Sequence[Event]:
        if isinstance(taken.command, Report):
            return self._reported(taken, told)
        if isinstance(taken.command, Command) and taken.command.body:
            words = said(taken.command.verb, self.chance)
            body = name_of(taken.code, words)
            told.bodies.append(Body(body, taken.command.verb, words))
            return [_named(event, body) for event in taken.events]
        return taken.events

    def _reported(self, taken: Taken, told: _Told) -> Sequence[Event]:
        first, *rest = taken.events
        assert isinstance(first, Reported)
        village = next((self.names[place] for place in lineage(first.place) if place in self.names), "县里")
        told.title, told.text = concern(
            first.category, first.emergency, village, first.reporter == "nobody", self.chance
        )
        body = name_of(taken.code, told.title, told.text)
        told.bodies += [Body(body, "title", told.title), Body(body, "text", told.text)]
        return [replace(first, body=body), *rest]


def _named(event: Event, body: str) -> Event:
    """The event with the name of its words, where it had some."""
    if isinstance(event, Acted | Recorded) and event.body:
        return replace(event, body=body)
    return event
