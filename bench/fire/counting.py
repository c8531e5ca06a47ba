"""Afterwards: the ledger of what was acknowledged against the journal and the tables, with the eyes of the house.

Reports are known by a mark in their title, moves by matter, name and place in its journal: each is there as often as it
was acknowledged, and at most once more for each that got no answer. Rungs are taken from the journal alone and compared
with what is on record as fired; matters that nobody moved are decided anew, at the moments at which the clock came by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from bench.fire.ledger import Asked
from minqing.base import moments
from minqing.base.moments import in_china
from minqing.kernel.matters.commands import Decision, Tick
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.events import Acted, Event, RungFired
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.reading import Line, Stored, histories, read_ids
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.versions import methods_of
from minqing.registers.accounts.rules import CLOCK, HOUSE
from minqing.registers.accounts.scoping import seen_by

AT_ONCE = 1_000
Move = tuple[str, str, int]  # the code of its matter, its name, the position of the line before it
Rung = tuple[int, int, int]  # the number of its matter, of its duty in it, its own
#: One unit is told one thing once a step; two rungs that one sweep found due are two steps of one moment.
SAID_TWICE = """select code, kind, unit, told::text, happened, count(*) from {table}
    group by 1, 2, 3, 4, 5 having count(*) > 1"""
MARK = re.compile(r"ref[a-z]+")


@dataclass
class Store:
    """What is there: matters by their number, their lines, the codes of each mark."""

    matters: dict[int, Stored] = field(default_factory=dict)
    lines: dict[int, tuple[Line, ...]] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Counted:
    """What is wrong, counted; `sentences` say where. `untouched`: matters that the clock alone moved."""

    acknowledged: int = 0
    unknown: int = 0
    lost: int = 0
    doubled: int = 0
    rungs: int = 0
    fired_twice: int = 0
    unfired: int = 0
    untouched: int = 0
    otherwise: int = 0
    outbox_left: int = 0
    notices: int = 0
    notices_doubled: int = 0
    notices_lost: int = 0
    sentences: list[str] = field(default_factory=list)

    def tell(self, kind: str, sentence: str, many: int = 1) -> None:
        """So many more of a kind."""
        setattr(self, kind, getattr(self, kind) + many)
        self.sentences.append(f"{kind}: {sentence}")


def rows(statement: str, *arguments: object) -> list[tuple[Any, ...]]:
    """A statement with the eyes of the house."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def read_store() -> Store:
    """All of it."""
    store = Store()
    ids = [row[0] for row in rows("select id from matters_matter order by id")]
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        store.matters |= read_ids(HOUSE, some)
        store.lines |= histories(HOUSE, some)
    for stored in store.matters.values():
        for mark in MARK.findall(stored.title):
            store.marks.setdefault(mark, []).append(stored.matter.code)
    return store


def count(asked: Sequence[Asked], tables: int, rows_each: int) -> Counted:
    """Everything; nothing runs any more, nothing is left to be done."""
    store, found = read_store(), Counted()
    found.acknowledged = sum(one.acknowledged for one in asked)
    found.unknown = sum(one.unknown for one in asked)
    for one in asked:
        if one.what == "report":
            count_report(one, store.marks, found)
    count_moves(asked, acts_of(store), found)
    _count_tables(tables, rows_each, found)
    _count_rungs(store, found)
    _count_untouched(store, found)
    _count_told(store, found)
    return found


def count_report(one: Asked, marks: Mapping[str, Sequence[str]], found: Counted) -> None:
    """One request of reports against the codes under which each mark is there."""
    for place, mark in enumerate(one.marks):
        there = marks.get(mark, [])
        owed = {codes[place] for codes in one.told} - {""}
        if missing := owed - set(there):
            found.tell("lost", f"{mark} was acknowledged as {sorted(missing)}", len(missing))
        most = 1 if owed or one.unknown else 0
        if len(there) > most:
            found.tell("doubled", f"{mark} is there as {there}", len(there) - most)


def acts_of(store: Store) -> Counter[Move]:
    """How often each was done."""
    return Counter(
        (store.matters[number].matter.code, line.event.verb, before)
        for number, lines in store.lines.items()
        for before, line in enumerate(lines)
        if isinstance(line.event, Acted)
    )


def count_moves(asked: Sequence[Asked], there: Mapping[Move, int], found: Counted) -> None:
    """All moves against what was done."""
    sure, perhaps = Counter[Move](), Counter[Move]()
    for one in asked:
        if one.what != "report":
            sure[one.code, one.what, one.position] += one.acknowledged
            perhaps[one.code, one.what, one.position] += one.unknown
    for key in sure.keys() | perhaps.keys():
        done = there.get(key, 0)
        if (missing := sure[key] - done) > 0:
            found.tell("lost", f"{key} was acknowledged {sure[key]} times and is there {done}", missing)
        if (more := done - sure[key] - perhaps[key]) > 0:
            found.tell("doubled", f"{key} is there {done} times, acknowledged {sure[key]}", more)


