"""What follows when a matter ends into which others were merged: each goes on, and its own reporter is asked."""

from __future__ import annotations

from collections.abc import Sequence

from minqing.kernel.matters.actions import lead_ended
from minqing.kernel.matters.outbox import Happened


def merged_follow(batch: Sequence[Happened]) -> None:
    """A reaction to `Closed`; harmless when repeated."""
    for code in dict.fromkeys(happened.code for happened in batch):
        lead_ended(code)
