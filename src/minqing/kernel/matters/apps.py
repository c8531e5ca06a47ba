"""The Django app of matters: tables that one function of the database writes, so no rights are asked for here."""

from __future__ import annotations

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "minqing.kernel.matters"
    label = "matters"
    verbose_name = "事项"
