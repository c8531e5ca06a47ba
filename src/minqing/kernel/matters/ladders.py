"""What the clock does at the rungs of each kind of duty: as the file writes it, or as the kernel has it. Pure."""

from __future__ import annotations

from minqing.kernel.clock.budgets import DUE, Budget, Rung
from minqing.kernel.methods.model import NOTHING, Method, RungThen, Then

_UNRULED = Then(tell=("owing", "above", "county"), because="退单逾期未裁定")
_UNREPORTED = Then(tell=("owing", "above", "county"), because="督办逾期未报告")

#: Ladders that no file writes. How long after is the county's own figure, no law names one.
RULING = (RungThen(DUE, _UNRULED), RungThen(Rung(late=Budget(1, "wd")), _UNRULED))
PAUSE = (RungThen(DUE, NOTHING),)
REPORT_BACK = (RungThen(DUE, _UNREPORTED), RungThen(Rung(late=Budget(2, "wd")), _UNREPORTED))
OUTSIDE = (
    RungThen(Rung(percent=50), Then(tell=("holder",), because="来件单位的时限用去一半")),
    RungThen(Rung(percent=80), Then(tell=("holder", "above"), because="来件单位的时限将到")),
    RungThen(DUE, Then(tell=("holder", "above"), because="来件单位的时限已到")),
)
_OWN = {"ruling": RULING, "report-back": REPORT_BACK, "outside": OUTSIDE}


def ladder(method: Method, kind: str) -> tuple[RungThen, ...]:
    """The rungs of a duty of that kind."""
    family, _, rest = kind.partition(":")
    if kind.startswith("@"):
        return method.stages[kind[1:]].rungs
    if kind in method.duties:
        return method.duties[kind].rungs
    if family == "reply":
        return method.letters[rest].rungs
    if family == "respond":
        return next(one for one in method.emergencies if one.slug == rest).unanswered_rungs
    if family == "pause":
        return PAUSE
    if kind in _OWN:
        return _OWN[kind]
    assert method.whistle is not None  # report-in, attend and answer come from its block
    return method.whistle.silent_rungs
