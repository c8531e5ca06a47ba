"""What one append adds to one matter: the matter as it will stand, its lines, and what is sealed along with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from minqing.kernel.matters.events import Event
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import Line, Stored
from minqing.kernel.methods.model import Method


@dataclass(frozen=True)
class Body:
    """A value that is sealed: words that a line names by their keyed hash, a field of the reporter or of the form.

    `kind`: title, text, a verb, or what `keeping` calls it. `marks`: (kind, value) of the blind marks it leaves.
    """

    hash: str
    kind: str
    text: str
    marks: tuple[tuple[str, str], ...] = ()
    ends: date | None = None

    @property
    def name(self) -> str:
        """Its name in the vault. A line names title and text by one hash: the title stands beside it."""
        return f"{self.hash}.title" if self.kind == "title" else self.hash


@dataclass(frozen=True)
class File:
    """A file that was checked and cleaned; `name` is the keyed hash by which the line names it."""

    name: str
    media: str
    title: str
    data: bytes


@dataclass(frozen=True)
class Request:
    """What a sender calls what it asked for: the same key again is not done again. Both are hashes."""

    key: bytes
    digest: bytes


@dataclass(frozen=True)
class Entry:
    """What one append adds to one matter; `before` is None for a new one.

    `sensitivity` is the least it gets: it follows from the matter and never sinks.
    `title` and `text` are masked copies, None leaves them as they are; `words` are those of the copies that search
    finds (None: cut when it is written). `topic` is what the outbox calls it.
    """

    after: Matter
    lines: tuple[Line, ...]
    method: Method
    before: Stored | None = None
    bodies: tuple[Body, ...] = ()
    title: str | None = None
    text: str | None = None
    sensitivity: int | None = None
    topic: str = "matter"
    words: tuple[str, ...] | None = None
    files: tuple[File, ...] = ()
    request: Request | None = None


def entry(
    after: Matter, events: Sequence[Event], happened: datetime, method: Method, *, actor: int = 0, **more: Any
) -> Entry:
    """An entry whose lines all happened at one moment: one decision."""
    return Entry(after, tuple(Line(event, happened, actor) for event in events), method, **more)
