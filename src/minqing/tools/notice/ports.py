"""What the notices ask of the vault and of the public page; wiring binds it once.

`reach` says by which ways a reporter can be told, and opens the way they chose; `address` opens one address; both leave
a line in the access stream. '' where there is none (any more). `secret` is what a reporter follows their matter with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from minqing.base.errors import NotReady
from minqing.tools.notice.rules import Reach


class Contacts(Protocol):
    """How the vault is asked."""

    def reach(self, code: str, kind: str, /) -> Reach: ...

    def address(self, code: str, way: str, kind: str, /) -> str: ...

    def secret(self, code: str, /) -> str: ...


@dataclass
class _Bound:
    contacts: Contacts | None = None


_bound = _Bound()


def bind(contacts: Contacts) -> None:
    """Sets who is asked."""
    _bound.contacts = contacts


def contacts() -> Contacts:
    """The bound one."""
    if _bound.contacts is None:
        raise NotReady("no contacts are bound: call minqing.wiring before a notice is sent")
    return _bound.contacts
