"""What a viewer's post or token allows at all, before any rule of a matter is asked."""

from __future__ import annotations

from minqing.base.errors import NotAllowed
from minqing.registers.accounts.posts import ROLES
from minqing.registers.accounts.rules import Viewer

_WORDS = {
    "report": ("登记事项", "report matters"),
    "read": ("查看事项", "read matters"),
    "act": ("办理事项", "act on matters"),
    "reveal": ("查阅封存的内容", "open what is sealed"),
}


def has_right(viewer: Viewer, right: str) -> bool:
    """Posts and tokens do what their rights name; a reporter, the clock and the house have none and need none."""
    limited = bool(viewer.role or viewer.rights or viewer.token)
    return not limited or right in viewer.rights


def check_right(viewer: Viewer, right: str) -> None:
    """Raises NotAllowed when the post or token of the viewer does not allow this."""
    if not has_right(viewer, right):
        zh, en = _WORDS[right]
        raise NotAllowed(f"您的岗位或令牌不能{zh}：请找管理员核对权限（your post or token may not {en}）")


def opens_to_call_alone(viewer: Viewer) -> bool:
    """Whether the post opens what is sealed for nothing but a call-back it may make now."""
    return viewer.role in ROLES and ROLES[viewer.role].to_call
