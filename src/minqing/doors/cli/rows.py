"""Rows on the screen, as a table for people or as JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.table import Table

Row = Mapping[str, object]

as_json_option = click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
day_type = click.DateTime(["%Y-%m-%d"])


def show_rows(rows: Sequence[Row], headings: Mapping[str, str], as_json: bool) -> None:
    """All columns as JSON; in the table those that have a heading. An empty list says so."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
        return
    if not rows:
        click.echo("没有记录（none）")
        return
    table = Table(*headings.values())
    for row in rows:
        table.add_row(*(_shown(row[name]) for name in headings))
    Console().print(table)


def _shown(value: object) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "✓" if value is True else str(value)


def day_of(value: dt.datetime | None) -> dt.date | None:
    """The day of a click.DateTime."""
    return value.date() if value is not None else None
