"""A list of places is taken in: what each row would do is shown first, nothing is written until it is confirmed.

The table travels from the preview to the confirmation in the form itself; nothing of it is kept on the way.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from minqing.base.errors import BadInput, Conflict, MinqingError
from minqing.doors.exchange.tables import LAST_ROW, clean, read_content
from minqing.doors.exchange.writing import unharmed
from minqing.doors.web.admin.frame import ADMINISTRATOR, done, shown
from minqing.doors.web.admin.regions import GRIDS, county_here
from minqing.doors.web.admin.sent import sent_file
from minqing.doors.web.pages import desk_page
from minqing.doors.web.tongues import in_tongue, told_of
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.codes import Region, code_of
from minqing.registers.regions.journal import changed_by
from minqing.registers.regions.place_cells import COLUMNS, KINDS, STATES
from minqing.registers.regions.place_list import MOST_ROWS, Foreseen, foresee, mark_of, take

LARGEST = 5_000_000  # bytes of a list
UNPACKED = 60_000_000  # and of what a workbook unpacks to
MOST_SHOWN = 200  # rows of one outcome


@dataclass(frozen=True)
class Handed:
    """A list as it was read: rows by our columns, lines that cannot be read and why, columns that mean nothing here."""

    rows: list[tuple[int, dict[str, str]]]
    unread: list[tuple[int, str]]
    ignored: list[str]


OUTCOMES: Mapping[str, tuple[object, str]] = {
    "refused": (gettext_lazy("要改，写不进去"), "red"),
    "new": (gettext_lazy("新增"), "green"),
    "changed": (gettext_lazy("修改"), "blue"),
    "closed": (gettext_lazy("停用"), "orange"),
    "reopened": (gettext_lazy("恢复使用"), "green"),
    "same": (gettext_lazy("没有变化"), "secondary"),
}
TITLES: Mapping[str, object] = {
    "code": gettext_lazy("代码"), "level": gettext_lazy("级别"), "name": gettext_lazy("名称"),
    "above": gettext_lazy("上级代码"), "above_name": gettext_lazy("上级名称"), "kind": gettext_lazy("类别"),
    "households": gettext_lazy("户数"), "lat": gettext_lazy("纬度"), "lon": gettext_lazy("经度"),
    "state": gettext_lazy("状态"), "spot": gettext_lazy("位置"), "row": gettext_lazy("整行"),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk_page(roles=ADMINISTRATOR, changes_registers=True)
def imported(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The file is chosen, its effect is looked at, and only then it is written."""
    county = county_here(viewer)
    if request.method == "GET":
        return _page(request, county)
    try:
        if request.POST.get("do") != "apply":
            return _preview(request, county, _handed_in(request))
        return _applied(request, viewer, county)
    except MinqingError as refused:
        return _page(request, county, status=422, fault=told_of(refused))


def _page(request: HttpRequest, county: Region, *, status: int = 200, **context: Any) -> HttpResponse:
    return shown(
        request, "region_import", "admin-regions", status=status, kinds=KINDS, states=STATES, county=code_of(county),
        **context,
    )  # fmt: skip


def _handed_in(request: HttpRequest) -> Handed:
    content = sent_file(request, LARGEST, "请先选择文件（choose a file first）")
    table = read_content(content, MOST_ROWS, UNPACKED)
    if table.cut:
        raise BadInput(
            f"一次最多 {MOST_ROWS:,} 行，表里不止：请分成几个文件（at most {MOST_ROWS:,} rows at once: split the file）"
        )
    known = {word: name for name, word in COLUMNS.items()}
    if "代码" not in table.columns or "名称" not in table.columns:
        raise BadInput(
            "表头里要有“代码”和“名称”两列：请用这里下载的表（the header lacks columns: use the template here）"
        )
    rows = [
        (row.line, {known[word]: clean(unharmed(cell)) for word, cell in row.cells.items() if word in known})
        for row in table.rows
    ]
    unread = [(fault.line, fault.why) for fault in table.faults]
    return Handed(rows, unread, [name for name in table.columns if name and name not in known])


def _preview(request: HttpRequest, county: Region, handed: Handed, fault: str = "") -> HttpResponse:
    rows, unread = handed.rows, handed.unread
    if not rows and not unread:
        raise BadInput("表里一行内容都没有：请核对文件（the table has no rows）")
    found = foresee(county, rows)
    counts = Counter(one.outcome for one in found)
    counts["refused"] += len(unread)
    refused = sorted([*((line, "", [(TITLES["row"], in_tongue(why))]) for line, why in unread), *_refused(found)])
    effects = [
        (name, *OUTCOMES[name], counts[name], [_effect(one) for one in found if one.outcome == name][:MOST_SHOWN])
        for name in OUTCOMES
        if counts[name]
    ]
    told = [[line, [cells.get(name, "") for name in COLUMNS]] for line, cells in rows]
    sent = {"rows": told, "unread": unread, "ignored": handed.ignored}
    return _page(
        request, county, status=422 if fault else 200, previewed=True, effects=effects, refused=refused[:MOST_SHOWN],
        total=len(rows) + len(unread), mark=mark_of(found), ignored=handed.ignored, fault=fault, most=MOST_SHOWN,
        writes=sum(counts[name] for name in ("new", "changed", "closed", "reopened")), left_out=counts["refused"],
        sent=json.dumps(sent, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip


def _refused(found: Sequence[Foreseen]) -> list[tuple[int, str, list[tuple[object, str]]]]:
    return [
        (one.line, one.row.name, [(TITLES[column], in_tongue(said)) for column, said in one.faults])
        for one in found
        if one.outcome == "refused"
    ]


def _effect(one: Foreseen) -> dict[str, object]:
    code = code_of(one.row.key) if one.row.key else _("编号在写入时给")
    changes = [(TITLES[name], _said(name, old), _said(name, new)) for name, old, new in one.changes()]
    return {"line": one.line, "name": one.row.name, "code": code, "changes": changes, "row": one.row,
            "kind": GRIDS.get(one.row.kind, ""), "above": code_of(one.above) if one.above else ""}  # fmt: skip


def _said(name: str, value: object) -> object:
    if value is None or value == "":
        return _("空")
    if name == "kind":
        return GRIDS[str(value)]
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else value


def _applied(request: HttpRequest, viewer: Viewer, county: Region) -> HttpResponse:
    handed = _sent_back(request.POST.get("rows", ""))
    try:
        with changed_by(viewer.person):
            found = take(county, handed.rows, request.POST.get("mark", ""))
    except Conflict as changed:
        return _preview(request, county, handed, told_of(changed))
    counts = Counter(one.outcome for one in found)
    said = _("已写入：新增 %(new)d，修改 %(changed)d，停用 %(closed)d，恢复 %(reopened)d") % {
        name: counts[name] for name in ("new", "changed", "closed", "reopened")
    }
    return done(request, said, "admin-regions")


def _sent_back(text: str) -> Handed:
    """What the preview put into the form."""
    try:
        told = json.loads(text)
        rows = [(_line(at), dict(zip(COLUMNS, map(_cell, cells), strict=True))) for at, cells in told["rows"]]
        unread = [(_line(at), _cell(why)) for at, why in told["unread"]]
        return Handed(rows, unread, [_cell(name) for name in told["ignored"]])
    except (ValueError, TypeError, LookupError, RecursionError):
        raise BadInput("预览的内容不完整：请重新上传文件（what was previewed is not whole: upload it again）") from None


def _line(told: object) -> int:
    if type(told) is int and 0 < told <= LAST_ROW:
        return told
    raise ValueError("no line of a table")


def _cell(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError("no cell of a table")
    return clean(told)
