"""A desk takes a concern in while the caller is still on the phone: one form, then code and secret to read out.

The same form sent twice is taken in once. What is refused is shown again with everything that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from minqing.base.errors import MinqingError
from minqing.doors.counter.faults import of_shape
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.shapes import ReportIn
from minqing.doors.counter.words import LONGEST_FIELD, LONGEST_TITLE
from minqing.doors.web.desk.complained_of import against_of, with_those
from minqing.doors.web.desk.photos import put_photos
from minqing.doors.web.desk.places_within import Spot, meant, place_label, spots_of
from minqing.doors.web.desk.where import places_of, spot_of, where, where_fault
from minqing.doors.web.once import name_of, new_name
from minqing.doors.web.pages import desk_page
from minqing.doors.web.posted import MOST_FILES, with_files
from minqing.doors.web.reported import PHONE, location_in, once_of, reported, title_from
from minqing.doors.web.tongues import told_of, tongue
from minqing.doors.web.wordings import CHANNELS
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.public import secret_of
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.urgency import main_of
from minqing.kernel.matters.versions import methods_of
from minqing.registers.accounts.rules import Viewer, reporter_of
from minqing.registers.regions.codes import code_of
from minqing.registers.regions.queries import names_of_units

LONGEST_TOLD = 10_000  # characters of what was said
#: What stands in the form before anything was typed.
AT_FIRST = {"call_back": "yes", "people": "1"}
#: The page whose form takes files.
WITH_FILES = {"most_files": MOST_FILES}
#: Fields of the request -> fields of the form, for what the shape refuses.
_FIELDS = {"reporter.name": "name", "reporter.phone": "phone"}

Faults = dict[str, str]


@with_files
@require_http_methods(["GET", "POST"])
@desk_page("read", "report")
def new_matter(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form, and the receipt of what it became."""
    spots = spots_of(viewer)
    if request.method == "GET":
        kept = {name: request.GET.get(name, "")[:LONGEST_FIELD] for name in ("place", "channel")}
        first = {"channel": "visit" if viewer.role == "grid_worker" else "phone"}
        told = {**AT_FIRST, **first, **{name: value for name, value in kept.items() if value}}
        return render(request, "web/desk/new_matter.html", form_with(spots, told, {}) | WITH_FILES)
    taken = too_many_files(request) or taken_in(request, viewer, spots)
    if isinstance(taken, Matter):
        told = receipt_of(taken, request.POST) | {"trouble": put_photos(request, taken, viewer)}
        return render(request, "web/desk/taken_in.html", told, status=201)
    told = form_with(spots, request.POST, taken) | WITH_FILES
    return render(request, "web/desk/new_matter.html", told, status=422)


def too_many_files(request: HttpRequest) -> Faults:
    """What is to be mended where a form brings more files than are taken."""
    if len(request.FILES.getlist("files")) <= MOST_FILES:
        return {}
    return {"files": _("一次最多 %(most)d 张：请重新选择；其余的登记后在这件事的页面上附") % {"most": MOST_FILES}}


def taken_in(request: HttpRequest, viewer: Viewer, spots: Sequence[Spot]) -> Matter | Faults:
    """The matter that a form became, or what is to be mended in it, by field."""
    faults = _unfit(request.POST, spots)
    if faults:
        return faults
    try:
        return _matter_of(request, viewer, spots)
    except ValidationError as fault:
        return _of_shape(fault)
    except (Problem, MinqingError) as fault:
        field = str(fault.extra.get("field", "all")) if isinstance(fault, Problem) else "all"
        return {field: told_of(fault)}


