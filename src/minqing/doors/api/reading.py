"""Bodies read strictly: JSON in UTF-8 without NUL and without halves of surrogates, which no database can hold."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from minqing.doors.counter.characters import check_clean, twice
from minqing.doors.counter.problems import Problem, unreadable

#: Escapes behind which a character may hide that cannot be stored; most bodies have none and are not looked through.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89abAB]|[dD][cdefCDEF])")


class StrictJson(Parser):
    """What ninja asks for every JSON body; a Problem raised here is told as it stands."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value of the body; raises Problem 400, 415 or 422."""
        if request.content_type != "application/json":
            raise Problem(415, "media-type", "请用 Content-Type: application/json 发送", "send it as application/json")
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """The value of JSON in UTF-8."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_once)
    except UnicodeDecodeError as fault:
        raise unreadable("内容不是 UTF-8 编码", "the body is not UTF-8") from fault
    except RecursionError as fault:
        raise unreadable("JSON 嵌套太深", "the JSON is nested too deeply") from fault
    except ValueError as fault:  # JSONDecodeError is one; so are numbers of thousands of digits
        where = f"第 {fault.lineno} 行" if isinstance(fault, json.JSONDecodeError) else ""
        raise unreadable(f"内容不是完整的 JSON，{where}请检查", "the body is not valid JSON") from fault
    if _SUSPECT.search(body) or b"\0" in body:
        check_clean(value)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which each name stands once: of two values nobody can say which was meant."""
    told = dict(pairs)
    if len(told) != len(pairs):
        names = [name for name, _ in pairs]
        raise twice(next(name for name in names if names.count(name) > 1))
    return told
