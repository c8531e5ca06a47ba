"""The masked copies of a matter's words: sealed in its row, opened for whoever sees the row."""

from __future__ import annotations

from dataclasses import dataclass

from minqing.registers.vault.sealing import SubjectKey, unseal, unwrap

ERASED = "（已删除 / erased）"
GONE = b"\0"  # what stands where a copy was erased (migration 0007)
TITLE, TEXT = "masked.title", "masked.text"  # what they are sealed under


@dataclass(frozen=True)
class Masked:
    """Title and text as a list or a page shows them."""

    title: str = ""
    text: str = ""


def open_masked(code: str, title: bytes, text: bytes, master: int | None, wrapped: bytes | None) -> Masked:
    """The copies of one matter; where its key was destroyed, the word that says so."""
    if not title and not text:
        return Masked()
    if master is None or wrapped is None:
        return Masked(ERASED, ERASED)
    key = unwrap(code, master, wrapped)
    return Masked(_opened(key, TITLE, title), _opened(key, TEXT, text))


def _opened(key: SubjectKey, name: str, sealed: bytes) -> str:
    if sealed == GONE:  # its key stands: other things are kept longer, or were said later
        return ERASED
    return unseal(key, name, sealed).decode() if sealed else ""
