"""What stands open in a trial: who owes a duty of a kind, and under which number it is waived or fulfilled."""

from __future__ import annotations

from minqing.kernel.matters.testing import Trial


def owed(trial: Trial, kind: str) -> list[int]:
    """The units that owe it, in the order in which it came upon them."""
    assert trial.matter is not None
    return [duty.owed_by for duty in trial.matter.open_duties() if duty.kind == kind]


def number(trial: Trial, kind: str) -> int:
    """Of the first of them."""
    assert trial.matter is not None
    return next(duty.id for duty in trial.matter.open_duties() if duty.kind == kind)
