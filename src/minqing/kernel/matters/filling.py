"""What may be filled into a form, and how it may stand in a journal line. Pure.

Words of people never stand in a line: fields of free text and personal fields are bodies, named in `filled` only.
What does stand there is checked against the field: one of the choices, a whole number that is not negative, yes or no,
a date, a number of a register.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from minqing.kernel.matters.commands import Refused
from minqing.kernel.matters.events import Plain
from minqing.kernel.methods.model import Field, Method

#: Types whose values are words or pictures: they lie with the bodies.
WORDS = ("text", "person", "people", "phone", "id_number", "address", "health", "file", "photo")
_LONGEST = 15  # digits of a place


def check_form(form: Mapping[str, Plain], filled: tuple[str, ...], method: Method) -> None:
    """Refuses fields the form does not have, words that belong to a body, and values that do not fit."""
    for name in (*form, *filled):
        if name not in method.form:
            raise Refused("field", f"没有“{name}”这一栏", f"the form has no field “{name}”")
    for name, value in form.items():
        field = method.form[name]
        if field.personal or field.type in WORDS:
            raise Refused(
                "words", f"“{field.title}”的内容要作为正文保管", f"“{name}” holds words: its value belongs to a body"
            )
        if not _fits(field, value):
            raise Refused("value", f"“{field.title}”的内容不合要求", f"“{name}” cannot be that: it is {_wanted(field)}")


def _fits(field: Field, value: Plain) -> bool:
    check = _CHECKS.get(field.type)
    return check is None or check(field, value)


def _wanted(field: Field) -> str:
    return f"one of {', '.join(field.choices)}" if field.of else field.type


def _whole(field: Field, value: Plain) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _number(field: Field, value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _register(field: Field, value: Plain) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST


def _date(field: Field, value: Plain) -> bool:
    return _parses(date.fromisoformat, value)


def _moment(field: Field, value: Plain) -> bool:
    return _parses(datetime.fromisoformat, value) and "T" in str(value)


def _parses(read: Callable[[str], object], value: Plain) -> bool:
    try:
        return isinstance(value, str) and read(value) is not None
    except ValueError:
        return False


_CHECKS: dict[str, Callable[[Field, Plain], bool]] = {
    "choice": lambda field, value: value in field.choices,
    "many": lambda field, value: isinstance(value, tuple) and set(value) <= set(field.choices),
    "count": _whole,
    "money": _whole,
    "number": _number,
    "yes_no": lambda field, value: isinstance(value, bool),
    "date": _date,
    "moment": _moment,
    "place": _register,
    "unit": _register,
}
