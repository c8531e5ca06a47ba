"""A version of a method tried on made-up concerns beside the one in use: a table and a sentence, nothing is kept.

One try at a time in a process, ten seconds each: what is not done by then is told as so many days fewer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from minqing.base.definitions import DefinitionErrors
from minqing.base.errors import BadInput, Conflict, NotFound
from minqing.doors.web.admin.filled import Filled
from minqing.doors.web.admin.frame import ADMINISTRATOR, shown
from minqing.doors.web.admin.methods import chosen_of, handed_in, loaded, title_of
from minqing.doors.web.admin.tried_charts import ends_chart, rates_chart
from minqing.doors.web.admin.words import LEVELS
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import tongue
from minqing.insight.twin.beside import Beside, clear, run_beside
from minqing.insight.twin.outcome import OnTime, Outcome
from minqing.kernel.matters.ports import vocabulary
from minqing.kernel.matters.versions import Published, versions_of
from minqing.kernel.methods.loader import load_method
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.phrases import Phrases
from minqing.kernel.methods.picture import picture
from minqing.kernel.methods.words import ENDS
from minqing.registers.accounts.rules import Viewer

SECONDS = 10.0
DAYS: Mapping[str, object] = {
    "14": gettext_lazy("两周，约 450 件"), "30": gettext_lazy("一个月，约 900 件"),
    "90": gettext_lazy("三个月，约 2700 件"),
}  # fmt: skip
_UPWARDS = ("grid", "village", "town", "county", "city", "department", "nobody")
_trying = Lock()


@dataclass(frozen=True)
class Row:
    """A measure of both. `word`: 'more' or 'less' where the difference is more than chance, '' where it is not."""

    title: str
    new: str
    before: str
    word: str = ""


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR)
def tried(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A published version, or a draft that was handed in; first how many, then what came of it."""
    filled = Filled({"days": "30"} | (request.POST.dict() or request.GET.dict()))
    text = handed_in(request) if request.POST.get("text") else ""
    try:
        new, beside, in_force = _versions(filled, text)
    except DefinitionErrors:
        raise BadInput("文件还有要改的地方：请先回去检查（the file has faults: check it first）") from None
    before = loaded(beside) if beside is not None else None
    context: dict[str, Any] = {
        "slug": new.slug, "heading": title_of(new), "text": text, "draft": bool(text), "filled": filled,
        "version": "" if text else new.version, "alone": before is None, "beside": beside,
        "in_force": in_force, "options": DAYS,
    }  # fmt: skip
    if request.method == "POST" and request.POST.get("do") == "try" and (days := filled.choice("days", DAYS)):
        context |= _told(_run(new, before, int(days)), new, before, draft=bool(text))
    return shown(request, "method_try", "admin-methods", status=422 if filled.faults else 200, **context)


def _versions(filled: Filled, text: str) -> tuple[Method, Published | None, bool]:
    """What is tried, what it is set beside, and whether that is the version in use. What is in use itself, or a draft
    that is the same, is set beside the one before."""
    if text:
        new = load_method(text, vocabulary())
        every = [one for one in versions_of() if one.slug == new.slug]
    else:
        slug = filled.text("of")
        if not slug:
            raise NotFound("没有说是哪个工作法：请从工作法页面进入（which method: enter from its page）")
        every = versions_of(slug)
        new = loaded(chosen_of(every, filled.text("version") or every[0].version))
    beside = next((one for one in every if one.version != new.version), None)
    return new, beside, bool(every) and beside == every[0]


def _run(new: Method, before: Method | None, days: int) -> Beside:
    if not _trying.acquire(blocking=False):
        raise Conflict("有人正在试跑：请等十几秒再试（somebody tries one just now: wait some seconds）")
    try:
        limit = time.monotonic() + SECONDS
        return run_beside(new, before, days, lambda: time.monotonic() > limit)
    finally:
        _trying.release()


def _told(found: Beside, new: Method, before: Method | None, *, draft: bool) -> dict[str, Any]:
    stages = _stages(new) | (_stages(before) if before is not None else {}) | _stages(new)
    rows = list(_rates(found, stages))
    return {
        "found": found, "rates": rows, "levels": list(_levels(found)), "ends": list(_ends(found)),
        "counts": list(_counts(found)), "whole": rows[0],
        "rates_chart": rates_chart(found, stages, draft), "ends_chart": ends_chart(found, draft),
        "more": _("、").join(row.title for row in rows[1:] if row.word == "more"),
        "less": _("、").join(row.title for row in rows[1:] if row.word == "less"),
    }  # fmt: skip


def _stages(method: Method) -> dict[str, str]:
    return {box.slug: box.title for box in picture(method, Phrases(method, vocabulary()), tongue()).boxes}


def _rates(found: Beside, stages: Mapping[str, str]) -> Iterator[Row]:
    new, before = found.new, found.before
    theirs = before.on_time_by_stage if before else {}
    slugs = dict.fromkeys([*new.on_time_by_stage, *theirs])
    rows = 1 + len(slugs)
    yield _rate(_("全部责任"), new.on_time, before.on_time if before else None, rows)
    for slug in slugs:
        yield _rate(stages.get(slug, slug), new.on_time_by_stage.get(slug), theirs.get(slug), rows)


def _rate(title: str, new: OnTime | None, before: OnTime | None, rows: int) -> Row:
    word = ""
    if new is not None and before is not None and clear(new, before, rows):
        word = "more" if new.rate > before.rate else "less"
    return Row(title, _share(new), _share(before), word)


def _share(rate: OnTime | None) -> str:
    return f"{rate.rate:.1%} ({rate.met}/{rate.owed})" if rate is not None and rate.owed else "—"


def _levels(found: Beside) -> Iterator[Row]:
    """Where matters were settled: neither lower nor higher is better in itself."""
    theirs = found.before.settled_by_level if found.before else {}
    for level in sorted({*found.new.settled_by_level, *theirs}, key=_UPWARDS.index):
        title = str(LEVELS.get(level, _("部门") if level == "department" else _("没有单位")))
        yield Row(title, _percent(found.new.settled_by_level.get(level)), _percent(theirs.get(level)))


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def _ends(found: Beside) -> Iterator[Row]:
    theirs = found.before.ends if found.before else {}
    for end in dict.fromkeys([*found.new.ends, *theirs]):
        if found.new.ends.get(end) or theirs.get(end):
            yield Row(ENDS[end][tongue() == "en"], str(found.new.ends.get(end, 0)), str(theirs.get(end, 0)))


def _counts(found: Beside) -> Iterator[Row]:
    def row(title: str, name: str) -> Row:
        def of(one: Outcome | None) -> str:
            return str(getattr(one, name)) if one is not None else "—"

        return Row(title, of(found.new), of(found.before))

    yield row(_("虚构来件"), "matters")
    yield row(_("期末在办"), "open_now")
    yield row(_("其中超期"), "overdue_now")
    yield row(_("回访不满意，退回再办"), "returns")
    yield row(_("办结后重新办理"), "reopenings")
