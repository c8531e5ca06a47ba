"""The Django app of the regions register."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "minqing.registers.regions"
    label = "regions"
    verbose_name = "区划、单位与岗位"
    default_auto_field = "django.db.models.BigAutoField"
    app_role_writes: ClassVar = {
        "regions_division": "INSERT, UPDATE",
        "regions_grid": "INSERT, UPDATE",
        "regions_spot": "INSERT, UPDATE",
        "regions_unit": "INSERT, UPDATE",
        "regions_post": "INSERT, UPDATE",
        "regions_unithours": "INSERT, UPDATE",
        "regions_calendarday": "INSERT, UPDATE, DELETE",
        "regions_revision": "INSERT",
    }
