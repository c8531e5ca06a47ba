"""Says what was handed over; for the commands after which somebody may no longer serve."""

from __future__ import annotations

import click

from minqing.base import moments
from minqing.kernel.matters.handing import hand_over_ended


def hand_over_now() -> None:
    """Hands over what is due to be, in a line; what could not be, a line each on stderr."""
    handed = hand_over_ended(moments.now())
    click.echo(
        f"交回单位 {len(handed.codes)} 件未办结事项（{len(handed.codes)} open matters went back to their units）"
    )
    for code, why in handed.refused.items():
        click.echo(f"事项 {code} 没有交回（not handed over）：{why}", err=True)
