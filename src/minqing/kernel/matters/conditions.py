"""What conditions read of a matter: each name of METHODS.md section 3, found when it is asked for. Pure.

No name leads to a person, to the clock, or to how often somebody complained: there is no function for it here.
"""

from __future__ import annotations

from collections.abc import Callable

from minqing.kernel.matters.cast import helpers
from minqing.kernel.matters.commands import Refused
from minqing.kernel.matters.matter import DONE, OPEN, Matter
from minqing.kernel.methods.conditions import Condition, Undecidable
from minqing.kernel.methods.model import Method

_EMPTY: dict[str, object] = {
    "text": "", "choice": "", "place": "", "unit": "", "file": "", "photo": "",
    "count": 0, "money": 0, "number": 0.0, "yes_no": False, "many": [],
}  # fmt: skip
_PLAIN: dict[str, Callable[[Matter], object]] = {
    "kind": lambda m: m.kind,
    "channel": lambda m: m.channel,
    "category": lambda m: m.category,
    "stage": lambda m: m.stage,
    "level": lambda m: m.level,
    "outcome": lambda m: m.outcome,
    "tags": lambda m: m.tags,
    "records": lambda m: m.records,
    "people": lambda m: m.people,
    "returns": lambda m: m.returns,
    "reopenings": lambda m: m.reopenings,
    "transfers": lambda m: m.transfers,
    "refusals": lambda m: m.refusals,
    "helpers.open": lambda m: len(helpers(m)),
    "children.open": lambda m: 0,
    "children.all": lambda m: 0,
}


def holds(condition: Condition | None, method: Method, matter: Matter) -> bool:
    """Whether a condition holds; one that cannot be decided refuses the command, it is never taken as no."""
    if condition is None:
        return True
    try:
        return condition.holds(tuple(_value(name, method, matter) for name in condition.names))
    except Undecidable as fault:
        raise Refused(
            "undecidable",
            f"条件“{condition.text}”此时无法判断，请先补全事项信息",
            f"the condition “{condition.text}” cannot be decided here: complete the matter first ({fault})",
        ) from fault


def _value(name: str, method: Method, matter: Matter) -> object:
    plain = _PLAIN.get(name)
    if plain is not None:
        return plain(matter)
    family, _, rest = name.partition(".")
    if family == "form":
        if rest in matter.form:
            value = matter.form[rest]
            return value
        return _EMPTY.get(method.form[rest].type, "")
    if family == "has":
        return rest in matter.form or rest in matter.filled
    if family in ("open", "done", "late", "all"):
        return _count(family, rest.replace("_", "-"), matter)
    return matter.facts.get(name, _missing(name, matter))


def _missing(name: str, matter: Matter) -> object:
    """A capability's fact that nobody has noted yet starts at nothing."""
    return 0


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
