"""What a sound method file says that the kernel does not run yet, or says in one tongue only: told, not refused.

Such keys are read and checked, so that a county can write its method down as it is; whoever checks the file is told
that they have no effect so far. When a verb arrives, its line here goes.
"""

from __future__ import annotations

import re

from minqing.base.definitions import Complaint, shown
from minqing.kernel.clock.budgets import Budget
from minqing.kernel.methods.model import Limit, Method

_LATER = (
    re.compile(r"duties\.[^.]+\.(every|each)"),
    re.compile(r"stages\.[^.]+\.in_batches"),
    re.compile(r"(triage\.\d+|.+\..+(?<!\.moves)(?<!\.results))\.(open|do)"),
)


def remarks(method: Method, path: str) -> list[Complaint]:
    """One line for each key without effect so far, in the order of the file."""
    later = [
        Complaint(path, line, f'"{trail.rpartition(".")[2]}" is read and checked, but has no effect yet')
        for trail, line in method.lines.items()
        if any(pattern.fullmatch(trail) for pattern in _LATER)
    ]
    return sorted([*later, *left_in_chinese(method, path)])


def left_in_chinese(method: Method, path: str) -> list[Complaint]:
    """What a file that speaks English says in Chinese only; nothing of a file that is Chinese but for its title."""
    said = {trail: one for trail, one in method.said.items() if trail != "title"}
    if not any(one.english for one in said.values()):
        return []
    return [
        Complaint(path, method.lines[trail], f'"{shown(one.zh)}" has no English: write {{zh: ..., en: ...}}')
        for trail, one in said.items()
        if not one.english
    ]


def not_run_yet(method: Method) -> str:
    """Why a sound file cannot be published yet: a limit that hangs on a date, a duty that comes again or by rows.
    '' where it can; such a method can be checked, read, drawn and compared meanwhile."""
    for stage in method.stages.values():
        if stage.limit is not None and _dated(stage.limit):
            return f'the limit of stage "{stage.slug}" hangs on a date'
    for duty in method.duties.values():
        if duty.limit is None or _dated(duty.limit):
            return f'duty "{duty.slug}" hangs on a date, on rows or comes again'
    return ""


def _dated(limit: Limit) -> bool:
    times = (limit.time, *limit.by_level.values())
    return any(time is not None and not isinstance(time, Budget) for time in times)
