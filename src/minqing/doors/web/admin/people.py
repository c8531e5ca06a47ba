"""People who work with the system: adding one, letting them in again, closing one who has left, reopening one who came
back. A starting password stands on the page that made it and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from minqing.base import moments
from minqing.base.errors import BadInput, MinqingError, NotFound
from minqing.doors.web.admin.filled import Filled
from minqing.doors.web.admin.frame import ADMINISTRATOR, done, part_of, shown
from minqing.doors.web.admin.seats import seats
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import told_of
from minqing.kernel.matters.handing import count_in_hand, hand_over_ended
from minqing.registers.accounts.actions import add_user, close_user, reopen_user
from minqing.registers.accounts.factors import drop_factors, factors_of
from minqing.registers.accounts.passwords import start_password
from minqing.registers.accounts.queries import UserRow, posts, users
from minqing.registers.accounts.resets import resets
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.journal import changed_by
from minqing.registers.regions.queries import units_by_slug

#: What cannot be taken back by a press, and what is said to who did not tick that they are sure.
_TO_MAKE_SURE: dict[str, Promise] = {
    "factors": gettext_lazy("请先核实是本人，再勾选下面的确认"),
    "close": gettext_lazy("请先核实此人已经离开，再勾选下面的确认"),
}  # fmt: skip


@require_GET
@desk_page(roles=ADMINISTRATOR)
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Everybody on the register, found by name or login."""
    words, gone = request.GET.get("q", "").strip()[:60], request.GET.get("gone") == "1"
    found = [one for one in users() if words in f"{one.name}\n{one.login}" and (gone or one.active)]
    held: dict[str, list[str]] = {}
    for row in posts():
        names = held.setdefault(row.login, [])
        if row.unit_name not in names:
            names.append(row.unit_name)
    listed = part_of(request, [(one, held.get(one.login, [])) for one in found])
    return shown(request, "people", "admin-people", words_asked=words, gone=gone, resets=resets(), **listed)


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def added(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Somebody new; a post follows on the page of a unit."""
    filled, fault = Filled(request.POST.dict()), ""
    if request.method == "POST":
        login, name = filled.text("login", needed=True), filled.text("name", needed=True)
        if not filled.faults:
            try:
                with changed_by(viewer.person):
                    add_user(login, name)
                return done(
                    request, _("已登记%(name)s，下一步：在单位里开岗位") % {"name": name}, "admin-person", login=login
                )
            except MinqingError as refused:
                fault = told_of(refused)
    status = 422 if request.method == "POST" else 200
    return shown(request, "person_add", "admin-people", status=status, filled=filled, fault=fault)


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def one(request: HttpRequest, viewer: Viewer, login: str) -> HttpResponse:
    """Somebody with all their posts; each act says first what it does."""
    user, fault = _user(login), ""
    what = request.POST.get("do", "")
    if request.method == "POST":
        if what == "password":
            return _new_password(request, viewer, user)
        if what not in _TO_MAKE_SURE or request.POST.get("sure"):
            return done(request, _changed(user, what, viewer), "admin-person", login=login)
        fault = str(_TO_MAKE_SURE[what])
    theirs = [row for row in posts(past=True) if row.login == login]
    units = units_by_slug({row.unit for row in theirs})
    running = [row for row in theirs if row.ends is None or row.ends >= moments.today()]
    return shown(
        request, "person", "admin-people", status=422 if fault else 200, user_row=user, rows=seats(theirs),
        running=len(running), in_hand=count_in_hand(list(units.values()), user.id), own=user.id == viewer.person,
        factors=factors_of(user.id), fault=fault, unsure=what if fault else "",
    )  # fmt: skip


def _new_password(request: HttpRequest, viewer: Viewer, user: UserRow) -> HttpResponse:
    """Shown this once: the page is kept by no browser, and asking for it anew makes another one."""
    with changed_by(viewer.person):
        words = start_password(user.login)
    answer = shown(request, "password_new", "admin-people", user_row=user, words=words)
    answer["Cache-Control"] = "no-store"
    return answer


def _changed(user: UserRow, what: str, viewer: Viewer) -> str:
    with changed_by(viewer.person):
        if what == "reopen":
            reopen_user(user.login)
            return _("%(name)s已恢复；岗位请另开") % {"name": user.name}
        if what == "factors":
            drop_factors(user.login)
            return _("已撤下%(name)s的第二重验证；本人和同单位的人会看到") % {"name": user.name}
        if what != "close":
            raise BadInput("没有这一步：请刷新页面再试（no such step: load the page again）")
        close_user(user.login)
    handed = hand_over_ended(moments.now())
    return _("%(name)s已注销，交回单位 %(n)d 件") % {"name": user.name, "n": len(handed.codes)}


def _user(login: str) -> UserRow:
    found = next((one for one in users() if one.login == login), None)
    if found is None:
        raise NotFound("没有这位用户：请从人员列表进入（no such user: enter from the list）")
    return found
