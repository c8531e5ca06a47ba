"""Who read what, for auditors: when, who, in which unit, of which matter, and whether a reason was given. Above it, the
sign-ins that were made anew of late: whoever did could have read as somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from minqing.doors.web.admin.filled import Filled
from minqing.doors.web.admin.frame import AUDITOR, shown
from minqing.doors.web.admin.words import role_title
from minqing.doors.web.pages import desk_page
from minqing.kernel.matters.accesses import Accessed, accesses
from minqing.registers.accounts.queries import names_of
from minqing.registers.accounts.resets import resets
from minqing.registers.accounts.rules import Viewer
from minqing.registers.regions.queries import names_of_units

LAST = 200  # pages back that are leafed through; further back one asks for a day
DEEDS: Mapping[str, object] = {
    "Revealed": _("查阅原文"), "LookedUp": _("按人查找"), "Exported": _("导出副本"), "Erased": _("删除"),
    "Prolonged": _("延长保存"), "Expired": _("到期销毁"), "NoticeSent": _("发送通知"),
}  # fmt: skip
WHAT: Mapping[str, object] = {
    "title": _("标题"), "text": _("正文"), "name": _("反映人姓名"), "phone": _("联系电话"), "address": _("联系地址"),
    "id_number": _("证件号码"), "email": _("电子邮箱"), "way": _("联系方式"), "location": _("具体位置"),
    "reveal": _("查阅理由"), "file": _("附件"),
}  # fmt: skip


@require_GET
@desk_page(roles=AUDITOR)
def listing(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The stream by pages, narrowed by the code of a matter and by a day."""
    filled = Filled(request.GET.dict())
    code, day = filled.text("code").upper(), filled.day("day")
    page = min(max(filled.number("page") or 1, 1), LAST)
    lines, more = accesses(viewer, code=code, day=day, page=page) if not filled.faults else ([], False)
    people, units = names_of({one.person for one in lines}), names_of_units({one.unit for one in lines})
    words = request.GET.copy()
    words.pop("page", None)
    return shown(
        request, "access", "admin-access", filled=filled, words=words.urlencode(), page=page,
        older=page + 1 if more and page < LAST else 0, newer=page - 1,
        lines=[_line(one, people, units) for one in lines],
        resets=resets() if page == 1 and not code else (),
    )  # fmt: skip


def _line(one: Accessed, people: Mapping[int, str], units: Mapping[int, str]) -> dict[str, Any]:
    return {
        "line": one, "deed": DEEDS.get(one.deed, one.deed), "who": people.get(one.person, ""),
        "unit": units.get(one.unit, ""), "role": role_title(one.role) if one.role else "",
        "what": WHAT.get(one.what, _("办理中的说明")) if one.what else "",
    }  # fmt: skip
