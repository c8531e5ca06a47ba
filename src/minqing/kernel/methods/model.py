"""The work method as the kernel runs it: frozen, every name resolved, every time typed.

One stage at a time; what runs beside it is a duty, a helper or a child matter. All consequences, after a move, a
result, a rung, a level, a triage rule or on entering, speak one vocabulary: `Then`. Nothing here computes.
The loader makes these values from a file; a `Method` that exists has passed the checker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from minqing.kernel.clock.budgets import DUE, Budget, Rung
from minqing.kernel.clock.dates import DatedTime
from minqing.kernel.clock.laws import LegalClock
from minqing.kernel.methods.conditions import Condition
from minqing.kernel.methods.titles import Title

End = Literal["satisfied", "answered", "not_reached", "not_called", "verified", "guided", "withdrawn", "merged"]
SIX_ENDS: tuple[End, ...] = ("satisfied", "answered", "not_reached", "not_called", "verified", "guided")
ENDS: tuple[End, ...] = (*SIX_ENDS, "withdrawn", "merged")

#: The stage that the block call_back makes, and where a `go` may lead besides a stage's name.
CALL_BACK = "call-back"
STAY, BACK, ABOVE = "stay", "back", "above"

#: Roles that every method knows. Relative ones are found from the matter, the others from the cast of the place.
RELATIVE_ROLES = ("reporter", "holder", "owing", "above", "helpers", "parties", "supervisor")
PLACE_ROLES = ("grid", "village", "town", "county", "city", "department", "court", "inspection")
PERSON_ROLES = ("mediator", "volunteer", "worker", "machine")
BUILT_IN_ROLES = (*RELATIVE_ROLES, *PLACE_ROLES, *PERSON_ROLES)


@dataclass(frozen=True)
class OpenChild:
    """A matter opened from this one; with `wait` this one cannot close before it."""

    method: str
    kind: str
    wait: bool = False


@dataclass(frozen=True)
class Then:
    """What follows, always in this order: level, drop, tell, letter, outcome, go (and the stage's enter), add,
    whistle, open, do. `tell` and `letter` are addressed before the move, so `holder` is who was late."""

    go: str | None = None
    level: str | None = None
    drop: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    letter: tuple[str, ...] = ()
    outcome: str | None = None
    add: tuple[str, ...] = ()
    whistle: tuple[str, ...] = ()
    open: OpenChild | None = None
    do: tuple[str, ...] = ()
    because: str = ""


NOTHING = Then()


@dataclass(frozen=True)
class Limit:
    """The time of a stage or duty: a budget or a date, one for all or one a level; a legal clock it rests on.

    `law` is set where the file named a legal clock (`limit: petition.close`) or the key `law`.
    """

    time: Budget | DatedTime | None = None
    by_level: Mapping[str, Budget | DatedTime] = field(default_factory=dict)
    law: LegalClock | None = None

    def at(self, level: str | None) -> Budget | DatedTime:
        """The time that holds at a level."""
        found = self.by_level.get(level) if level is not None and self.by_level else self.time
        if found is None:
            found = next(iter(self.by_level.values()))
        return found


@dataclass(frozen=True)
class RungThen:
    """One rung of a ladder and what it does."""

    rung: Rung
    then: Then


@dataclass(frozen=True)
class Result:
    """One of a move's results. Computed verbs take the first whose `when` holds."""

    name: str
    then: Then
    when: Condition | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Move:
    """What somebody may do in a stage. `by` empty means the holder; `needs` names form fields or records."""

    verb: str
    by: tuple[str, ...] = ()
    when: Condition | None = None
    needs: tuple[str, ...] = ()
    results: Mapping[str, Result] = field(default_factory=dict)
    then: Then = NOTHING


@dataclass(frozen=True)
class ByItself:
    """Looked at after every command: when it holds, it happens without a hand."""

    when: Condition
    then: Then


@dataclass(frozen=True)
class Extend:
    """Who may give more time, at most how much, how often."""

    by: tuple[str, ...]
    at_most: Budget
    times: int = 1


@dataclass(frozen=True)
class Stage:
    """Where a matter waits, for whom, until when; or, with `end`, one of the ways it ends."""

    slug: str
    title: Title
    holder: str = ""
    limit: Limit | None = None
    rungs: tuple[RungThen, ...] = ()
    above: str | None = None
    longer_because: str = ""
    slower_because: str = ""
    extend: Extend | None = None
    enter: Then = NOTHING
    moves: Mapping[str, Move] = field(default_factory=dict)
    by_itself: tuple[ByItself, ...] = ()
    in_batches: bool = False
    end: End | None = None
    no_call_back: str = ""
    self_help: bool = False  # people are helped to settle it themselves: no emergency goes here


@dataclass(frozen=True)
class DutyKind:
    """A duty that a consequence adds: owed by a role, by a time, done by verbs."""

    slug: str
    title: Title
    owed_by: str
    limit: Limit | None = None
    every: Budget | None = None
    until: str = ""  # 'stage' or a form field of type date, with `every`
    each: str = ""  # a form field whose rows make one duty each
    owed_to: str = ""
    rungs: tuple[RungThen, ...] = ()
    done_by: tuple[str, ...] = ("fulfil",)
    extend: Extend | None = None
    optional: bool = False
    outlives: bool = False


@dataclass(frozen=True)
class Field:
    """A field of the form. Personal fields say what for, on what ground, how long, and are never read by conditions."""

    slug: str
    title: Title
    type: str = "text"
    of: tuple[Title, ...] = ()
    required: bool = False
    required_for: tuple[str, ...] = ()  # kinds
    personal: str = ""
    ground: str = ""
    keep: Budget | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be sent, kept and compared: the choices as they are in Chinese."""
        return tuple(one.zh for one in self.of)


@dataclass(frozen=True)
class Kind:
    """A kind of matter, and the categories of the reader's tree that belong to it (a top class or a leaf)."""

    slug: str
    title: Title
    takes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """A role the file adds. `found`: by place, by category, by choice, by unit SLUG, by form.FIELD."""

    slug: str
    title: Title
    level: str = ""
    found: str = "by place"
    party: bool = False


@dataclass(frozen=True)
class Level:
    """A level, mild to grave. `when` raises by itself and never lowers; the move `grade` lowers with a reason."""

    slug: str
    title: Title
    when: Condition | None = None
    plan: str = ""
    then: Then = NOTHING


#: Half an hour, where the file says nothing else: the county's own figure, no law names one.
AT_ONCE = Budget(30, "m")
UNANSWERED = "紧急事项无人响应"
AGAIN = (Budget(30, "m"), Budget(2, "h"), Budget(24, "h"), Budget(72, "h"))


@dataclass(frozen=True)
class Emergency:
    """Looked at before all triage: words in the text or tags of the reader; gravest level; people called at once."""

    slug: str
    title: Title
    go: str
    call: tuple[str, ...]
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    because: str = ""
    respond: Budget = AT_ONCE

    @property
    def unanswered_rungs(self) -> tuple[RungThen, ...]:
        """While nobody acts: those called and the level above are told again, when due, half an hour, two hours, a
        day and three days later."""
        again = Then(tell=tuple(dict.fromkeys((*self.call, "above", "county"))), because=UNANSWERED)
        late = (Rung(late=budget) for budget in AGAIN)
        return (RungThen(DUE, again), *(RungThen(rung, again) for rung in late))


@dataclass(frozen=True)
class TriageRule:
    """First match wins; the last has no condition and says why."""

    then: Then
    when: Condition | None = None


@dataclass(frozen=True)
class CallBack:
    """Asking the reporter, by someone other than who settled. Makes the stage `call-back`.

    `unsatisfied` the first time, `again` the second; the third can be ended by the county only, in `answered`.
    """

    by: tuple[str, ...]
    within: Limit
    satisfied: str
    unsatisfied: str = BACK
    again: str = ABOVE
    tries: int = 3
    unreached: str = ""
    answered: str = ""
    not_called: str = ""
    verified: str = ""
    rungs: tuple[RungThen, ...] = ()


@dataclass(frozen=True)
class Reopen:
    """For how long after the close, by whom, and where to."""

    within: Budget
    by: tuple[str, ...]
    to: str = BACK


@dataclass(frozen=True)
class Whistle:
    """Joint handling: who may call whom; each called one owes a report-in and an answer of its own.

    `attend` both: the caller's side owes its attendance too, and both are on record.
    """

    by: tuple[str, ...]
    to: tuple[str, ...]
    report_in: Limit
    answer: Limit | None
    attend: Literal["one", "both"] = "one"
    silent: Then = NOTHING

    @property
    def silent_rungs(self) -> tuple[RungThen, ...]:
        """Silence is a rung like any other: what happens when a report-in or an answer is due."""
        return () if self.silent == NOTHING else (RungThen(DUE, self.silent),)


@dataclass(frozen=True)
class Letter:
    """A letter: to whom, from which template, and the reply it demands."""

    slug: str
    title: Title
    template: str
    to: tuple[str, ...]
    number: str = ""
    reply: Limit | None = None
    rungs: tuple[RungThen, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """'Not ours': who rules, within what, how often at most."""

    ruling_by: str
    within: Limit
    at_most: int = 2


@dataclass(frozen=True)
class Suspension:
    """A listed reason that stops clocks: never by who has the matter alone, so long and so often at most."""

    slug: str
    title: Title
    by: tuple[str, ...]
    at_most: Budget
    needs: tuple[str, ...] = ()
    stops: tuple[str, ...] = ("stage",)
    law: LegalClock | None = None
    times: int = 1


@dataclass(frozen=True)
class Measure:
    """A published figure, named only, with an optional target such as 96 %."""

    slug: str
    target: str = ""


@dataclass(frozen=True)
class Method:
    """A work method. `version` is the hash of its canonical content; a matter keeps the version it opened under."""

    slug: str
    version: str
    title: Title
    place: str
    source: str
    kinds: Mapping[str, Kind]
    triage: tuple[TriageRule, ...]
    stages: Mapping[str, Stage]  # includes call-back where the block stands
    emergencies: tuple[Emergency, ...] = ()
    uses: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    form: Mapping[str, Field] = field(default_factory=dict)
    records: Mapping[str, Title] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)  # mild to grave
    anywhere: Mapping[str, Move] = field(default_factory=dict)
    duties: Mapping[str, DutyKind] = field(default_factory=dict)
    call_back: CallBack | None = None
    reopen: Reopen | None = None
    whistle: Whistle | None = None
    refusal: Refusal | None = None
    pauses: Mapping[str, Suspension] = field(default_factory=dict)
    letters: Mapping[str, Letter] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    sections: Mapping[str, object] = field(default_factory=dict)
    said: Mapping[str, Title] = field(default_factory=dict)  # all names and reasons, by where they stand
    text: str = ""  # the file as it was read, kept with the version
    lines: Mapping[str, int] = field(default_factory=dict)  # 'stages.village' -> line, for complaints
