"""What a backup says of itself: `manifest.json`, written last. A folder without it is no backup, only a part of one.

Every file stands in it by size and SHA-256, the journal by one root over the last lines of all subjects, the keys by
hashes that only the same keys give. It holds no word of a resident and no key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from minqing.base.errors import BadInput
from minqing.base.ledger.keys import keep_folder

NAME = "manifest.json"
DUMP = "database.dump"
FORMAT = 1
PIECE = 1024 * 1024


@dataclass(frozen=True)
class Filed:
    """One file of the backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Counted:
    """What one snapshot of the database held. `root`: over the last lines of all subjects of all streams."""

    root: str
    subjects: int
    lines: int
    sealed_until: str
    tables: Mapping[str, int]
    migrations: Sequence[str]


@dataclass(frozen=True)
class Manifest:
    """`postgres`: major of the server; `dumped_by`: major of the program that wrote the dump."""

    version: str
    taken: str
    postgres: int
    dumped_by: int
    counted: Counted
    keys: Mapping[str, str]
    files: Mapping[str, Filed] = field(default_factory=dict)
    format: int = FORMAT


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Puts it beside what it describes; from then on the folder is a backup."""
    with open(folder / NAME, "x", opener=private) as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    keep_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup; BadInput where there is none, a torn one, or one of another format."""
    path = folder / NAME
    if not path.is_file():
        raise BadInput(
            f"{folder} 不是完整的备份：没有 {NAME}，可能备份中途断了。请换一份备份"
            f"（not a complete backup: no {NAME}; it may have been broken off. Take another one）"
        )
    try:
        told = json.loads(path.read_text("utf-8"))
        if told["format"] != FORMAT:
            raise BadInput(
                f"{folder} 是另一版本的民情做的备份（格式 {told['format']}）：请用那个版本恢复"
                f"（format {told['format']}: restore it with the Minqing that wrote it）"
            )
        files = {name: Filed(**one) for name, one in told.pop("files").items()}
        return Manifest(**told | {"counted": Counted(**told["counted"]), "files": files})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{path} 读不懂：请换一份备份（the manifest cannot be read: take another backup）") from None


def filed(path: Path) -> Filed:
    """Size and hash of a file as it lies on disk now."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return Filed(size, digest.hexdigest())


def files_in(folder: Path) -> Iterator[str]:
    """The names of all files below, the manifest left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != NAME:
            yield path.relative_to(folder).as_posix()


def check_files(folder: Path, manifest: Manifest) -> None:
    """Every file whole and none too many; BadInput names the first that is not."""
    for name, told in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise BadInput(f"备份不完整：{name} 不见了，请换一份备份（{name} is missing: take another backup）")
        if filed(path) != told:
            raise BadInput(f"备份已损坏：{name} 与清单不符，请换一份备份（{name} is damaged: take another backup）")
    if strange := sorted(set(files_in(folder)) - set(manifest.files)):
        raise BadInput(f"备份里多出了 {strange[0]}：请先移走再试（{strange[0]} does not belong to this backup）")


def private(path: str, flags: int) -> int:
    """An opener of files that only their owner reads."""
    return os.open(path, flags, 0o600)
