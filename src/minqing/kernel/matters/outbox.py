"""After commit: what happened is handed to the reactions, at least once, in the order of each matter.

`matters_append` puts the lines of each act into the outbox. A reader takes a batch (others pass it over), calls every
reaction with its events, and deletes the batch in the same transaction: a reader that dies leaves it to the next.
A reaction that fails is tried again later, for the matters it failed on alone; after MOST tries these are put aside,
where `minqing work` shows them. Reactions are harmless when repeated.

The past wakes nobody: rows of topic HISTORY, and lines recorded more than a day after they happened (a register taken
over, a made-up year), are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from minqing.base.moments import in_china
from minqing.kernel.matters.codec import event_from_json
from minqing.kernel.matters.events import Event
from minqing.kernel.matters.reading import MATTERS
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by

BATCH = 500
MOST = 12  # tries; with the pauses between them about half an hour
LONGEST = 3600.0  # seconds between two tries
HISTORY = "history"  # the topic of loads that concern nobody's today
PAST = timedelta(days=1)


@dataclass(frozen=True)
class Happened:
    """One line of the journal as a reaction hears of it: `position` in its matter, `actor` a person's number."""

    code: str
    position: int
    event: Event
    happened: datetime
    actor: int = 0


Reaction = Callable[[Sequence[Happened]], None]
Reactions = Mapping[type[Event], tuple[Reaction, ...]]


@dataclass(frozen=True)
class Fault:
    """A reaction that failed on a matter. `aside`: it was the last try."""

    reaction: str
    code: str
    tries: int
    aside: bool
    fault: Exception


@dataclass
class Handed:
    """What one batch came to: rows taken, rows done with, what failed."""

    taken: int = 0
    done: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Aside:
    """What waits for a person: lines `first` to `last` of a matter, and the reactions they were not told to."""

    code: str
    first: int
    last: int
    waiting: tuple[str, ...]


@dataclass
class _Row:
    id: int
    subject: int
    seq: int
    until: int
    topic: str
    tries: int
    waiting: list[str] | None
    happened: list[Happened] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def for_reaction(self, name: str, kinds: frozenset[type[Event]]) -> list[Happened]:
        """What a reaction still has to hear of this row."""
        if self.waiting is not None and name not in self.waiting:
            return []
        return [one for one in self.happened if type(one.event) in kinds]


def hand_over(reactions: Reactions, many: int = BATCH) -> Handed:
    """Takes one batch and calls the reactions; a lost database is raised, the batch then stays as it was."""
    with seen_by(HOUSE):
        rows = _take(many)
        handed = Handed(taken=len(rows))
        if not rows:
            return handed
        _read(rows)
        for name, (reaction, kinds) in by_reaction(reactions).items():
            heard = [(row, told) for row in rows if (told := row.for_reaction(name, kinds))]
            for row, fault in _call(reaction, _by_matter(heard)):
                row.failed.append(name)
                aside = row.tries + 1 >= MOST
                handed.faults.append(Fault(name, row.happened[0].code, row.tries + 1, aside, fault))
        handed.done = _settle(rows)
    return handed


def by_reaction(reactions: Reactions) -> dict[str, tuple[Reaction, frozenset[type[Event]]]]:
    """The table the other way round: each reaction by its name, and what it wants to hear of."""
    found: dict[str, tuple[Reaction, frozenset[type[Event]]]] = {}
    for kind, named in reactions.items():
        for reaction in named:
            name = name_of(reaction)
            found[name] = (reaction, found.get(name, (reaction, frozenset()))[1] | {kind})
    return found


def name_of(reaction: Reaction) -> str:
    """By what a reaction is known in the outbox: its module and name."""
    return f"{reaction.__module__}.{getattr(reaction, '__qualname__', type(reaction).__name__)}"


def put_aside(limit: int = 100) -> list[Aside]:
    """What was tried MOST times in vain, oldest first."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select m.code, o.seq, o.until, coalesce(o.waiting, '{}') from matters_outbox o"
            " join matters_matter m on m.id = o.subject where o.tries >= %s order by o.id limit %s",
            [MOST, limit],
        )
        return [Aside(code, first, last, tuple(waiting)) for code, first, last, waiting in cursor.fetchall()]


def try_again() -> int:
    """What was put aside or waits is tried at once and with all its tries; how many rows that are."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select matters_outbox_revive()")
        revived: int = cursor.fetchone()[0]
        return revived


def _take(many: int) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute("select * from matters_outbox_take(%s, %s::smallint)", [many, MOST])
        return [_Row(*row) for row in cursor.fetchall()]


_LINES = """
select t.place, m.code, l.seq, l.kind, l.data::text, l.happened, l.actor
from unnest(%s::bigint[], %s::integer[], %s::integer[]) with ordinality as t(subject, first, last, place)
join matters_matter m on m.id = t.subject
join ledger_line l on l.stream = %s and l.subject = t.subject and l.seq between t.first and t.last
where l.recorded - l.happened <= make_interval(secs => %s)
order by t.place, l.seq
"""


def _read(rows: list[_Row]) -> None:
    """The lines of each row, less what is past."""
    told = [row for row in rows if row.topic != HISTORY]
    columns = [[row.subject for row in told], [row.seq for row in told], [row.until for row in told]]
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [*columns, MATTERS.number, PAST.total_seconds()])
        for place, code, seq, kind, data, happened, actor in cursor:
            line = Happened(code, seq, event_from_json(kind, data), in_china(happened), actor)
            told[place - 1].happened.append(line)


Heard = list[tuple[_Row, list[Happened]]]


def _by_matter(heard: Heard) -> list[Heard]:
    found: dict[int, Heard] = {}
    for row, told in heard:
        found.setdefault(row.subject, []).append((row, told))
    return list(found.values())


def _call(reaction: Reaction, matters: list[Heard]) -> Iterable[tuple[_Row, Exception]]:
    """Calls a reaction with all at once; where that fails with halves, down to the matters it fails on."""
    if not matters:
        return []
    try:
        with transaction.atomic():
            reaction([one for matter in matters for _, told in matter for one in told])
    except Exception as fault:
        if connection.connection is None or connection.connection.closed:
            raise
        if len(matters) == 1:
            return [(row, fault) for row, _ in matters[0]]
        middle = len(matters) // 2
        return [*_call(reaction, matters[:middle]), *_call(reaction, matters[middle:])]
    return []


def _settle(rows: list[_Row]) -> int:
    """Deletes what is done with, and says when the rest is tried again."""
    done = [row.id for row in rows if not row.failed]
    again = [{"id": row.id, "waiting": row.failed, "pause": _pause(row.tries + 1)} for row in rows if row.failed]
    with connection.cursor() as cursor:
        cursor.execute("select matters_outbox_done(%s::bigint[])", [done])
        if again:
            cursor.execute("select matters_outbox_again(%s::json)", [json.dumps(again)])
    return len(done)


def _pause(tries: int) -> float:
    """Seconds to the next try; what is put aside holds up nothing."""
    return min(2.0 ** (tries - 1), LONGEST) if tries < MOST else 0.0
