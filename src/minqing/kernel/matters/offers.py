"""What a button or a form shows: the step, what it asks for, its results, and the duties it would meet. Pure.

An offer says everything that has to be sent: who fills its asks from what stands in them is not refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.filling import WORDS
from minqing.kernel.methods.model import Method
from minqing.kernel.methods.titles import Title
from minqing.kernel.methods.vocabulary import KERNEL_VERBS, STANDING_VERBS

AskKind = Literal[
    "choice", "choices", "text", "count", "money", "number", "yes_no", "date", "moment", "place", "person", "unit",
    "duty", "matter", "records", "file",
]  # fmt: skip
Value = str | int


@dataclass(frozen=True)
class Ask:
    """One thing to send along; `name` is its key in the request. `of`: the values it may have, each with a title
    (units and persons: with their name).

    A required ask of kind records needs all of `of` (asked by step and result both: the two lists joined), any other
    one of them (choices: at least one). `least`: the smallest number that is taken;
    `most`: of a text, how many characters (0: as many as of every text).
    """

    name: str
    kind: AskKind
    required: bool
    title_zh: str
    title_en: str
    of: tuple[tuple[Value, Title | str], ...] = ()
    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class ResultOffer:
    """One result a step may have, what it asks for besides, and the duties it would meet."""

    name: str
    title_zh: str
    title_en: str
    asks: tuple[Ask, ...] = ()
    clears: tuple[int, ...] = ()
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A step the actor may take now. `results` empty: it has none; else one of them is to be sent as `result`.

    `one_of`: of these asks at least one is needed. `clears`: numbers of the open duties that it would meet
    (where it asks to choose: that one choice or another would).
    """

    verb: str
    title_zh: str
    title_en: str
    asks: tuple[Ask, ...] = ()
    results: tuple[ResultOffer, ...] = ()
    clears: tuple[int, ...] = ()
    one_of: tuple[str, ...] = ()


def filled_in(verb: str, result: str, told: Mapping[str, object], method: Method) -> Command:
    """The command that answers to the asks of an offer make: `told` by name of the ask. The value of `reason` is the
    keyed hash of the words; what personal fields and fields of words hold lies with the bodies, only their names go on.
    """
    fields = {name.removeprefix("form."): value for name, value in told.items() if name.startswith("form.")}
    bodies = {name for name in fields if method.form[name].personal or method.form[name].type in WORDS}
    plain: dict[str, Any] = {name: value for name, value in told.items() if not name.startswith("form.")}
    plain["body"] = plain.pop("reason", "")
    for name in ("records", "units", "against", "against_people"):
        if name in plain:
            plain[name] = tuple(plain[name])
    form: dict[str, Any] = {name: value for name, value in fields.items() if name not in bodies}
    form = {name: tuple(value) if isinstance(value, list) else value for name, value in form.items()}
    return Command(verb, result, form=form, filled=tuple(sorted(bodies)), **plain)


def title_of_verb(verb: str) -> tuple[str, str]:
    """What a verb is called in both tongues; one of a capability by its own name."""
    known = KERNEL_VERBS.get(verb) or STANDING_VERBS.get(verb)
    return (known.zh, known.en) if known else (verb, verb)
