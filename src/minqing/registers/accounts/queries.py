"""Reads of the accounts: viewers of tokens and posts, who serves in which unit, names.

`viewer_of` is one statement, the same whether the token is known or not.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from minqing.base import moments
from minqing.base.errors import NotFound
from minqing.base.moments import in_china
from minqing.registers.accounts.models import Seat, User
from minqing.registers.accounts.posts import MACHINE_ROLE, ROLES, scope_of
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.accounts.tokens import hash_of
from minqing.registers.regions.queries import on_duty_in
from minqing.registers.regions.rules import Term, on_duty
from minqing.registers.regions.versions import VERSION, last_shelf, shelf, told_version

#: What somebody is besides their unit: words of the post or the seat that method files may ask for.
BESIDES = frozenset({"volunteer", "mediator"})
_KEPT = 4_000  # viewers a process keeps

_BESIDES = "accounts_besides({}, s.terms)"
# The seat is not told again to who knows it of that version already: it is what costs.
_BY_TOKEN = f"""select r.version, t.*, s.*,
    case when s.role is not null then {_BESIDES.format("t.post")} end as besides
from (select {VERSION}) r(version), accounts_token(%s, %s) t
left join lateral accounts_seat(case when r.version <> %s then t.post end) s on true"""
_BY_POST = f"""select s.*, {_BESIDES.format("p.post")} as besides
from (select %s::integer) p(post), lateral accounts_seat(p.post) s"""


def viewer_of(token: str) -> Viewer | None:
    """Who acts with a token now; None for one that is unknown, expired or revoked, whose user is no longer active, or
    does not serve in the post today (over, not begun, on leave: the stand-in has a token of their own)."""
    now, hashed = moments.now(), hash_of(token)
    key = hashed, in_china(now).date()
    known, viewers = last_shelf("viewers")
    kept: Viewer | str | None = viewers.get(key, "")
    with connection.cursor() as cursor:
        cursor.execute(_BY_TOKEN, [hashed, now, known if kept != "" else -1])
        row = cursor.fetchone()
    if row is None:
        return None
    version, *told = row
    told_version(version)
    if version == known and not isinstance(kept, str):  # of one version and day: the living token is the same viewer
        return kept
    viewers = shelf("viewers", version)
    if len(viewers) > _KEPT:
        viewers.clear()
    viewers[key] = viewer = _of_row(told, now)
    return viewer


def _of_row(told: list[Any], now: dt.datetime) -> Viewer | None:
    number, person, post, source, area, rights, *seat = told
    if post is None:
        return _program(number, source, area, rights)
    if seat[0] is None or _serving(post, seat[-2], now) != person:
        return None
    return _viewer(person, post, seat, now, frozenset(rights), number)


def _program(number: int, source: str, area: int, rights: Iterable[str]) -> Viewer:
    return Viewer(
        roles=frozenset({MACHINE_ROLE}), scope=scope_of(MACHINE_ROLE, "county", area, 0, (), 0), role=MACHINE_ROLE,
        rights=ROLES[MACHINE_ROLE].rights & frozenset(rights), token=number, source=source,
    )  # fmt: skip


def viewer_in(post: int) -> Viewer:
    """Who serves in a post now (its user, or who stands in), with all rights of its role; no token is asked for."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_POST, [post])
        seat = cursor.fetchone()
    now = moments.now()
    person = _serving(post, seat[-2], now) if seat is not None else None
    if person is None:
        raise NotFound(f"{post} 号岗位今天没有人在任：请核对岗位编号、任期和用户（nobody serves in post {post} today）")
    return _viewer(person, post, list(seat), now, None, 0)


def _viewer(
    person: int, post: int, seat: list[Any], now: dt.datetime, rights: frozenset[str] | None, token: int
) -> Viewer:
    role, slug, unit, kind, level, region, above, _, told = seat
    besides = _besides(person, told, in_china(now).date())
    scope = scope_of(role, level, region, unit, above, person, inspection=kind == "inspection", besides=besides)
    allowed = ROLES[role].rights
    return Viewer(
        person=person, unit=unit, roles=BESIDES & {role, slug}, scope=scope, role=role,
        rights=allowed if rights is None else allowed & rights, token=token, post=post, units_besides=besides,
    )  # fmt: skip


def _besides(person: int, told: str, day: dt.date) -> tuple[int, ...]:
    """The units of the person's other posts that run on a day, and all above those."""
    running = [
        units
        for user, starts, ends, units in json.loads(told)
        if user == person and dt.date.fromisoformat(starts) <= day <= (_day(ends) or dt.date.max)
    ]
    return tuple(dict.fromkeys(unit for units in running for unit in units))


