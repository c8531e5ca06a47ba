"""Sending what waits: claimed in one statement, sent one by one, each marked and journaled at once.

A worker that dies between sending and marking leaves the claim; after the lease the message is sent again under the
same id, by which a gateway knows that it had it. At least once is the best there is with gateways; two workers never
send one message twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from minqing.base import moments
from minqing.base.errors import MinqingError
from minqing.base.postgres import home_folder
from minqing.kernel.clock.hours import STANDARD
from minqing.kernel.matters.bodies import name_of
from minqing.kernel.matters.cast import barred
from minqing.kernel.matters.reading import Stored, read
from minqing.kernel.matters.surroundings import calendar_of
from minqing.kernel.methods.model import CALL_BACK
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import county_of, is_key
from minqing.registers.regions.queries import casts, hours_on, units_by_slug
from minqing.registers.regions.rules import Cast, Span
from minqing.tools.notice.adapters import Message, Receipt
from minqing.tools.notice.journal import note_sending
from minqing.tools.notice.ports import contacts
from minqing.tools.notice.rendering import resident_message, unit_message
from minqing.tools.notice.rows import LEASE, Mark, Queued, claim, find_ways, inbox_row, mark, put_inbox, renew
from minqing.tools.notice.rules import (
    AGAIN,
    REPORTER,
    TRIES,
    WAITS_FOR_A_WAY,
    Notice,
    choose_way,
    in_hours,
    next_try,
    still_true,
)
from minqing.tools.notice.settings_file import Settings, settings

BATCH = 50
SILENT = 3  # failures in a row after which a way is left alone for the rest of a round: a dead gateway holds nobody up


@dataclass
class Sent:
    """What came of one round, by state."""

    states: dict[str, int] = field(default_factory=dict)

    def add(self, state: str, many: int = 1) -> None:
        self.states[state] = self.states.get(state, 0) + many

    @property
    def taken(self) -> int:
        """How many messages were taken up."""
        return sum(self.states.values())


@dataclass(frozen=True)
class Desk:
    """What a round knows of its messages: the matters as they stand, who serves there, the hours of units."""

    now: datetime
    chosen: Settings
    matters: Mapping[str, Stored]
    casts: Mapping[int, Cast]
    hours: Mapping[int, tuple[Span, ...]]
    addresses: Mapping[int, Mapping[str, str]]
    failed: dict[str, int] = field(default_factory=dict)  # by way, in a row

    def is_silent(self, way: str) -> bool:
        """Whether the gateway of a way seems dead."""
        return self.failed.get(way, 0) >= SILENT


def send_waiting(now: datetime | None = None, many: int = BATCH, lease: float = LEASE) -> Sent:
    """Sends at most so many messages whose hour has come; call it again while it takes any up."""
    at, chosen, sent = now or moments.now(), settings(home_folder()), Sent()
    with seen_by(HOUSE):
        find_ways(sorted(chosen.carriers), at, at - WAITS_FOR_A_WAY)
        held = claim(at, many, chosen.quiet.holds(at), lease)
        desk = _desk(held, at, chosen) if held else None
    if desk is None:
        return sent
    for parcel in _parcels(held):
        sent.add(_deliver(parcel, desk), len(parcel))
    return sent


def _desk(held: list[Queued], now: datetime, chosen: Settings) -> Desk:
    matters = read(HOUSE, {one.code for one in held})
    units = {one.unit for one in held if one.unit != REPORTER}
    slugs = units_by_slug(chosen.staff) if units else {}
    return Desk(
        now, chosen, matters, casts({stored.matter.place for stored in matters.values()}),
        hours_on(units, now.date()) if units else {}, {unit: chosen.staff[slug] for slug, unit in slugs.items()},
    )  # fmt: skip


def _parcels(held: Iterable[Queued]) -> list[list[Queued]]:
    """What is told together: all that one unit is to hear by one way, unless it is urgent; a parcel that was tried
    before stays as it was, so that its id does."""
    parcels: dict[tuple[object, ...], list[Queued]] = {}
    for one in held:
        alone = one.unit == REPORTER or one.passes_until is not None
        key = (one.id,) if alone else (one.unit, one.way, one.digest)
        parcels.setdefault(key, []).append(one)
    return sorted(parcels.values(), key=lambda parcel: (parcel[0].passes_until is None, parcel[0].id))


def _deliver(parcel: list[Queued], desk: Desk) -> str:
    """Sends one parcel; returns the state it is in now."""
    first = parcel[0]
    if first.tries > TRIES:  # claimed again and again and never marked: whoever sends it dies of it
        return _became(parcel, desk, Receipt("refused", "worker-lost"), first.way, "")
    try:
        return _to_reporter(first, desk) if first.unit == REPORTER else _to_unit(parcel, desk)
    except MinqingError as fault:  # the vault lacks a key, a file of settings is broken: told, and tried again
        return _became(parcel, desk, Receipt("failed", type(fault).__name__), first.way, "")


def _to_reporter(one: Queued, desk: Desk) -> str:
    stored = desk.matters.get(one.code)
    if stored is None or not _holds(one, stored):
        return _put_away([one], Mark("overtaken"))
    with seen_by(HOUSE):
        reach = contacts().reach(one.code, one.kind)
    way = choose_way(reach, desk.chosen.carriers)
    if way is None:
        return _put_away([one], Mark("overtaken", fault="not-wanted"))
    if not way:
        return _no_address(one, stored, desk, bool(reach.chosen))
    if way not in desk.chosen.carriers:
        return _no_gateway(one, stored, desk, way)
    if desk.is_silent(way):
        return _wait([one], desk, way)
    with seen_by(HOUSE):
        if not renew(one.claim, [one.id]):
            return "lost"
        address = contacts().address(one.code, way, one.kind)
    if not address:
        return _put_away([one], Mark("no_way", fault="no-address", way=way))
    words = resident_message(one, stored, desk.casts[stored.matter.place], desk.chosen, desk.now)
    message = Message(address, words.subject, words.text, name_of(one.code, "notice", one.once)[:32])
    return _became([one], desk, desk.chosen.carriers[way].send(message), way, address)


def _to_unit(parcel: list[Queued], desk: Desk) -> str:
    first, told = parcel[0], []
    for one in parcel:
        stored = desk.matters.get(one.code)
        against = stored is not None and barred(one.unit, stored.matter, desk.casts[stored.matter.place])
        if stored is None or against or not _holds(one, stored):
            _put_away([one], Mark("overtaken"))
        else:
            told.append(one)
    if not told:
        return "overtaken"
    if first.passes_until is None and (opens := _opens(first, desk)) > desk.now:
        return _put_away(told, Mark("waiting", opens, counts=False))
    address = desk.addresses.get(first.unit, {}).get(first.way, "")
    if not address or first.way not in desk.chosen.carriers:
        return _put_away(told, Mark("no_way", fault="no-gateway" if address else "no-address"))
    if desk.is_silent(first.way):
        return _wait(told, desk, first.way)
    with seen_by(HOUSE):
        if not renew(first.claim, [one.id for one in told], first.digest or first.id):
            return "lost"
    words = unit_message(told, desk.chosen, desk.now)
    name = (
        name_of(str(first.digest or first.id), "digest") if len(told) > 1 else name_of(first.code, "notice", first.once)
    )
    receipt = desk.chosen.carriers[first.way].send(Message(address, words.subject, words.text, name[:32]))
    return _became(told, desk, receipt, first.way, address)


def _holds(one: Queued, stored: Stored) -> bool:
    matter = stored.matter
    if one.unit != REPORTER and one.kind in ("to-handle", "reminder", "late") and one.unit not in _owing(stored):
        return False
    paused = any(stop.end is None for stop in matter.stops)
    ruling = any(duty.kind == "ruling" and one.unit in (REPORTER, duty.owed_by) for duty in matter.open_duties())
    return still_true(one.kind, not matter.is_open, matter.stage == CALL_BACK, paused, ruling)


def _owing(stored: Stored) -> set[int]:
    return {stored.matter.holder, *(duty.owed_by for duty in stored.matter.open_duties())}


def _opens(one: Queued, desk: Desk) -> datetime:
    """When the unit may be disturbed: its own hours on its county's working days."""
    place = desk.matters[one.code].matter.place
    calendar = calendar_of((county_of(place) or place) if is_key(place) else 0)
    return in_hours(desk.now, desk.hours.get(one.unit) or STANDARD.spans, calendar.is_workday)


