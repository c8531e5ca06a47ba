"""Words of the registers in both tongues: kinds and levels of units, titles and roles of posts."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from minqing.doors.web.tongues import tongue
from minqing.registers.accounts.posts import MACHINE_ROLE, ROLES

KINDS: Mapping[str, object] = {
    "territory": _("属地"), "department": _("部门"), "court": _("法院"), "inspection": _("纪检监察"),
}  # fmt: skip
LEVELS: Mapping[str, object] = {
    "city": _("市级"), "county": _("县级"), "town": _("乡镇级"), "village": _("村级"), "grid": _("网格"),
}  # fmt: skip
#: The usual titles of posts; others come in by the list of staff and are shown as they are written.
TITLES: Mapping[str, object] = {
    "staff": _("工作人员"), "head": _("负责人"), "grid-worker": _("网格员"), "mediator": _("调解员"),
    "volunteer": _("志愿者"), "administrator": _("管理员"), "auditor": _("审计"), "leader": _("领导"),
}  # fmt: skip


def role_title(role: str) -> str:
    """A role of the accounts as people call it; '' for none."""
    known = ROLES.get(role)
    return role if known is None else known.en if tongue() == "en" else known.zh


def roles_for(kind: str, level: str) -> dict[str, str]:
    """The roles that can be had in such a unit."""
    return {
        slug: role_title(slug)
        for slug, role in ROLES.items()
        if slug != MACHINE_ROLE and kind in role.kinds and level in role.levels
    }
