"""The Django app of the pages; it keeps no tables."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "minqing.doors.web"
    label = "web"
    verbose_name = "页面"
