"""Conditions of method files: yes-or-no comparisons in CEL, compiled and type-checked when the file is read.

A condition sees only the names declared for its file: never a person, never a clock, never how often somebody
complained. It is given its values in the order of `names`; answers are remembered by the tuple of values. What cannot
be decided is an error (`Undecidable`), never a "no".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from minqing.base.definitions import nearest, shown
from minqing.base.errors import BadInput
from minqing.base.moments import CHINA
from minqing.kernel.methods.vocabulary import CelType

_REMEMBERED = 4096
_CEL: Mapping[CelType, Any] = {
    "string": cel.Type.STRING,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "bool": cel.Type.BOOL,
    "list": cel.Type.List(cel.Type.STRING),
    "timestamp": cel.Type.TIMESTAMP,
}
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*", re.ASCII)
_CLOCK_NAMES = frozenset(("now", "today", "opened", "reported", "due", "moment", "date", "timestamp", "duration"))
_PERSON_NAMES = frozenset(("reporter", "person", "petitioner", "parties", "holder", "user", "name", "history"))
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_NO_OVERLOAD = re.compile(r"no matching overload for '([^']*)' applied to '([^']*)'")


class BadCondition(BadInput):
    """The text is no condition this file may hold; says how to write it."""


class Undecidable(BadInput):
    """The condition cannot be answered with these values; the command it stands in is refused."""


@dataclass(frozen=True)
class Condition:
    """A compiled condition: `holds` takes the values of `names`, in their order."""

    text: str
    names: tuple[str, ...]
    _compiled: Any = field(repr=False, compare=False)
    _answers: dict[tuple[object, ...], bool] = field(default_factory=dict, repr=False, compare=False)

    def holds(self, values: tuple[object, ...]) -> bool:
        """Whether it holds for these values, of the declared types: str, int, float, bool, date; lists as tuples."""
        found = self._answers.get(values)
        if found is None:
            found = self._decide(values)
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            self._answers[values] = found
        return found

    def _decide(self, values: tuple[object, ...]) -> bool:
        data = {name: _for_cel(value) for name, value in zip(self.names, values, strict=True)}
        try:
            answer = self._compiled.eval(data=data)
        except (RuntimeError, ValueError) as fault:  # its budget of steps is spent; a text that is no text
            raise self._undecidable(str(fault)) from fault
        if answer.type() != cel.Type.BOOL:  # other faults come back as values of an error type
            raise self._undecidable(str(answer.value()))
        return bool(answer.value())

    def _undecidable(self, why: str) -> Undecidable:
        return Undecidable(f'the condition "{shown(self.text)}" cannot be decided here: {shown(why)}')


def _for_cel(value: object) -> object:
    if isinstance(value, (tuple, frozenset, set)):
        return [_for_cel(one) for one in value]
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=CHINA)
    return value


def compile_condition(text: str, declared: Mapping[str, CelType], personal: frozenset[str] = frozenset()) -> Condition:
    """A condition over the declared names; raises `BadCondition` with a sentence.

    `personal` are form fields that exist but may never be read.
    """
    asked = _asked_for(text)
    for name in asked:
        _refuse_forbidden(name, declared, personal)
    used = tuple(sorted({known for name in asked if (known := _longest(name, declared))}))
    compiled = _compile(text, tuple((name, declared[name]) for name in used), declared)
    if compiled.return_type() != cel.Type.BOOL:
        raise BadCondition(f'"{shown(text)}" is no yes-or-no question: compare something, such as people > 5')
    return Condition(text, used, compiled)


def _refuse_forbidden(name: str, declared: Mapping[str, CelType], personal: frozenset[str]) -> None:
    if name in personal or any(name.startswith(f"{one}.") for one in personal):
        field_name = name.split(".")[1]
        raise BadCondition(
            f'the condition reads "{name}", which is personal: conditions never read personal data '
            f"(use has.{field_name})"
        )
    if name.split(".")[0] in _CLOCK_NAMES:
        raise BadCondition("conditions cannot read the clock; write a limit or a ladder instead")
    if name.split(".")[0] in _PERSON_NAMES and not _longest(name, declared):
        raise BadCondition(
            f'the condition reads "{shown(name)}": conditions never look at who reports, nor how often '
            "(text.repeats counts by place and cause)"
        )


def _asked_for(text: str) -> list[str]:
    bare = _STRING.sub("''", text)
    return ["".join(found.group().split()) for found in _NAME.finditer(bare)]


def _longest(name: str, declared: Mapping[str, CelType]) -> str:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        known = ".".join(parts[:length])
        if known in declared:
            return known
    return ""


def _compile(text: str, used: tuple[tuple[str, CelType], ...], declared: Mapping[str, CelType]) -> Any:
    try:
        return _checked(text, used)
    except RuntimeError as fault:
        raise BadCondition(_sentence(str(fault), text, declared)) from None
    except TypeError:
        raise BadCondition("the condition holds characters that are no text") from None


@lru_cache(maxsize=1024)
def _checked(text: str, used: tuple[tuple[str, CelType], ...]) -> Any:
    """Compiled with the names it uses and no others: thirty names cost five times as much at every question."""
    return cel.NewEnv(variables={name: _CEL[kind] for name, kind in used}).compile(text)


def _sentence(fault: str, text: str, declared: Mapping[str, CelType]) -> str:
    unknown = _UNDECLARED.search(fault)
    if unknown:
        name = unknown.group(1)
        return f'the condition reads "{shown(name)}", which no condition can read.{nearest(name, declared)}'
    overload = _NO_OVERLOAD.search(fault)
    if overload:
        kinds = overload.group(2)
        if "int" in kinds and "double" in kinds:
            return (
                f'"{shown(text)}" compares a whole number with a decimal one: write both alike, '
                "decimals with a point (80.0), counts without (5)"
            )
        return f'"{shown(text)}" compares unlike things {kinds}: words stand in quotes, numbers do not'
    first = fault.removeprefix("INVALID_ARGUMENT: ").split("\n")[0]
    return f'the condition "{shown(text)}" cannot be read: {shown(first)}'
