"""The keys of a backup: copied apart from the data, known by hashes that only the same keys give.

`web.key` stays behind: nothing that lasts is made with it, and after a restore everybody signs in anew. All else of
the folder goes along, with the list of erasures.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from minqing.base.backup.manifest import PIECE, private
from minqing.base.errors import BadInput
from minqing.base.ledger.keys import keep_folder

#: Prints of the ring of masters, by their names: the vault knows its form.
Rings = Callable[[Path], Mapping[str, str]]

SINGLE = ("bodies.key", "secrets.key", "roots.pub.pem")
NEEDED = ("bodies.key", "secrets.key", "roots.pub.pem", "roots.pem", "vault.json")
NOT_COPIED = "web.key"
_BESIDE = re.compile(r"\.[0-9a-f]{8}$")  # what a process was just writing


def prints_of(folder: Path, ring: Rings) -> dict[str, str]:
    """What the keys of a folder are known by; none of them can be found from it."""
    found = {name: print_of(name, (folder / name).read_bytes()) for name in SINGLE if (folder / name).is_file()}
    return found | dict(ring(folder))


def print_of(name: str, key: bytes) -> str:
    """The print of one key."""
    return hashlib.sha256(b"minqing key|" + name.encode() + b"|" + key).hexdigest()


def check_whole(folder: Path) -> None:
    """BadInput where a key that a restore needs is not in the folder."""
    if not folder.is_dir():
        raise BadInput(
            f"没有密钥文件夹 {folder}：请核对 MINQING_HOME，或给出密钥的备份"
            "（no such folder of keys: see MINQING_HOME, or give the copy of the keys）"
        )
    if missing := [name for name in NEEDED if not (folder / name).is_file()]:
        raise BadInput(
            f"{folder} 里缺少 {'、'.join(missing)}：请找出完整的密钥（keys are missing: find the whole folder）"
        )


def check_prints(folder: Path, wanted: Mapping[str, str], ring: Rings) -> None:
    """BadInput where the folder is not the keys of that backup, or lacks one of them."""
    check_whole(folder)
    found = prints_of(folder, ring)
    if other := sorted(name for name, told in wanted.items() if found.get(name, told) != told):
        raise BadInput(
            f"{folder} 不是这份备份的密钥（{'、'.join(other)} 不同）：请找出同一实例的密钥备份"
            "（these are the keys of another instance: find those of this one）"
        )
    if lacking := sorted(set(wanted) - set(found)):
        raise BadInput(
            f"{folder} 里没有 {'、'.join(lacking)}：换钥后旧的已销毁，请用这份备份当天的密钥备份"
            "（these keys are of another day, after an exchange: use the copy made with this backup）"
        )


def copy_keys(source: Path, target: Path) -> None:
    """Every key, readable by its owner alone, on disk when this returns."""
    for path in _kept(source):
        copy_file(path, target / path.name)
    keep_folder(target)


def _kept(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != NOT_COPIED and not _BESIDE.search(path.name):
            yield path


def copy_file(source: Path, target: Path) -> None:
    """One file, mode 0600, synced."""
    with source.open("rb") as read, open(target, "xb", opener=private) as write:
        while piece := read.read(PIECE):
            write.write(piece)
        write.flush()
        os.fsync(write.fileno())
