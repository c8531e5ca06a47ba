"""A move as it was sent → what the kernel is asked: values of the right kind, words and personal fields apart.

Which fields a move takes is said by the matter's own offer; whether it may be done is the kernel's word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from minqing.base.errors import BadInput
from minqing.doors.counter.problems import Problem
from minqing.doors.counter.words import LONGEST_SAID
from minqing.kernel.matters.codes import clean_code
from minqing.kernel.matters.filling import WORDS
from minqing.kernel.matters.offers import Offer
from minqing.kernel.methods.model import Field
from minqing.kernel.methods.vocabulary import STANDING_VERBS
from minqing.registers.regions.codes import parse_code

_SLUG = re.compile(r"[A-Za-z0-9_:.-]{1,120}")
_MOST = 200  # values of a list
#: What every move takes along, and what moves take that papers belong to: those of the method's file, and `record`.
_WORDS, _PAPERS = frozenset({"reason"}), frozenset({"reason", "records"})


@dataclass(frozen=True)
class Told:
    """What was sent: plain values by name of the ask, the words said along, what is sealed by field of the form."""

    result: str = ""
    plain: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    sealed: Mapping[str, str] = field(default_factory=dict)


def told_of(fields: Mapping[str, Any], form: Mapping[str, Field]) -> Told:
    """Reads the fields of a move; raises Problem 422 for a name or kind of value that no move has."""
    faults: list[dict[str, str]] = []
    plain: dict[str, Any] = {}
    sealed: dict[str, str] = {}
    for name, value in fields.items():
        read = _reader(name, form)
        if read is None:
            faults.append({"at": name[:60], "fault": "没有这一栏（no such field）"})
        elif (why := read(value)) is not None:
            faults.append({"at": name, "fault": why})
        elif name.startswith("form.") and form[name.removeprefix("form.")].type in WORDS:
            sealed[name.removeprefix("form.")] = value
        else:
            plain[name] = _STORED[name](value) if name in _STORED else value
    if faults:
        raise misfit(faults)
    return Told(plain.pop("result", ""), plain, plain.pop("reason", ""), sealed)


def misfit(faults: list[dict[str, str]]) -> Problem:
    """Fields that do not fit: where and why."""
    return Problem(
        422, "shape", f"请求的内容不合格式：{faults[0]['at']} {faults[0]['fault']}",
        "the fields do not fit the schema of the move", extra={"errors": faults[:20]},
    )  # fmt: skip


def taken_along(verb: str) -> frozenset[str]:
    """The fields that a verb takes whatever the matter: words are kept, papers put on record, the same once."""
    return _WORDS if verb in STANDING_VERBS and verb != "record" else _PAPERS


def check_names(fields: Collection[str], offer: Offer) -> None:
    """Refuses names that the offered move does not ask for: what is sent under them would be lost."""
    known = taken_along(offer.verb).union(ask.name for ask in offer.asks)
    known = known.union(ask.name for result in offer.results for ask in result.asks)
    if offer.results:
        known |= {"result"}
    if strange := [name for name in fields if name not in known]:
        raise misfit([{"at": name[:60], "fault": "这一步没有这一栏（not a field of this move）"} for name in strange])


Reader = Callable[[Any], str | None]


def _text(value: Any) -> str | None:
    if not isinstance(value, str) or not value:
        return "应为文字（text）"
    return None if len(value) <= LONGEST_SAID else f"最多 {LONGEST_SAID} 字（too long）"


def _slug(value: Any) -> str | None:
    return None if isinstance(value, str) and _SLUG.fullmatch(value) else "应为所列的值之一（one of the listed values）"


def _whole(value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**12
    return None if fits else "应为不小于 0 的整数（a whole number）"


def _register(value: Any) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return None if fits else "应为所列的编号之一（one of the listed numbers）"


def _number(value: Any) -> str | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 10**12
    return None if fits else "应为数字（a number）"


def _yes_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "应为 true 或 false（true or false）"


def _place(value: Any) -> str | None:
    fits = isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{5,14}", value) and len(value) in (6, 9, 12, 15)
    return None if fits else "应为 6、9、12 或 15 位区划或网格编号（code of a place）"


def _code(value: Any) -> str | None:
    try:
        clean_code(value if isinstance(value, str) else "")
    except BadInput as fault:
        return str(fault)
    return None


def _each(read: Reader) -> Reader:
    def check(value: Any) -> str | None:
        if not isinstance(value, list) or len(value) > _MOST:
            return "应为列表（a list）"
        if (why := next((why for one in value if (why := read(one)) is not None), None)) is not None:
            return why
        return None if len(set(value)) == len(value) else "有重复，请去掉（each once）"

    return check


_READERS: dict[str, Reader] = {
    "result": _slug, "to": _slug, "unit": _register, "person": _register, "duty": _register, "code": _code,
    "people": _whole, "place": _place, "reason": _text, "records": _each(_slug), "units": _each(_register),
    "against": _each(_register), "against_people": _each(_register), "stars": _whole,
    "against_unknown": _whole,
}  # fmt: skip
#: Values that are kept in another form than they are sent in.
_STORED: dict[str, Callable[[str], Any]] = {"place": parse_code, "code": clean_code}
_FORM: dict[str, Reader] = {
    "count": _whole, "money": _whole, "number": _number, "yes_no": _yes_no, "many": _each(_text),
}  # fmt: skip


def _reader(name: str, form: Mapping[str, Field]) -> Reader | None:
    if not name.startswith("form."):
        return _READERS.get(name)
    found = form.get(name.removeprefix("form."))
    return _FORM.get(found.type, _text) if found is not None else None
