"""The apps of the house that keep tables, ground first; then what we use of others."""

from __future__ import annotations

INSTALLED_APPS: list[str] = [
    "minqing.base.ledger",
    "minqing.registers.regions",
    "minqing.registers.vault",
    "minqing.registers.accounts",
    "minqing.kernel.matters",
    "minqing.tools.notice",
    "ninja",
    "minqing.wiring.apps.JobsConfig",
]
