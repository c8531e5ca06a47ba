"""Any move as plain controls of HTML, drawn from its own JSON Schema, and read back into the fields that it takes.

`form_of` draws, with what was typed and the faults beside it; `read` gives the fields as numbers, lists and words, and
says beside which control something is missing. Whether a move may be made is the kernel's word. Controls of a result
are named `reason@satisfied`, so that a page without script can show those of all results at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from django.utils.translation import gettext as _

from minqing.doors.web.matter.typed_values import value_of

Look = Literal["radios", "select", "boxes", "area", "line", "whole", "number", "yes_no", "date", "moment", "place"]
Values = Sequence[tuple[str, str]]  # value, title
_RADIOS = 6  # choices that are shown at once; more are a list
_FILTERED = 12  # a longer list gets a box to find in
_SHORT = 500  # characters up to which a text is one line


class Posted(Protocol):
    """What was typed: a QueryDict, or a MultiValueDict."""

    def getlist(self, key: str) -> list[Any]:
        """All values of a name."""


@dataclass(frozen=True)
class Choice:
    """One value that may be chosen."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class Control:
    """One field. `key`: its name in the move; `name`, `id`: in the page; `all_needed`: every box is to be ticked;
    `one_of`: it is of the group of which at least one is needed."""

    key: str
    name: str
    id: str
    look: Look
    title: str
    required: bool
    value: str = ""
    choices: tuple[Choice, ...] = ()
    all_needed: bool = False
    most: int | float | None = None
    fault: str = ""
    one_of: bool = False

    @property
    def filtered(self) -> bool:
        """Whether the list is so long that one looks for a value in it."""
        return len(self.choices) > _FILTERED

    @property
    def grouped(self) -> bool:
        """Whether it is several inputs under one title."""
        return self.look in ("radios", "boxes", "yes_no")

    @property
    def along(self) -> bool:
        """Whether it is papers that may come along with a step which asks for none: folded away until wanted."""
        return self.key == "records" and not self.required and not self.one_of


@dataclass(frozen=True)
class Branch:
    """One result, and what it asks for besides."""

    value: str
    title: str
    chosen: bool
    id: str
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class MoveForm:
    """A move to be filled in. `faults`: those of all controls that are in sight."""

    verb: str
    title: str
    controls: tuple[Control, ...]
    branches: tuple[Branch, ...]
    clears: tuple[int, ...]
    fault: str = ""
    result_fault: str = ""
    faults: tuple[tuple[str, str, str], ...] = ()  # id, title, what to do

    @property
    def plain(self) -> bool:
        """Whether it can be sent as it is."""
        return not self.branches and not any(one.required or one.one_of for one in self.controls)


@dataclass(frozen=True)
class Read:
    """The fields as the move takes them, and what to mend by name of the field."""

    fields: Mapping[str, Any]
    faults: Mapping[str, str] = field(default_factory=dict)


def form_of(
    move: Mapping[str, Any],
    posted: Posted | None = None,
    faults: Mapping[str, str] | None = None,
    fault: str = "",
    choices: Mapping[str, Values] | None = None,
) -> MoveForm:
    """Draws a move as `shown_moves` lists it. `posted`: what was typed before; `faults` by field, `fault` of the whole;
    `choices`: values to offer for fields that the schema leaves open ('place')."""
    schema, verb = move["fields"], move["move"]
    sketch = _Sketch(verb, posted, faults or {}, choices or {})
    shown = sketch.controls(schema)
    branches = tuple(sketch.branch(one) for one in schema.get("oneOf", ()))
    seen = (*shown, *(one for branch in branches if branch.chosen for one in branch.controls))
    told = [(one.id, one.title, one.fault) for one in seen if one.fault]
    missing = (faults or {}).get("result", "") if branches else ""
    if missing:
        told.insert(0, (branches[0].id, _("结果"), missing))
    return MoveForm(
        verb, move["title"], shown, branches, tuple(move.get("clears", ())), fault, missing,
        tuple(told),
    )  # fmt: skip


def read(move: Mapping[str, Any], posted: Posted) -> Read:
    """What was typed, as the fields of the move: what is empty is left out."""
    schema = move["fields"]
    fields, faults = _read(schema, posted, "")
    if "oneOf" in schema:
        result = _last(posted, "result")
        branch = next((one for one in schema["oneOf"] if _result_of(one) == result), None)
        if branch is None:
            return Read(fields, {"result": _("请选一个结果"), **faults})
        more, wrong = _read(branch, posted, "@" + result)
        fields, faults = {"result": result, **fields, **more}, {**faults, **wrong}
    return Read(fields, faults)


