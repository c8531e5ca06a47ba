"""The same step for several matters: those ticked in an inbox, one of the steps that all of them offer without a form.

Each is done for itself, by the rules of its own method, and answered for itself: one that cannot be done stops none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minqing.base.errors import BadInput, MinqingError, NotFound
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import MoveIn
from minqing.doors.counter.stepping import Asked, step
from minqing.doors.counter.words import LONGEST_SAID
from minqing.doors.web.once import name_of, new_name, request_of
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.matters.codes import clean_code
from minqing.kernel.matters.commands import Refusal
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.offers import Offer
from minqing.kernel.matters.queries import Sight, look
from minqing.registers.accounts.rules import Viewer

MOST = 30  # matters at once
_APART = frozenset({"split", "merge", "unmerge", "link", "reveal", "withdraw"})  # are of one matter by their nature


@dataclass(frozen=True)
class Shared:
    """A step that every ticked matter offers; `words`: something has to be said along."""

    verb: str
    title: str
    words: bool


@dataclass(frozen=True)
class Row:
    """What became of one matter."""

    code: str
    title: str
    done: bool
    said: str


@require_http_methods(["GET", "POST"])
@desk_page("read", "act")
def together(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What the ticked ones have in common; sent with a step, what became of each."""
    told = request.GET if request.method == "GET" else request.POST
    codes, more = _ticked(told)
    sights = [sight for code in codes if (sight := _seen(viewer, code)) is not None]
    shared = _shared([sight.offers for sight in sights])
    if request.method == "GET":
        return _form(request, sights, shared, more=more)
    words = request.POST.get("words", "").strip()
    step_asked = next((one for one in shared if one.verb == request.POST.get("move")), None)
    if step_asked is None:
        return _form(request, sights, shared, fault=_("这一步已经不是每一件都能办了：请看下面还能一起办什么"))
    if not name_of(request.POST):
        return _form(request, sights, shared, fault=_("这个页面开得太久了：内容都还在，请再点一次“提交”"))
    if step_asked.words and not words:
        return _form(request, sights, shared, fault=_("“%(move)s”要写说明") % {"move": step_asked.title})
    if len(words) > LONGEST_SAID:
        return _form(request, sights, shared, fault=_("写得太长了：最多 %(most)d 字") % {"most": LONGEST_SAID})
    rows = [_made(request, viewer, sight, step_asked, words) for sight in sights]
    failed = sum(not row.done for row in rows)
    context = {"here": "inbox", "rows": rows, "move": step_asked.title, "done": len(rows) - failed, "failed": failed}
    return render(request, "web/desk/together_done.html", context)


def _ticked(told: QueryDict) -> tuple[list[str], bool]:
    """The codes that were ticked, each once; whether there were more than are done at once."""
    codes: list[str] = []
    for typed in dict.fromkeys(told.getlist("tick")):
        try:
            codes.append(clean_code(typed))
        except BadInput:
            continue
    codes = list(dict.fromkeys(codes))
    return codes[:MOST], len(codes) > MOST


def _seen(viewer: Viewer, code: str) -> Sight | None:
    """None for what is not, or no longer, theirs to see."""
    try:
        return look(viewer, code)
    except NotFound:
        return None


def _shared(offers: Sequence[Sequence[Offer]]) -> list[Shared]:
    """Steps that all offer and that ask for nothing but words."""
    if not offers:
        return []
    others = [{offer.verb for offer in one if _plain(offer)} for one in offers[1:]]
    english = tongue() == "en"
    return [
        Shared(
            offer.verb,
            offer.title_en if english else offer.title_zh,
            any(ask.required for each in offers for one in each if one.verb == offer.verb for ask in one.asks),
        )
        for offer in offers[0]
        if _plain(offer) and all(offer.verb in verbs for verbs in others)
    ]


def _plain(offer: Offer) -> bool:
    needed = {ask.name for ask in offer.asks if ask.required}
    return offer.verb not in _APART and not offer.results and not offer.one_of and needed <= {"reason"}


def _form(
    request: HttpRequest, sights: Sequence[Sight], shared: Sequence[Shared], *, fault: str = "", more: bool = False
) -> HttpResponse:
    told = request.POST
    context = {
        "here": "inbox",
        "sights": [
            (sight, told.get(f"at-{sight.stored.matter.code}", sight.stored.matter.position)) for sight in sights
        ],
        "shared": shared,
        "fault": fault,
        "more": MOST if more else 0,
        "words": told.get("words", ""),
        "longest": LONGEST_SAID,
        "once": new_name(),
    }
    return render(request, "web/desk/together.html", context, status=422 if fault else 200)


def _made(request: HttpRequest, viewer: Viewer, sight: Sight, asked: Shared, words: str) -> Row:
    """One step on one matter, at the position that was seen; what hinders it is its answer."""
    code = sight.stored.matter.code
    at = request.POST.get(f"at-{code}", "")
    expect = int(at) if at.isascii() and at.isdigit() and len(at) < 10 else None
    typed = f"{asked.verb}\0{words}".encode("utf-8", "replace")
    once = request_of(name_of(request.POST), "together", viewer.person, viewer.post, code, typed=typed)
    move = MoveIn.model_validate({"move": asked.verb} | ({"reason": words} if words else {}))
    try:
        done = step(Asked(viewer, code, expect, once), move)
    except Replayed as before:
        if not before.same_digest:
            return Row(code, sight.title, False, _("这张表已经提交过一次：请刷新页面看结果"))
        return Row(code, sight.title, True, _("已经办过，没有重复办理"))
    except (Problem, MinqingError) as fault:
        return Row(code, sight.title, False, told_of(fault))
    if isinstance(done, Refusal):
        return Row(code, sight.title, False, done.en if tongue() == "en" else done.zh)
    return Row(code, sight.title, True, _("办好了"))
