"""Kinds of values in requests: each says its form in the OpenAPI and refuses everything else.

Nothing is guessed: a number is a number, a moment is RFC 3339, a code of a place has 6 to 15 digits.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from minqing.base.moments import in_china
from minqing.doors.counter.characters import is_clean

LONGEST_TITLE = 500  # characters, as the kernel keeps them
LONGEST_TEXT = 100_000  # characters; what is longer is a file
LONGEST_SAID = 20_000  # characters said along with a move
LONGEST_FIELD = 200  # characters of a name, an address, a number

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _clean(text: str) -> str:
    if not is_clean(text):
        raise PydanticCustomError("characters", "text holds NUL or half a surrogate")
    return text


def _visible(text: str) -> str:
    if not text.strip() or _CONTROL.search(text):
        raise PydanticCustomError("title", "no line of visible text")
    return text


def _moment(value: object) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return in_china(datetime.fromisoformat(value.upper()))
        except (ValueError, OverflowError):
            pass
    raise PydanticCustomError("moment", "not a moment as 2026-06-01T10:00:00+08:00")


Clean = Annotated[str, AfterValidator(_clean)]
Title = Annotated[Clean, Field(min_length=1, max_length=LONGEST_TITLE), AfterValidator(_visible)]
Text = Annotated[Clean, Field(max_length=LONGEST_TEXT)]
Short = Annotated[Clean, Field(min_length=1, max_length=LONGEST_FIELD)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
Source = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$")]
PlaceCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{5,14}$")]
Number = Annotated[Clean, Field(pattern=r"^[0-9A-Za-z_.:/#-]{1,120}$")]
Accused = Annotated[str, Field(pattern=r"^(post:[1-9][0-9]{0,8}|[a-z0-9]+(-[a-z0-9]+)*)$", max_length=60)]
Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation")
]
People = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
Flag = StrictBool