def _read(schema: Mapping[str, Any], posted: Posted, tail: str) -> tuple[dict[str, Any], dict[str, str]]:
    fields: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, form in schema.get("properties", {}).items():
        if "const" in form:
            continue
        value, fault = value_of(form, [str(one) for one in posted.getlist(name + tail)])
        if fault:
            faults[name] = fault
        elif value is not None:
            fields[name] = value
        elif name in schema.get("required", ()):
            faults[name] = _missing(form)
    wanted = _wanted(schema)
    if wanted and not fields.keys() & set(wanted) and not faults.keys() & set(wanted):
        faults[wanted[0]] = _("这几项里请至少填一项")
    return fields, faults


def _wanted(schema: Mapping[str, Any]) -> list[str]:
    """The fields of which at least one is needed."""
    return [name for one in schema.get("anyOf", ()) for name in one["required"]]


def _missing(form: Mapping[str, Any]) -> str:
    chosen = "enum" in form or form["type"] in ("array", "boolean")
    return _("请选择这一项") if chosen else _("请填写这一项")


def _last(posted: Posted | None, name: str) -> str:
    values = posted.getlist(name) if posted is not None else []
    return str(values[-1]) if values else ""


def _result_of(branch: Mapping[str, Any]) -> str:
    return str(branch["properties"]["result"]["const"])


@dataclass(frozen=True)
class _Sketch:
    verb: str
    posted: Posted | None
    faults: Mapping[str, str]
    more: Mapping[str, Values]

    def controls(self, schema: Mapping[str, Any], tail: str = "") -> tuple[Control, ...]:
        """What is required stands first, then those of which one is needed, otherwise in the order of the schema."""
        needed, wanted = schema.get("required", ()), _wanted(schema)
        named = [(name, form) for name, form in schema.get("properties", {}).items() if "const" not in form]
        named.sort(key=lambda one: 0 if one[0] in needed else 1 if one[0] in wanted else 2)
        made = ((name, self._control(name, form, name in needed, tail)) for name, form in named)
        return tuple(replace(control, one_of=name in wanted and name not in needed) for name, control in made)

    def branch(self, schema: Mapping[str, Any]) -> Branch:
        """A result with its controls; its faults are shown where it was chosen."""
        result = _result_of(schema)
        chosen = _last(self.posted, "result") == result
        sketch = self if chosen else _Sketch(self.verb, self.posted, {}, self.more)
        controls = sketch.controls(schema, tail="@" + result)
        return Branch(result, schema["title"], chosen, f"{self.verb}-result-{result}", controls)

    def _control(self, key: str, form: Mapping[str, Any], required: bool, tail: str) -> Control:
        name, look = key + tail, _look(key, form, key in self.more)
        identity = f"{self.verb}-{name}".replace(".", "-").replace("@", "-")
        typed = [str(one) for one in self.posted.getlist(name)] if self.posted is not None else []
        of = form["items"] if look == "boxes" else form
        values = _values(of) if "enum" in of else self.more.get(key, _yes_no() if look == "yes_no" else ())
        if required and self.posted is None and look in ("radios", "select") and len(values) == 1:
            typed = [values[0][0]]  # the only one there is
        return Control(
            key, name, identity, look, form["title"], required, typed[-1] if typed else "",
            tuple(Choice(value, title, value in typed) for value, title in values),
            look == "boxes" and required and form.get("minItems", 0) == len(values),
            form.get("maximum", form.get("maxLength")), self.faults.get(key, ""),
        )  # fmt: skip


def _yes_no() -> Values:
    return (("true", _("是")), ("false", _("否")))


def _values(form: Mapping[str, Any]) -> Values:
    titles: Iterable[Mapping[str, Any]] = form.get("oneOf", ())
    known = {one["const"]: one["title"] for one in titles}
    return tuple((str(value), str(known.get(value, value))) for value in form["enum"])


_BY_TYPE: Mapping[str, Look] = {"array": "boxes", "integer": "whole", "number": "number", "boolean": "yes_no"}
_BY_FORMAT: Mapping[str, Look] = {"date": "date", "date-time": "moment"}


def _look(key: str, form: Mapping[str, Any], offered: bool) -> Look:
    if "enum" in form:
        return "radios" if len(form["enum"]) <= _RADIOS else "select"
    if form["type"] in _BY_TYPE:
        return _BY_TYPE[form["type"]]
    if form.get("format") in _BY_FORMAT:
        return _BY_FORMAT[form["format"]]
    if key == "place":
        return "place"
    return "area" if form.get("maxLength", 0) > _SHORT else "line"
