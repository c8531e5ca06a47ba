"""Budgets (`24h`, `5wd`) and the rungs of a ladder (`50%`, `due`, `late 2wd`): how the method files write time.

Units: m, h run to the second; wh are working hours; d, wd, mo, y are whole days, working days, months and years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from minqing.base.errors import BadInput

Unit = Literal["m", "h", "wh", "d", "wd", "mo", "y"]
UNITS: tuple[Unit, ...] = get_args(Unit)
MOST = 999_999
_BUDGET = re.compile(r"([1-9][0-9]{0,5})(mo|wh|wd|m|h|d|y)")
_PERCENT = re.compile(r"([1-9][0-9]?)%")
_ZH: dict[Unit, str] = {
    "m": "分钟",
    "h": "小时",
    "wh": "个工作小时",
    "d": "日",
    "wd": "个工作日",
    "mo": "个月",
    "y": "年",
}
_EN: dict[Unit, str] = {
    "m": "minute", "h": "hour", "wh": "working hour", "d": "day", "wd": "working day", "mo": "month", "y": "year",
}  # fmt: skip


class BadBudget(BadInput, ValueError):
    """The text is no time the clock can read."""


@dataclass(frozen=True, slots=True)
class Budget:
    """So much time, in one unit; at least 1 and at most 999999 of it."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise BadBudget(f"there is no unit {_quoted(self.unit)}: the units are {', '.join(UNITS)}")
        if not 1 <= self.amount <= MOST:
            raise BadBudget(f"a budget is from 1 to {MOST} of its unit, not {self.amount}")

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@lru_cache(maxsize=1024)
def parse_budget(text: str) -> Budget:
    """`5wd` -> Budget(5, "wd"). Raises BadBudget with a sentence that shows how it is written."""
    found = _BUDGET.fullmatch(text)
    if found is None:
        raise BadBudget(
            f"{_quoted(text)} is not a budget: write a whole number from 1 to {MOST} and its unit without a space, "
            "like 30m, 24h, 2wh, 3d, 5wd, 6mo, 2y"
        )
    unit = found[2]
    return Budget(int(found[1]), next(known for known in UNITS if known == unit))


def budget_zh(budget: Budget) -> str:
    """`5个工作日`, `24小时`, `30日`: as a clerk writes it."""
    return f"{budget.amount}{_ZH[budget.unit]}"


def budget_en(budget: Budget) -> str:
    """`5 working days`, `1 month`."""
    return f"{budget.amount} {_EN[budget.unit]}{'' if budget.amount == 1 else 's'}"


def rough_minutes(budget: Budget) -> int:
    """A common scale for the checker, never for a due time: the longest a budget usually lasts, in minutes.

    One wd is 7/5 of a day (a week of five working days lasts seven days; holidays are left out), eight wh are one
    wd, a month is its longest run of days (1mo 31, 2mo 62, 12mo 366).
    """
    amount = budget.amount
    match budget.unit:
        case "m":
            return amount
        case "h":
            return amount * 60
        case "d":
            return amount * 1440
        case "wd":
            return amount * 2016
        case "wh":
            return amount * 252
        case "mo":
            years, months = divmod(amount, 12)
            return (years * 366 - (-months * 367 // 12)) * 1440
        case "y":
            return amount * 366 * 1440


def longer(a: Budget, b: Budget) -> bool:
    """Whether `a` gives more time than `b`, on the rough scale: exact within a family (m h · d · wd · wh · mo y)."""
    return rough_minutes(a) > rough_minutes(b)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder: after `percent` of the budget, when it is due (both None), or `late` after that."""

    percent: int | None = None
    late: Budget | None = None

    def __post_init__(self) -> None:
        if self.percent is not None and (self.late is not None or not 1 <= self.percent <= 99):
            raise BadBudget("a rung is 1% to 99%, due, or late by a budget, and only one of them")

    @property
    def order(self) -> tuple[int, int]:
        """Sorts rungs by time: percent, then due, then late by its rough length."""
        if self.percent is not None:
            return (0, self.percent)
        return (1, 0) if self.late is None else (2, rough_minutes(self.late))

    def __str__(self) -> str:
        if self.percent is not None:
            return f"{self.percent}%"
        return "due" if self.late is None else f"late {self.late}"


DUE = Rung()


@lru_cache(maxsize=1024)
def parse_rung(text: str) -> Rung:
    """`50%`, `due`, `late 2wd`. Raises BadBudget with a sentence."""
    if text == "due":
        return DUE
    percent = _PERCENT.fullmatch(text)
    if percent is not None:
        return Rung(percent=int(percent[1]))
    word, _, rest = text.partition(" ")
    if word == "late" and _BUDGET.fullmatch(rest):
        return Rung(late=parse_budget(rest))
    raise BadBudget(f"{_quoted(text)} is not a rung: write 1% to 99%, due, or late and a budget, like late 2wd")


def _quoted(text: object) -> str:
    """What was handed in, on one printable line of bounded length."""
    line = (
        str(text).encode("unicode_escape", "backslashreplace").decode("ascii")
        if not str(text).isprintable()
        else str(text)
    )
    return f'"{line}"' if len(line) <= 60 else f'"{line[:60]}…"'
