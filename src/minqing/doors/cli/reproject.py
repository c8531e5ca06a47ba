"""`minqing clock reproject`: running duties reckoned again after the calendar changed."""

from __future__ import annotations

import click

from minqing.doors.cli.instance import instance
from minqing.kernel.matters.reprojection import reproject as reckon_all_again


@click.command(help="日历变了：重算未了责任的时限 / the calendar changed: reckon running duties again")
def reproject() -> None:
    """To be run when a year was decreed (with a new release) or the county set a day of its own."""
    instance()
    done = reckon_all_again()
    click.echo(
        f"看了 {done.matters} 件，重算后有变化的责任 {done.duties} 项，缘由已写入日志"
        f"（{done.matters} matters, {done.duties} duties have other moments now）"
    )
