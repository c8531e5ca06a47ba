"""Taking a backup while web and work go on: a folder of a temporary name that takes its own when all of it is on disk.

In this order: a snapshot of the database that bars changes of form; the keys, which then fit it; dump and count of that
snapshot side by side; the files of the home; the manifest; the name. The keys have theirs before the data has. Two at
once with one name do not meet: each writes into a folder of its own, and who is second finds the name taken.
"""

from __future__ import annotations

import fcntl
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from minqing import __version__
from minqing.base import moments
from minqing.base.backup import programs
from minqing.base.backup.keys import NEEDED, Rings, check_whole, copy_file, copy_keys, prints_of
from minqing.base.backup.manifest import DUMP, NAME, Filed, Manifest, filed, files_in, write_manifest
from minqing.base.backup.snapshot import Snapshot, snapshot
from minqing.base.errors import BadInput
from minqing.base.ledger.keys import keep_folder

PART = ".part"
FILES = "files"
ROOTS = "roots"
_NOT_TAKEN = re.compile(r"\.(log|lock|part|new)$|^\.")

#: Told what is being done and how many bytes of it are written.
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Taken:
    """Where it stands now; `keys` None: they were not asked for."""

    folder: Path
    keys: Path | None
    manifest: Manifest


def take(home: Path, owner: str, to: Path, keys: Path | None, ring: Rings, progress: Progress) -> Taken:
    """Makes one; whatever fails or interrupts it leaves nothing that looks complete."""
    home = home.resolve()
    folder = _name_for(to.resolve(), "minqing")
    apart = _name_for(keys.resolve(), "keys") if keys is not None else None
    _check_apart(home, folder, apart)
    check_whole(home / "keys")
    try:
        with ExitStack() as undo, _finished_as(folder) as part:
            with snapshot(owner) as seen, ExitStack() as both:
                prints = prints_of(home / "keys", ring)
                if apart is not None:
                    keys_part = both.enter_context(_finished_as(apart))
                    copy_keys(home / "keys", keys_part)
                    prints = prints_of(keys_part, ring)
                manifest = _fill(part, home, owner, seen, prints, progress)
                write_manifest(part, manifest)
            if apart is not None:
                undo.push(_gone_where_it_fails(apart))  # the keys have their name, the data not yet
    except OSError as fault:
        raise BadInput(
            f"备份写不下去：{fault.strerror}（{fault.filename or folder}），没有留下半份备份；请换个位置或腾出空间再试"
            "（the backup could not be written; nothing was left: choose another place or free some space）"
        ) from fault
    return Taken(folder, apart, manifest)


def _name_for(asked: Path, word: str) -> Path:
    """The folder to make: as asked, or below it, named by the moment, where that folder is there already."""
    if any((asked / name).exists() for name in (NAME, *NEEDED)):  # with one more in it, it could not be restored
        raise BadInput(
            f"{asked} 本身就是一份备份：请写它上一级的文件夹，或换个名字"
            "（it is a backup itself: name the folder above it, or another one）"
        )
    if asked.is_dir():
        return asked / f"{word}-{moments.now():%Y%m%d-%H%M%S}"
    return asked


def _check_apart(home: Path, folder: Path, keys: Path | None) -> None:
    for path in filter(None, (folder, keys)):
        _check_free(path)
        if path.is_relative_to(home):
            raise BadInput(
                f"{path} 在实例自己的文件夹 {home} 里，盘坏了会一起丢：请放到别的盘或别的机器上"
                "（it lies inside the instance's own folder and would be lost with it: choose another disk）"
            )
    if keys is not None and (keys.is_relative_to(folder) or folder.is_relative_to(keys)):
        raise BadInput(
            "密钥不能和数据放在一起：谁拿到备份就能读，请把 --keys 放到别处"
            "（keys do not go into the folder of the data: whoever found it could read everything）"
        )


def _gone_where_it_fails(folder: Path) -> Callable[..., None]:
    """For the end of a block."""

    def leave(kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(folder, ignore_errors=True)

    return leave


def _check_free(path: Path) -> None:
    if path.exists():
        raise BadInput(f"{path} 已经有了：请换个名字（it is there already: choose another name）")


@contextmanager
def _finished_as(folder: Path) -> Iterator[Path]:
    """A folder beside the wanted one that takes its name at the end, and goes where the block fails. It is locked as
    long as we live, so that the next one clears away what was killed and nothing else."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for killed in folder.parent.glob(f"{glob.escape(folder.name)}.*{PART}"):
        if (lock := _locked(killed)) is not None:
            shutil.rmtree(killed)
            os.close(lock)
    part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=PART, dir=folder.parent))  # mode 0700
    lock = _locked(part)
    try:
        yield part
        _check_free(folder)
        part.rename(folder)
        keep_folder(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    finally:
        if lock is not None:
            os.close(lock)


def _locked(part: Path) -> int | None:
    """The lock of a folder, held until it is closed; None where another process holds it."""
    descriptor = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _fill(part: Path, home: Path, owner: str, seen: Snapshot, prints: dict[str, str], progress: Progress) -> Manifest:
    tools = programs.programs_for(seen.major)
    target = part / DUMP
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    dumping = programs.dump(tools, owner, seen.name, target)
    try:
        counted = seen.counted()
    except BaseException:
        dumping.kill()
        dumping.communicate()
        raise
    programs.finished(dumping, "数据库备份", lambda: progress("database", target.stat().st_size))
    _sync(target)
    progress("files", 0)
    _copy_files(home, part / FILES, counted.sealed_until)
    files: dict[str, Filed] = {name: filed(part / name) for name in files_in(part)}
    return Manifest(__version__, moments.now().isoformat(), seen.major, tools.major, counted, prints, files)


def _copy_files(home: Path, target: Path, sealed_until: str) -> None:
    """The home's own files and the signed roots; a root sealed after the snapshot belongs to the next backup."""
    for folder in (target, target / ROOTS):
        folder.mkdir(mode=0o700)
    for path in sorted(home.iterdir()):
        if path.is_file() and not _NOT_TAKEN.search(path.name):
            copy_file(path, target / path.name)
    for path in sorted((home / ROOTS).glob("*.json")):
        if path.stem <= sealed_until:
            copy_file(path, target / ROOTS / path.name)
    if sealed_until and not (target / ROOTS / f"{sealed_until}.json").is_file():
        raise BadInput(
            f"{home / ROOTS} 里没有 {sealed_until} 的日根，而库里那天已经封存：请核对 MINQING_HOME 是不是这个实例的"
            f"（the signed root of {sealed_until} is not there: is MINQING_HOME that of this instance?）"
        )
    for folder in (target / ROOTS, target):
        keep_folder(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
