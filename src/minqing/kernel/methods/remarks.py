"""What a sound method file says that the kernel does not run yet: to be told, not to be refused.

Such keys are read and checked, so that a county can write its method down as it is; whoever checks the file is told
that they have no effect so far. When a verb arrives, its line here goes.
"""

from __future__ import annotations

import re

from minqing.base.definitions import Complaint
from minqing.kernel.methods.model import Method

_LATER = (
    re.compile(r"pauses|refusal"),
    re.compile(r"(stages|duties)\.[^.]+\.extend"),
    re.compile(r"duties\.[^.]+\.(every|each)"),
    re.compile(r"stages\.[^.]+\.in_batches"),
    re.compile(r"(triage\.\d+|.+\..+(?<!\.moves)(?<!\.results))\.(open|do)"),
)


def remarks(method: Method, path: str) -> list[Complaint]:
    """One line for each key without effect so far, in the order of the file."""
    return sorted(
        Complaint(path, line, f'"{trail.rpartition(".")[2]}" is read and checked, but has no effect yet')
        for trail, line in method.lines.items()
        if any(pattern.fullmatch(trail) for pattern in _LATER)
    )
