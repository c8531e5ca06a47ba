"""Which letters there are for the reporter of a matter. What they say and look like is for whoever shows them."""

from __future__ import annotations

from minqing.kernel.matters.matter import Matter
from minqing.kernel.methods.model import CALL_BACK

ACCEPTANCE, ANSWER = "acceptance", "answer"


def kinds_for(matter: Matter) -> tuple[str, ...]:
    """The letters that there are for its reporter now; none where nobody reported it (a device, a patrol)."""
    if matter.reporter == "nobody":
        return ()
    settled = matter.stage == CALL_BACK or (bool(matter.end) and matter.end != "merged")
    return (ACCEPTANCE, ANSWER) if settled else (ACCEPTANCE,)
