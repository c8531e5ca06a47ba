"""Messages of a chat group become matters: pasted, parted, read, and those that are ticked taken in, at one place.

Who wrote what is left out: a group is not a register. What the reader finds is shown as what it is, a suggestion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from minqing.base.errors import BadInput, MinqingError
from minqing.doors.counter.faults import of_shape
from minqing.doors.counter.incoming import concern_of, looked_up
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import ReportIn
from minqing.doors.web.desk.places_within import MOST_LISTED, Spot, meant, spots_of
from minqing.doors.web.desk.splitting import MOST_MESSAGES, messages_in
from minqing.doors.web.desk.taking_in import LONGEST_TOLD, place_fault
from minqing.doors.web.once import name_of, new_name
from minqing.doors.web.pages import desk_page
from minqing.doors.web.reported import once_of, title_from
from minqing.doors.web.tongues import told_of, tongue
from minqing.doors.web.wordings import category_title
from minqing.kernel.matters import ports
from minqing.kernel.matters.actions import Answer, report
from minqing.kernel.matters.intake import spot_emergency
from minqing.kernel.matters.journal import Replayed
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.versions import method_of_county
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import code_of
from minqing.tools.text.suggestion import UNSORTED

LONGEST_PASTE = 50_000  # characters


@dataclass(frozen=True)
class Candidate:
    """One message, whether it is to become a matter, and what the reader finds in it."""

    number: int
    text: str
    ticked: bool
    category: str
    emergency: str
    fault: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of one message."""

    text: str
    code: str
    said: str
    secret: str = ""


