"""evolve(matter, event) -> matter: what each event makes of a matter. It reckons nothing and asks nobody.

Each event has one function that changes a private dict of the matter's fields; `evolve` copies, changes, freezes.
`decide` changes its own draft by the same functions, so no rule exists twice and one copy a command is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from minqing.kernel.matters import events as ev
from minqing.kernel.matters.answering import own_answer
from minqing.kernel.matters.matter import DONE, DROPPED, MISSED, OPEN, Duty, Extension, Matter, Stop

Fields = dict[str, Any]


#: What a matter is before anything happened to it; every report brings its own `form` and `facts`.
_FRESH: Fields = dict(Matter("", "", "", "", 0, "").__dict__)


def evolve(matter: Matter | None, event: ev.Event) -> Matter:
    """The matter after one event; the first event of every matter is Reported."""
    if matter is None:
        if not isinstance(event, ev.Reported):
            raise ValueError(f"a matter begins with Reported, not with {type(event).__name__}")
        return begin(event)
    after = copy(matter)
    apply(after, event)
    return after


def replay(history: Iterable[ev.Event]) -> Matter:
    """The matter that a whole history leads to."""
    first, *rest = history
    matter = evolve(None, first)
    for event in rest:
        apply(matter, event)
    return matter


def copy(matter: Matter) -> Matter:
    """A private copy that `apply` may change; made without the slow path of frozen dataclasses."""
    twin = object.__new__(Matter)
    object.__setattr__(twin, "__dict__", matter.__dict__.copy())  # a whole dict is copied at once, an update by key
    return twin


def begin(event: ev.Reported) -> Matter:
    """The matter that a report opens: no stage yet, nobody's."""
    links = tuple((code, "related") for code in event.links)
    told = {**_FRESH, **event.__dict__, "links": links, "position": 1}
    del told["body"]
    matter = object.__new__(Matter)
    object.__setattr__(matter, "__dict__", told)
    return matter


def apply(matter: Matter, event: ev.Event) -> None:
    """Changes a private copy in place."""
    fields = matter.__dict__
    _CHANGES[type(event)](fields, event)
    fields["position"] += 1


def _put(fields: Fields, number: int, **changes: Any) -> None:
    duties = fields["duties"]
    duty = _duty({**duties[number - 1].__dict__, **changes})
    fields["duties"] = (*duties[: number - 1], duty, *duties[number:])


def _duty(fields: Fields) -> Duty:
    duty = object.__new__(Duty)
    object.__setattr__(duty, "__dict__", fields)
    return duty


def _entered(fields: Fields, event: ev.Entered) -> None:
    fields["stage"] = event.stage
    if fields["holder"] != event.holder:
        fields["worker"] = 0
    fields["holder"] = event.holder


def _level_set(fields: Fields, event: ev.LevelSet) -> None:
    fields["level"] = event.level
    fields["graded"] = event.because == "graded"


def _form_set(fields: Fields, event: ev.FormSet) -> None:
    fields["form"] = {**fields["form"], **event.form}
    fields["filled"] = _joined(fields["filled"], event.filled)
    fields["graded"] = False
    if event.people is not None:
        fields["people"] = event.people
    if event.place is not None:
        fields["place"] = event.place


def _recorded(fields: Fields, event: ev.Recorded) -> None:
    fields["records"] = _joined(fields["records"], event.records)


