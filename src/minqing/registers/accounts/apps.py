"""The Django app of the accounts register. The table of tokens has no model: it is reached by its functions only."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "minqing.registers.accounts"
    label = "accounts"
    verbose_name = "用户、席位与令牌"
    app_role_writes: ClassVar = {
        "accounts_user": "INSERT, UPDATE",
        "accounts_seat": "INSERT, UPDATE",
        "accounts_savedview": "INSERT, UPDATE, DELETE",
    }
