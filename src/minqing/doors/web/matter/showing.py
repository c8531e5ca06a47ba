"""The page of a matter: what it is, who has it until when and why, what is sealed, what happened, what may be done.

Words are masked; what is sealed is opened one by one, for a reason, and shown once. Moves stand in `moving`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from minqing.base import moments
from minqing.base.errors import BadInput, MinqingError, NotFound
from minqing.doors.counter.faults import of_minqing
from minqing.doors.counter.forms import shown_moves
from minqing.doors.counter.opening import REVEAL, offers_of, open_one, sealed_of
from minqing.doors.counter.problems import Problem
from minqing.doors.web.faults import is_part
from minqing.doors.web.matter.calling import PURPOSE, panel_of, whom_of
from minqing.doors.web.matter.letters import LINKS
from minqing.doors.web.matter.looked import new_after
from minqing.doors.web.matter.move_bar import bar_of
from minqing.doors.web.matter.move_forms import form_of, read
from minqing.doors.web.matter.timeline import days_of, owed_in, steps_of, units_in
from minqing.doors.web.once import new_name
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import tongue
from minqing.doors.web.wordings import category_title, channel_title, place_title
from minqing.kernel.matters.calling import VERB, WHOM_TO_CALL
from minqing.kernel.matters.changes import position_of
from minqing.kernel.matters.codes import clean_code
from minqing.kernel.matters.offers import title_of_verb
from minqing.kernel.matters.papers import kinds_for
from minqing.kernel.matters.queries import Sight, lines_of, look
from minqing.kernel.matters.replying import SETTLE
from minqing.kernel.matters.revealing import Revealed
from minqing.kernel.matters.urgency import clock_of, main_of
from minqing.kernel.methods.titles import said
from minqing.registers.accounts.queries import names_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import code_of
from minqing.registers.regions.queries import names_of_units

_NOTHING = "@nothing"  # a look that asks for no offer
_LINKS: Mapping[str, Any] = {
    "merged": _("已并入"), "takes_in": _("并进来的"), "part": _("分出去的"), "whole": _("分自"),
    "related": _("相关"), "recurrence": _("再次发生"),
}  # fmt: skip


def code_in(spoken: str) -> str:
    """The code of an address as it is stored; one that cannot be a code is a matter that is not there."""
    try:
        return clean_code(spoken)
    except BadInput as fault:
        raise NotFound(str(fault)) from fault


@require_GET
@desk_page("read")
def matter(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """All of it on one page."""
    sight = look(viewer, code_in(code), sealed=True)
    shown = page_of(sight, viewer)
    seen = new_after(request, viewer, sight, shown["lines"])
    shown["days"] = days_of([replace(step, new=step.position > seen) for step in shown["steps"]])
    return render(
        request, "web/matter/page.html", shown | {"has_new": any(step.position > seen for step in shown["steps"])}
    )


def page_of(sight: Sight, viewer: Viewer, **more: Any) -> dict[str, Any]:
    """What the page shows of a matter as its viewer sees it."""
    lang, one = tongue(), sight.stored.matter
    named = sealed_of(sight, tongue())
    opening = next((move for move in shown_moves(offers_of(sight, named), lang) if move["move"] == REVEAL), None)
    owed, lines = owed_in(sight, lang), lines_of(viewer, one.code)
    steps, call = steps_of(lines, sight, lang), panel_of(sight, lines, named, lang, units_in(lines, sight))
    in_panel = call is not None and {one["kind"] for one in named} <= WHOM_TO_CALL | {
        SETTLE
    }  # all they may open stands there
    return (
        facts_of(sight)
        | {
            "here": "inbox",
            "running": [duty for duty in owed if duty.state == "open"],
            "over": [duty for duty in owed if duty.state != "open"],
            "main_duty": next((duty for duty in owed if duty.main), None),
            "lines": lines,
            "steps": steps,
            "days": days_of(steps),
            "call": call,
            "links": [(code, _LINKS.get(how, how)) for code, how in one.links],
            "sealed": [] if in_panel else named,
            "opening": form_of(opening) if opening and not in_panel else None,
            "moves": bar_of(sight.offers, lang, VERB if call else ""),
            "may_merge": any(offer.verb == "merge" for offer in sight.offers),
            "may_unmerge": any(offer.verb == "unmerge" for offer in sight.offers),
            "may_attach": any(offer.verb == "record" for offer in sight.offers),
            "papers": [
                (slug, said(title, lang))
                for offer in sight.offers
                if offer.verb == "record"
                for ask in offer.asks
                for slug, title in ask.of
            ],
            "letters": [(kind, LINKS[kind]) for kind in kinds_for(one)],
            "once": new_name(),
        }
        | more
    )


def facts_of(sight: Sight) -> dict[str, Any]:
    """What is told of a matter wherever a page speaks of it."""
    lang, one, method = tongue(), sight.stored.matter, sight.method
    level, kind, main = method.levels.get(one.level), method.kinds.get(one.kind), main_of(one)
    paused = main is not None and one.stopped(main.id)
    return {
        "matter": one,
        "title": sight.title,
        "text": sight.text,
        "stage": method.stages[one.stage].title.said(lang),
        "level": level.title.said(lang) if level else "",
        "kind": kind.title.said(lang) if kind else one.kind,
        "category": category_title(one.category, lang) if one.category else "",
        "channel": channel_title(one.channel),
        "place_name": place_title(one.place),
        "place_code": code_of(one.place),
        "method_title": method.title.said(lang),
        "opened": sight.stored.opened,
        "holder": (names_of_units([one.holder]).get(one.holder, "") if one.holder else "") if one.is_open else "",
        "worker": names_of([one.worker]).get(one.worker, "") if one.worker and one.is_open else "",
        "clock": "paused" if paused else clock_of(one, moments.now()),
        "due": main.due if main is not None and one.is_open else None,
    }


@require_GET
@desk_page("read")
def moved(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Whether something happened since a position: nothing, or a bar that says so. Asked by the page now and then."""
    code = code_in(code)
    told = request.GET.get("position", "")
    seen = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
    now = position_of(viewer, code)
    if now <= seen:
        return HttpResponse(status=204)
    return render(request, "web/matter/moved.html", {"code": code, "many": now - seen})


