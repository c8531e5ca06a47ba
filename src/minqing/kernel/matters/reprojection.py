"""Running duties reckoned again on the calendar as it is known now: a year was decreed, a county set a day.

Those whose due time, rungs or provisional mark change get a DutyReckoned that says so; the others stay untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from minqing.base import moments
from minqing.base.errors import Conflict
from minqing.kernel.clock.calendars import Calendar
from minqing.kernel.matters.commands import Context
from minqing.kernel.matters.events import DutyReckoned
from minqing.kernel.matters.evolve import evolve
from minqing.kernel.matters.journal import Entry, append, entry
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.reading import Stored, read_ids
from minqing.kernel.matters.stopping import reckoned
from minqing.kernel.matters.surroundings import Surroundings, around, calendar_of
from minqing.kernel.matters.versions import methods_of
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import CLOCK, HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.rules import Region

BATCH = 5_000
TRIES = 5  # how often a matter is read anew when others are faster
TOPIC = "calendar"


@dataclass
class Reprojected:
    """Matters looked at, and duties that got another due time, other rungs, or are no longer provisional."""

    matters: int = 0
    duties: int = 0


def reckon_again(method: Method, matter: Matter, context: Context) -> tuple[DutyReckoned, ...]:
    """What the context's calendar changes in the running duties of a matter. Pure."""
    found = (_again(method, matter, duty, context) for duty in matter.open_duties() if duty.budget)
    return tuple(event for event in found if event is not None)


def _again(method: Method, matter: Matter, duty: Duty, context: Context) -> DutyReckoned | None:
    due, provisional, rungs = reckoned(method, matter, duty, context)
    if (due, provisional, rungs) == (duty.due, duty.provisional, duty.rungs):
        return None
    return DutyReckoned(duty.id, due, rungs, duty.budget, context.calendar.version, provisional, "calendar")


def reproject(progress: Callable[[int], None] | None = None, batch: int = BATCH) -> Reprojected:
    """Every running duty that was reckoned on another calendar than that of its place now; in sets."""
    done, last = Reprojected(), 0
    while ids := _reckoned_otherwise(last, batch):
        done.matters += len(ids)
        done.duties += _write(ids)
        last = ids[-1]
        if progress is not None:
            progress(done.matters)
    return done


def foresee(county: Region, change: Callable[[], None], batch: int = BATCH) -> Reprojected:
    """What `reproject` would change after a change of that county's days. Nothing is written, and others may change the
    register meanwhile: it is held only until the days are read."""
    done, last, calendar = Reprojected(), 0, _calendar_after(county, change)
    while ids := _reckoned_otherwise(last, batch):
        stored = read_ids(HOUSE, ids, words=False)
        places = around({one.matter.place for one in stored.values()}).with_calendar(county, calendar)
        made = (_entry(one, places) for one in stored.values())
        done.matters += len(ids)
        done.duties += sum(len(each.lines) for each in made if each is not None)
        last = ids[-1]
    return done


def _calendar_after(county: Region, change: Callable[[], None]) -> Calendar:
    """The change is taken back with the lock it took."""
    with transaction.atomic():
        change()
        calendar = calendar_of(county)
        transaction.set_rollback(True)
    return calendar


def _reckoned_otherwise(after: int, many: int) -> list[int]:
    """Matters with running duties, in order; which calendar is theirs follows from the place, once it is read."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select distinct matter_id from matters_duty where state = 0 and matter_id > %s order by 1 limit %s",
            [after, many],
        )
        return [row[0] for row in cursor.fetchall()]


def _write(ids: Sequence[int]) -> int:
    changed = 0
    for _ in range(TRIES):
        stored = read_ids(HOUSE, ids, words=False)
        places = around({one.matter.place for one in stored.values()})
        made = [each for one in stored.values() if (each := _entry(one, places)) is not None]
        outcomes = _outcomes(made)
        changed += sum(len(one.lines) for one, outcome in zip(made, outcomes, strict=True) if outcome == "written")
        ids = [_id(one) for one, outcome in zip(made, outcomes, strict=True) if outcome != "written"]
        if not ids:
            return changed
    raise Conflict(f"{len(ids)} 件事项正被别人办理，没能重算：请稍后再运行一次。")


def _outcomes(made: Sequence[Entry]) -> list[str]:
    try:
        return [one.outcome for one in append(made)]
    except Conflict:  # of a single one
        return ["conflict"]


def _id(one: Entry) -> int:
    assert one.before is not None
    return one.before.id


def _entry(stored: Stored, places: Surroundings) -> Entry | None:
    matter = stored.matter
    version = (matter.method, matter.version)
    method = methods_of([version])[version]
    moment = max(moments.now(), stored.happened)
    context = places.context(matter.place, moment, CLOCK, {})
    events = reckon_again(method, matter, context)
    if not events:
        return None
    for event in events:
        matter = evolve(matter, event)
    return entry(matter, events, moment, method, before=stored, topic=TOPIC)
