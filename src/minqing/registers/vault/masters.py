"""The master keys: a file outside the database, `MINQING_HOME/keys/vault.json`, that only its owner reads.

{"current": 2, "masters": {"1": "<64 hex>", "2": …}, "marks": "<64 hex>"}. `masters` wrap the keys of subjects, the
newest wraps new ones; `marks` keys blind marks and never changes. A lost file takes what it sealed with it.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from minqing.base.errors import NotReady
from minqing.base.ledger.keys import keys_folder


@dataclass(frozen=True)
class Masters:
    """The ring: `current` is the number that wraps now."""

    current: int
    keys: dict[int, bytes]
    marks: bytes

    def key(self, number: int) -> bytes:
        """The master of that number."""
        if number not in self.keys:
            raise NotReady(
                f"密钥文件里没有第 {number} 号主密钥：请从备份中找回 keys/vault.json（master key {number} is missing）"
            )
        return self.keys[number]


_read: dict[Path, tuple[int, Masters]] = {}  # by the file's time: another process may have added a master


def masters(home: Path) -> Masters:
    """The ring as the file has it now; made on first use."""
    path = keys_folder(home) / "vault.json"
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        _make(path)
        stamp = path.stat().st_mtime_ns
    known = _read.get(path)
    if known is None or known[0] != stamp:
        _read[path] = known = (stamp, _parse(path))
    return known[1]


def add_master(home: Path) -> int:
    """A new master becomes the current one, its number is returned; older ones stay until they wrap nothing."""
    ring = masters(home)
    number = max(ring.keys) + 1
    path = keys_folder(home) / "vault.json"
    _replace(path, Masters(number, ring.keys | {number: secrets.token_bytes(32)}, ring.marks))
    return number


def drop_masters(home: Path, unused: frozenset[int]) -> None:
    """Removes masters that wrap nothing any more; never the current one."""
    ring = masters(home)
    keys = {number: key for number, key in ring.keys.items() if number == ring.current or number not in unused}
    _replace(keys_folder(home) / "vault.json", Masters(ring.current, keys, ring.marks))


def _parse(path: Path) -> Masters:
    try:
        told = json.loads(path.read_text("ascii"))
        keys = {int(number): bytes.fromhex(key) for number, key in told["masters"].items()}
        return Masters(int(told["current"]), keys, bytes.fromhex(told["marks"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotReady(f"{path} 读不懂：请从备份中找回（the file of the master keys cannot be read）") from None


def _make(path: Path) -> None:
    first = Masters(1, {1: secrets.token_bytes(32)}, secrets.token_bytes(32))
    beside = _write_beside(path, first)
    try:
        os.link(beside, path)  # whoever is first
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _replace(path: Path, ring: Masters) -> None:
    os.replace(_write_beside(path, ring), path)


def _write_beside(path: Path, ring: Masters) -> Path:
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    told = {
        "current": ring.current,
        "masters": {str(number): key.hex() for number, key in ring.keys.items()},
        "marks": ring.marks.hex(),
    }
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(told))
        file.flush()
        os.fsync(descriptor)
    return beside
