"""The master keys: a file outside the database, `MINQING_HOME/keys/vault.json`, that only its owner reads.

{"current": 2, "masters": {"1": "<64 hex>", "2": …}, "marks": "<64 hex>"}. `masters` wrap the keys of subjects, the
newest wraps new ones; `marks` keys blind marks and never changes. A lost file takes what it sealed with it.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from minqing.base.backup.keys import print_of
from minqing.base.errors import NotReady
from minqing.base.ledger.keys import keep_folder, keys_folder


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


@dataclass(frozen=True)
class _Known:
    """A ring as it was read: good until then, and longer if the file has not changed."""

    until: float
    stamp: tuple[int, int]
    ring: Masters


FRESH = 1.0  # seconds: another process may have added a master meanwhile; one it wrapped with is seen at once
_read: dict[Path, _Known] = {}


def masters(home: Path, number: int = 0) -> Masters:
    """The ring as the file has it, at most a second old, or now when it lacks that number; made on first use."""
    known = _read.get(home)
    if known is not None and time.monotonic() < known.until and (not number or number in known.ring.keys):
        return known.ring
    return _look(home, known)


def forget(home: Path) -> None:
    """The next reading is of the file."""
    _read.pop(home, None)


def prints_of_ring(folder: Path) -> dict[str, str]:
    """What the masters and the key of marks in a folder of keys are known by; none of them can be found from it."""
    path = folder / "vault.json"
    if not path.is_file():
        return {}
    ring = _parse(path, path.stat().st_mode)
    told = {f"master {number}": key for number, key in ring.keys.items()} | {"marks": ring.marks}
    return {name: print_of(name, key) for name, key in told.items()}


def is_made(home: Path) -> bool:
    """Whether there is a ring; makes none."""
    return _file(home).exists()


def _look(home: Path, known: _Known | None) -> Masters:
    path = _file(home)
    try:
        told = path.stat()
    except FileNotFoundError:
        _make(path)
        told = path.stat()
    stamp = (told.st_mtime_ns, told.st_ino)
    ring = known.ring if known is not None and known.stamp == stamp else _parse(path, told.st_mode)
    _read[home] = _Known(time.monotonic() + FRESH, stamp, ring)
    return ring


def _file(home: Path) -> Path:
    return keys_folder(home) / "vault.json"


def add_master(home: Path) -> int:
    """A new master becomes the current one, its number is returned; older ones stay until they wrap nothing."""
    forget(home)
    ring = masters(home)
    number = max(ring.keys) + 1
    _replace(home, Masters(number, ring.keys | {number: secrets.token_bytes(32)}, ring.marks))
    return number


def drop_masters(home: Path, unused: frozenset[int]) -> None:
    """Removes masters that wrap nothing any more; never the current one."""
    forget(home)
    ring = masters(home)
    keys = {number: key for number, key in ring.keys.items() if number == ring.current or number not in unused}
    _replace(home, Masters(ring.current, keys, ring.marks))


def _parse(path: Path, mode: int) -> Masters:
    if mode & 0o077:
        raise NotReady(f"{path} 别人也能读：请先运行 chmod 600 {path}（others can read the file of the master keys）")
    try:
        told = json.loads(path.read_text("ascii"))
        keys = {int(number): _key(key) for number, key in told["masters"].items()}
        ring = Masters(int(told["current"]), keys, _key(told["marks"]))
        if ring.current not in keys:
            raise ValueError("the current master is not there")
        return ring
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotReady(f"{path} 读不懂：请从备份中找回（the file of the master keys cannot be read）") from None


def _key(told: str) -> bytes:
    key = bytes.fromhex(told)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key


def _make(path: Path) -> None:
    """The first ring. What stands beside it remembers that there was one: a lost ring is never made anew."""
    made = path.with_name("vault.made")
    if made.exists() and not path.exists():  # in this order: it is made before it is remembered
        raise NotReady(
            f"{path} 不见了，而这里已用它封存过内容：请从备份中找回，不要另建"
            "（the master keys are lost: bring the file back from its copy）"
        )
    beside = _write_beside(path, Masters(1, {1: secrets.token_bytes(32)}, secrets.token_bytes(32)))
    try:
        os.link(beside, path)  # whoever is first
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    made.touch(mode=0o600)
    keep_folder(path.parent)


def _replace(home: Path, ring: Masters) -> None:
    path = _file(home)
    os.replace(_write_beside(path, ring), path)
    keep_folder(path.parent)  # before a key is wrapped by what this file holds, or an old master counts as gone
    forget(home)


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
