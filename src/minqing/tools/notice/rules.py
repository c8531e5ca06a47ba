"""When somebody is told, by which way, and what is not told twice. Pure.

A resident's quiet hours are the county's to set (21:00-08:00 where it says nothing); a unit is disturbed outside its
hours only for what is urgent. Emergencies, and what the law orders at once, pass both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from minqing.base.moments import CHINA

Way = Literal["", "sms", "email", "wechat"]
REPORTER = 0  # a notice is to the reporter, or to the unit of that number
ADMINISTRATOR = -1  # or a line on the page of the county's administrator, which no message follows
#: Ways in the order in which they are tried where the reporter chose none. '': no way is known.
WAYS: tuple[Way, ...] = ("sms", "email", "wechat")
NO_NOTICES = "none"  # what a reporter chooses who does not want to be told
BY_PHONE = "phone"  # chosen where one is asked how to be reached: what is written then comes by SMS

FRESH = timedelta(days=7)  # what happened longer ago is history (an import, a demo's year): nobody is told of it now
AWAKE = timedelta(minutes=10)  # so long an answer to what the reporter did just now may disturb them
FOLD = timedelta(minutes=5)  # what is told to one unit within this goes as one message
WAITS_FOR_A_WAY = timedelta(days=7)  # a message without a gateway is sent if one is set up within this
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))  # after the 1st, 2nd … failed try
TRIES = len(AGAIN) + 1
EVER = datetime(9999, 12, 1, tzinfo=CHINA)


@dataclass(frozen=True)
class Kind:
    """A kind of notice. `at_once`: the law or danger orders it now; `answers`: it answers what the reporter did just
    now; `daily`: a reminder, at most one a day."""

    slug: str
    at_once: bool = False
    answers: bool = False
    daily: bool = False


KINDS: Mapping[str, Kind] = {
    kind.slug: kind
    for kind in (
        # to the reporter
        Kind("receipt", answers=True),
        Kind("settled"),
        Kind("not-reached", daily=True),
        Kind("closed"),
        Kind("reopened", answers=True),
        Kind("revived"),
        Kind("suspended"),
        Kind("resumed"),
        Kind("extended"),
        Kind("refused"),
        Kind("ruled"),
        Kind("letter"),
        Kind("cleared"),
        Kind("progress", daily=True),
        # to units
        Kind("to-handle"),
        Kind("to-rule"),
        Kind("told"),
        Kind("urgent", at_once=True),
        Kind("letter-in"),
        Kind("reminder", daily=True),
        Kind("late", daily=True),
        Kind("raised", daily=True),
        Kind("not-told", daily=True),
        # to the administrator
        Kind("unheld", at_once=True, daily=True),
    )
}


@dataclass(frozen=True)
class Notice:
    """What is to be told: `to` REPORTER, a unit or the ADMINISTRATOR; `position` of the event in its matter; `told`
    plain names of the event (a letter's title, a unit's number), never words of anybody."""

    to: int
    kind: str
    code: str
    moment: datetime
    position: int
    urgent: bool = False
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def once(self) -> str:
        """Its name for all time: no two messages have the same. What is urgent is told each time, not once a day."""
        by_day = KINDS[self.kind].daily and not self.urgent
        when = f"{self.moment:%Y-%m-%d}" if by_day else str(self.position)
        return f"{self.code}|{self.kind}|{self.to}|{when}"

    @property
    def at_once(self) -> bool:
        """Whether it passes quiet hours and working hours."""
        return self.urgent or KINDS[self.kind].at_once


@dataclass(frozen=True)
class Reach:
    """How a reporter can be told: what they chose ('' nothing, 'none' not at all) and the ways with an address."""

    chosen: str = ""
    known: frozenset[str] = frozenset()


def choose_way(reach: Reach, served: Collection[str]) -> Way | None:
    """The way to a reporter; None when they asked not to be told, '' when none is known.

    A chosen way is the only one: who chose mail may share the phone. Else the first that is known and served, and where
    none is served the first known, so that the missing gateway is seen.
    """
    if reach.chosen == NO_NOTICES:
        return None
    if reach.chosen:
        wanted = "sms" if reach.chosen == BY_PHONE else reach.chosen
        return next((way for way in WAYS if way == wanted and way in reach.known), "")
    known = [way for way in WAYS if way in reach.known]
    return next((way for way in known if way in served), known[0] if known else "")


@dataclass(frozen=True)
class Quiet:
    """The hours in which a resident is left in peace, in minutes of the day; equal ends: none."""

    starts: int = 21 * 60
    ends: int = 8 * 60

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies in them."""
        minute = moment.hour * 60 + moment.minute
        if self.starts <= self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends

    def after(self, moment: datetime) -> datetime:
        """The moment itself, or when the quiet hours it lies in are over."""
        if not self.holds(moment):
            return moment
        over = datetime.combine(moment.date(), time(self.ends // 60, self.ends % 60), moment.tzinfo)
        return over if over > moment else over + timedelta(days=1)


def passes_until(notice: Notice) -> datetime | None:
    """Until when it may be sent in quiet hours; None: never."""
    if notice.at_once:
        return EVER
    return notice.moment + AWAKE if KINDS[notice.kind].answers else None


def not_before(notice: Notice, now: datetime, quiet: Quiet) -> datetime:
    """The earliest moment a reporter's message leaves."""
    passes = passes_until(notice)
    return now if passes is not None and now <= passes else quiet.after(now)


Spans = tuple[tuple[int, int], ...]


def in_hours(moment: datetime, spans: Spans, works: Callable[[date], bool]) -> datetime:
    """The moment itself when the unit works, else when it next does. `works`: whether a day is a working day."""
    day = moment.date()
    for _ in range(40):  # the longest holiday with its weekends is shorter
        if works(day):
            for starts, ends in spans:
                opens = _at(day, starts, moment)
                if moment < opens:
                    return opens
                if moment < _at(day, ends, moment):
                    return moment
        day += timedelta(days=1)
    return moment


def _at(day: date, minute: int, like: datetime) -> datetime:
    return datetime.combine(day, time(), like.tzinfo) + timedelta(minutes=minute)


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a failed message is tried again, after so many tries; None when it is given up."""
    return now + AGAIN[tries - 1] if tries <= len(AGAIN) else None


#: What is no news any more once the matter has ended.
_OF_OPEN = frozenset({
    "reopened", "revived", "suspended", "resumed", "extended", "refused", "ruled", "progress", "to-handle", "to-rule",
    "reminder", "late", "urgent",
})  # fmt: skip


def still_true(kind: str, ended: bool, asked: bool, paused: bool = False, ruling: bool = False) -> bool:
    """Whether a waiting notice is still so: a call-back is announced only while it is to come (`asked`), a pause while
    it holds (`paused`), "not ours" while a `ruling` is awaited, an end while the matter is ended. What is no longer so
    is overtaken and not sent."""
    if (kind == "suspended" and not paused) or (kind in ("refused", "to-rule") and not ruling):
        return False
    if kind in ("settled", "not-reached"):
        return asked and not ended
    if kind in _OF_OPEN:
        return not ended
    return ended if kind == "closed" else True


def way_to_unit(addresses: Collection[str], urgent: bool) -> str:
    """The way to a unit's work address: what is urgent goes where it rings; '' without any."""
    order = ("sms", "wechat", "email") if urgent else ("email", "wechat", "sms")
    return next((way for way in order if way in addresses), "")