def _serving(post: int, terms: str, moment: dt.datetime) -> int | None:
    """The user who serves in the post at that moment; None when nobody does, or they are no longer active."""
    found: dict[int, Term] = {}
    users: dict[int, int | None] = {}
    for number, unit, starts, ends, absent_from, absent_to, stand_in, user, active in json.loads(terms):
        found[number] = Term(
            number,
            unit,
            "",
            "",
            dt.date.fromisoformat(starts),
            _day(ends),
            _day(absent_from),
            _day(absent_to),
            stand_in,
        )
        users[number] = user if active else None
    there = on_duty(found[post], moment, found)
    return users[there.id] if there is not None else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def staff_of(units: Collection[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    """Who serves in each unit today: (person, name), stand-ins in the place of those away; kept by revision and day.

    Every unit asked for has an entry; administrators and auditors are no staff: matters are not theirs to work.
    """
    kept = shelf("staff")
    if missing := set(units).difference(kept):
        kept.update(_seated(on_duty_in(missing, moments.now())))
    return {unit: kept[unit] for unit in units}


def _seated(serving: Mapping[int, tuple[Term, ...]]) -> dict[int, tuple[tuple[int, str], ...]]:
    """Number and name of the active users in these posts who work matters."""
    posts = {term.id for there in serving.values() for term in there}
    rows = Seat.objects.filter(post_id__in=posts, user__active=True).exclude(role__in=("administrator", "auditor"))
    people = {post: (user, name) for post, user, name in rows.values_list("post_id", "user_id", "user__name")}
    return {
        unit: tuple(dict.fromkeys(people[term.id] for term in there if term.id in people))
        for unit, there in serving.items()
    }


def serving_in(units: Collection[int], moment: dt.datetime) -> dict[int, frozenset[int]]:
    """The active users whose post in each unit runs on that day, away or not (leave takes no work from anybody), and
    who stands in there."""
    day = in_china(moment).date()
    rows = Seat.objects.filter(post__unit_id__in=units, post__starts__lte=day, user__active=True)
    found: dict[int, set[int]] = {unit: set() for unit in units}
    for unit, ends, user in rows.values_list("post__unit_id", "post__ends", "user_id"):
        if ends is None or ends >= day:
            found[unit].add(user)
    for unit, there in _seated(on_duty_in(units, moment)).items():
        found[unit].update(user for user, _ in there)
    return {unit: frozenset(there) for unit, there in found.items()}


def heads_of(units: Collection[int], moment: dt.datetime) -> dict[int, int]:
    """The user who is head of each unit at that moment (or stands in); units without one have no entry."""
    return {unit: there[0][0] for unit, there in _seated(on_duty_in(units, moment, "head")).items() if there}


def seated_in(posts: Collection[int]) -> dict[int, int]:
    """The user of each of these posts that has one, past and to come."""
    return dict(Seat.objects.filter(post_id__in=posts).values_list("post_id", "user_id"))


def names_of(persons: Collection[int]) -> dict[int, str]:
    """Names by the numbers that journal lines hold."""
    return dict(User.objects.filter(id__in=persons).values_list("id", "name"))


@dataclass(frozen=True)
class TokenRow:
    """A token as it may be listed: never its words nor their hash."""

    id: int
    title: str
    person: int | None
    post: int | None
    source: str
    rights: tuple[str, ...]
    expires: dt.datetime
    created: dt.datetime
    revoked: dt.datetime | None
    last_used: dt.date | None

    def living(self, moment: dt.datetime) -> bool:
        """Whether it opens anything now, as far as it is its own affair."""
        return self.revoked is None and self.expires > moment


def tokens() -> list[TokenRow]:
    """All tokens, in the order they were made."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select * from accounts_tokens()")
        return [
            TokenRow(
                number, title, person, post, source, tuple(rights), in_china(expires), in_china(created), gone, used
            )
            for number, title, person, post, source, rights, expires, created, gone, used in cursor.fetchall()
        ]


@dataclass(frozen=True)
class UserRow:
    """A user as listed."""

    id: int
    login: str
    name: str
    active: bool


def users() -> list[UserRow]:
    """All users, in the order they came."""
    return [UserRow(*row) for row in User.objects.order_by("id").values_list("id", "login", "name", "active")]


@dataclass(frozen=True)
class SeatRow:
    """A post with who sits in it and as what; both empty for a post nobody has been seated in."""

    post: int
    unit: str
    unit_name: str
    title: str
    person: str
    login: str
    role: str
    starts: dt.date
    ends: dt.date | None
    absent_from: dt.date | None
    absent_to: dt.date | None
    stand_in: int | None


_POSTS = """
    select p.id, u.slug, u.name, p.role, p.person, coalesce(a.login, ''), coalesce(s.role, ''), p.starts, p.ends,
           p.absent_from, p.absent_to, p.stand_in_id
    from regions_post p join regions_unit u on u.id = p.unit_id
    left join accounts_seat s on s.post_id = p.id left join accounts_user a on a.id = s.user_id
    where (%(unit)s = '' or u.slug = %(unit)s) and (%(past)s or p.ends is null or p.ends >= %(day)s)
          and (%(post)s = 0 or p.id = %(post)s)
    order by u.region, u.id, p.starts, p.id
"""


def posts(unit: str = "", *, past: bool = False, post: int = 0) -> list[SeatRow]:
    """The posts of a unit (of all, without one) by place; those that are over only with `past`. `post`: that one."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {"unit": unit, "past": past, "post": post, "day": moments.today()})
        return [SeatRow(*row) for row in cursor.fetchall()]


def users_by_login(logins: Iterable[str]) -> Mapping[str, int]:
    """The numbers of the users of these logins."""
    return dict(User.objects.filter(login__in=list(logins)).values_list("login", "id"))
