"""Mapping files tried on a sample: what each row of an outside table would become, and why another would be refused.

The same reading, triage and refusals as the import; nothing is written, and the sample is gone with the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minqing.base.definitions import LARGEST, DefinitionErrors
from minqing.base.errors import BadInput, MinqingError
from minqing.doors.exchange.mapping import Map, house_maps, map_of_text
from minqing.doors.exchange.messages import Imported, Outcome, Tried, try_messages
from minqing.doors.exchange.tables import read_content
from minqing.doors.web.admin.frame import ADMINISTRATOR, shown
from minqing.doors.web.admin.regions import county_here
from minqing.doors.web.admin.sent import sent_file
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import in_tongue, told_of, tongue
from minqing.doors.web.wordings import category_title
from minqing.kernel.matters.versions import current_methods, method_of_county
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import Region, code_of
from minqing.registers.regions.queries import known_places

LARGEST_SAMPLE = 2_000_000  # bytes
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}\.ya?ml")
UNPACKED = 40_000_000
MOST_ROWS = 200


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR)
def tried(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """A mapping is chosen or written, a sample is read by it, and what came of each row is shown."""
    if request.method == "GET":
        name = request.GET.get("map", "")
        return _page(request, _text_of(name) if name else "", name)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    try:
        if len(text) > LARGEST:
            told, most = f"{len(text):,}", f"{LARGEST:,}"
            raise BadInput(
                f"对照文件有 {told} 个字符，最多 {most} 个：请删短"
                f"（{told} characters, {most} are the most: shorten it）"
            )
        if request.POST.get("do") == "save":
            return _file(text, request.POST.get("name", ""))
        mapping = map_of_text(text, request.POST.get("name") or "mapping.yaml")
        return _tried(request, text, mapping, county_here(viewer))
    except DefinitionErrors as refused:
        complaints = [(one, _line_of(text, one.line)) for one in refused.complaints]
        return _page(request, text, status=422, complaints=complaints)
    except MinqingError as refused:
        return _page(request, text, status=422, fault=told_of(refused))


def _page(request: HttpRequest, text: str, name: str = "", *, status: int = 200, **context: Any) -> HttpResponse:
    methods = {method.slug: _title(method) for method in current_methods()}
    chosen = request.POST.get("method", "")
    return shown(
        request, "mappings", "admin-mappings", status=status, text=text, name=name or request.POST.get("name", ""),
        maps=list(house_maps()), methods=methods, chosen=chosen, most=MOST_ROWS, **context,
    )  # fmt: skip


def _title(method: Method) -> str:
    return method.title.said(tongue())


def _text_of(name: str) -> str:
    """One of the files that come with the house."""
    known = house_maps()
    if name not in known:
        raise BadInput("没有这个对照文件：请从列表里选（no such mapping file: choose one of the list）")
    return known[name].read_text("utf-8")


def _file(text: str, name: str) -> HttpResponse:
    """The mapping as a file: whoever runs the server puts it into the folder."""
    kept = name if _NAME.fullmatch(name) else "mapping.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{kept}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


def _line_of(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _tried(request: HttpRequest, text: str, mapping: Map, county: Region) -> HttpResponse:
    missing = "对照文件读懂了。请再选一个样表来试（the mapping is sound: choose a sample too）"
    table = read_content(sent_file(request, LARGEST_SAMPLE, missing), MOST_ROWS, UNPACKED)
    method = _method(request, county)
    done, found = try_messages(table, mapping, method, county)
    places = known_places({one.concern.place for one in found})
    by_line = {one.line: one for one in found}
    names = {key: place.name for key, place in places.items()}
    rows = [_row(row, by_line.get(row.line), method, names) for row in done.rows]
    return _page(request, text, rows=rows, counts=_counts(done), read_as=done.read_as, without=done.without_place)


def _method(request: HttpRequest, county: Region) -> Method:
    """The one that was chosen, else the one that serves the county."""
    chosen = request.POST.get("method", "")
    found = next((method for method in current_methods() if method.slug == chosen), None)
    return found or method_of_county(code_of(county))


def _counts(done: Imported) -> list[tuple[str, int, str]]:
    told = Counter(row.outcome for row in done.rows)
    titles = (("new", _("会登记"), "green"), ("known", _("已经登记过"), "secondary"), ("refused", _("收不了"), "red"))
    return [(title, told[outcome], colour) for outcome, title, colour in titles if told[outcome]]


def _row(row: Outcome, one: Tried | None, method: Method, names: dict[Region, str]) -> dict[str, Any]:
    """What is shown of a row: its words with names and numbers masked, as every list shows them."""
    told: dict[str, Any] = {"line": row.line, "outcome": row.outcome, "why": in_tongue(row.why)}
    if one is None or one.answer.matter is None or one.answer.read is None:
        return told
    lang, matter, read = tongue(), one.answer.matter, one.answer.read
    emergency = next((each.title.said(lang) for each in method.emergencies if each.slug == matter.emergency), "")
    return told | {
        "title": read.masked_title, "text": read.masked_text, "number": matter.external_id, "due": matter.external_due,
        "place": names.get(matter.place, ""), "category": category_title(matter.category, lang),
        "kind": method.kinds[matter.kind].title.said(lang), "emergency": emergency,
        "stage": method.stages[matter.stage].title.said(lang),
        "level": method.levels[matter.level].title.said(lang) if matter.level else "", "people": matter.people,
    }  # fmt: skip
