"""What a sound method file says that the kernel does not run yet, in one tongue only or in two ways: told, not refused.

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
        Complaint(
            path, line, f'"{key}" is read and checked, but has no effect yet', f"写了“{key}”：会检查，但目前还不起作用"
        )
        for trail, line in method.lines.items()
        if any(pattern.fullmatch(trail) for pattern in _LATER)
        for key in [trail.rpartition(".")[2]]
    ]
    return sorted([*later, *left_in_chinese(method, path), *in_two_ways(method, path)])


def left_in_chinese(method: Method, path: str) -> list[Complaint]:
    """What a file that speaks English says in Chinese only; nothing of a file that is Chinese but for its title."""
    said = {trail: one for trail, one in method.said.items() if trail != "title"}
    if not any(one.english for one in said.values()):
        return []
    return [
        Complaint(
            path, method.lines[trail], f'"{shown(one.zh)}" has no English: write {{zh: ..., en: ...}}',
            f"“{shown(one.zh)}”没有英文：请写成 {{zh: ..., en: ...}}",
        )
        for trail, one in said.items()
        if not one.english
    ]  # fmt: skip


def in_two_ways(method: Method, path: str) -> list[Complaint]:
    """What says the same in Chinese and something else in English: the journal keeps reasons in Chinese, and their
    English is found by them."""
    first: dict[str, tuple[str, int]] = {}
    found = []
    for trail, one in [(trail, one) for trail, one in method.said.items() if one.english]:
        english, line = first.setdefault(one.zh, (one.english, method.lines[trail]))
        if one.english != english:
            zh, other = shown(one.zh), shown(english)
            en = f'"{zh}" is "{other}" in English in line {line}: the journal tells one of the two; write the same'
            said = f"“{zh}”在第 {line} 行的英文是“{other}”，这里不同；日志只能用一种，请写成一样"
            found.append(Complaint(path, method.lines[trail], en, said))
    return found


def not_run_yet(method: Method, path: str) -> Complaint | None:
    """Why a sound file cannot be published yet: a limit that hangs on a date, a duty that comes again or by rows.
    None where it can; such a method can be checked, read, drawn and compared meanwhile."""
    for stage in method.stages.values():
        if stage.limit is not None and _dated(stage.limit):
            return Complaint(
                path, method.lines.get(f"stages.{stage.slug}", 1), f'the limit of stage "{stage.slug}" hangs on a date',
                f"环节“{stage.title}”的时限要按一个日子推算，目前还办不到",
            )  # fmt: skip
    for duty in method.duties.values():
        if duty.limit is None or _dated(duty.limit):
            return Complaint(
                path, method.lines.get(f"duties.{duty.slug}", 1),
                f'duty "{duty.slug}" hangs on a date, on rows or comes again',
                f"任务“{duty.title}”要按一个日子推算、按名单逐个办或反复办，目前还办不到",
            )  # fmt: skip
    return None


def _dated(limit: Limit) -> bool:
    times = (limit.time, *limit.by_level.values())
    return any(time is not None and not isinstance(time, Budget) for time in times)
