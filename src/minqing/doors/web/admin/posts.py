"""Posts: who serves where. Opening one, ending one, leave with a stand-in; each page says first what will happen."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from minqing.base import moments
from minqing.base.errors import MinqingError
from minqing.doors.web.admin.filled import Filled
from minqing.doors.web.admin.frame import ADMINISTRATOR, done, part_of, shown
from minqing.doors.web.admin.seats import seat_of, seats
from minqing.doors.web.admin.units import unit_of
from minqing.doors.web.admin.words import TITLES, roles_for
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import told_of
from minqing.kernel.matters.handing import count_in_hand, hand_over_ended
from minqing.registers.accounts.actions import StaffPlan, open_staff
from minqing.registers.accounts.posts import usual_role
from minqing.registers.accounts.queries import SeatRow, heads_of, names_of, posts, users, users_by_login
from minqing.registers.accounts.rules import Viewer
from minqing.registers.accounts.terms import end_post, set_leave
from minqing.registers.regions.journal import changed_by
from minqing.registers.regions.queries import units_by_slug


@require_GET
@desk_page(roles=ADMINISTRATOR)
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Posts that run, found by person, login or unit."""
    words, past = request.GET.get("q", "").strip()[:60], request.GET.get("past") == "1"
    rows = [row for row in posts(past=past) if words in f"{row.person}\n{row.login}\n{row.unit_name}\n{row.unit}"]
    listed = part_of(request, rows)
    return shown(request, "posts", "admin-posts", words_asked=words, past=past, rows=seats(listed["part"]), **listed)


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def opened(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """A post for somebody who is known, or for somebody new."""
    unit = unit_of(slug)
    roles = roles_for(unit.kind, unit.level)
    usual = usual_role(unit.kind, unit.level)
    filled = Filled(
        request.POST.dict()
        or {"role": usual, "title": "grid-worker" if usual == "grid_worker" else "staff", "from": str(moments.today())}
    )
    fault = ""
    if request.method == "POST":
        plan = _plan(filled, unit.slug, roles)
        if plan is not None:
            try:
                with changed_by(viewer.person):
                    open_staff([plan])
                return done(request, _("已任职：%(name)s") % {"name": filled.text("name")}, "admin-unit", slug=slug)
            except MinqingError as refused:
                fault = told_of(refused)
    known = [user for user in users() if user.active]
    return shown(
        request, "post_open", "admin-units", status=422 if request.method == "POST" else 200, unit=unit, roles=roles,
        titles=TITLES, filled=filled, fault=fault, known=known,
    )  # fmt: skip


def _plan(filled: Filled, unit: str, roles: dict[str, str]) -> StaffPlan | None:
    """What was asked for; None where a field does not fit."""
    login, name = filled.text("login", needed=True), filled.text("name")
    known = {user.login: user for user in users()}
    if login and login not in known and not name:
        filled.faults["name"] = _("这个登录名还没有登记：新同事请写姓名；老同事请核对登录名")
    if login in known and not known[login].active:
        filled.faults["login"] = _("这位同事已注销：请先在“人员”里恢复")
    title, role = filled.choice("title", TITLES), filled.choice("role", roles)
    starts, ends = filled.day("from", needed=True), filled.day("to")
    if filled.faults or starts is None:
        return None
    return StaffPlan(login, name or known[login].name, unit, title, starts, ends, role)


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def ended(request: HttpRequest, viewer: Viewer, post: int) -> HttpResponse:
    """The last day of a post. What is in hand goes back to the unit when that day is over."""
    row, today = seat_of(post), moments.today()
    filled, fault = Filled(request.POST.dict() or {"on": str(row.ends or today)}), ""
    if request.method == "POST":
        last = filled.day("on", needed=True)
        if last is not None:
            try:
                with changed_by(viewer.person):
                    end_post(post, last)
                return done(request, _handed(row, last, today), "admin-unit", slug=row.unit)
            except MinqingError as refused:
                fault = told_of(refused)
    return shown(
        request, "post_end", "admin-posts", status=422 if request.method == "POST" else 200, filled=filled, fault=fault,
        seat=seats([row])[0], **_at_stake(row),
    )  # fmt: skip


def _handed(row: SeatRow, last: dt.date, today: dt.date) -> str:
    """What became of it; a last day that is past hands over at once, as on the command line."""
    told = {"name": row.person, "day": last}
    if last >= today:
        return _("%(name)s的岗位到 %(day)s 结束；手上未办结的事项届时自动交回单位") % told
    handed = hand_over_ended(moments.now())
    return _("%(name)s的岗位已于 %(day)s 结束，交回单位 %(n)d 件") % {**told, "n": len(handed.codes)}


def _at_stake(row: SeatRow) -> dict[str, object]:
    """What hangs on a post: matters in hand and who gets them, posts for which its person stands in."""
    unit, person = units_by_slug([row.unit])[row.unit], users_by_login([row.login]).get(row.login, 0)
    head = heads_of([unit], moments.now()).get(unit, 0)
    return {
        "in_hand": count_in_hand([unit], person) if person else 0,
        "heir": names_of([head]).get(head, "") if head != person else "",
        "stands_in": [one for one in posts() if one.stand_in == row.post],
    }


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def leave(request: HttpRequest, viewer: Viewer, post: int) -> HttpResponse:
    """Away from when to when, and who stands in; or back."""
    row = seat_of(post)
    filled, fault = Filled(request.POST.dict() or _leave_of(row)), ""
    if request.method == "POST":
        try:
            if said := _left(filled, row, viewer):
                return done(request, said, "admin-unit", slug=row.unit)
        except MinqingError as refused:
            fault = told_of(refused)
    near = [one for one in posts() if one.post != post and one.login and one.login != row.login]
    near.sort(key=lambda one: one.unit != row.unit)  # those of the same unit first
    return shown(
        request, "post_leave", "admin-posts", status=422 if request.method == "POST" else 200, filled=filled,
        fault=fault, seat=seats([row])[0], near=seats(near), **_at_stake(row),
    )  # fmt: skip


def _leave_of(row: SeatRow) -> dict[str, str]:
    told = {"from": row.absent_from or moments.today(), "to": row.absent_to or "", "stand_in": row.stand_in or ""}
    return {name: str(value) for name, value in told.items()}


def _left(filled: Filled, row: SeatRow, viewer: Viewer) -> str:
    """What was done, in a sentence; '' where a field does not fit."""
    if filled.text("back"):
        with changed_by(viewer.person):
            set_leave(row.post, None)
        return _("%(name)s已回岗") % {"name": row.person}
    since, until, beside = filled.day("from", needed=True), filled.day("to"), filled.number("stand_in")
    if filled.faults:
        return ""
    with changed_by(viewer.person):
        set_leave(row.post, since, until, beside)
    return _("%(name)s自 %(day)s 离岗") % {"name": row.person, "day": since}