def _count_tables(tables: int, rows_each: int, found: Counted) -> None:
    there = Counter(row[0] for row in rows("select external_id from matters_matter where source = 'fire'"))
    for number in (f"{table}-{row}" for table in range(1, tables + 1) for row in range(rows_each)):
        if there[number] == 0:
            found.tell("lost", f"row {number} of a table")
        elif there[number] > 1:
            found.tell("doubled", f"row {number} of a table", there[number] - 1)


def _count_rungs(store: Store, found: Counted) -> None:
    now = moments.now()
    on_record = Counter(
        (matter, number, rung)
        for matter, number, rung in rows(
            "select d.matter_id, d.number, f.rung from matters_fired f join matters_duty d on d.id = f.duty_id"
        )
    )
    told = Counter((matter, event.duty, event.rung) for matter, event in _fired(store))
    compare_rungs(told, on_record, found)
    for lines in store.lines.values():
        matter = replay(line.event for line in lines)
        for duty in matter.duties:
            if duty.next_at is not None and duty.next_at <= now:
                found.tell("unfired", f"{matter.code}: rung {duty.next_rung} of duty {duty.id} due {duty.next_at}")


def compare_rungs(told: Counter[Rung], on_record: Counter[Rung], found: Counted) -> None:
    """What the journal tells of rungs against what is on record as fired."""
    found.rungs = told.total()
    for key, times in told.items():
        if times > 1:
            found.tell("fired_twice", f"rung {key} stands in the journal {times} times", times - 1)
    for key in told.keys() ^ on_record.keys():
        kind = "unfired" if key in on_record else "fired_twice"
        found.tell(kind, f"rung {key}: {told[key]} in the journal, {on_record[key]} on record")


def _fired(store: Store) -> Iterator[tuple[int, RungFired]]:
    for number, lines in store.lines.items():
        yield from ((number, line.event) for line in lines if isinstance(line.event, RungFired))


def _count_untouched(store: Store, found: Counted) -> None:
    """What a clock that came by at these moments makes of each: the same `decide`, no database."""
    alone = {
        number: lines
        for number, lines in store.lines.items()
        if not any(isinstance(line.event, Acted) for line in lines)
    }
    found.untouched = len(alone)
    if not alone:
        return
    surroundings = around({store.matters[number].matter.place for number in alone})
    now = moments.now()
    contexts = {place: surroundings.context(place, now, CLOCK, {}) for place in surroundings.places}
    versions = {(store.matters[number].matter.method, store.matters[number].matter.version) for number in alone}
    methods = methods_of(versions)
    for number, lines in alone.items():
        matter = store.matters[number].matter
        told = _as_decided(lines, methods[matter.method, matter.version], contexts[matter.place])
        if told != [line.event for line in lines]:
            found.tell("otherwise", f"{matter.code} is not as the clock alone would have left it")


def _as_decided(lines: Sequence[Line], method: Any, context: Any) -> list[Event]:
    fired = [line for line in lines if isinstance(line.event, RungFired)]
    events: list[Event] = [line.event for line in lines[: lines.index(fired[0]) if fired else len(lines)]]
    matter = replay(events)
    for line in fired:
        assert isinstance(line.event, RungFired)
        tick = Tick(line.event.duty, line.event.rung)
        decision = decide(method, matter, tick, replace(context, moment=line.happened))
        if not isinstance(decision, Decision):
            return events
        matter = decision.matter
        events += decision.events
    return events


def _count_told(store: Store, found: Counted) -> None:
    """The outbox is empty; each report that is somebody's has one receipt, and nobody is told one thing twice."""
    left = rows("select topic, tries from matters_outbox")
    if left:
        found.tell("outbox_left", f"{Counter(left)}", len(left))
    steps = Counter(
        (store.matters[number].matter.code, line.happened)
        for number, lines in store.lines.items()
        for line in lines
        if isinstance(line.event, Acted | RungFired)
    )
    for table in ("notice_message", "notice_inbox"):
        found.notices += rows(f"select count(*) from {table}")[0][0]
        for *named, happened, many in rows(SAID_TWICE.format(table=table)):
            if many > (most := max(1, steps[named[0], in_china(happened)])):
                found.tell("notices_doubled", f"{table} {named} {many} times after {most} steps", many - most)
    receipts = Counter(row[0] for row in rows("select code from notice_message where kind = 'receipt'"))
    _count_receipts({one.matter.code: one.matter.reporter for one in store.matters.values()}, receipts, found)


def _count_receipts(reporters: Mapping[str, str], receipts: Mapping[str, int], found: Counted) -> None:
    for code, reporter in reporters.items():
        times = receipts.get(code, 0)
        if reporter != "nobody" and times == 0:
            found.tell("notices_lost", f"nobody was told that {code} was received")
        elif times > 1:
            found.tell("notices_doubled", f"{code} has {times} receipts", times - 1)
