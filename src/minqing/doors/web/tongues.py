"""The tongue of a page, for sentences that the kernel tells in both at once: 编码不对（the code is wrong）."""

from __future__ import annotations

import re

from django.utils.translation import get_language

from minqing.base.errors import MinqingError
from minqing.doors.counter.forms import Lang
from minqing.doors.counter.problems import Problem

#: The English half holds no Chinese, or is a sentence that names something in Chinese: no column “标题”.
_PLAIN = r"[^（）\u4e00-\u9fff]*[A-Za-z]{2}[^（）\u4e00-\u9fff]*"
_NAMING = r"[a-z“][^（）]*[a-z]{2,} [a-z]+[^（）]*"
_BOTH = re.compile(rf"(.+)（({_PLAIN}|{_NAMING})）[。.]?", re.DOTALL)


def tongue() -> Lang:
    """That of titles and sentences of the kernel on this page."""
    return "en" if get_language() == "en" else "zh"


def in_tongue(said: str) -> str:
    """The half of such a sentence that is in the tongue of the page; what is told in one tongue stays whole."""
    both = _BOTH.fullmatch(said)
    if both is None:
        return said
    return both[2][:1].upper() + both[2][1:] if tongue() == "en" else both[1]


def told_of(fault: Problem | MinqingError) -> str:
    """A fault in the tongue of the page."""
    return in_tongue(fault.detail if isinstance(fault, Problem) else str(fault))
