"""The outbox as `minqing work` empties it: looked into five times a second while there is much, once while there is
nothing. What was put aside is said, and stays until `minqing work --again`.
"""

from __future__ import annotations

from dataclasses import dataclass

import click
from django.conf import settings
from django.utils.module_loading import import_string

from minqing.doors.cli.loops import tell_fault
from minqing.kernel.matters.outbox import Handed, Reactions, hand_over, put_aside

BUSY, IDLE = 0.2, 1.0  # seconds between two looks
GROWS = 1.5  # each look in vain makes the next one so much later
SHOWN = 20


@dataclass
class Teller:
    """What the reader of the outbox remembers from one look to the next."""

    reactions: Reactions
    pause: float = BUSY

    def wake(self) -> float:
        """Hands over one batch; returns the seconds to the next look."""
        handed = hand_over(self.reactions)
        tell(handed)
        if handed.done:
            self.pause = BUSY
            return 0.0
        self.pause = min(self.pause * GROWS, IDLE)
        return self.pause


def wired() -> Reactions:
    """The table of the roof."""
    table: Reactions = import_string(settings.REACTIONS)
    return table


def tell(handed: Handed) -> None:
    """What failed, and what was put aside with it."""
    for one in handed.faults:
        tell_fault(one.fault)
        later = "已搁置，不再重试（put aside）" if one.aside else "稍后再试（trying again later）"
        click.echo(f"事项 {one.code} 的后续处理 {one.reaction} 第 {one.tries} 次未成：{later}", err=True)


def tell_put_aside() -> int:
    """A line for each row that waits for a person; how many there are."""
    waiting = put_aside()
    for one in waiting[:SHOWN]:
        names = "、".join(one.waiting)
        click.echo(f"已搁置：事项 {one.code} 第 {one.first}–{one.last} 条，未处理 {names}（put aside）", err=True)
    if waiting:
        click.echo(
            f"搁置的后续处理共 {len(waiting)} 项：改正后运行 minqing work --again 重试"
            "（put aside: mend it, then use --again）",
            err=True,
        )
    return len(waiting)
