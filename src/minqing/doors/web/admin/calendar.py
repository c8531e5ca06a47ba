"""The working days of a year, and the county's own days: first what a change would move, then the change."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from minqing.base import moments
from minqing.base.errors import MinqingError
from minqing.doors.web.admin.filled import Filled
from minqing.doors.web.admin.frame import ADMINISTRATOR, done, shown
from minqing.doors.web.admin.units import unit_of
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import told_of, tongue
from minqing.kernel.clock.calendars import Calendar, decreed_calendar
from minqing.kernel.clock.wording import festival_said
from minqing.kernel.matters.reprojection import foresee, reproject
from minqing.kernel.matters.surroundings import calendar_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.actions import set_day
from minqing.registers.regions.codes import Region, county_of, parse_code
from minqing.registers.regions.journal import changed_by
from minqing.registers.regions.queries import calendar_days, slugs_of

BECOMES = {
    "work": gettext_lazy("上班"), "off": gettext_lazy("放假"), "plain": gettext_lazy("按国家安排（取消本县调整）"),
}  # fmt: skip
_WORKS = {"work": True, "off": False, "plain": None}


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def year(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A year's days that are not as the week has them; changing one is shown in its effect before it is done."""
    county = _county(viewer)
    filled, fault, preview = Filled(request.POST.dict()), "", None
    if request.method == "POST":
        day, becomes, reason = filled.day("day", needed=True), filled.choice("becomes", BECOMES), filled.text("reason")
        if becomes != "plain" and not reason:
            filled.faults["reason"] = _("请写明依据，例如县里的通知")
        if not filled.faults and day is not None:
            change = partial(set_day, county, day, _WORKS[becomes], reason)
            try:
                if request.POST.get("do") == "apply":
                    return _applied(request, viewer, change, day)
                preview = foresee(county, change)
            except MinqingError as refused:
                fault = told_of(refused)
    wanted = request.GET.get("year", "")
    at = int(wanted) if wanted.isascii() and wanted.isdecimal() and 2000 <= int(wanted[:5]) <= 2100 else 0
    at = at or moments.today().year
    calendar = calendar_of(county)
    return shown(
        request, "calendar", "admin-calendar", status=422 if fault or filled.faults else 200, year=at, filled=filled,
        fault=fault, preview=preview, becomes=BECOMES, days=_days(calendar, county, at),
        provisional=calendar.is_provisional(dt.date(at, 1, 1)),
        count=calendar.workdays_between(dt.date(at - 1, 12, 31), dt.date(at, 12, 31)),
    )  # fmt: skip


def _applied(request: HttpRequest, viewer: Viewer, change: partial[None], day: dt.date) -> HttpResponse:
    with changed_by(viewer.person):
        change()
    moved = reproject()
    said = _("%(day)s 已改，重算后 %(n)d 项时限有变化，缘由已写入日志") % {"day": day, "n": moved.duties}
    return done(request, said, "admin-calendar")


def _county(viewer: Viewer) -> Region:
    place = parse_code(unit_of(slugs_of([viewer.unit])[viewer.unit]).place)
    return county_of(place) or place


def _days(calendar: Calendar, county: Region, at: int) -> list[dict[str, object]]:
    """Holidays, days made up, and the county's own, in order."""
    first, last = dt.date(at, 1, 1), dt.date(at, 12, 31)
    own = frozenset().union(*calendar_days(county))
    plain = decreed_calendar()
    found = {
        *calendar.holidays_within(first, last), *calendar.make_up_days_within(first, last),
        *(day for day in own if day.year == at),
    }  # fmt: skip
    names = {day: festival_said(plain.names.get(day, ""), tongue()) for day in found}
    return [
        {"day": day, "works": calendar.is_workday(day), "own": day in own, "name": names[day]} for day in sorted(found)
    ]