def _put_away(parcel: list[Queued], became: Mark) -> str:
    with seen_by(HOUSE):
        mark(parcel[0].claim, [one.id for one in parcel], became)
    return became.state


def _wait(parcel: list[Queued], desk: Desk, way: str) -> str:
    """The gateway is silent: it was no try, and nothing was opened for it."""
    with seen_by(HOUSE):
        again = Mark("waiting", desk.now + AGAIN[0], "gateway-silent", counts=False, way=way)
        mark(parcel[0].claim, [one.id for one in parcel], again)
        put_inbox([_for_administrator("silent", way, desk.now)])
    return "waiting"


def _no_address(one: Queued, stored: Stored, desk: Desk, chosen: bool) -> str:
    """Nothing to send to. Who chose a way that no machine goes (a letter) is told by a person."""
    with seen_by(HOUSE):
        mark(one.claim, [one.id], Mark("no_way", fault="no-address"))
        if chosen:
            put_inbox(_please_call(one, stored, desk))
    return "no_way"


def _no_gateway(one: Queued, stored: Stored, desk: Desk, way: str) -> str:
    with seen_by(HOUSE):
        mark(one.claim, [one.id], Mark("no_way", fault="no-gateway", way=way, counts=False))
        put_inbox([_for_administrator("no-way", way, desk.now), *_please_call(one, stored, desk)])
    return "no_way"


