"""Moves of a matter through pages: a form per move, sent with the position that was seen and a key for once only.

What is refused, or was overtaken by others, is told by the form with all that was typed; what was done leads back to
the matter, or to the inbox where the matter is no longer theirs to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from minqing.base.errors import BadInput, Conflict, MinqingError, NotFound
from minqing.doors.counter.forms import shown_moves
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import MoveIn
from minqing.doors.counter.stepping import Asked, step
from minqing.doors.web.faults import is_part
from minqing.doors.web.matter.move_bar import bar_of
from minqing.doors.web.matter.move_forms import MoveForm, form_of, read
from minqing.doors.web.matter.showing import code_in, facts_of, page_of
from minqing.doors.web.matter.timeline import steps_of
from minqing.doors.web.once import ASIDE, FIELD, name_of, new_name, request_of, typed_in
from minqing.doors.web.pages import desk_page
from minqing.doors.web.posted import dropped
from minqing.doors.web.tongues import tongue
from minqing.kernel.matters.actions import Acted, refuse_replayed
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.entries import Request
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.offers import title_of_verb
from minqing.kernel.matters.queries import Sight, lines_of, look
from minqing.kernel.matters.uploads import Upload, attach
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import code_of, is_key, town_of
from minqing.registers.regions.queries import grids_in

_LARGEST = 10_000_000  # bytes of a file


@require_http_methods(["GET", "POST"])
@desk_page("read", "act")
def move(request: HttpRequest, viewer: Viewer, code: str, verb: str) -> HttpResponse:
    """The form of a move, and the move itself."""
    code = code_in(code)
    if request.method == "GET":
        return _Shown(request, viewer, code, verb).form()
    return _made(request, viewer, code, verb)


def _made(request: HttpRequest, viewer: Viewer, code: str, verb: str) -> HttpResponse:
    """Does it, or shows the form again with why not."""
    shown = _Shown(request, viewer, code, verb)
    try:
        return _tried(shown, _once(request, viewer, code, verb))
    except Replayed as before:
        if not before.same_digest:
            return shown.form(fault=_("这张表已经提交过一次：请刷新页面看结果"), status=422)
        return _done(request, viewer, code, _("已经办过，没有重复办理"))
    except Conflict:
        return _Shown(request, viewer, code, verb).form(status=409)
    except Problem as fault:
        beside = _beside(fault)
        return shown.form(beside, fault="" if beside else fault.detail, status=422)
    except BadInput as fault:
        return shown.form(fault=str(fault), status=422)


def _tried(shown: _Shown, once: Request) -> HttpResponse:
    refuse_replayed(once)
    asked, posted = shown.asked, shown.request.POST
    if asked is None:
        return shown.gone()
    told = read(asked, posted)
    if "look" in posted:
        return shown.form()
    if told.faults:
        return shown.form(told.faults, status=422)
    asker = Asked(shown.viewer, shown.code, _position(shown.request), once)
    done = step(asker, MoveIn(move=shown.verb, **told.fields))
    if isinstance(done, Refusal):
        return shown.form(fault=done.en if tongue() == "en" else done.zh, status=422)
    return _done(
        shown.request, shown.viewer, shown.code, _("办好了：%(move)s") % {"move": asked["title"]},
        undo=shown.verb == "merge",
    )  # fmt: skip


def _beside(fault: Problem) -> dict[str, str]:
    """What the counter found, by name of the field."""
    return {str(one.get("at")): str(one.get("fault")) for one in fault.extra.get("errors", ())}


def _position(request: HttpRequest) -> int | None:
    told = request.POST.get("position", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else None


def _once(request: HttpRequest, viewer: Viewer, code: str, verb: str, body: bytes = b"") -> Request:
    """The request of this form, the viewer's own; the digest covers all that was typed."""
    told = repr((code, verb)).encode("utf-8", "replace") + typed_in(request.POST) + b"\0" + body
    return request_of(name_of(request.POST), "move", viewer.person, viewer.unit, typed=told)


def _done(request: HttpRequest, viewer: Viewer, code: str, said: str, *, undo: bool = False) -> HttpResponse:
    """Back to the matter with a word about it; `undo`: and with the way to take it back."""
    messages.success(request, said)
    if undo:
        messages.info(request, _("这件事已并入另一件，它的编码照样能查。"), extra_tags="undo")
    there = reverse("matter", args=[code])
    try:
        look(viewer, code, only="@nothing")
    except NotFound:
        messages.info(request, _("这件事以后不再由您的岗位办理，已从您的清单移出"))
        there = reverse("inbox")
    if is_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": there})
    return redirect(there)


