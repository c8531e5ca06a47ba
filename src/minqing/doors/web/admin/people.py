"""People who work with the system: adding one, closing one who has left, reopening one who came back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from minqing.base import moments
from minqing.base.errors import MinqingError, NotAllowed, NotFound
from minqing.doors.web.admin.filled import Filled
from minqing.doors.web.admin.frame import ADMINISTRATOR, done, part_of, shown
from minqing.doors.web.admin.seats import seats
from minqing.doors.web.pages import desk_page
from minqing.kernel.matters.handing import count_in_hand, hand_over_ended
from minqing.registers.accounts.actions import add_user, close_user, reopen_user
from minqing.registers.accounts.queries import UserRow, posts, users
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.journal import changed_by
from minqing.registers.regions.queries import units_by_slug


@require_GET
@desk_page(roles=ADMINISTRATOR)
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Everybody on the register, found by name or login."""
    words, gone = request.GET.get("q", "").strip()[:60], request.GET.get("gone") == "1"
    found = [one for one in users() if words in f"{one.name}\n{one.login}" and (gone or one.active)]
    held: dict[str, int] = {}
    for row in posts():
        held[row.login] = held.get(row.login, 0) + 1
    listed = part_of(request, [(one, held.get(one.login, 0)) for one in found])
    return shown(request, "people", "admin-people", words_asked=words, gone=gone, **listed)


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
                fault = str(refused)
    status = 422 if request.method == "POST" else 200
    return shown(request, "person_add", "admin-people", status=status, filled=filled, fault=fault)


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def one(request: HttpRequest, viewer: Viewer, login: str) -> HttpResponse:
    """Somebody with all their posts; closing says first what it ends."""
    user = _user(login)
    rows = posts(past=True)
    theirs = [row for row in rows if row.login == login]
    if request.method == "POST":
        return done(request, _changed(user, request.POST.get("do", ""), viewer), "admin-person", login=login)
    units = units_by_slug({row.unit for row in theirs})
    running = [row for row in theirs if row.ends is None or row.ends >= moments.today()]
    return shown(
        request, "person", "admin-people", user_row=user, rows=seats(theirs), running=len(running),
        in_hand=count_in_hand(list(units.values()), user.id), own=user.id == viewer.person,
    )  # fmt: skip


def _changed(user: UserRow, what: str, viewer: Viewer) -> str:
    if user.id == viewer.person:
        raise NotAllowed("不能注销自己：请另一位管理员办理（nobody closes themselves: ask another administrator）")
    with changed_by(viewer.person):
        if what == "reopen":
            reopen_user(user.login)
            return _("%(name)s已恢复；岗位请另开") % {"name": user.name}
        close_user(user.login)
    handed = hand_over_ended(moments.now())
    return _("%(name)s已注销，交回单位 %(n)d 件") % {"name": user.name, "n": len(handed.codes)}


def _user(login: str) -> UserRow:
    found = next((one for one in users() if one.login == login), None)
    if found is None:
        raise NotFound("没有这位用户：请从人员列表进入（no such user: enter from the list）")
    return found
