"""The port of a way: who carries a message out of the house, and what became of it.

A way never raises for what the other side does: it answers. `sent`; `failed`: may be tried again; `refused`: this
address or text will never do. A time-out after the request left counts as failed: the message may have arrived, and is
sent again under the same `id`, by which a gateway knows that it had it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Outcome = Literal["sent", "failed", "refused"]


@dataclass(frozen=True)
class Message:
    """What leaves: to an address, under a subject (mail only), with an id that stays the same over all tries."""

    to: str
    subject: str
    text: str
    id: str


@dataclass(frozen=True)
class Receipt:
    """What became of it. `fault` is a word of ours (timeout, status 500, bad-address …), never the gateway's text."""

    outcome: Outcome
    fault: str = ""


class Carrier(Protocol):
    """An adapter of one way."""

    def send(self, message: Message, /) -> Receipt: ...


Carriers = Mapping[str, Carrier]
