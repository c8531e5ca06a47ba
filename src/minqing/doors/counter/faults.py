"""Faults of the kernel, a register or the shape of a request, as the problems they are answered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minqing.base.errors import BadInput, Conflict, MinqingError, NotAllowed, NotFound, NotReady
from minqing.doors.counter.problems import Problem

_STATUS: tuple[tuple[type[MinqingError], int, str], ...] = (
    (NotFound, 404, "unknown"),
    (BadInput, 422, "unfit"),
    (NotAllowed, 403, "not-allowed"),
    (Conflict, 409, "busy"),
    (NotReady, 503, "not-ready"),
)

#: pydantic's kinds of faults: what to do, with the limit that its context tells. `{}` takes nothing that was sent.
_FAULTS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填，请补上", "required"),
    "extra_forbidden": ("没有这一栏，请去掉或核对名称", "no such field"),
    "string_too_long": ("最多 {max_length} 字", "at most {max_length} characters"),
    "string_too_short": ("至少 {min_length} 字", "at least {min_length} characters"),
    "too_long": ("最多 {max_length} 项", "at most {max_length} items"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} items"),
    "string_type": ("应为文字", "text"),
    "string_pattern_mismatch": ("格式不对，应符合 {pattern}", "must match the pattern"),
    "int_type": ("应为整数", "a whole number"),
    "int_parsing": ("应为整数", "a whole number"),
    "int_from_float": ("应为整数", "a whole number"),
    "float_type": ("应为数字", "a number"),
    "finite_number": ("应为有限的数字", "a finite number"),
    "bool_type": ("应为 true 或 false", "true or false"),
    "bool_parsing": ("应为 true 或 false", "true or false"),
    "list_type": ("应为列表", "a list"),
    "greater_than_equal": ("不能小于 {ge}", "at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "at most {le}"),
    "literal_error": ("应为其中之一：{expected}", "one of those"),
    "moment": ("应为时间，例如 2026-06-01T10:00:00+08:00", "a moment as in RFC 3339"),
    "characters": ("有不能保存的字符（空字符或半个代理字符），请删去", "remove NUL and halves of surrogates"),
    "title": ("应为一行看得见的文字，请删去控制字符", "one line of visible text"),
}
_AN_OBJECT = ("应为 JSON 对象", "a JSON object")
_OTHER = ("不合要求，请对照接口说明", "see the OpenAPI")
#: What the framework writes before the name of a field: where it was sent, and what our own function calls it.
_WHERE = frozenset({"body", "query", "path"})
_LIMITS = ("max_length", "min_length", "pattern", "ge", "le", "expected")
LONGEST_NAME = 60  # characters of a name that was sent, where it is told again


def of_minqing(fault: MinqingError) -> Problem:
    """The problem of a fault of the kernel or a register: its sentence as it stands."""
    for kind, status, slug in _STATUS:
        if isinstance(fault, kind):
            return Problem(status, slug, str(fault))
    return Problem(422, "unfit", str(fault))


def of_shape(faults: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem of a request that does not have its shape: where, and what to do there, never what was sent."""
    told = [{"at": _at(fault["loc"]), "fault": _said(fault)} for fault in faults[:20]]
    first = f"{told[0]['at']} {told[0]['fault']}".strip() if told else ""
    return Problem(
        422, "shape", f"请求的内容不合格式：{first}", "the request does not fit its schema", extra={"errors": told}
    )


def _at(place: Sequence[str | int]) -> str:
    """The name of the field as the sender wrote it, `reporter.phone`; '' for the whole."""
    parts = list(place)
    while parts and len(place) - len(parts) < 2 and parts[0] in _WHERE:
        del parts[0]
    return ".".join(str(part)[:LONGEST_NAME] for part in parts)


def _said(fault: Mapping[str, Any]) -> str:
    """What to do, with the limit; of the context nothing is told but what our own shapes say."""
    context = fault.get("ctx") or {}
    kind = str(fault["type"])
    if kind in ("too_long", "too_short") and context.get("field_type") == "Value":  # text, checked after a validator
        kind = f"string_{kind}"
    zh, en = _AN_OBJECT if kind in ("model_type", "model_attributes_type", "dict_type") else _FAULTS.get(kind, _OTHER)
    return f"{zh}（{en}）".format_map({name: context.get(name, "") for name in _LIMITS})
