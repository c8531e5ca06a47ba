"""Opening the vault. Every function answers within the scope of the caller's transaction; who opens a value for a
person writes a line to the access stream first (kernel/matters/revealing, and `rights` here)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from minqing.base.errors import NotReady
from minqing.base.postgres import home_folder
from minqing.registers.vault import models
from minqing.registers.vault.masters import is_made
from minqing.registers.vault.sealing import SubjectKey, blind, unseal, unwrap

#: What stands wherever something sealed was destroyed.
ERASED = "已删除"


@dataclass(frozen=True)
class Named:
    """What is sealed under a name, not what it says. `media`, `title` and `size` are of files."""

    name: str
    kind: str
    purpose: str
    ground: str
    ends: date
    media: str = ""
    title: str = ""
    size: int = 0


@dataclass(frozen=True)
class OpenFile:
    """A file of the vault, opened."""

    name: str
    media: str
    title: str
    data: bytes


def keys_of(subjects: Collection[str]) -> dict[str, SubjectKey]:
    """The keys of those subjects whose key stands; one statement, whatever their number."""
    return {subject: unwrap(subject, master, wrapped) for subject, master, wrapped in models.keys(subjects)}


def key_of(subject: str) -> SubjectKey | None:
    """The key of one subject, or None when it was destroyed or never was."""
    return keys_of([subject]).get(subject)


def names_of(subject: str) -> tuple[Named, ...]:
    """What is sealed about a subject and can be opened: values first, then files."""
    return tuple(Named(*row) for row in models.rows("select * from vault_named(%s)", [subject]))


def named_of(told: str | None) -> tuple[Named, ...]:
    """The same from the JSON of a statement that brought it along (matters_look)."""
    if told is None:
        return ()
    return tuple(
        Named(row["name"], row["kind"], row["purpose"], row["ground"], date.fromisoformat(row["ends"]), row["media"],
              row["title"], row["size"])
        for row in json.loads(told)
    )  # fmt: skip


def open_value(subject: str, name: str) -> bytes | None:
    """What is sealed under that name; None when it or its key was destroyed (show ERASED)."""
    key = key_of(subject)
    found = models.values(subject, name) if key is not None else []
    return unseal(key, name, found[0].sealed) if key is not None and found else None


def open_values(subject: str) -> Mapping[str, bytes]:
    """All values of a subject by their names."""
    key = key_of(subject)
    if key is None:
        return {}
    return {row.name: unseal(key, row.name, row.sealed) for row in models.values(subject)}


def open_file(subject: str, name: str) -> OpenFile | None:
    """A file of a subject; None when it or the key was destroyed."""
    key = key_of(subject)
    found = models.files(subject, name) if key is not None else []
    if key is None or not found:
        return None
    return OpenFile(name, found[0].media, found[0].title, unseal(key, name, found[0].sealed))


def subjects_of(kind: str, value: str) -> tuple[str, ...]:
    """The subjects that carry the blind mark of a person's name, phone, address, id number or e-mail."""
    return tuple(models.marked(blind(kind, value), kind))


def brought_by(kind: str, value: str) -> tuple[str, ...]:
    """Those of them whose reporter gave that value of themselves; nothing is opened to find out."""
    return tuple(models.marked(blind(kind, value), kind, f"reporter.{kind}"))


def check_masters() -> Mapping[int, int]:
    """How many keys each master wraps; NotReady when the ring is gone or is not the one that wrapped them (tries one of
    each). Asked before anything is sealed with it; makes none."""
    counted = models.counted_by_master()
    if counted and not is_made(home_folder()):
        raise NotReady(
            "keys 文件夹里没有 vault.json，而库里已有封存的内容：请从备份中找回整个文件夹，不要另建"
            "（the master keys are lost: bring the folder back from its copy）"
        )
    for number in counted:
        subject, master, wrapped = models.rows(
            "select subject, master, wrapped from vault_key where master = %s limit 1", [number]
        )[0]
        try:
            unwrap(subject, master, bytes(wrapped))
        except NotReady:
            raise NotReady(
                f"keys/vault.json 不是封存本库内容的那一份（第 {number} 号主密钥打不开）：请从备份中找回"
                "（this file of master keys is not the one that sealed this database）"
            ) from None
    return counted
