"""Text that no database can hold: NUL, and halves of surrogates; and names that were sent twice."""

from __future__ import annotations

import re
from typing import Any

from minqing.doors.counter.problems import Problem, unfit

_DIRT = re.compile("[\0\ud800-\udfff]")


def is_clean(text: str) -> bool:
    """Whether a database can hold the text."""
    return _DIRT.search(text) is None


def twice(name: str) -> Problem:
    """A name that was sent two times."""
    return unfit(f"“{name[:60]}”写了两次：请只写一次", "a name stands twice: send it once", slug="twice")


def check_clean(value: Any) -> None:
    """Refuses a value that holds such a character anywhere, keys included."""
    if isinstance(value, str):
        if not is_clean(value):
            raise dirty()
    elif isinstance(value, dict):
        for key, inner in value.items():
            check_clean(key)
            check_clean(inner)
    elif isinstance(value, list):
        for inner in value:
            check_clean(inner)


def dirty() -> Problem:
    """Text with a character that cannot be stored."""
    return unfit(
        "文字里有不能保存的字符（空字符或半个代理字符）：请删去后再发", "remove NUL and halves of surrogates",
        slug="characters",
    )  # fmt: skip
