"""What the administrator's pages have in common: their section bar, lists in pages, the way back with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from minqing.registers.accounts.rules import Viewer

PAGE = 50  # lines of a list
ADMINISTRATOR, AUDITOR = ("administrator",), ("auditor",)

#: Sections: name of the address, title, icon, what it is for, who opens it.
SECTIONS = (
    ("admin-units", _("单位名录"), "building-community", _("单位和里面的岗位：任职、离岗、交接"), ADMINISTRATOR),
    ("admin-posts", _("岗位"), "clipboard-text", _("谁在哪里任职、从哪天到哪天、谁代班"), ADMINISTRATOR),
    ("admin-regions", _("区划和网格"), "map", _("乡镇、村和网格：谁在任、在哪里，导入名单"), ADMINISTRATOR),
    ("admin-people", _("人员"), "users", _("登记新同事，给起始密码，注销离开的人"), ADMINISTRATOR),
    ("admin-methods", _("工作法"), "route", _("看在用的办法和各个版本，检查并发布新版本"), ADMINISTRATOR + AUDITOR),
    ("admin-mappings", _("导入对照"), "table-import", _("外来表格的对照文件，先拿样表试一试"), ADMINISTRATOR),
    ("admin-calendar", _("工作日历"), "calendar-event", _("放假、调休和本县的调整，改之前先看影响"), ADMINISTRATOR),
    ("admin-health", _("运行状况"), "activity", _("后台、通知和任务是否正常，不正常时怎么办"), ADMINISTRATOR + AUDITOR),
    ("admin-access", _("查阅记录"), "eye-check", _("谁在什么时候看了什么"), AUDITOR),
)


def shown(request: HttpRequest, template: str, section: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of a section."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # `desk_page` has put it there
    mine = [entry[:4] for entry in SECTIONS if viewer.role in entry[4]]
    here = section if section == "admin-access" else "admin"
    context |= {"here": here, "section": section, "sections": mine}
    return render(request, f"web/admin/{template}.html", context, status=status)


def done(request: HttpRequest, said: str, name: str, **where: Any) -> HttpResponse:
    """Back to a page, which says what was done."""
    messages.success(request, said)
    back: HttpResponse = redirect(name, **where)
    return back


def part_of(request: HttpRequest, rows: Sequence[Any], size: int = PAGE) -> dict[str, Any]:
    """One page of a long list, and the words of the address that lead to the others."""
    words = request.GET.copy()
    words.pop("page", None)
    return {"part": Paginator(rows, size).get_page(request.GET.get("page")), "words": words.urlencode()}
