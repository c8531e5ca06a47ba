"""The Django app of the notices: two tables, filled by reactions and emptied by `send_waiting`."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class NoticeConfig(AppConfig):
    name = "minqing.tools.notice"
    label = "notice"
    verbose_name = "通知"
    app_role_writes: ClassVar = {"notice_message": "INSERT, UPDATE", "notice_inbox": "INSERT, UPDATE"}
