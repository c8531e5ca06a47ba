"""The notices' port `Contacts`, played by the vault of the matter: every opening is a line in the access stream.

The kernel's doors to the vault need Django ready; they are loaded when the first notice is sent.
"""

from __future__ import annotations

import importlib
from typing import Any

from minqing.registers.accounts.rules import MACHINE
from minqing.tools.notice.rules import Reach

CHOSEN = "reporter.way"
#: Which sealed field is the address of a way. A WeChat gateway knows people by their phone.
ADDRESSES = {"sms": "reporter.phone", "email": "reporter.email", "wechat": "reporter.phone"}


class VaultContacts:
    """How reporters can be told, out of the vault."""

    def reach(self, code: str, kind: str, /) -> Reach:
        """The way they chose, and the ways with an address; WeChat by phone only for who chose it."""
        names = _names(code)
        chosen = _open(code, CHOSEN, kind) if CHOSEN in names else ""
        known = (way for way, name in ADDRESSES.items() if name in names and way in ("sms", "email", chosen))
        return Reach(chosen, frozenset(known))

    def address(self, code: str, way: str, kind: str, /) -> str:
        """One address, opened for this notice."""
        return _open(code, ADDRESSES[way], kind) if ADDRESSES[way] in _names(code) else ""

    def secret(self, code: str, /) -> str:
        """What the reporter follows the matter with."""
        secret: str = importlib.import_module("minqing.kernel.matters.public").secret_of(code)
        return secret


def _names(code: str) -> set[str]:
    return {one.name for one in _revealing().sealed_names(MACHINE, code)}


def _open(code: str, name: str, kind: str) -> str:
    text: str = _revealing().reveal(MACHINE, code, name, f"notice:{kind}").text
    return text.strip()


def _revealing() -> Any:
    return importlib.import_module("minqing.kernel.matters.revealing")
