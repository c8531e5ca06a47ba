"""What one append hands to the writing function of the database: rows as JSON, lines and sealed values as columns.

Here words are sealed: what leaves this file holds none. Every matter has its own key; a new one is made here, that of
a matter on record comes with the entry. Blind marks and marks of words are keyed hashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from minqing.kernel.matters import ports
from minqing.kernel.matters.codec import dumps, event_to_json, moment_to_text
from minqing.kernel.matters.entries import Entry, File
from minqing.kernel.matters.events import Closed, RungFired
from minqing.kernel.matters.keeping import kept
from minqing.kernel.matters.masked import TEXT, TITLE
from minqing.kernel.matters.reading import Line
from minqing.kernel.matters.rows import Row, duty_rows, matter_row
from minqing.kernel.matters.sensitivity import sensitivity_of
from minqing.registers.vault.sealing import SubjectKey, blind, new_key, seal, word_mark

MOST_WORDS = 5_000  # of one matter in the search index; a tsvector holds 1 MB

#: The order of the function's arguments, with what their type is called there.
TYPES = (
    "json", *("text",) * 6, *("json",) * 2, *("bytea[]",) * 3, "text[]", *("text",) * 5, "bytea[]", *("text[]",) * 2,
    "json", "bytea[]", "json", "json", "timestamptz",
)  # fmt: skip


@dataclass
class _Lines:
    items: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    actors: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)

    def add(self, i: int, lines: Sequence[Line]) -> None:
        for n, line in enumerate(lines, 1):
            self.items.append(str(i))
            self.numbers.append(str(n))
            self.happened.append(moment_to_text(line.happened))
            self.kinds.append(type(line.event).__name__)
            self.actors.append(str(line.actor))
            self.data.append(event_to_json(line.event))

    def arguments(self) -> tuple[str, ...]:
        columns = (self.items, self.numbers, self.happened, self.kinds, self.actors, self.data)
        return tuple(map("\n".join, columns))


@dataclass
class _Sealed:
    """Sealed values with why they are kept; `whys` says each reason once."""

    items: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    sealed: list[bytes] = field(default_factory=list)
    whys: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, i: int, key: SubjectKey, one: Entry, reported: date) -> None:
        last = {body.name: body for body in one.bodies}  # the same words twice are kept once
        for name, body in last.items():
            number, ends = self._reason(body.kind, one, reported)
            self.items.append(str(i))
            self.names.append(name)
            self.kinds.append(body.kind)
            self.why.append(number)
            self.ends.append(body.ends.isoformat() if body.ends is not None else ends)
            self.sealed.append(seal(key, name, body.text))

    def _reason(self, kind: str, one: Entry, reported: date) -> tuple[str, str]:
        reason = kept(kind, one.method)
        pair = (reason.purpose, reason.ground)
        number = self.whys.setdefault(pair, len(self.whys) + 1)
        return str(number), reason.ends(reported).isoformat()

    def arguments(self) -> tuple[Any, ...]:
        columns = (self.items, self.names, self.kinds, self.why, self.ends)
        purposes, grounds = [pair[0] for pair in self.whys], [pair[1] for pair in self.whys]
        return (*map("\n".join, columns), self.sealed, purposes, grounds)


@dataclass
class _Items:
    """Rows of the matters, and beside them what is sealed of each (None: left as it is)."""

    rows: list[Row] = field(default_factory=list)
    wrapped: list[bytes | None] = field(default_factory=list)
    titles: list[bytes | None] = field(default_factory=list)
    texts: list[bytes | None] = field(default_factory=list)
    words: list[str | None] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)  # words come again and again within a batch

    def add(self, row: Row, one: Entry, key: SubjectKey | None, fresh: bool) -> None:
        if fresh and key is not None:
            row["master"] = key.master
        self.rows.append(row)
        self.wrapped.append(key.wrapped if fresh and key is not None else None)
        self.titles.append(seal(key, TITLE, one.title) if key is not None and one.title is not None else None)
        self.texts.append(seal(key, TEXT, one.text) if key is not None and one.text is not None else None)
        self.words.append(" ".join(map(self._mark, _words(one))) if _searched(one) else None)

    def _mark(self, word: str) -> str:
        mark = self.marks.get(word)
        if mark is None:
            mark = self.marks[word] = word_mark(word)
        return mark

    def arguments(self) -> tuple[Any, ...]:
        return self.wrapped, self.titles, self.texts, self.words


def columns_of(entries: Sequence[Entry], by: str, keys: Mapping[str, SubjectKey]) -> tuple[Any, ...]:
    """The arguments, all but the moment. `keys`: those of matters on record that get sealed values."""
    items, lines, sealed = _Items(), _Lines(), _Sealed()
    duties: list[Row] = []
    fired: list[Row] = []
    files: list[Row] = []
    contents: list[bytes] = []
    for i, one in enumerate(entries):
        before = one.before.matter if one.before is not None else None
        known = keys.get(one.after.code)
        key = known or (new_key(one.after.code) if before is None or needs_key(one) else None)
        items.add(_item(i, one), one, key, fresh=known is None)
        duties.extend({"i": i, **row} for row in duty_rows(one.after, before, one.method, _narrowed(one)))
        lines.add(i, one.lines)
        fired.extend(_fired(i, one, by))
        if key is not None:
            sealed.add(i, key, one, _reported(one))
            files.extend(_file(i, file, one) for file in one.files)
            contents.extend(seal(key, file.name, file.data) for file in one.files)
    return (
        dumps(items.rows), *lines.arguments(), dumps(duties), dumps(fired), *items.arguments(), *sealed.arguments(),
        dumps(files), contents, dumps(list(_blind_marks(entries))), _requests(entries),
    )  # fmt: skip


def needs_key(one: Entry) -> bool:
    """Whether something of the entry is sealed."""
    return bool(one.bodies or one.files or one.title is not None or one.text is not None)


def _reported(one: Entry) -> date:
    return (one.before.opened if one.before is not None else one.lines[0].happened).date()


def _sensitivity(one: Entry) -> int:
    least = max(one.sensitivity or 0, one.before.sensitivity if one.before is not None else 0)
    return sensitivity_of(one.after, one.method, least)


def _narrowed(one: Entry) -> bool:
    """Whether the circle that looks on is another now: the copies on its duties follow."""
    return one.before is not None and _sensitivity(one) != one.before.sensitivity


def _item(i: int, one: Entry) -> Row:
    """The row of an entry, with the position and head it was read at."""
    if not one.lines:
        raise ValueError("an entry has at least one line")
    row = matter_row(one.after)
    row |= {"i": i, "lines": len(one.lines), "topic": one.topic}
    row["sensitivity"] = _sensitivity(one)
    if one.before is not None:
        row |= {"id": one.before.id, "was": one.before.matter.position, "was_head": one.before.head.hex()}
    row["opened"] = moment_to_text(one.before.opened if one.before is not None else one.lines[0].happened)
    if one.after.end:
        closed = [line.happened for line in one.lines if isinstance(line.event, Closed)]
        row["closed"] = moment_to_text(closed[-1]) if closed else None
    return row


def _fired(i: int, one: Entry, by: str) -> Iterator[Row]:
    for line in one.lines:
        if isinstance(line.event, RungFired):
            at = moment_to_text(line.happened)
            yield {"i": i, "number": line.event.duty, "rung": line.event.rung, "at": at, "by": by}


def _searched(one: Entry) -> bool:
    return one.before is None or one.title is not None or one.text is not None


def _words(one: Entry) -> tuple[str, ...]:
    """The words of the masked copy; what nobody has cut yet is cut here."""
    words = one.words
    if words is None:
        told = "\n".join(part for part in (one.title, one.text) if part)
        words = ports.cut(told) if told else ()
    return words[:MOST_WORDS]


def _blind_marks(entries: Sequence[Entry]) -> Iterator[Row]:
    for i, one in enumerate(entries):
        for body in one.bodies:
            for kind, value in body.marks:
                yield {"i": i, "token": blind(kind, value), "kind": kind, "name": body.name}


def _file(i: int, file: File, one: Entry) -> Row:
    reason = kept("file")
    return {
        "i": i, "name": file.name, "media": file.media, "title": file.title, "size": len(file.data),
        "purpose": reason.purpose, "ground": reason.ground, "ends": reason.ends(_reported(one)).isoformat(),
    }  # fmt: skip


def _requests(entries: Sequence[Entry]) -> str | None:
    asked = [
        {"i": i, "key": one.request.key.hex(), "digest": one.request.digest.hex()}
        for i, one in enumerate(entries)
        if one.request is not None
    ]
    return dumps(asked) if asked else None
