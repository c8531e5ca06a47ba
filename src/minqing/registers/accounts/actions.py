"""Writes to the accounts: users, seats, tokens; each one transaction, noted in the register's journal."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict
from minqing.registers.accounts import events
from minqing.registers.accounts.models import Seat, User
from minqing.registers.accounts.oneself import CLOSED, POST, not_for_oneself
from minqing.registers.accounts.posts import MACHINE_ROLE, check_rights, check_role, usual_role
from minqing.registers.accounts.queries import tokens, viewer_in
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.accounts.tokens import hash_of, new_token
from minqing.registers.regions.actions import PostPlan, end_post, open_posts
from minqing.registers.regions.journal import note, register_held
from minqing.registers.regions.models import Post, Unit
from minqing.registers.regions.rules import one_line, parse_code, quoted

LONGEST_DAYS = 731  # a token is renewed at least every two years

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")


@dataclass(frozen=True)
class UserPlan:
    """A user to add."""

    login: str
    name: str


@dataclass(frozen=True)
class SeatPlan:
    """A user to put in a post; without a role the usual one of the unit."""

    login: str
    post: int
    role: str = ""


@dataclass(frozen=True)
class StaffPlan:
    """Somebody and their post, as a list of staff has them; whose login is known keeps number and name."""

    login: str
    name: str
    unit: str
    title: str
    starts: dt.date
    ends: dt.date | None = None
    role: str = ""


@dataclass(frozen=True)
class Issued:
    """A new token: its number, and its words, which are shown this once. `person` 0 is a program's."""

    id: int
    words: str
    person: int
    rights: tuple[str, ...]
    expires: dt.datetime


def add_user(login: str, name: str) -> int:
    """Adds one user; returns their number."""
    return add_users([UserPlan(login, name)])[0]


def add_users(plans: Sequence[UserPlan]) -> list[int]:
    """Adds users in one go: all or none. Returns their numbers in the order of the plans."""
    logins = [check_login(plan.login) for plan in plans]
    names = [one_line(plan.name, "姓名") for plan in plans]
    with register_held():
        taken = set(User.objects.filter(login__in=logins).values_list("login", flat=True))
        double = next((login for login, count in Counter(logins).items() if count > 1 or login in taken), None)
        if double is not None:
            raise Conflict(f"已有登录名为{quoted(double)}的用户：请换一个（that login is taken: choose another one）")
        rows = User.objects.bulk_create(
            (User(login=login, name=name, created=moments.now()) for login, name in zip(logins, names, strict=True)),
            batch_size=2000,
        )
        if rows:
            note(*(events.UserAdded(row.id) for row in rows))
    return [row.id for row in rows]


def check_login(login: str) -> str:
    """The login, if it is one."""
    if not _LOGIN.fullmatch(login):
        raise BadInput(
            f"{quoted(login)}不能作登录名：用 2 到 40 个小写字母、数字、点或连字符，例如 chen.wei"
            "（a login is 2 to 40 small letters, digits, dots or hyphens）"
        )
    return login


def close_user(login: str) -> int:
    """Whoever has left: their tokens are revoked, their posts end today. Returns their number."""
    today = moments.today()
    with register_held():
        user = _user(login)
        not_for_oneself({user.id}, CLOSED)
        if user.active:
            User.objects.filter(id=user.id).update(active=False)
            note(events.UserClosed(user.id))
        for token in tokens():
            if token.person == user.id and token.revoked is None:
                revoke_token(token.id)
        theirs = Post.objects.filter(id__in=Seat.objects.filter(user=user).values("post"))
        for post, starts in theirs.exclude(ends__lte=today).values_list("id", "starts"):
            end_post(post, max(today, starts))
    return user.id


def reopen_user(login: str) -> int:
    """Whoever has come back, under their old number; posts and tokens are opened anew. Returns the number."""
    with register_held():
        user = _user(login)
        if not user.active:
            User.objects.filter(id=user.id).update(active=True)
            note(events.UserReopened(user.id))
    return user.id


