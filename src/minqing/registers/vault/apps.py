"""The app that keeps the sealed tables. Nobody writes them but functions of the database."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "minqing.registers.vault"
    label = "vault"
