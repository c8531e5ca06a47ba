"""What a matter's page tells of its past and of its clocks: the journal in sentences, what is owed by whom until when.

In the order in which it happened, by day; a step and what followed from it stand on one line. Persons are not named but
for who has it in hand, which those who see the matter have to know; what is said never tells who was quick or slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Literal

from django.utils.translation import gettext as _

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.cast import lends_a_hand
from minqing.kernel.matters.matter import OPEN, Duty
from minqing.kernel.matters.queries import Sight
from minqing.kernel.matters.reading import Line
from minqing.kernel.matters.reckoning import explain_duty
from minqing.kernel.matters.telling import Teller
from minqing.kernel.matters.urgency import clock_word, main_of
from minqing.registers.accounts.queries import names_of
from minqing.registers.regions.queries import names_of_units

Lang = Literal["zh", "en"]
#: What begins a step of its own, even in the same moment as the one before.
_BEGIN = (ev.Acted, ev.Reported, ev.RungFired)
_INSTEAD = (ev.CalledBack, ev.Rated, ev.HoldRefused, ev.Ruled)
_UNFOLDED = 12  # steps that are shown at once: the latest
_UNITS = ("holder", "unit", "owed_by", "ruler", "proposed")
#: The drawing beside what began a step; a dot for everything else.
_DRAWINGS: Mapping[type[ev.Event], str] = {
    ev.Reported: "message", ev.CalledBack: "phone", ev.Closed: "circle-check", ev.RungFired: "clock-exclamation",
    ev.Recorded: "paperclip", ev.LetterSent: "send", ev.Acted: "user", ev.Suspended: "player-pause",
    ev.AlarmRaised: "alert-triangle",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What happened: the sentence that begins it, and what followed from it. `new`: since the viewer last looked."""

    at: datetime
    drawing: str
    sentence: str
    more: tuple[str, ...]
    position: int
    new: bool = False


@dataclass(frozen=True)
class Day:
    """The steps of one day, in order. `earlier`: so long ago that a page folds it away."""

    day: date
    steps: tuple[Step, ...]
    earlier: bool = False


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
    """The journal in order; with `after`, only what came behind that position."""
    teller = Teller(sight.method, units_in(lines, sight), lang)
    people = names_of({line.event.worker for line in lines if isinstance(line.event, ev.Assigned)} - {0})
    told = [(place, line, _sentence(teller, line.event, people)) for place, line in enumerate(lines, 1)]
    steps: list[list[tuple[int, Line, str]]] = []
    for one in told:
        if one[0] <= after:
            continue
        if not steps or _begins(one[1], steps[-1][-1][1]):
            steps.append([])
        steps[-1].append(one)
    return [_step(same) for same in steps]


def _begins(line: Line, before: Line) -> bool:
    """Whether it is a step of its own, not what followed from the one before."""
    apart = (line.happened, line.actor) != (before.happened, before.actor)
    return apart or isinstance(line.event, _BEGIN)


def _step(same: Sequence[tuple[int, Line, str]]) -> Step:
    """What an act came to stands instead of the act where it says both."""
    said = [sentence for _place, _line, sentence in same]
    if len(same) > 1 and isinstance(same[1][1].event, _INSTEAD):
        said = said[1:]
    _place, line, _said = same[0]
    return Step(line.happened, _drawing(line.event), said[0], tuple(dict.fromkeys(said[1:])), same[-1][0])


def days_of(steps: Sequence[Step]) -> list[Day]:
    """Day by day; what is old is folded away, but for how it began."""
    days = [Day(day, tuple(group)) for day, group in groupby(steps, key=lambda one: one.at.date())]
    left, found = _UNFOLDED, []
    for day in reversed(days):
        found.append(replace(day, earlier=left <= 0 and not any(step.new for step in day.steps)))
        left -= len(day.steps)
    return found[::-1]


def _sentence(teller: Teller, event: ev.Event, people: Mapping[int, str]) -> str:
    said = teller.tell(event)
    if isinstance(event, ev.Assigned) and event.worker in people:
        return _("指定承办人：%(name)s") % {"name": people[event.worker]}
    return said


def _drawing(event: ev.Event) -> str:
    return _DRAWINGS.get(type(event), "chevron-right")


def units_in(lines: Iterable[Line], sight: Sight) -> dict[int, str]:
    """Names of every unit that a sentence may name."""
    found = {duty.owed_by for duty in sight.stored.matter.duties}
    for line in lines:
        told = line.event.__dict__
        found.update(told[name] for name in _UNITS if isinstance(told.get(name), int))
        found.update(told.get("units") or ())
    names = dict(sight.context.cast.names)
    return names | names_of_units(found - names.keys() - {0})


def _own_unit(sight: Sight) -> int:
    """The unit whose duties are the viewer's own; 0 for who acts for none."""
    actor = sight.context.actor
    return 0 if lends_a_hand(actor) else actor.unit


def owed_in(sight: Sight, lang: Lang) -> list[Owed]:
    """What is owed and was owed: what runs first, by its due time; then what is over, newest first."""
    matter, now = sight.stored.matter, sight.context.moment
    names, main, mine = units_in((), sight), main_of(matter), _own_unit(sight)
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
