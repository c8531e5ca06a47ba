"""Which event becomes which notice: one literal table, a function an event, all of it harmless when repeated.

`wiring.reactions` names `put_notices_of` beside every event that stands in `BECOMES`. What is told of an emergency that
is open goes out at once, each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.cast import barred
from minqing.kernel.matters.matter import DONE, DROPPED, MISSED, Matter
from minqing.kernel.matters.outbox import Happened
from minqing.kernel.matters.reading import read
from minqing.kernel.matters.unheld import unheld
from minqing.kernel.matters.versions import methods_of
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.regions.queries import casts
from minqing.registers.regions.rules import Cast
from minqing.tools.notice.actions import put_notices
from minqing.tools.notice.rules import ADMINISTRATOR, REPORTER, Notice


@dataclass
class Scene:
    """A matter as it stands, and what was heard of it so far: who acted last, or which rung of the clock fired, and
    who was told something of that step already."""

    matter: Matter
    method: Method
    cast: Cast
    actor: int = 0
    rung: ev.RungFired | None = None
    heard: set[int] = field(default_factory=set)
    verb: str = ""

    @property
    def presses(self) -> bool:
        """Whether it is an emergency that is open: what a unit hears of it waits for no office hours."""
        return bool(self.matter.emergency) and self.matter.is_open

    def begin(self, actor: int = 0, rung: ev.RungFired | None = None, verb: str = "") -> None:
        """Another step begins."""
        self.actor, self.rung, self.heard, self.verb = actor, rung, set(), verb


Made = Iterable[Notice]


def put_notices_of(batch: Sequence[Happened]) -> None:
    """The reaction: makes notices of a batch and puts them in."""
    stored = read(HOUSE, {one.code for one in batch})
    matters = {code: one.matter for code, one in stored.items()}
    methods = methods_of({(matter.method, matter.version) for matter in matters.values()})
    around = casts({matter.place for matter in matters.values()})
    scenes = {
        code: Scene(matter, methods[matter.method, matter.version], around[matter.place])
        for code, matter in matters.items()
    }
    put_notices([notice for one in batch if one.code in scenes for notice in notices_of(one, scenes[one.code])])


def notices_of(one: Happened, scene: Scene) -> list[Notice]:
    """What one event tells whom: nobody without a name or number, and never a unit it is against."""
    make = BECOMES.get(type(one.event))
    made = make(one, scene) if make is not None else ()
    told = [notice for notice in made if _may_hear(notice, scene)]
    scene.heard |= {notice.to for notice in told}
    return told


def _may_hear(notice: Notice, scene: Scene) -> bool:
    if notice.to == ADMINISTRATOR:
        return True
    if notice.to == REPORTER:
        return scene.matter.reporter != "nobody"
    return not barred(notice.to, scene.matter, scene.cast)


def _notice(one: Happened, to: int, kind: str, told: Mapping[str, str] | None = None, urgent: bool = False) -> Notice:
    return Notice(to, kind, one.code, one.happened, one.position, urgent, told or {})


def _to_reporter(kind: str) -> Callable[[Happened, Scene], Made]:
    return lambda one, scene: [_notice(one, REPORTER, kind)]


def _by(due: datetime | None) -> dict[str, str]:
    return {"due": due.isoformat()} if due is not None else {}


def _stage_due(scene: Scene) -> dict[str, str]:
    duty = scene.matter.stage_duty()
    return _by(duty.due if duty is not None else None)


def _received(one: Happened, scene: Scene) -> Made:
    assert isinstance(one.event, ev.Reported)
    return [_notice(one, REPORTER, "receipt", urgent=bool(one.event.emergency))]


def _acted(one: Happened, scene: Scene) -> Made:
    """Remembered only: nobody is told of what they did themselves."""
    assert isinstance(one.event, ev.Acted)
    scene.begin(one.event.unit, verb=one.event.verb)
    return []


def _entered(one: Happened, scene: Scene) -> Made:
    assert isinstance(one.event, ev.Entered)
    holder = one.event.holder
    if not holder and scene.matter.is_open and not scene.matter.holder:
        return [_unheld(one.code, one.happened, one.happened)]
    if not holder or holder == scene.actor:
        return []
    due = _stage_due(scene) if one.event.stage == scene.matter.stage else {}
    return [_notice(one, holder, "urgent" if scene.presses else "to-handle", due)]


def _told(one: Happened, scene: Scene) -> Made:
    event = one.event
    assert isinstance(event, ev.Told)
    made = [_notice(one, REPORTER, "progress")] if "reporter" in event.roles and REPORTER not in scene.heard else []
    due = _stage_due(scene)
    for unit in event.units:
        if unit in scene.heard and (scene.presses or not event.urgent):
            continue  # one line a step is enough
        if event.urgent:
            made.append(_notice(one, unit, "urgent", due))
        elif unit != scene.actor:
            kind = _clock_word(unit, scene) or ("urgent" if scene.presses else "told")
            made.append(_notice(one, unit, kind, due, scene.presses))
    return made


def _clock_word(unit: int, scene: Scene) -> str:
    """What the clock says to whom it speaks of, when it is the clock that tells; one word for rung and telling, so that
    both are one notice."""
    duty = scene.matter.duty(scene.rung.duty) if scene.rung is not None else None
    if duty is None or duty.owed_by != unit:
        return ""
    if not duty.late:
        return "reminder"
    return "raised" if duty.state == MISSED else "late"


def _rung(one: Happened, scene: Scene) -> Made:
    event = one.event
    assert isinstance(event, ev.RungFired)
    scene.begin(rung=event)
    duty = scene.matter.duty(event.duty)
    if not duty.late or not duty.owed_by or duty.state in (DONE, DROPPED):
        return []
    return [_notice(one, duty.owed_by, _clock_word(duty.owed_by, scene), _by(duty.due), scene.presses)]


def _settled(one: Happened, scene: Scene) -> Made:
    return [_notice(one, REPORTER, "settled")] if scene.matter.wants_call_back else []


def _called_back(one: Happened, scene: Scene) -> Made:
    assert isinstance(one.event, ev.CalledBack)
    kind = {"not_reached": "not-reached", "unsatisfied": "progress"}.get(one.event.result)
    return [_notice(one, REPORTER, kind)] if kind else []


def _hold_refused(one: Happened, scene: Scene) -> Made:
    event = one.event
    assert isinstance(event, ev.HoldRefused)
    due = next((duty.due for duty in scene.matter.open_duties() if duty.kind == "ruling"), None)
    who = {"unit": str(event.unit)}
    return [_notice(one, REPORTER, "refused", who), _notice(one, event.ruler, "to-rule", _by(due))]


def _ruled(one: Happened, scene: Scene) -> Made:
    assert isinstance(one.event, ev.Ruled)
    return [_notice(one, REPORTER, "ruled", {"unit": str(one.event.unit)})]


def _revived(one: Happened, scene: Scene) -> Made:
    """Where the lead was solved nobody goes on with it: the reporter hears of the call-back instead."""
    assert isinstance(one.event, ev.Revived)
    return [] if one.event.because == "lead solved" else [_notice(one, REPORTER, "revived")]


def _against(one: Happened, scene: Scene) -> Made:
    """Whom somebody takes off the list is the reporter's business: they may object. Who is put on it is not told."""
    return [_notice(one, REPORTER, "cleared")] if scene.verb == "clear" else []


