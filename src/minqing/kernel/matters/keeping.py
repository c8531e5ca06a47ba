"""What every sealed value is kept for, on what right, and until when. Nothing is kept without all three.

A county reads this table aloud before it opens: 个人信息保护法第六条（目的）、第十三条（依据）、第十九条（最短期限）。
Personal fields of a form say it themselves (personal, ground, keep). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from minqing.kernel.clock.budgets import Budget
from minqing.kernel.methods.model import Method

_DUTY = "个人信息保护法第十三条第一款第三项：履行法定职责所必需"
_YEARS = 3  # after the report; 县定

#: Days of a unit of `keep`, on the long side of none: the law wants the shortest time.
_DAYS = {"mo": 30, "y": 365, "d": 1, "wd": 1, "h": 1 / 24, "wh": 1 / 24, "m": 1 / 1440}


@dataclass(frozen=True)
class Kept:
    """One right to keep a value: for what, on what ground, for so many days from the report (None: three years)."""

    purpose: str
    ground: str
    days: int | None = None

    def ends(self, reported: date) -> date:
        """The day from which it is destroyed."""
        if self.days is not None:
            return reported + timedelta(days=self.days)
        try:
            return reported.replace(year=reported.year + _YEARS)
        except ValueError:  # the 29th of February
            return date(reported.year + _YEARS, 3, 1)


#: kind of value -> what it is kept for. Every other kind is words that somebody said along with a step.
KEPT = {
    "title": Kept("办理本事项、回访和送达", _DUTY),
    "text": Kept("办理本事项、回访和送达", _DUTY),
    "said": Kept("记明办理经过和理由", _DUTY),
    "name": Kept("办理本事项、回访和送达", _DUTY),
    "phone": Kept("办理本事项、回访和送达", _DUTY),
    "address": Kept("送达文书和上门办理", _DUTY),
    "email": Kept("告知进展和送达", _DUTY),
    "id_number": Kept("法律要求核对身份的环节核对身份", _DUTY),
    "way": Kept("按本人选定的方式联系", _DUTY),
    "location": Kept("找到现场", _DUTY),
    "file": Kept("作为办理本事项的材料", _DUTY),
    "reveal": Kept("说明为什么查阅封存的内容", _DUTY),
}  # fmt: skip


def kept(kind: str, method: Method | None = None) -> Kept:
    """The right to keep a value of that kind; 'form.<slug>' is answered by the field of the method."""
    if kind.startswith("form.") and method is not None:
        field = method.form.get(kind.removeprefix("form."))
        if field is not None and field.personal:
            return Kept(field.personal, field.ground, _days(field.keep))
    return KEPT.get(kind, KEPT["said"])


def _days(keep: Budget | None) -> int | None:
    return max(1, int(keep.amount * _DAYS[keep.unit])) if keep is not None else None
