"""What happened to a matter: frozen, past tense, with results (units, due times), so that replay reckons nothing.

No event holds a personal word: texts, names and photos are bodies, named here by their keyed hash only.
Units and persons are register numbers; moments carry the Chinese offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Plain = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True)
class Reported:
    """A concern came in; the reader's suggestion stands here, so replay never asks again.

    `reporter`: 'named', 'unnamed' (helpers do not see the person) or 'nobody' (a device, a patrol find). `since`: when
    the matter came in that this one was split off from.
    """

    code: str
    method: str
    version: str
    kind: str
    place: int
    channel: str
    category: str = ""
    tags: tuple[str, ...] = ()
    people: int = 1
    against: tuple[int, ...] = ()
    against_people: tuple[int, ...] = ()
    against_unknown: int = 0
    emergency: str = ""
    form: Mapping[str, Plain] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    facts: Mapping[str, int | float | bool | str] = field(default_factory=dict)
    reporter: str = "named"
    wants_call_back: bool = True
    source: str = ""
    external_id: str = ""
    external_due: datetime | None = None
    since: datetime | None = None
    links: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True)
class Acted:
    """Somebody did something: one a command; the events behind it are its consequences."""

    verb: str
    result: str = ""
    by: int = 0
    unit: int = 0
    role: str = ""
    to: str = ""
    body: str = ""


@dataclass(frozen=True)
class Entered:
    """The matter went into a stage and has this holder."""

    stage: str
    holder: int
    because: str = ""


@dataclass(frozen=True)
class LevelSet:
    """The level changed."""

    level: str
    because: str = ""


@dataclass(frozen=True)
class FormSet:
    """Fields that are not personal were filled or corrected; `filled` names those whose value is a body."""

    form: Mapping[str, Plain] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    people: int | None = None
    place: int | None = None


@dataclass(frozen=True)
class Recorded:
    """Documents or statements were put on record."""

    records: tuple[str, ...]
    body: str = ""


@dataclass(frozen=True)
class DutyAdded:
    """Something is owed by a moment. `kind`: '@stage', a duty of the file, 'report-in', 'attend', 'answer',
    'reply:LETTER', 'respond:EMERGENCY', 'ruling', 'pause:REASON', 'report-back', 'outside'. `rungs` are the moments at
    which its ladder does something, in order. `after`: it takes up the duty of that number again, with its pauses and
    extensions; the first `next_rung` of its rungs have fired already."""

    duty: int
    kind: str
    role: str
    owed_by: int
    starts: datetime
    due: datetime
    rungs: tuple[datetime, ...] = ()
    budget: str = ""
    law: str = ""
    roll: str = "none"
    hours: str = ""
    calendar: str = ""
    provisional: bool = False
    optional: bool = False
    outlives: bool = False
    next_rung: int = 0
    after: int = 0


@dataclass(frozen=True)
class DutyMoved:
    """A running duty is owed by another unit from now on; its time runs on."""

    duty: int
    owed_by: int


@dataclass(frozen=True)
class DutyDone:
    """A duty was met, in time or late."""

    duty: int
    late: bool
    by: int = 0


@dataclass(frozen=True)
class DutyMissed:
    """The clock took the matter on: the duty was never met."""

    duty: int


@dataclass(frozen=True)
class DutyDropped:
    """A duty fell away without having been met or missed."""

    duty: int
    because: str = ""


@dataclass(frozen=True)
class DutyReckoned:
    """A running duty has another due time: the level changed or a calendar was decreed."""

    duty: int
    due: datetime
    rungs: tuple[datetime, ...]
    budget: str
    calendar: str
    provisional: bool
    because: str
    starts: datetime | None = None  # where it begins anew; None: from where it began


@dataclass(frozen=True)
class RungFired:
    """The clock reached a rung of a duty's ladder; `at` is the moment reckoned for it."""

    duty: int
    rung: int
    name: str
    at: datetime
    late: bool = False


@dataclass(frozen=True)
class Assigned:
    """A person of the holder's unit has it in hand."""

    worker: int