def form_with(spots: Sequence[Spot], told: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """The form with all that was typed; each showing has a name of its own, by which it is taken in once."""
    return {
        **places_of(spots, told, faults),
        "here": "new-matter",
        "told": told,
        "faults": faults,
        "first_fault": next(iter(faults), ""),
        "channels": CHANNELS,
        "once": new_name(),
        "longest": LONGEST_TOLD,
        "more": any(faults.get(name) for name in ("title", "people", "against")),
    }


def _unfit(told: QueryDict, spots: Sequence[Spot]) -> Faults:
    """What is to be mended, by field, in the order of the form."""
    phone, people = told.get("phone", "").strip(), told.get("people", "").strip()
    named = phone or told.get("name", "").strip() or told.get("unnamed") == "yes"
    whole = people.isascii() and people.isdigit() and 1 <= int(people[:9]) <= 1_000_000
    found = {
        "text": _text_fault(told.get("text", "").strip()),
        "place": where_fault(spots, told),
        "phone": _("电话只写数字，例如 13800000000；不想留可以空着") if phone and not PHONE.fullmatch(phone) else "",
        "nobody": _("写了姓名、电话就是有反映人：请二选一") if told.get("nobody") == "yes" and named else "",
        "people": "" if whole else _("人数写一个不小于 1 的整数"),
        "title": _too_long(LONGEST_TITLE) if len(told.get("title", "")) > LONGEST_TITLE else "",
    }
    faults = {field: said for field, said in found.items() if said}
    if not faults and not name_of(told):
        faults["all"] = _("这个页面开得太久了：内容都还在，请再点一次登记")
    return faults


def _text_fault(text: str) -> str:
    if not text:
        return _("请记一下对方说了什么，一句话也行")
    return _too_long(LONGEST_TOLD) if len(text) > LONGEST_TOLD else ""


def _too_long(most: int) -> str:
    return _("写得太长了：最多 %(most)d 字") % {"most": most}


def place_fault(spots: Sequence[Spot], typed: str) -> str:
    """What is wrong with a place as it was typed; '' where one place was meant."""
    found = meant(spots, typed)
    if len(found) == 1:
        return ""
    if not typed.strip():
        return _("请选事情发生的地点；说不清就选最大的范围")
    if found:
        return _("有几个地点都对得上：请选一个")
    return _("您的辖区里没有这个地点：请写村名或网格名，例如“花溪村”")


def _matter_of(request: HttpRequest, viewer: Viewer, spots: Sequence[Spot]) -> Matter:
    """The matter that it became, now or when the same form was sent before."""
    told = _report_of(request.POST, spots)
    once = once_of(name_of(request.POST), told, viewer.person, viewer.post)
    unknown = len(against_of(request.POST.get("against", ""))[1])
    code = reported(told, viewer, once, unknown=unknown, anywhere=True)
    return look(reporter_of(code), code).stored.matter


def _report_of(told: Mapping[str, str], spots: Sequence[Spot]) -> ReportIn:
    there = where(spots, told)
    against, unknown = against_of(told.get("against", ""))
    spot = {"lat": told.get("lat", ""), "lon": told.get("lon", ""), "spot": spot_of(told.get("spot", ""), there.words)}
    text, name, phone = (told.get(field, "").strip() for field in ("text", "name", "phone"))
    reporter: dict[str, object] = {"nobody": True}
    if told.get("nobody") != "yes":
        reporter = {"name": name or None, "phone": phone or None, "unnamed": told.get("unnamed") == "yes"}
        reporter["call_back"] = told.get("call_back") == "yes"
    return ReportIn.model_validate(
        {
            "title": " ".join(told.get("title", "").split()) or title_from(text),
            "text": with_those(text, unknown),
            "place": there.code,
            "channel": told.get("channel") if told.get("channel") in dict(CHANNELS) else "phone",
            "people": int(told.get("people", "1")),
            "location": location_in(spot),
            "reporter": reporter,
            "against": against or None,
        }
    )


def _of_shape(fault: ValidationError) -> Faults:
    problem = of_shape(fault.errors(include_input=False, include_url=False))
    return {_FIELDS.get(one["at"], one["at"]): one["fault"] for one in problem.extra["errors"]}


def receipt_of(matter: Matter, posted: QueryDict) -> dict[str, Any]:
    """What is read out to the caller, and what happens now."""
    version = (matter.method, matter.version)
    method, duty = methods_of([version])[version], main_of(matter)
    there = where([Spot(code_of(matter.place), "")], posted)
    again = "" if posted.get("elsewhere") or there.words else posted.get("place", "")
    return {
        "here": "new-matter",
        "code": matter.code,
        "secret": secret_of(matter.code),
        "stage": method.stages[matter.stage].title.said(tongue()),
        "unit": names_of_units([matter.holder]).get(matter.holder, ""),
        "due": duty.due if duty is not None else None,
        "emergency": bool(matter.emergency),
        "nobody": matter.reporter == "nobody",
        "again": {"place": again, "channel": posted.get("channel", "")},
        "place": place_label(matter.place),
        "unlisted": there.words,
        "elsewhere": bool(posted.get("elsewhere")),
        "unknown_units": against_of(posted.get("against", ""))[1],
    }
