"""What conditions read of a matter: each name of docs/method-format.md, found when it is asked for. Pure.

No name leads to a person, to the clock, or to how often somebody complained: there is no function for it here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from minqing.kernel.matters.cast import helpers
from minqing.kernel.matters.commands import Refused
from minqing.kernel.matters.matter import DONE, OPEN, Matter
from minqing.kernel.methods.conditions import Condition, Undecidable
from minqing.kernel.methods.model import Method

_EMPTY: dict[str, object] = {
    "text": "", "choice": "", "place": "", "unit": "", "file": "", "photo": "",
    "count": 0, "money": 0, "number": 0.0, "yes_no": False, "many": (),
}  # fmt: skip
Reader = Callable[[Matter, Method], object]
_PLAIN: dict[str, Reader] = {
    "kind": lambda m, _: m.kind,
    "channel": lambda m, _: m.channel,
    "category": lambda m, _: m.category,
    "stage": lambda m, _: m.stage,
    "level": lambda m, _: m.level,
    "outcome": lambda m, _: m.outcome,
    "tags": lambda m, _: m.tags,
    "records": lambda m, _: m.records,
    "people": lambda m, _: m.people,
    "returns": lambda m, _: m.returns,
    "reopenings": lambda m, _: m.reopenings,
    "transfers": lambda m, _: m.transfers,
    "refusals": lambda m, _: m.refusals,
    "helpers.open": lambda m, _: len(helpers(m)),
}


def holds(condition: Condition | None, method: Method, matter: Matter) -> bool:
    """Whether a condition holds; one that cannot be decided refuses the command, it is never taken as no."""
    if condition is None:
        return True
    try:
        return condition.holds(tuple([read(matter, method) for read in _readers(condition.names)]))
    except Undecidable as fault:
        raise Refused(
            "undecidable",
            f"条件“{condition.text}”此时无法判断，请先补全事项信息",
            f"the condition “{condition.text}” cannot be decided here: complete the matter first ({fault})",
        ) from fault


@lru_cache(maxsize=4096)
def _readers(names: tuple[str, ...]) -> tuple[Reader, ...]:
    """How each name is read, found once a condition."""
    return tuple(_reader(name) for name in names)


def _reader(name: str) -> Reader:
    family, _, rest = name.partition(".")
    if name in _PLAIN:
        return _PLAIN[name]
    if family == "form":
        return lambda m, method: m.form[rest] if rest in m.form else _EMPTY.get(method.form[rest].type, "")
    if family == "has":
        return lambda m, _: rest in m.form or rest in m.filled
    if family in ("open", "done", "late", "all"):
        kind = rest.replace("_", "-")
        return lambda m, _: _count(family, kind, m)
    return lambda m, _: m.facts.get(name, 0)  # a capability's fact that nobody has noted yet starts at nothing


def _count(family: str, kind: str, matter: Matter) -> int:
    mine = [duty for duty in matter.duties if duty.kind == kind]
    match family:
        case "open":
            return sum(duty.state == OPEN for duty in mine)
        case "done":
            return sum(duty.state == DONE for duty in mine)
        case "late":
            return sum(duty.late for duty in mine)
    return len(mine)
