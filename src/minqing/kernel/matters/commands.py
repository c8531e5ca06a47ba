"""What is asked of the kernel: a report, a command by somebody, a rung of the clock. And what it answers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from minqing.kernel.clock.calendars import Calendar
from minqing.kernel.clock.hours import Hours
from minqing.kernel.matters.events import Event, Plain
from minqing.kernel.matters.matter import Matter
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.rules import Cast


@dataclass(frozen=True)
class Report:
    """A concern as it comes in, read already: no words of it are here, only what the reader found.

    `form` holds fields that are not personal, `filled` names those whose values lie with the bodies.
    `emergency` is the slug of the method's emergency that the words or tags met (`spot_emergency`).
    `against` are units, `against_people` persons of the register, `against_unknown` counts those named who are on none.
    `severity` is the slug of a level: the matter's level is at least that. `since`: when the matter that this one is a
    part of came in; the law's clock runs from then.
    """

    code: str
    place: int
    channel: str
    kind: str = ""
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
    reporter: str = "named"
    wants_call_back: bool = True
    source: str = ""
    external_id: str = ""
    external_due: datetime | None = None
    links: tuple[str, ...] = ()
    body: str = ""
    severity: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Command:
    """One verb by the context's actor. `result` for verbs with results; `to` for whom or what (a role, a level);
    `unit`, `person`, `duty` by number; `body` is the keyed hash of the words said along.

    `code` names the other matter of link, merge and split; `units` are further units of a whistle; `against`,
    `against_people` and `against_unknown` (how many named ones are on no register) are added by `correct`.
    """

    verb: str
    result: str = ""
    to: str = ""
    unit: int = 0
    person: int = 0
    duty: int = 0
    form: Mapping[str, Plain] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    people: int | None = None
    place: int | None = None
    emergency: str = ""
    body: str = ""
    code: str = ""
    units: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    against_people: tuple[int, ...] = ()
    against_unknown: int = 0
    stars: int = 0


@dataclass(frozen=True)
class Tick:
    """The clock reached a rung of a duty."""

    duty: int
    rung: int


@dataclass(frozen=True)
class Context:
    """All that is impure, gathered first: the moment, who acts, who serves at the place, calendar and hours, facts.

    `staff`: unit -> (person, name) of those who serve in it. `other`: the matter that `Command.code` names, as the
    actor may see it. `there`: who serves at the place that a correction names.
    """

    moment: datetime
    actor: Viewer
    cast: Cast
    calendar: Calendar
    hours: Mapping[int, Hours] = field(default_factory=dict)
    facts: Mapping[str, int | float | bool | str] = field(default_factory=dict)
    staff: Mapping[int, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    other: Matter | None = None
    there: Cast | None = None


@dataclass(frozen=True)
class Decision:
    """What happens, and the matter it leads to."""

    events: tuple[Event, ...]
    matter: Matter


@dataclass(frozen=True)
class Refusal:
    """Why it cannot be done, in both tongues, and what to do instead. Nothing was changed."""

    reason: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh}（{self.en}）"


class Refused(Exception):
    """Raised inside the kernel where a rule says no; `decide` answers with its refusal."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.refusal = Refusal(reason, zh, en)
