"""What stands in a control of a page → a value of a JSON Schema: numbers as numbers, lists as lists, nothing as None.

A text that is no such value is told in a sentence. A moment is typed without an offset and is one of China.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from minqing.base.moments import in_china
from minqing.doors.counter.characters import is_clean

_WHOLE, _NUMBER = re.compile(r"-?\d{1,15}", re.ASCII), re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
_YES_NO = {"true": True, "false": False}


def value_of(form: Mapping[str, Any], typed: Sequence[str]) -> tuple[Any, str]:
    """The value (None where nothing was typed), and what to mend ('' for nothing)."""
    given = [one.replace("\r\n", "\n").strip() for one in typed]
    given = [one for one in given if one]
    if not given:
        return None, ""
    if not all(is_clean(one) for one in given):
        return None, _("有不能保存的字符，请删去后重填")
    if form["type"] == "array":
        return _several(form, list(dict.fromkeys(given)))
    return _one(form, given[-1])


def _several(form: Mapping[str, Any], given: list[str]) -> tuple[Any, str]:
    least = form.get("minItems", 0)
    if len(given) < least:
        many = _("以上 %(n)d 项都要有，请逐项勾选") if least == len(form["items"]["enum"]) else _("请至少选 %(n)d 项")
        return None, many % {"n": least}
    read = [_one(form["items"], one) for one in given]
    fault = next((fault for _value, fault in read if fault), "")
    return (None, fault) if fault else ([value for value, _fault in read], "")


def _one(form: Mapping[str, Any], typed: str) -> tuple[Any, str]:
    kind = form["type"]
    if kind == "integer":
        return _whole(form, typed)
    if kind == "number":
        return _fraction(typed)
    if kind == "boolean":
        return (_YES_NO[typed], "") if typed in _YES_NO else (None, _("请选“是”或“否”"))
    if form.get("format") == "date":
        return _day(typed)
    if form.get("format") == "date-time":
        return _moment(typed)
    most = form.get("maxLength", 0)
    if most and len(typed) > most:
        return None, _("最多 %(n)d 字，请删减") % {"n": most}
    return typed, ""


def _whole(form: Mapping[str, Any], typed: str) -> tuple[Any, str]:
    if not _WHOLE.fullmatch(typed):
        return None, _("请填整数，例如 3")
    value = int(typed)
    if value < form.get("minimum", value):
        return None, _("不能小于 %(n)d") % {"n": form["minimum"]}
    if value > form.get("maximum", value):
        return None, _("不能大于 %(n)d") % {"n": form["maximum"]}
    return value, ""


def _fraction(typed: str) -> tuple[Any, str]:
    return (float(typed), "") if _NUMBER.fullmatch(typed) else (None, _("请填数字，例如 1.5"))


def _day(typed: str) -> tuple[Any, str]:
    try:
        return date.fromisoformat(typed).isoformat(), ""
    except ValueError:
        return None, _("请填日期，例如 2026-06-01")


def _moment(typed: str) -> tuple[Any, str]:
    try:
        return in_china(datetime.fromisoformat(typed)).isoformat(timespec="seconds"), ""
    except (ValueError, OverflowError):
        return None, _("请填日期和时间，例如 2026-06-01T10:00")
