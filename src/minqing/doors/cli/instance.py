"""Opening the instance for a command: the database attached, its tables there, its clock as shifted."""

from __future__ import annotations

import datetime as dt

import click
from django.db import connection

from minqing.base import moments
from minqing.base.errors import NotReady
from minqing.base.postgres.instance import open_instance
from minqing.kernel.matters.shifting import apply_shift


def instance(*, quiet: bool = False) -> None:
    """Opens the instance of this folder (MINQING_HOME) or of DATABASE_URL; says what to do when it is not set up.

    Where the clock of the instance is shifted, a line on stderr says so, lest an answer be taken for one of real
    time; `quiet` is for the command that says it itself.
    """
    open_instance()
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('matters_shift') is not null")
        ready = cursor.fetchone()[0]
    if not ready:
        raise NotReady("本实例还没有建库，请先运行 minqing init（this instance has no tables yet: run `minqing init`）")
    if apply_shift() and not quiet:
        click.echo(shifted(), err=True)


def shifted() -> str:
    """How the clock of the instance stands, in a line."""
    by = moments.shift()
    if not by:
        return "本实例的时钟未拨动（the clock of this instance is not shifted）"
    way = "快" if by > dt.timedelta(0) else "慢"
    return (
        f"注意：本实例的时钟拨{way}了{told_span(abs(by))}，现在是 {moments.now():%Y-%m-%d %H:%M}"
        f"（the clock of this instance is shifted by {'+' if by > dt.timedelta(0) else '-'}{abs(by)}）"
    )


def told_span(span: dt.timedelta) -> str:
    """A span as one says it, each word with a gap before it: ` 2 天 3 小时`."""
    hours, seconds = divmod(span.seconds, 3600)
    parts = ((span.days, "天"), (hours, "小时"), (seconds // 60, "分钟"))
    return "".join(f" {count} {word}" for count, word in parts if count) or " 不到 1 分钟"