@dataclass(frozen=True)
class Settled:
    """The holder says it is solved; now somebody else asks the reporter."""

    stage: str
    unit: int
    person: int


@dataclass(frozen=True)
class CalledBack:
    """The reporter was asked, or a try was made. `counted`: this try counts (another day, another hour)."""

    result: str
    person: int
    unit: int
    at: datetime
    counted: bool = True


@dataclass(frozen=True)
class Told:
    """Posts were told; `roles` says in which role, `urgent` that a person is called at once."""

    roles: tuple[str, ...]
    units: tuple[int, ...]
    urgent: bool = False
    because: str = ""


@dataclass(frozen=True)
class LetterSent:
    """A letter went out."""

    letter: str
    units: tuple[int, ...]


@dataclass(frozen=True)
class OutcomeSet:
    """What came of it, in a word of the method."""

    outcome: str


@dataclass(frozen=True)
class Linked:
    """Two matters belong together, and how: related, recurrence, repeat; part (of this one); merged (into that one);
    takes_in (that one)."""

    code: str
    how: str


@dataclass(frozen=True)
class Closed:
    """The matter ended, in one of the ways that no rate mixes; it may be reopened until then."""

    stage: str
    end: str
    reopen_until: datetime | None = None


@dataclass(frozen=True)
class Reopened:
    """Within the window somebody asked again."""

    because: str = ""


@dataclass(frozen=True)
class AlarmRaised:
    """Words said later made it an emergency of the method."""

    emergency: str


@dataclass(frozen=True)
class AgainstSet:
    """Whom the matter is against, from now on: units, persons, and how many named ones are on no register."""

    units: tuple[int, ...]
    people: tuple[int, ...] = ()
    unknown: int = 0


@dataclass(frozen=True)
class HoldRefused:
    """The holder says that it is not theirs; `ruler` rules on it, `proposed` is whose they say it is (0: not said)."""

    unit: int
    ruler: int
    proposed: int = 0


@dataclass(frozen=True)
class Ruled:
    """Somebody else ruled whose matter it is: 'theirs' or 'not_theirs', and who has it from now on."""

    result: str
    ruler: int
    unit: int
    stage: str


@dataclass(frozen=True)
class Suspended:
    """The clocks of these duties stand still from that moment; the duty `pause` ends that by itself."""

    pause: int
    reason: str
    duties: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class Resumed:
    """What a pause had stopped runs again from that moment."""

    pause: int
    at: datetime
    because: str = ""


@dataclass(frozen=True)
class Extended:
    """A duty was given more time, so much of it."""

    duty: int
    budget: str
    at: datetime


@dataclass(frozen=True)
class Unlinked:
    """Two matters no longer belong together in that way."""

    code: str
    how: str


@dataclass(frozen=True)
class Revived:
    """A merged matter goes its own way again: taken out by somebody, or its lead has ended."""

    because: str = ""


@dataclass(frozen=True)
class Rated:
    """The reporter says how the matter was handled: one to five stars, for the handling and for no person."""

    stars: int


Event = (
    Reported | AlarmRaised
    | Acted | Entered | LevelSet | FormSet | Recorded | DutyAdded | DutyDone | DutyMissed | DutyDropped
    | DutyReckoned | RungFired | Assigned | Settled | CalledBack | Told | LetterSent | OutcomeSet | Linked | Closed
    | Reopened | DutyMoved | AgainstSet | HoldRefused | Ruled | Suspended | Resumed | Extended | Unlinked | Revived
    | Rated
)  # fmt: skip

EVENTS: tuple[type[Event], ...] = (
    Reported, AlarmRaised, Acted, Entered, LevelSet, FormSet, Recorded, DutyAdded, DutyDone, DutyMissed, DutyDropped,
    DutyReckoned, RungFired, Assigned, Settled, CalledBack, Told, LetterSent, OutcomeSet, Linked, Closed, Reopened,
    DutyMoved, AgainstSet, HoldRefused, Ruled, Suspended, Resumed, Extended, Unlinked, Revived, Rated,
)  # fmt: skip
