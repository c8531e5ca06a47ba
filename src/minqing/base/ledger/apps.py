"""The Django app of the ledger: two tables and their functions, no models; everything is written by functions."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "minqing.base.ledger"
    label = "ledger"
    verbose_name = "日志链"