def _letter(one: Happened, scene: Scene) -> Made:
    event = one.event
    assert isinstance(event, ev.LetterSent)
    letter = scene.method.letters[event.letter]
    told = {"letter": letter.title.zh}
    made = [_notice(one, REPORTER, "letter", told)] if "reporter" in letter.to else []
    return made + [_notice(one, unit, "letter-in", told) for unit in event.units]


def _unheld(code: str, since: datetime, now: datetime) -> Notice:
    return Notice(ADMINISTRATOR, "unheld", code, now, 0, told={"since": since.isoformat()})


def remind_of_unheld(now: datetime) -> int:
    """Each day a line for every matter that no unit of the county may hold: a person sends it to the level above."""
    return put_notices([_unheld(one.code, one.since, now) for one in unheld()], now)


BECOMES: Mapping[type[Any], Callable[[Happened, Scene], Made]] = {
    ev.Reported: _received,
    ev.Acted: _acted,
    ev.Entered: _entered,
    ev.Told: _told,
    ev.RungFired: _rung,
    ev.Settled: _settled,
    ev.CalledBack: _called_back,
    ev.LetterSent: _letter,
    ev.Closed: _to_reporter("closed"),
    ev.Reopened: _to_reporter("reopened"),
    ev.Revived: _revived,
    ev.Suspended: _to_reporter("suspended"),
    ev.Resumed: _to_reporter("resumed"),
    ev.Extended: _to_reporter("extended"),
    ev.HoldRefused: _hold_refused,
    ev.Ruled: _ruled,
    ev.AgainstSet: _against,
}
