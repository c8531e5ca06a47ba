"""`minqing clock shift +3d|-2h|reset|show`: the clock of the whole instance, on a trial instance only."""

from __future__ import annotations

import datetime as dt
import re

import click

from minqing.base import moments
from minqing.base.errors import BadInput
from minqing.doors.cli.instance import instance, shifted
from minqing.kernel.matters.shifting import shift_clock

_BY = re.compile(r"([+-])(\d{1,6})([dhm])")
_UNITS = {"d": dt.timedelta(days=1), "h": dt.timedelta(hours=1), "m": dt.timedelta(minutes=1)}


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},  # -2h is no option
    help="拨动本实例的时钟，仅限试用 / move the clock of this instance, trials only (MINQING_ALLOW_SHIFT=1)",
)
@click.argument("by", metavar="+3d|-2h|reset|show", default="show")
def shift(by: str) -> None:
    """Adds to the shift, takes it away, or says how the clock stands."""
    if by == "show":
        instance(quiet=True)
        click.echo(shifted())
        return
    step = _parse(by)
    instance(quiet=True)
    shift_clock(moments.shift() + step if step is not None else dt.timedelta(0))
    click.echo(shifted())


def _parse(by: str) -> dt.timedelta | None:
    """None for reset."""
    if by == "reset":
        return None
    found = _BY.fullmatch(by)
    if found is None:
        raise BadInput(f"{by[:40]!r} 不是拨动的多少：写 +3d、-2h、+30m，或 reset、show（d days, h hours, m minutes）")
    sign, count, unit = found.groups()
    return int(count) * _UNITS[unit] * (1 if sign == "+" else -1)
