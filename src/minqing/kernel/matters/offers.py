"""What a button or a form shows: the step, what it asks for, its results, and the duties it would meet. Pure.

An offer says everything that has to be sent: who fills its asks from what stands in them is not refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AskKind = Literal[
    "choice", "choices", "text", "count", "money", "number", "yes_no", "date", "moment", "place", "person", "unit",
    "duty", "matter", "records", "file",
]  # fmt: skip
Value = str | int


@dataclass(frozen=True)
class Ask:
    """One thing to send along; `name` is its key in the request. `of`: the values it may have, each with a title.

    A required ask of kind records needs all of `of`, any other one of them (choices: at least one).
    """

    name: str
    kind: AskKind
    required: bool
    title_zh: str
    title_en: str
    of: tuple[tuple[Value, str], ...] = ()


@dataclass(frozen=True)
class ResultOffer:
    """One result a step may have, what it asks for besides, and the duties it would meet."""

    name: str
    title_zh: str
    title_en: str
    asks: tuple[Ask, ...] = ()
    clears: tuple[int, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A step the actor may take now. `results` empty: it has none; else one of them is to be sent as `result`.

    `one_of`: of these asks at least one is needed. `clears`: numbers of the open duties that it would meet.
    """

    verb: str
    title_zh: str
    title_en: str
    asks: tuple[Ask, ...] = ()
    results: tuple[ResultOffer, ...] = ()
    clears: tuple[int, ...] = ()
    one_of: tuple[str, ...] = ()
