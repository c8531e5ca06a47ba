"""Who asks: `Authorization: Bearer mq_…` → the viewer of `accounts`; what the token may do, per route."""

from __future__ import annotations

import re

from django.http import HttpRequest
from ninja.security import HttpBearer

from minqing.doors.counter.problems import Problem, not_signed_in
from minqing.registers.accounts.queries import viewer_of
from minqing.registers.accounts.rules import Viewer

_TOKEN = re.compile(r"mq_[A-Za-z0-9_-]{8,120}")
_RIGHTS = {"report": "登记事项", "read": "查看事项", "act": "办理事项", "reveal": "查看保密内容"}


class Token(HttpBearer):
    """Lets in whoever's token carries the right; the viewer stands in `request.auth` afterwards."""

    def __init__(self, right: str) -> None:
        super().__init__()
        self._right = right

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        """The viewer of the token; raises Problem 401 or 403."""
        viewer = viewer_of(token) if _TOKEN.fullmatch(token) else None
        if viewer is None:
            raise not_signed_in()
        check_right(viewer, self._right)
        return viewer


def check_right(viewer: Viewer, right: str) -> None:
    """Refuses a token that was not given the right."""
    if right not in viewer.rights:
        raise Problem(
            403, "right", f"这个令牌没有“{_RIGHTS[right]}”的权限：请向管理员另要一个",
            f"this token lacks the right “{right}”: ask an administrator for one that has it",
        )  # fmt: skip


def asking(request: HttpRequest) -> Viewer:
    """The viewer that `Token` let in."""
    viewer = getattr(request, "auth", None)
    assert isinstance(viewer, Viewer)
    return viewer
