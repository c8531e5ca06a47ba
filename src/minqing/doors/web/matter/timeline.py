"""What a matter's page tells of its past and of its clocks: the journal in sentences, what is owed by whom until when.

Lines of one moment stand together under what was done then. Persons are not named but for who has it in hand, which
those who see the matter have to know; what is said never tells who was quick or slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from django.utils.translation import gettext as _

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.matter import OPEN, Duty
from minqing.kernel.matters.queries import Sight
from minqing.kernel.matters.reading import Line
from minqing.kernel.matters.reckoning import explain_duty
from minqing.kernel.matters.telling import Teller
from minqing.kernel.matters.urgency import clock_word, main_of
from minqing.registers.accounts.queries import names_of
from minqing.registers.regions.queries import names_of_units

Lang = Literal["zh", "en"]
_UNITS = ("holder", "unit", "owed_by", "ruler", "proposed")
#: The drawing beside what began a step; a dot for everything else.
_DRAWINGS: Mapping[type[ev.Event], str] = {
    ev.Reported: "message", ev.CalledBack: "phone", ev.Closed: "circle-check", ev.RungFired: "clock-exclamation",
    ev.Recorded: "paperclip", ev.LetterSent: "send", ev.Acted: "user", ev.Suspended: "player-pause",
    ev.AlarmRaised: "alert-triangle",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What happened at one moment: the sentence that begins it, and what followed from it."""

    at: datetime
    drawing: str
    sentence: str
    more: tuple[str, ...]
    position: int


@dataclass(frozen=True)
class Owed:
    """A duty as a page shows it. `clock`: the word of a chip, '' where it does not run any more."""

    title: str
    unit: str
    mine: bool
    due: datetime
    clock: str
    state: str
    late: bool
    provisional: bool
    main: bool
    why: tuple[str, ...]


def steps_of(lines: Sequence[Line], sight: Sight, lang: Lang, after: int = 0) -> list[Step]:
    """The journal, newest first; with `after`, only what came behind that position."""
    teller = Teller(sight.method, _units_in(lines, sight), lang)
    people = names_of({line.event.worker for line in lines if isinstance(line.event, ev.Assigned)} - {0})
    told = [(place, line, _sentence(teller, line.event, people)) for place, line in enumerate(lines, 1)]
    shown = (one for one in told if one[0] > after)
    steps = []
    for (at, _who), group in groupby(shown, key=lambda one: (one[1].happened, one[1].actor)):
        same = list(group)
        places, first = [place for place, _line, _said in same], same[0]
        steps.append(
            Step(at, _drawing(first[1].event), first[2], tuple(said for _place, _line, said in same[1:]), places[-1])
        )
    return steps[::-1]


def _sentence(teller: Teller, event: ev.Event, people: Mapping[int, str]) -> str:
    said = teller.tell(event)
    if isinstance(event, ev.Assigned) and event.worker in people:
        return _("指定承办人：%(name)s") % {"name": people[event.worker]}
    return said


def _drawing(event: ev.Event) -> str:
    return _DRAWINGS.get(type(event), "chevron-right")


def _units_in(lines: Iterable[Line], sight: Sight) -> dict[int, str]:
    """Names of every unit that a sentence may name."""
    found = {duty.owed_by for duty in sight.stored.matter.duties}
    for line in lines:
        told = line.event.__dict__
        found.update(told[name] for name in _UNITS if isinstance(told.get(name), int))
        found.update(told.get("units") or ())
    names = dict(sight.context.cast.names)
    return names | names_of_units(found - names.keys() - {0})


def owed_in(sight: Sight, lang: Lang) -> list[Owed]:
    """What is owed and was owed: what runs first, by its due time; then what is over, newest first."""
    matter, now = sight.stored.matter, sight.context.moment
    names, main, mine = _units_in((), sight), main_of(matter), sight.context.actor.unit
    teller = Teller(sight.method, names, lang)

    def shown(duty: Duty) -> Owed:
        running = duty.state == OPEN
        clock = clock_word(duty.starts, duty.due, duty.late, now) if running else ""
        return Owed(
            teller.duty_of(duty.kind), names.get(duty.owed_by, ""), bool(mine) and duty.owed_by == mine, duty.due,
            "paused" if running and matter.stopped(duty.id) else clock, duty.state, duty.late, duty.provisional,
            duty is main, explain_duty(duty, sight.context, lang, matter),
        )  # fmt: skip

    running = sorted(matter.open_duties(), key=lambda duty: duty.due)
    over = [duty for duty in reversed(matter.duties) if duty.state != OPEN]
    return [shown(duty) for duty in (*running, *over)]
