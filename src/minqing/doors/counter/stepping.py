"""One step on a matter: fields as they were sent → a verb of the kernel, done. The same for pages and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minqing.base.errors import NotFound
from minqing.doors.counter.asked import Told, check_names, taken_along, told_of
from minqing.doors.counter.shapes import MoveIn
from minqing.kernel.matters.actions import Acted, act, refuse_replayed
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.entries import Request
from minqing.kernel.matters.offers import filled_in
from minqing.kernel.matters.queries import look
from minqing.kernel.matters.reading import Stored
from minqing.registers.accounts.rules import Viewer


@dataclass(frozen=True)
class Asked:
    """Who asks for a step on which matter; `expect`: the position they saw; `once`: a name for asking only once."""

    viewer: Viewer
    code: str
    expect: int | None
    once: Request | None


def step(asker: Asked, asked: MoveIn) -> Acted | Refusal:
    """One verb of the kernel with the fields that were sent."""
    fields = asked.fields()
    plain = fields.keys() <= taken_along(asked.move)
    told, command, seen = _plainly(asked.move, fields) if plain else _by_offer(asker, asked)
    return act(
        asker.code, command, asker.viewer,
        words=told.words, expect=asker.expect, sealed=told.sealed or None, request=asker.once, seen=seen,
    )  # fmt: skip


def _plainly(verb: str, fields: dict[str, Any]) -> tuple[Told, Command, None]:
    """What every move takes needs no look at the matter."""
    told = told_of(fields, {})
    return told, Command(verb, records=tuple(told.plain.get("records", ()))), None


def _by_offer(asker: Asked, asked: MoveIn) -> tuple[Told, Command, Stored]:
    """Fields of the form are read by the method, and a name that the offered move does not ask for is refused."""
    try:
        sight = look(asker.viewer, asker.code, only=asked.move)
    except NotFound:
        refuse_replayed(asker.once)  # it was their own step after which they see it no longer
        raise
    told = told_of(asked.fields(), sight.method.form)
    offer = next((one for one in sight.offers if one.verb == asked.move), None)
    if offer is not None:
        check_names(asked.fields(), offer)
    fields = {**told.plain, **{f"form.{name}": "" for name in told.sealed}}
    return told, filled_in(asked.move, told.result, fields, sight.method), sight.stored
