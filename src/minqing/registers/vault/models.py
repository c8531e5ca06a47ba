"""The four tables, read as they are: sealed rows. What is there is decided by the scope of the caller's transaction
(row-level security): without one, nothing. No other room imports this file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

Key = tuple[str, int, bytes]  # subject, number of the master, wrapped key


@dataclass(frozen=True)
class SealedValue:
    """A row of vault_value."""

    subject: str
    name: str
    kind: str
    sealed: bytes
    purpose: str
    ground: str
    ends: date


@dataclass(frozen=True)
class SealedFile:
    """A row of vault_file; `sealed` is empty where only the list was asked for."""

    subject: str
    name: str
    media: str
    title: str
    size: int
    sealed: bytes
    purpose: str
    ground: str
    ends: date


def rows(statement: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def keys(subjects: Collection[str]) -> list[Key]:
    """The wrapped keys of these subjects that stand."""
    return _keys("subject = any(%s)", [list(subjects)])


def keys_under_others(current: int, after: str, many: int) -> list[Key]:
    """Keys that another master wraps, in the order of their subjects."""
    return _keys("master <> %s and subject > %s order by subject limit %s", [current, after, many])


def _keys(where: str, values: list[Any]) -> list[Key]:
    found = rows(f"select subject, master, wrapped from vault_key where {where}", values)
    return [(subject, master, bytes(wrapped)) for subject, master, wrapped in found]


def counted_by_master() -> dict[int, int]:
    """How many keys each master wraps."""
    return dict(rows("select master, count(*) from vault_key group by master"))


_VALUE = "select subject, name, kind, sealed, purpose, ground, ends from vault_value where subject = %s"
_FILE = "select subject, name, media, title, size, {}, purpose, ground, ends from vault_file where subject = %s"


def values(subject: str, name: str | None = None) -> list[SealedValue]:
    """The sealed values of a subject, or the one of that name."""
    found = rows(f"{_VALUE} and name = coalesce(%s, name) order by name", [subject, name])
    return [SealedValue(of, named, kind, bytes(sealed), *rest) for of, named, kind, sealed, *rest in found]


def files(subject: str, name: str | None = None) -> list[SealedFile]:
    """The files of a subject without their content, or the one of that name with it."""
    content = "sealed" if name is not None else "''::bytea"
    found = rows(f"{_FILE.format(content)} and name = coalesce(%s, name) order by name", [subject, name])
    return [
        SealedFile(of, named, media, title, size, bytes(sealed), *rest)
        for of, named, media, title, size, sealed, *rest in found
    ]


def marked(token: str, kind: str, name: str | None = None) -> list[str]:
    """The subjects with that mark, of whatever value or of the one of that name."""
    found = rows(
        "select distinct subject from vault_mark where token = %s and kind = %s and name = coalesce(%s, name)"
        " order by 1",
        [token, kind, name],
    )
    return [subject for (subject,) in found]