def seat_users(plans: Sequence[SeatPlan]) -> None:
    """Puts users in posts in one go: all or none. A post whose person changes is ended and opened anew."""
    with register_held():
        users = User.objects.filter(active=True).in_bulk({plan.login for plan in plans}, field_name="login")
        posts = Post.objects.select_related("unit").in_bulk({plan.post for plan in plans})
        taken = set(Seat.objects.filter(post_id__in=posts).values_list("post_id", flat=True))
        seats = []
        for plan in plans:
            if plan.login not in users:
                raise BadInput(_no_user(plan.login))
            if plan.post not in posts:
                raise BadInput(f"没有编号为 {plan.post} 的岗位（there is no post {plan.post}）")
            if plan.post in taken:
                raise Conflict(
                    f"{plan.post} 号岗位已经有人：换人请先结束这个岗位，再开新岗位"
                    "（the post is taken: end it and open a new one）"
                )
            taken.add(plan.post)
            unit = posts[plan.post].unit
            role = check_role(plan.role or usual_role(unit.kind, unit.level), unit.kind, unit.level, unit.name)
            seats.append(Seat(user=users[plan.login], post_id=plan.post, role=role))
        not_for_oneself({seat.user_id for seat in seats}, POST)
        Seat.objects.bulk_create(seats, batch_size=2000)
        if seats:
            note(*(events.UserSeated(seat.post_id, seat.user_id, seat.role) for seat in seats))


def open_seat(login: str, unit: str, title: str, starts: dt.date, ends: dt.date | None = None, role: str = "") -> int:
    """Opens a post for a user and seats them; `title` is the post's own role slug (head, clerk). Returns its number."""
    with register_held():
        post = open_posts([PostPlan(unit, title, _user(login).name, starts, ends)])[0]
        seat_users([SeatPlan(login, post, role)])
    return post


def open_staff(plans: Sequence[StaffPlan]) -> list[int]:
    """Users where they are new, posts and seats in one go: all or none. Returns the posts in the order of the plans."""
    if not plans:
        return []
    with register_held():
        known = dict(User.objects.filter(login__in={plan.login for plan in plans}).values_list("login", "name"))
        names = {plan.login: plan.name for plan in plans}
        add_users([UserPlan(login, name) for login, name in names.items() if login not in known])
        names |= known
        posts = open_posts(
            [PostPlan(plan.unit, plan.title, names[plan.login], plan.starts, plan.ends) for plan in plans]
        )
        seat_users([SeatPlan(plan.login, post, plan.role) for plan, post in zip(plans, posts, strict=True)])
    return posts


def issue_token(post: int, title: str, days: int, rights: Sequence[str] = ()) -> Issued:
    """A token for whoever serves in the post today: its user or, while they are away, who stands in."""
    viewer = viewer_in(post)
    return _issue(viewer.person, post, "", 0, title, days, check_rights(rights, viewer.role))


def issue_machine_token(source: str, title: str, days: int, rights: Sequence[str] = (), county: str = "") -> Issued:
    """A token for a program that reports under one source; `county` is only needed where there are several."""
    if not _SOURCE.fullmatch(source):
        raise BadInput(
            f"{quoted(source)}不能作来源名：用小写字母、数字、点或连字符，例如 12345-hotline"
            "（a source is small letters, digits, dots or hyphens）"
        )
    return _issue(None, None, source, _county(county), title, days, check_rights(rights, MACHINE_ROLE))


def _issue(
    person: int | None, post: int | None, source: str, area: int, title: str, days: int, rights: tuple[str, ...]
) -> Issued:
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"令牌有效期要在 1 到 {LONGEST_DAYS} 天之间（a token lives 1 to {LONGEST_DAYS} days）")
    words, title, now = new_token(), one_line(title, "令牌用途"), moments.now()
    expires = now + dt.timedelta(days)
    with register_held(), seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select accounts_token_issue(%s, %s, %s, %s, %s, %s::bigint, %s::text[], %s, %s)",
            [hash_of(words), title, person, post, source, area, list(rights), expires, now],
        )
        number = cursor.fetchone()[0]
        note(events.TokenIssued(number, person or 0, post or 0, source, rights, expires))
    return Issued(number, words, person or 0, rights, expires)


def revoke_token(token: int) -> bool:
    """From now on it opens nothing; False when it did not before."""
    with register_held(), seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select accounts_token_revoke(%s, %s)", [token, moments.now()])
        done: bool = cursor.fetchone()[0]
        if done:
            note(events.TokenRevoked(token))
    return done


def _county(code: str) -> int:
    counties = Unit.objects.filter(kind="territory", level="county")
    if code:
        counties = counties.filter(region=parse_code(code))
    found = list(counties.values_list("region", flat=True)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput("本实例有不止一个县：请写明是哪个县（there are several counties here: say which one）")
    raise BadInput("还没有这个县的单位：请先运行 minqing init --county 代码（run `minqing init --county`）")


def _user(login: str) -> User:
    row = User.objects.filter(login=login[:60]).first()
    if row is None:
        raise BadInput(_no_user(login))
    return row


def _no_user(login: str) -> str:
    return f"没有登录名为{quoted(login)}的在册用户：请先 minqing user add（no such user: add them first）"