def _became(parcel: list[Queued], desk: Desk, receipt: Receipt, way: str, address: str) -> str:
    """Marks and journals what became of a parcel, in one transaction; who is to know of a failure is told."""
    first = parcel[0]
    state = {"sent": "sent", "refused": "given_up"}.get(receipt.outcome, "failed")
    again = next_try(first.tries, desk.now) if state == "failed" else None
    if state == "given_up" or (state == "failed" and again is None):
        state, again = "given_up", desk.now  # no hour comes any more: kept is when that was settled
    desk.failed[way] = 0 if receipt.outcome != "failed" else desk.failed.get(way, 0) + 1
    sent = desk.now if state == "sent" else None
    with seen_by(HOUSE):
        mark(first.claim, [one.id for one in parcel], Mark(state, again, receipt.fault, sent=sent, way=way))
        for one in sorted(parcel, key=lambda one: one.code):  # one order for all workers: each line locks its matter
            told = {"kind": one.kind, "way": way, "outcome": state, "fault": receipt.fault, "unit": one.unit}
            note_sending(one.code, desk.now, told, address)
        if state == "given_up":
            stored = desk.matters[first.code]
            lines = [_for_administrator("given-up", way, desk.now)] if way else []
            put_inbox([*lines, *_please_call(first, stored, desk)])
    return state


def _please_call(one: Queued, stored: Stored, desk: Desk) -> list[dict[str, object]]:
    """The holder hears that the reporter could not be told: a person calls where a machine cannot. Once a day."""
    matter = stored.matter
    if one.unit != REPORTER or not matter.holder:
        return []
    notice = Notice(matter.holder, "not-told", one.code, desk.now, matter.position)
    return [inbox_row(notice)]


def _for_administrator(kind: str, way: str, now: datetime) -> dict[str, object]:
    """One line a way and day."""
    return {
        "once": f"{kind}|{way}|{now:%Y-%m-%d}", "unit": 0, "code": "", "kind": kind, "told": {"way": way},
        "happened": now.isoformat(), "urgent": False,
    }  # fmt: skip
