"""The sweep: takes rungs that are due in batches, decides each with the same `decide`, writes a batch back at once.

Each batch is one transaction that holds its duties and matters; any number of sweeps may run and die beside each
other: a rung fires by being put down in the transaction that moves its matter. What cannot be decided is left as it
stands, the others go on, and the end says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection

from minqing.base.errors import MinqingError
from minqing.base.moments import in_china
from minqing.kernel.matters.commands import Context, Decision, Refusal, Tick
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.journal import Entry, append, entry
from minqing.kernel.matters.reading import Due, Stored, read_ids, take_due
from minqing.kernel.matters.surroundings import Surroundings, around
from minqing.kernel.matters.versions import methods_of
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import CLOCK, HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import Region

BATCH = 5_000
TOPIC = "clock"  # what the outbox calls lines written by the sweep

Progress = Callable[[int], None]  # rungs fired so far


@dataclass(frozen=True)
class Stuck:
    """A rung that is due and could not be decided; nothing of its matter was changed. `fault`: not a refusal."""

    code: str
    kind: str
    number: int
    rung: int
    why: str
    fault: Exception | None = None

    def __str__(self) -> str:
        return f"{self.code} 的责任 {self.number}（{self.kind}）第 {self.rung + 1} 级未能触发：{self.why}"


@dataclass
class Swept:
    """What a sweep did: rungs fired by kind of duty, matters whose stage changed, batches written, what is stuck."""

    kinds: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    batches: int = 0
    refused: list[Stuck] = field(default_factory=list)

    @property
    def fired(self) -> int:
        """Rungs fired in all."""
        return self.kinds.total()


class RungsStuck(MinqingError):
    """Raised when everything else has been written. `swept` says what was, and what is stuck."""

    def __init__(self, swept: Swept) -> None:
        first = swept.refused[0]
        more = f"（共 {len(swept.refused)} 项）" if len(swept.refused) > 1 else ""
        super().__init__(f"{first}{more}。其余已触发的都已写入；补全或更正该事项后，下一次巡钟会再试。")
        self.swept = swept


def sweep(
    until: datetime,
    *,
    by: str,
    batch: int = BATCH,
    at_rung_time: bool = False,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Swept:
    """Fires every rung due at `until`, batch by batch, until none is left or `stop` says so between two batches.

    It acts at `until`; with `at_rung_time` at each rung's own moment, as if it had never slept: for replaying what
    is past. Rungs that cannot be decided are passed over and raise RungsStuck at the end. `by` names the sweeper.
    """
    swept, passing = Swept(), set[int]()
    while stop is None or not stop():
        with seen_by(HOUSE):
            due = take_due(until, batch, passing)
            if not due:
                break
            made = _Batch(due, until, at_rung_time)
            _write(made, by)
        passing |= made.passing
        swept.refused += made.stuck
        swept.kinds += made.kinds
        swept.moved += made.moved
        swept.batches += 1
        if progress is not None:
            progress(swept.fired)
    if swept.refused:
        faults = (stuck.fault for stuck in swept.refused if stuck.fault is not None)
        raise RungsStuck(swept) from next(faults, None)
    return swept


def next_rung(after: datetime) -> datetime | None:
    """When the clock has something to do next, later than that moment."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select min(next_at) from matters_duty where state = 0 and next_at > %s", [after])
        found = cursor.fetchone()[0]
    return in_china(found) if found is not None else None


def still_due(until: datetime) -> int:
    """How many rungs are due and have not fired."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from matters_duty where state = 0 and next_at <= %s", [until])
        count: int = cursor.fetchone()[0]
        return count


class _Batch:
    """Due rungs with all that is read for them, decided: entries to write, and what is stuck."""

    def __init__(self, due: Sequence[Due], until: datetime, at_rung_time: bool) -> None:
        self.kinds: Counter[str] = Counter()
        self.moved = 0
        self.stuck: list[Stuck] = []
        self.passing: set[int] = set()
        self.entries: list[Entry] = []
        matters = read_ids(HOUSE, [one.matter_id for one in due], words=False)
        methods = _methods({_version(stored) for stored in matters.values()})
        places = _Places({stored.matter.place for stored in matters.values()}, until)
        for one in due:
            stored = matters[one.matter_id]
            moment = max(one.at if at_rung_time else until, stored.happened)
            self._decide(one, stored, methods[_version(stored)], places, moment)

    def _decide(
        self, due: Due, stored: Stored, method: Method | MinqingError, places: _Places, moment: datetime
    ) -> None:
        """One rung. Whatever goes wrong in it is told at the end and stops no other: a county's clock never stands
        still for one matter."""
        try:
            if isinstance(method, MinqingError):
                raise method
            context = places.context(stored.matter.place, moment)
            decision = decide(method, stored.matter, Tick(due.number, due.rung), context)
        except Exception as fault:
            self._pass_over(due, stored, str(fault) or type(fault).__name__, fault)
            return
        if isinstance(decision, Refusal):
            self._pass_over(due, stored, str(decision))
            return
        self._take(due, stored, decision, moment, method)

    def _take(self, due: Due, stored: Stored, decision: Decision, moment: datetime, method: Method) -> None:
        self.entries.append(entry(decision.matter, decision.events, moment, method, before=stored, topic=TOPIC))
        self.kinds[stored.matter.duty(due.number).kind] += 1
        self.moved += decision.matter.stage != stored.matter.stage

    def _pass_over(self, due: Due, stored: Stored, why: str, fault: Exception | None = None) -> None:
        self.passing.add(due.duty_id)
        kind = stored.matter.duty(due.number).kind
        self.stuck.append(Stuck(stored.matter.code, kind, due.number, due.rung, why, fault))


class _Places:
    """Contexts of the places of a batch, each put together once."""

    def __init__(self, places: Collection[Region], until: datetime) -> None:
        self._around: Surroundings = around(places)
        self._until = until
        self._made: dict[Region, Context] = {}

    def context(self, place: Region, moment: datetime) -> Context:
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = self._around.context(place, self._until, CLOCK, {})
        return made if moment == self._until else replace(made, moment=moment)


def _version(stored: Stored) -> tuple[str, str]:
    return stored.matter.method, stored.matter.version


def _methods(versions: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Method | MinqingError]:
    """The method of each version, or why it cannot be read: then only its own matters are stuck."""
    return dict(_each_method(versions))


def _each_method(
    versions: Collection[tuple[str, str]],
) -> Iterator[tuple[tuple[str, str], Method | MinqingError]]:
    for pair in versions:
        try:
            yield pair, methods_of([pair])[pair]
        except MinqingError as fault:
            yield pair, fault


def _write(made: _Batch, by: str) -> None:
    written = append(made.entries, by=by)
    lost = [one for one in written if one.outcome != "written"]
    if lost:  # its row is held by this transaction: nobody can have changed it
        raise RuntimeError(f"the sweep held {lost[0].code} and could not write it: {lost[0].outcome}")