@require_http_methods(["GET", "POST"])
@desk_page("read", "report")
def paste(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Paste, then tick, then what became of each."""
    spots = spots_of(viewer)
    if request.method == "GET":
        return _pasting(request, "")
    if "pasted" in request.POST:
        pasted = request.POST["pasted"]
        if len(pasted) > LONGEST_PASTE:
            return _pasting(request, _("一次最多贴 %(most)d 字：请分几次") % {"most": LONGEST_PASTE})
        texts = [said[:LONGEST_TOLD] for said in messages_in(pasted)]
        if not texts:
            return _pasting(request, _("没有读到能登记的话：请把群里的消息复制过来再试"))
        return _ticking(request, spots, list(enumerate(texts)), set(), {})
    return _taking(request, viewer, spots)


def _pasting(request: HttpRequest, fault: str) -> HttpResponse:
    context = {"here": "paste", "fault": fault, "pasted": request.POST.get("pasted", ""), "most": MOST_MESSAGES}
    return render(request, "web/desk/paste.html", context, status=422 if fault else 200)


def _ticking(
    request: HttpRequest, spots: Sequence[Spot], texts: Sequence[tuple[int, str]], ticked: set[int],
    faults: dict[str, str],
) -> HttpResponse:  # fmt: skip
    """The messages, to be ticked."""
    context = _candidates(request, spots, texts, ticked, faults)
    return render(request, "web/desk/paste_tick.html", context, status=422 if faults else 200)


def _candidates(
    request: HttpRequest, spots: Sequence[Spot], texts: Sequence[tuple[int, str]], ticked: set[int],
    faults: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """The messages with what the reader finds; nothing is ticked for anybody but what may be an emergency."""
    lang = tongue()
    first = not request.POST.get("once")
    typed = request.POST.get("place", "")
    chosen = meant(spots, typed)
    method = method_of_county(spots[0].code) if spots else None
    candidates = []
    for (number, text), read in zip(texts, ports.reader()([("", text) for _number, text in texts]), strict=True):
        found = spot_emergency(method, text, read.tags) if method is not None else ""
        emergencies = method.emergencies if method is not None else ()
        title = next((one.title.said(lang) for one in emergencies if one.slug == found), "")
        on = number in ticked or (first and bool(title))
        category = category_title(read.category, lang) if read.category not in ("", UNSORTED) else ""
        candidates.append(Candidate(number, text, on, category, title, faults.get(f"text-{number}", "")))
    return {
        "here": "paste",
        "candidates": candidates,
        "faults": faults,
        "spots": spots,
        "listed": spots if len(spots) <= MOST_LISTED else [],
        "chosen": chosen[0].code if len(chosen) == 1 else "",
        "typed": chosen[0].label if len(chosen) == 1 else typed,
        "longest": LONGEST_TOLD,
        "once": new_name(),
    }


def _taking(request: HttpRequest, viewer: Viewer, spots: Sequence[Spot]) -> HttpResponse:
    """Takes the ticked ones in, all at once; what cannot be taken is told for itself."""
    sent = [
        (number, request.POST[f"text-{number}"].strip())
        for number in range(MOST_MESSAGES)
        if f"text-{number}" in request.POST
    ]
    ticked = {number for number, _text in sent if request.POST.get(f"take-{number}") == "yes"}
    faults = {f"text-{number}": _("请写一句话，或不选这一条") for number, text in sent if number in ticked and not text}
    if fault := place_fault(spots, request.POST.get("place", "")):
        faults["place"] = fault
    if not ticked:
        faults["all"] = _("请至少选一条要登记的")
    if not name_of(request.POST):
        faults["all"] = _("这个页面开得太久了：内容都还在，请再点一次登记")
    if faults:
        return _ticking(request, spots, sent, ticked, faults)
    place = meant(spots, request.POST["place"])[0].code
    told, unfit = _told(place, [pair for pair in sent if pair[0] in ticked])
    try:
        taken = _reported(name_of(request.POST), viewer, told) if told else {}
    except (Problem, MinqingError) as refused:
        return _ticking(request, spots, sent, ticked, {"all": told_of(refused)} | unfit)
    unfit |= {f"text-{number}": one.said for number, one in taken.items() if not one.code}
    stay = [(number, text) for number, text in sent if f"text-{number}" in unfit]
    context = {
        "here": "paste",
        "taken": [one for one in taken.values() if one.code],
        "follow": request.build_absolute_uri(reverse("follow")),
        **(_candidates(request, spots, stay, ticked, unfit) if stay else {}),
    }
    return render(
        request, "web/desk/pasted.html", context, status=201 if any(one.code for one in taken.values()) else 422
    )


def _told(place: str, texts: Sequence[tuple[int, str]]) -> tuple[dict[int, ReportIn], dict[str, str]]:
    """The messages as reports, by their numbers; and what is to be mended in those that cannot be one."""
    told: dict[int, ReportIn] = {}
    unfit: dict[str, str] = {}
    for number, text in texts:
        try:
            told[number] = ReportIn.model_validate(
                {
                    "title": title_from(text), "text": text, "place": place, "channel": "chat",
                    "reporter": {"call_back": False},
                }
            )  # fmt: skip
        except ValidationError as shape:
            unfit[f"text-{number}"] = told_of(of_shape(shape.errors(include_input=False, include_url=False)))
    return told, unfit


def _reported(once: str, viewer: Viewer, told: dict[int, ReportIn]) -> dict[int, Taken]:
    """One call for all; each row is a request of its own, so that a form sent twice takes nothing in twice."""
    register = looked_up(list(told.values()))
    concerns = [concern_of(one, viewer, register) for one in told.values()]
    asked = [once_of(once, one, viewer.person, viewer.post, number) for number, one in told.items()]
    try:
        answers = report(concerns, method_of_county(code_of(concerns[0].place)), requests=asked)
    except Replayed as before:  # a single one that was taken before
        if not before.same_digest:
            raise BadInput(
                "刚才的已经登记好了。如果这些是另外的，请再点一次登记（those before are on record;"
                " if these are others, press the button once more）"
            ) from before
        answers = [Answer("replayed", before.code)]
    return {number: _taken(one.text, answer) for (number, one), answer in zip(told.items(), answers, strict=True)}


def _taken(text: str, answer: Answer) -> Taken:
    if answer.why is not None:
        return Taken(text, "", answer.why.en if tongue() == "en" else answer.why.zh)
    emergency = answer.matter is not None and bool(answer.matter.emergency)
    return Taken(text, answer.code, _("已按紧急事项处理") if emergency else "", secret_of(answer.code))
