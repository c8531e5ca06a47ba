"""The apps of the house, ground first: those that keep tables."""

from __future__ import annotations

from importlib.util import find_spec

_FLOORS = [
    "minqing.base.ledger",
    "minqing.registers.regions",
    "minqing.registers.accounts",
    "minqing.kernel.matters",
    "minqing.tools.text",
]

INSTALLED_APPS: list[str] = [app for app in _FLOORS if find_spec(app) and find_spec(f"{app}.apps")]
