"""The apps of the house that keep tables, ground first."""

from __future__ import annotations

INSTALLED_APPS: list[str] = [
    "minqing.base.ledger",
    "minqing.registers.regions",
    "minqing.registers.vault",
    "minqing.kernel.matters",
]
