"""Reporting without signing in: the form that a place's QR code opens. A form that is sent twice is taken in once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from minqing.base import moments
from minqing.base.errors import MinqingError
from minqing.doors.counter.faults import of_shape
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import ReportIn
from minqing.doors.web.faults import fault_page, shows_again
from minqing.doors.web.once import name_of, new_name, request_of
from minqing.doors.web.pages import open_page
from minqing.doors.web.posted import MOST_FILES, put_files, with_files
from minqing.doors.web.reported import PHONE, location_in, reported, title_from
from minqing.doors.web.resident.choosing_place import path_of, place_named
from minqing.doors.web.resident.receipts import remember
from minqing.doors.web.resident.voices import TEXT, TITLE, fault_of, voice_in, voice_part
from minqing.doors.web.tongues import told_of
from minqing.kernel.matters.journal import Request
from minqing.kernel.matters.keeping import KEPT
from minqing.kernel.matters.uploads import Upload
from minqing.registers.accounts.rules import REPORTER, reporter_of
from minqing.registers.regions.codes import code_of
from minqing.registers.regions.queries import Place, casts, slugs_of

LONGEST_TOLD = 5_000  # characters of the text
#: Kinds of sealed values that the form takes, as the notice tells them.
_TOLD = ("text", "location", "file", "name", "phone")


def _again(request: HttpRequest, said: str, place: str) -> HttpResponse:
    """The form with what was typed, when its word is too old."""
    there = place_named(place)
    return _nowhere(request, place) if there is None else _form(request, there, request.POST, {"all": said})


def _nowhere(request: HttpRequest, place: str) -> HttpResponse:
    said = _("没有编号为 %(code)s 的地点：请从首页“我要反映”里选地点")
    return fault_page(request, 404, said % {"code": place[:20]})


@shows_again(_again)
@with_files
@require_http_methods(["GET", "POST"])
@open_page
def report_here(request: HttpRequest, place: str) -> HttpResponse:
    """The form of a place; sent, it becomes a matter."""
    there = place_named(place)
    if there is None:
        return _nowhere(request, place)
    if request.method == "GET":
        return _form(request, there, {"call_back": "yes"}, {})
    faults = _unfit(request)
    if faults:
        return _form(request, there, request.POST, faults)
    try:
        told = _report_of(request, there)
        code = reported(told, REPORTER, _once_of(request, told))
    except ValidationError as fault:
        shape = of_shape(fault.errors(include_input=False, include_url=False))
        return _form(request, there, request.POST, {"all": told_of(shape)})
    except (Problem, MinqingError) as fault:
        return _form(request, there, request.POST, {"all": told_of(fault)})
    trouble = _attached(request, code)
    remember(request, code, trouble)
    return redirect("receipt")


def _form(request: HttpRequest, place: Place, told: Mapping[str, Any], faults: Mapping[str, str]) -> HttpResponse:
    """The form with all that was filled in; each showing has a name of its own, by which it is taken in once."""
    chosen = told.getlist("against") if hasattr(told, "getlist") else []
    context = {
        "code": code_of(place.key),
        "path": path_of(place.key),
        "told": told,
        "faults": faults,
        "once": new_name(),
        "units": _units_there(place),
        "chosen": chosen,
        "kept": _notice(),
        "longest": LONGEST_TOLD,
        "most_files": MOST_FILES,
        **voice_part(voice_in(request)),
    }
    return render(request, "web/resident/report.html", context, status=422 if faults else 200)


def _units_there(place: Place) -> list[tuple[str, str]]:
    """The units that serve there: who may be complained of. Slug and name, nearest first."""
    cast = casts([place.key])[place.key]
    near = (cast.units.get(role, 0) for role in ("grid", "village", "town", "county"))
    numbers = [number for number in dict.fromkeys((*near, *cast.units.values())) if number]
    slugs = slugs_of(numbers)
    return [(slugs[number], cast.names.get(number, slugs[number])) for number in numbers if number in slugs]


def _notice() -> list[dict[str, object]]:
    """What is kept of the form: for what, on what ground, until when at the longest."""
    names = {
        "text": _("反映的内容"),
        "location": _("地点"),
        "file": _("照片、录音和文件"),
        "name": _("称呼"),
        "phone": _("电话"),
    }
    until = moments.today()
    return [
        {
            "name": names[kind],
            "purpose": KEPT[kind].purpose,
            "ground": KEPT[kind].ground,
            "ends": KEPT[kind].ends(until),
        }
        for kind in _TOLD
    ]


def _unfit(request: HttpRequest) -> dict[str, str]:
    """What is to be mended, by field."""
    faults: dict[str, str] = {}
    text, phone = request.POST.get("text", "").strip(), request.POST.get("phone", "").strip()
    voice = voice_in(request)
    if not text and voice is None:
        faults["text"] = _("请写一下发生了什么，一句话也行；不方便写，可以录一段话")
    elif len(text) > LONGEST_TOLD:
        faults["text"] = _("写得太长了：最多 %(most)d 字，请删短一些") % {"most": LONGEST_TOLD}
    if phone and not PHONE.fullmatch(phone):
        faults["phone"] = _("电话只写数字，例如 13800000000；不想留可以空着")
    if len(request.FILES.getlist("files")) > MOST_FILES:
        faults["files"] = _("一次最多 %(most)d 张：请重新选择；其余的以后可以在“查进度”里补") % {"most": MOST_FILES}
    if wrong := fault_of(voice):
        faults["voice"] = wrong
    if not name_of(request.POST):
        faults["all"] = _("这个页面开得太久了：内容都还在，请再点一次“提交”")
    return faults


def _once_of(request: HttpRequest, told: ReportIn) -> Request:
    """What this form is called; another recording is another content."""
    voice = voice_in(request)
    typed = told.model_dump_json().encode() + (voice.data if voice is not None else b"")
    return request_of(name_of(request.POST), "report", "resident", typed=typed)


def _report_of(request: HttpRequest, place: Place) -> ReportIn:
    posted = request.POST
    text, name, phone = (posted.get(field, "").strip() for field in ("text", "name", "phone"))
    reporter = {"name": name or None, "phone": phone or None, "unnamed": posted.get("unnamed") == "yes"}
    reporter["call_back"] = bool(phone) and posted.get("call_back") == "yes"
    told = {
        "title": posted.get("title", "").strip() or (title_from(text) if text else TITLE),
        "text": text or TEXT,
        "place": code_of(place.key),
        "channel": "web",
        "reporter": reporter,
        "location": location_in(posted),
        "against": posted.getlist("against") or None,
    }
    return ReportIn.model_validate(told)


def _attached(request: HttpRequest, code: str) -> list[str]:
    """Puts the files on record; answers with what was not taken. Sent again, each is put there once."""
    voice = voice_in(request)
    uploads = [Upload(file.read(), file.name or "") for file in request.FILES.getlist("files")]
    uploads += [voice] if voice is not None else []
    return put_files(request, code, reporter_of(code), uploads, "file of a report")
