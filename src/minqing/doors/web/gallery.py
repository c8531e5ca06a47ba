"""Every part of pages in its states, on one page: for whoever makes pages, and for the tests of looks.

What stands in them is made up. It opens for whoever is signed in, and for everybody near on a trial instance.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from minqing.base import moments
from minqing.doors.counter.forms import Lang, shown_moves
from minqing.doors.counter.opening import REVEAL
from minqing.doors.counter.trial import is_near, trial_logins
from minqing.doors.web.charts import Chart, Series
from minqing.doors.web.matter.move_bar import bar_of
from minqing.doors.web.matter.move_forms import form_of
from minqing.doors.web.matter.timeline import Owed, Step
from minqing.doors.web.pages import open_page
from minqing.doors.web.templatetags.parts import CLOCKS
from minqing.doors.web.tongues import tongue
from minqing.doors.web.who import user_of
from minqing.kernel.matters.offers import Ask, Offer, ResultOffer

_WORDS = Ask("reason", "text", True, "理由", "reason")
_SETTLE = Offer("settle", "办结", "settle", (_WORDS,), clears=(1,))
_CALL_BACK = Offer(
    "call_back", "回访", "call back", (Ask("remarks", "text", False, "说明", "remarks"),),
    (ResultOffer("satisfied", "满意", "satisfied"), ResultOffer("unsatisfied", "不满意", "unsatisfied", (_WORDS,))),
)  # fmt: skip
_OPEN = Offer(
    REVEAL, "查看封存内容", "open what is sealed",
    (Ask("name", "choice", True, "查看哪一项", "what to open", (("reporter", "反映人"),)), _WORDS),
)  # fmt: skip
_OFFERS = (_SETTLE, _CALL_BACK, Offer("note", "备注", "note"), Offer("refer", "转办", "refer"))


@open_page
def gallery(request: HttpRequest) -> HttpResponse:
    """The page."""
    if not user_of(request) and not (trial_logins() and is_near(request)):
        raise Http404
    lang: Lang = tongue()
    settle, call_back, *_rest = shown_moves(_OFFERS, lang)
    (opening,) = shown_moves((_OPEN,), lang)
    typed = QueryDict("result=unsatisfied")
    return render(
        request,
        "web/gallery.html",
        {
            "here": "gallery",
            "clocks": list(CLOCKS),
            "clock": "near",
            "due": moments.now() + timedelta(hours=5),
            "main_duty": {"why": [_("从收到时起算"), _("到时限为止，停办的日子不算")]},
            "matter": {"code": "0000-0000"},
            "moves": bar_of(_OFFERS, lang),
            "none": bar_of((), lang),
            "form": form_of(settle),
            "refused": form_of(call_back, typed, {"reason": _("还没有写理由：请写一句话")}),
            "sealed": [SimpleNamespace(name="reporter", kind="name", title=_("反映人姓名"))],
            "opening": form_of(opening),
            "steps": _steps(),
            "duties": _duties(),
            "chart": _week(),
            "lying": _lying(),
            "points": _points(),
        },
    )


def _steps() -> list[Step]:
    now = moments.now()
    return [
        Step(now - timedelta(hours=1), "circle-check", _("已办结"), (_("路灯换好了，晚上看过是亮的"),), 2),
        Step(now - timedelta(days=1), "message", _("收到一件反映"), (), 1),
    ]


def _duties() -> list[Owed]:
    now, unit = moments.now(), _("演示村")
    rest: dict[str, Any] = {"provisional": False, "main": False, "why": (_("从收到时起算"),)}
    return [
        Owed(_("接单"), unit, False, now - timedelta(days=2), "", "done", False, **rest),
        Owed(_("办结"), unit, True, now - timedelta(hours=3), "late", "open", True, **rest),
        Owed(_("回访"), "", False, now + timedelta(days=3), "running", "open", False, **rest),
    ]


def _week() -> Chart:
    marks = tuple(f"{moments.today() - timedelta(days=ago):%m-%d}" for ago in range(6, -1, -1))
    series = (
        Series(_("收到"), (12, 9, 14, None, 11, 8, 6)),
        Series(_("已办结"), (10, 11, 9, 0, 12, 10, 5), "outline"),
        Series(_("到了时限没办完"), (1, 0, 2, 0, 1, 3, 0), "line"),
    )
    note = _("“—”：不到 5 件，不单列，图上不画。")
    return Chart("week", _("最近 %(n)d 天") % {"n": 7}, _("日期"), marks, series, note=note)


def _lying() -> Chart:
    series = Series(_("这一版"), (91.5, 78.0)), Series(_("对照的版本"), (88.0, None), "outline")
    return Chart("lying", _("环节按时率"), _("环节"), (_("办结"), _("回访")), series, "%", across=True, stays=True)


def _points() -> list[dict[str, Any]]:
    town, village = "330727101000", "330727101201"
    rest = {"closed": False, "said": _("网格员")}
    return [
        {"code": town, "name": _("演示镇"), "level": "town", "at": (29.06, 120.44), "up": "", **rest},
        {"code": village, "name": _("演示村"), "level": "village", "at": (29.05, 120.47), "up": town, **rest},
    ]
