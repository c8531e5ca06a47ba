"""Commands imported on use. Those that keep matters get Django made ready first, so that the others need none of it;
they open the instance themselves (`doors.cli.instance`), so `--help` starts no database."""

from __future__ import annotations

import importlib
import os

import click


def load_command(place: str, *, keeps_matters: bool) -> click.Command:
    """The command at 'module:attribute'."""
    if keeps_matters:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
        importlib.import_module("django").setup()
    module, _, attribute = place.partition(":")
    command = getattr(importlib.import_module(module), attribute)
    assert isinstance(command, click.Command)
    return command