class _Shown:
    """What is shown of one move on one matter; the matter is read when it is first needed."""

    def __init__(self, request: HttpRequest, viewer: Viewer, code: str, verb: str) -> None:
        self.request, self.viewer, self.code, self.verb = request, viewer, code, verb
        self._sight: Sight | None = None

    @property
    def sight(self) -> Sight:
        """The matter with every move the viewer may make."""
        if self._sight is None:
            self._sight = look(self.viewer, self.code)
        return self._sight

    @property
    def asked(self) -> dict[str, Any] | None:
        """The move as it describes itself; None where it cannot be made now."""
        return next((one for one in shown_moves(self.sight.offers, tongue()) if one["move"] == self.verb), None)

    def form(self, faults: Mapping[str, str] | None = None, *, fault: str = "", status: int = 200) -> HttpResponse:
        """The form, with what was typed, what to mend, and what others did meanwhile."""
        asked = self.asked
        if asked is None:
            return self.gone(fault)
        named_in_link = self.request.method == "GET" and "code" in self.request.GET  # a matter to be held beside it
        posted = self.request.POST if self.request.method == "POST" else self.request.GET if named_in_link else None
        form = form_of(asked, posted, faults, fault, self._places())
        named = any(one.key == "code" for one in form.controls)
        more = {"other": self._other(form), "other_at": reverse("matter-other", args=[self.code]) if named else ""}
        return self._page({"form": form, "heading": form.title} | more, status)

    def gone(self, fault: str = "") -> HttpResponse:
        """The move is not there now: what was typed is kept in sight, and what may be done stands below."""
        zh, en = title_of_verb(self.verb)
        typed = [value for name, values in self.request.POST.lists() if name not in ASIDE for value in values if value]
        heading = en if tongue() == "en" else zh
        told = fault or _("这一步现在不能办：可能已经有人办过，或不由您的岗位办")
        status = 409 if self.request.method == "POST" and self._meanwhile() else 422
        return self._page({"form": None, "heading": heading, "fault": told, "typed": typed}, status)

    def _page(self, more: dict[str, Any], status: int) -> HttpResponse:
        sight = self.sight
        address = reverse("move", args=[self.code, self.verb])
        shown = facts_of(sight) | more | {
            "action": address,
            "hidden": [("position", sight.stored.matter.position), (FIELD, new_name())],
            "back": reverse("matter", args=[self.code]),
            "swap": "step",
            "moves": bar_of(sight.offers, tongue()),
            "meanwhile": self._meanwhile(),
        }  # fmt: skip
        part = is_part(self.request)
        template = "web/matter/step.html" if part else "web/matter/move.html"
        return render(self.request, template, shown | {"in_place": part}, status=status)

    def _meanwhile(self) -> list[Any]:
        """What others did since the position that the form was shown at."""
        seen = _position(self.request) if self.request.method == "POST" else None
        if seen is None or seen >= self.sight.stored.matter.position:
            return []
        return steps_of(lines_of(self.viewer, self.code), self.sight, tongue(), seen)

    def _places(self) -> dict[str, list[tuple[str, str]]]:
        """Grids of the town, to be chosen by name; any other code may be typed."""
        place = self.sight.stored.matter.place
        town = town_of(place) if is_key(place) else None
        return {"place": [(code_of(one.key), one.name) for one in grids_in(town)]} if town is not None else {}

    def _other(self, form: MoveForm) -> dict[str, Any] | None:
        """The matter that the form names, to be held against this one."""
        typed = next((one.value for one in form.controls if one.key == "code"), "")
        return other_of(self.viewer, typed) if typed else None


def other_of(viewer: Viewer, typed: str) -> dict[str, Any]:
    """Another matter as the viewer sees it, or the sentence that they see none under that code."""
    try:
        return facts_of(look(viewer, code_in(typed), only="@nothing"))
    except MinqingError as fault:
        return {"fault": str(fault)}


@desk_page("read", "act")
def other(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """The matter beside which this one is held, as its code is typed."""
    typed = request.GET.get("code", "")
    seen = facts_of(look(viewer, code_in(code), only="@nothing"))
    found = other_of(viewer, typed) if len(typed.strip()) >= 8 else None
    return render(request, "web/matter/beside.html", seen | {"other": found})


@require_POST
@desk_page("read", "act")
def put_file(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """A picture or PDF is put on record."""
    code = code_in(code)
    try:
        return _attached(request, viewer, code)
    except (BadInput, Problem) as fault:
        said = fault.detail if isinstance(fault, Problem) else str(fault)
        sight = look(viewer, code, sealed=True)
        if not any(offer.verb == "record" for offer in sight.offers):
            raise
        typed = {"fault": said, "title": request.POST.get("title", "")[:200], "record": request.POST.get("record", "")}
        return render(request, "web/matter/page.html", page_of(sight, viewer, attach=typed), status=422)


def _attached(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """What was sent, under the name it was given."""
    file = request.FILES.get("file")
    if file is None and not dropped(request):
        raise BadInput(_("请先选一张照片或一个 PDF 文件，再点“附上”"))
    if file is None or (file.size or 0) > _LARGEST:
        raise BadInput(_("文件太大，最多 10 MB：请把照片压小，或只附要紧的几页"))
    data, record = file.read(), request.POST.get("record", "")
    title = (request.POST.get("title") or file.name or "").replace("\0", "")[:200]
    upload = Upload(data, title, record, "keep_position" in request.POST)
    try:
        done: Acted | Refusal = attach(code, viewer, upload, request=_once(request, viewer, code, "record", data))
    except Replayed:
        return _done(request, viewer, code, _("已经办过，没有重复办理"))
    if isinstance(done, Refusal):
        raise BadInput(done.en if tongue() == "en" else done.zh)
    return _done(request, viewer, code, _("文件已封存在这件事里"))