@require_POST
@desk_page("read", "reveal")
def opened(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """One sealed value, for a reason: shown in this answer and nowhere else."""
    sight = look(viewer, code_in(code), sealed=True)
    named = sealed_of(sight, tongue())
    if request.POST.get("panel") == "call":
        return _in_the_panel(request, viewer, sight, named)
    opening = next((one for one in shown_moves(offers_of(sight, named), tongue()) if one["move"] == REVEAL), None)
    if opening is None:
        raise NotFound(str(_("没有可以由您查阅的封存内容：请刷新后再看")))
    told = read(opening, request.POST)
    one, fault, status = None, "", 422 if told.faults else 200
    if not told.faults:
        try:
            one = open_one(viewer, sight.stored.matter.code, told.fields)
        except (Problem, MinqingError) as refused:  # told by the form, with the reason that was typed
            problem = refused if isinstance(refused, Problem) else of_minqing(refused)
            fault, status = problem.detail, problem.status
    form = form_of(opening) if one else form_of(opening, request.POST, told.faults, fault)
    shown = {"opening": form, "opened_one": _shown(one) if one else None}
    if is_part(request):
        return render(request, "web/matter/sealed.html", facts_of(sight) | {"sealed": named} | shown, status=status)
    return render(request, "web/matter/page.html", page_of(sight, viewer, **shown), status=status)


def _in_the_panel(
    request: HttpRequest, viewer: Viewer, sight: Sight, named: Sequence[Mapping[str, str]]
) -> HttpResponse:
    """Beside the call-back: whom to call, at once and for that reason alone, the number as one to press."""
    shown, status = page_of(sight, viewer), 200
    if shown["call"] is None:
        raise NotFound(str(_("这件事现在不用您回访：请回到“今天”看还要打的电话")))
    found: list[Revealed] = []
    try:
        for one in whom_of(named, shown["lines"]):
            found.append(open_one(viewer, sight.stored.matter.code, {"name": one["name"], "reason": PURPOSE}))
    except (Problem, MinqingError) as refused:  # told in the panel, beside what was opened before it
        problem = refused if isinstance(refused, Problem) else of_minqing(refused)
        shown["call"]["fault"], status = problem.detail, problem.status
    shown["opened_call"] = [_to_press(one) for one in found]
    template = "web/matter/whom.html" if is_part(request) else "web/matter/page.html"
    return render(request, template, shown, status=status)


def _to_press(one: Revealed) -> dict[str, Any]:
    tel = re.sub(r"[^0-9+]", "", one.text) if one.kind == "phone" else ""
    return {
        "title": one.title.said(tongue()),
        "text": one.text,
        "tel": tel,
        "long": one.kind == SETTLE,
    }


def _shown(one: Revealed) -> dict[str, Any]:
    """A picture and a recording as ones that stand in the page, every other file as one to keep."""
    data = f"data:{one.media};base64,{base64.b64encode(one.data).decode()}" if one.data else ""
    return {
        "title": one.title.said(tongue()), "text": one.text,
        "picture": data if one.media.startswith("image/") else "",
        "sound": data if one.media.startswith("audio/") else "",
        "file": data if data and not one.media.startswith("image/") else "",
        "ending": one.media.rpartition("/")[2],
    }  # fmt: skip


@require_GET
@desk_page("read")
def slip(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    """Who has it, who helps, how it goes on: one sheet to print."""
    sight = look(viewer, code_in(code), only=_NOTHING)
    lang, one, method = tongue(), sight.stored.matter, sight.method
    owed = [duty for duty in owed_in(sight, lang) if duty.state == "open"]
    holder = names_of_units([one.holder]).get(one.holder, "") if one.holder else ""
    ways = []
    for verb, move in method.stages[one.stage].moves.items() if one.is_open else ():
        zh, en = title_of_verb(verb)
        fields = (method.form[name].title for name in move.needs if name in method.form)
        papers = (method.records[name] for name in move.needs if name in method.records)
        ways.append((en if lang == "en" else zh, [title.said(lang) for title in (*fields, *papers)]))
    helping = [duty for duty in owed if duty.unit != holder]
    return render(
        request, "web/matter/slip.html",
        facts_of(sight) | {"owning": [duty for duty in owed if duty not in helping], "helping": helping, "ways": ways},
    )  # fmt: skip
