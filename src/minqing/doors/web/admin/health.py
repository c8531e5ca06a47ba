"""Whether the instance does its work: each thing with its state in words, what it means, and what to do where it does
not. Administrators try again what failed; auditors look on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minqing.base.errors import BadInput, NotAllowed
from minqing.doors.counter.background import Background, try_job_again
from minqing.doors.counter.health import Line, health, worst
from minqing.doors.web.admin.filled import Filled
from minqing.doors.web.admin.frame import ADMINISTRATOR, AUDITOR, done, shown
from minqing.doors.web.admin.health_words import JOBS, STATES, WORDS
from minqing.doors.web.pages import desk_page
from minqing.doors.web.templatetags.parts import span
from minqing.kernel.matters.outbox import try_again
from minqing.registers.accounts.rules import Viewer
from minqing.tools.notice.queries import administrator_inbox
from minqing.tools.notice.wording import WAY_TITLES, Lang


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR + AUDITOR)
def look(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Everything on one page; trying again comes back to it."""
    if request.method == "POST":
        return done(request, _again(request, viewer), "admin-health")
    lines, jobs = health()
    lang: Lang = "en" if get_language() == "en" else "zh"
    told = administrator_inbox(viewer, limit=20, lang=lang) if viewer.role in ADMINISTRATOR else ()
    return shown(
        request, "health", "admin-health", lines=[_shown(line) for line in lines], all_=STATES[worst(lines)],
        aside=any(line.what == "aside" and line.state != "ok" for line in lines), told=told,
        failed=[(one, JOBS.get(one.name, one.name)) for one in jobs.failed], regular=_regular(jobs),
    )  # fmt: skip


def _again(request: HttpRequest, viewer: Viewer) -> str:
    if viewer.role not in ADMINISTRATOR:
        raise NotAllowed("重试由管理员操作（trying again is for administrators）")
    filled = Filled(request.POST.dict())
    number = filled.number("job")
    if request.POST.get("do") == "all" and not filled.values.get("job"):
        return _("已重新排队 %(n)d 项后续处理，请过一分钟刷新") % {"n": try_again()}
    if number is None:
        raise BadInput(
            "没有说要重试哪一项：请刷新，再点一次要重试的（nothing to try again was named: reload and choose）"
        )
    try_job_again(number)
    return _("已重新排队，请过一分钟刷新")


def _shown(line: Line) -> dict[str, Any]:
    words = WORDS[line.what]
    title, colour, drawing = STATES[line.state]
    told = {name: _told(name, value) for name, value in line.told.items()}
    return {
        "what": line.what, "title": words.title, "state": title, "colour": colour, "drawing": drawing,
        "said": "" if line.faults else _quiet(line) or str(words.said) % told, "faults": line.faults,
        "do": words.do if line.state != "ok" else "",
    }  # fmt: skip


def _quiet(line: Line) -> str:
    """Where a number of nothing would only be read."""
    if line.what in ("sweep", "outbox") and not line.told["n"]:
        return _("没有积压")
    if line.what == "aside" and not line.told["n"]:
        return _("没有")
    if line.what == "clock" and not line.told["shift"]:
        return _("没有调过，就是现在的时间")
    if line.what == "work" and line.told["seen"] is None:
        return _("没有在运行")
    return ""


def _told(name: str, value: Any) -> object:
    if isinstance(value, dt.timedelta):
        ahead = value >= dt.timedelta(0)
        length = span(abs(value))
        return length if name != "shift" else (_("调快%(span)s") if ahead else _("调慢%(span)s")) % {"span": length}
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dict):
        return _list([f"{_way(way)} {number}" for way, number in value.items()])
    return _list([_way(way) for way in value]) if isinstance(value, list) else value


def _way(way: str) -> str:
    both = WAY_TITLES[way]
    return both[1] if get_language() == "en" else both[0]


def _list(words: list[str]) -> str:
    return _("、").join(words) or _("无")


def _regular(jobs: Background) -> list[dict[str, Any]]:
    failed = {one.name for one in jobs.failed}
    return [
        {"job": one, "title": JOBS.get(one.name, one.name),
         "state": STATES["failed" if one.name in failed and one.late else "late" if one.late else "ok"]}
        for one in jobs.regular
    ]  # fmt: skip