def _joined(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return (*old, *(name for name in new if name not in old))


def _duty_added(fields: Fields, event: ev.DutyAdded) -> None:
    told = {**event.__dict__, "id": event.duty, "state": OPEN, "late": False}
    del told["duty"], told["after"]
    fields["duties"] = (*fields["duties"], _duty(told))
    if event.after:
        for ledger in ("stops", "extensions"):
            again = (replace(entry, duty=event.duty) for entry in fields[ledger] if entry.duty == event.after)
            fields[ledger] = (*fields[ledger], *again)


def _duty_done(fields: Fields, event: ev.DutyDone) -> None:
    _put(fields, event.duty, state=DONE, late=event.late)


def _duty_missed(fields: Fields, event: ev.DutyMissed) -> None:
    _put(fields, event.duty, state=MISSED, late=True)


def _duty_dropped(fields: Fields, event: ev.DutyDropped) -> None:
    _put(fields, event.duty, state=DROPPED)


def _duty_reckoned(fields: Fields, event: ev.DutyReckoned) -> None:
    _put(
        fields,
        event.duty,
        due=event.due,
        rungs=event.rungs,
        budget=event.budget,
        calendar=event.calendar,
        provisional=event.provisional,
        starts=event.starts or fields["duties"][event.duty - 1].starts,
    )


def _rung_fired(fields: Fields, event: ev.RungFired) -> None:
    late = event.late or fields["duties"][event.duty - 1].late
    _put(fields, event.duty, next_rung=event.rung + 1, late=late)


def _assigned(fields: Fields, event: ev.Assigned) -> None:
    fields["worker"] = event.worker


def _settled(fields: Fields, event: ev.Settled) -> None:
    fields["settled_in"] = event.stage
    fields["settled_by"] = (event.unit, event.person)
    if event.person and event.person not in fields["settlers"]:
        fields["settlers"] = (*fields["settlers"], event.person)
    fields["tries"] = ()
    fields["own_answer"] = ""


def _called_back(fields: Fields, event: ev.CalledBack) -> None:
    if event.result == "unsatisfied":
        fields["returns"] += 1
        fields["graded"] = False
        fields["stars"] = 0
        fields["records"] = ()  # each round of work brings its own papers
        fields["round_from"] = len(fields["duties"])
    elif event.result == "not_reached" and event.counted:
        fields["tries"] = (*fields["tries"], (event.at.toordinal(), event.at.hour * 60 + event.at.minute))


def _outcome_set(fields: Fields, event: ev.OutcomeSet) -> None:
    fields["outcome"] = event.outcome


def _linked(fields: Fields, event: ev.Linked) -> None:
    fields["links"] = (*fields["links"], (event.code, event.how))
    if event.how == "merged":
        fields["aside"] = tuple(duty.id for duty in fields["duties"] if duty.state == OPEN)


def _closed(fields: Fields, event: ev.Closed) -> None:
    fields["end"] = event.end
    fields["reopen_until"] = event.reopen_until


def _reopened(fields: Fields, event: ev.Reopened) -> None:
    fields["end"] = ""
    fields["reopen_until"] = None
    fields["reopenings"] += 1
    fields["graded"] = False
    fields["records"] = ()
    fields["round_from"] = len(fields["duties"])
    fields["stars"] = 0


def _alarm_raised(fields: Fields, event: ev.AlarmRaised) -> None:
    fields["emergency"] = event.emergency
    fields["round_from"] = len(fields["duties"])


def _acted(fields: Fields, event: ev.Acted) -> None:
    if event.verb == "transfer":
        fields["transfers"] += 1
    elif answer := own_answer(event):
        fields["own_answer"] = answer


def _duty_moved(fields: Fields, event: ev.DutyMoved) -> None:
    _put(fields, event.duty, owed_by=event.owed_by)


def _against_set(fields: Fields, event: ev.AgainstSet) -> None:
    fields["against"] = event.units
    fields["against_people"] = event.people
    fields["against_unknown"] = event.unknown


def _hold_refused(fields: Fields, event: ev.HoldRefused) -> None:
    fields["refusals"] += 1


def _suspended(fields: Fields, event: ev.Suspended) -> None:
    fields["stops"] = (*fields["stops"], *(Stop(duty, event.pause, event.at) for duty in event.duties))


def _resumed(fields: Fields, event: ev.Resumed) -> None:
    fields["stops"] = tuple(
        Stop(stop.duty, stop.pause, stop.start, event.at) if stop.pause == event.pause and stop.end is None else stop
        for stop in fields["stops"]
    )


def _extended(fields: Fields, event: ev.Extended) -> None:
    fields["extensions"] = (*fields["extensions"], Extension(event.duty, event.budget, event.at))


def _unlinked(fields: Fields, event: ev.Unlinked) -> None:
    fields["links"] = tuple(link for link in fields["links"] if link != (event.code, event.how))


def _revived(fields: Fields, event: ev.Revived) -> None:
    fields["end"] = ""
    fields["aside"] = ()
    fields["reopen_until"] = None


def _rated(fields: Fields, event: ev.Rated) -> None:
    fields["stars"] = event.stars


def _unchanged(fields: Fields, event: ev.Event) -> None:
    """Told, LetterSent and Ruled are for others to act on; the matter itself stays as it was."""


_CHANGES: dict[type[Any], Callable[[Fields, Any], None]] = {
    ev.AlarmRaised: _alarm_raised,
    ev.Acted: _acted,
    ev.Entered: _entered,
    ev.LevelSet: _level_set,
    ev.FormSet: _form_set,
    ev.Recorded: _recorded,
    ev.DutyAdded: _duty_added,
    ev.DutyDone: _duty_done,
    ev.DutyMissed: _duty_missed,
    ev.DutyDropped: _duty_dropped,
    ev.DutyReckoned: _duty_reckoned,
    ev.RungFired: _rung_fired,
    ev.Assigned: _assigned,
    ev.Settled: _settled,
    ev.CalledBack: _called_back,
    ev.OutcomeSet: _outcome_set,
    ev.Linked: _linked,
    ev.Closed: _closed,
    ev.Reopened: _reopened,
    ev.DutyMoved: _duty_moved,
    ev.AgainstSet: _against_set,
    ev.HoldRefused: _hold_refused,
    ev.Suspended: _suspended,
    ev.Resumed: _resumed,
    ev.Extended: _extended,
    ev.Unlinked: _unlinked,
    ev.Revived: _revived,
    ev.Rated: _rated,
    ev.Ruled: _unchanged,
    ev.Told: _unchanged,
    ev.LetterSent: _unchanged,
}
