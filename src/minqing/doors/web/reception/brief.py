"""The brief of a day: a page, and one sheet of paper to hand round. For leaders and centres, of their own area."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.doors.web.desk.waiting import area_of
from minqing.doors.web.pages import desk_page
from minqing.doors.web.paper import pdf_answer
from minqing.doors.web.reception.leading import led
from minqing.doors.web.reception.receiving import READERS
from minqing.doors.web.reception.sheet import sheet_of
from minqing.doors.web.reception.two_weeks import two_weeks
from minqing.doors.web.tongues import tongue
from minqing.insight.measures.days import count_day, ending_today
from minqing.kernel.matters.telling import shown
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import Region, level_of, parse_code
from minqing.registers.regions.queries import known_places, names_of_units
from minqing.tools.letters.values import Brief

_DUE = 8  # what ends today, as far as one sheet holds it


@require_safe
@desk_page("read", roles=READERS)
def brief(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The page, in the tongue of its reader."""
    on = _day(request)
    sheet = _sheet(viewer, on, tongue())
    told = {
        "here": "brief",
        "sheet": sheet,
        **led(sheet, viewer),
        "chart": two_weeks(_area(viewer), on, moments.now(), viewer.scope),
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1) if on < moments.today() else None,
        "today": moments.today(),
    }
    return render(request, "web/reception/brief.html", told)


@require_safe
@desk_page("read", roles=READERS)
def brief_pdf(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The sheet, in Chinese."""
    on = _day(request)
    with override("zh-hans"):
        sheet = _sheet(viewer, on, "zh")
    return pdf_answer(sheet, f"brief-{on:%Y%m%d}")


def _day(request: HttpRequest) -> date:
    """The day that is asked for: today, where none is; none to come."""
    told = request.GET.get("day", "")
    try:
        on = date.fromisoformat(told) if told else moments.today()
    except ValueError as fault:
        raise BadInput(_("日期写成 2026-11-21 这样")) from fault
    if on > moments.today() or on.year < 2000:
        raise BadInput(_("没有这一天的日报：请选今天或以前的日子"))
    return on


def _area(viewer: Viewer) -> Region:
    """What the brief of that viewer is of."""
    code = area_of(viewer)
    area = parse_code(code) if code else None
    if area is None or level_of(area) == "grid":
        raise BadInput(_("日报按县、乡镇和村做：请换一个岗位来看"))
    return area


def _sheet(viewer: Viewer, on: date, lang: str) -> Brief:
    area = _area(viewer)
    now, today = moments.now(), on == moments.today()
    place = known_places([area])[area].name
    due = _due(viewer, area, now) if today else ()
    day = count_day(area, on, now, viewer.scope)
    own = {"county": _("县级单位手上的"), "town": _("镇级和县级单位手上的")}.get(level_of(area), "")
    return sheet_of(day, on, place, lang, today=today, few=level_of(area) == "village", own=own, due=due)


def _due(viewer: Viewer, area: Region, now: datetime) -> list[tuple[str, ...]]:
    """What ends today as far as this viewer sees it, the earliest first: code, unit and time, no words."""
    found = ending_today(area, now, _DUE, viewer.scope)
    units = names_of_units({one.unit for one in found})
    return [(one.code, units.get(one.unit, ""), shown(one.due)[-5:]) for one in found]
