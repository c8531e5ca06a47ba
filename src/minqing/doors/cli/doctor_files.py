"""What the doctor sees on the machine: folder, keys, last backup, room, files of pages, limits of the system."""

from __future__ import annotations

import os
import pwd
import resource
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from minqing.base.backup.lately import TOO_OLD, age_of, is_new, last_backup
from minqing.base.errors import NotReady
from minqing.base.postgres import home_folder
from minqing.base.postgres.binaries import binaries
from minqing.base.postgres.cluster import check_major
from minqing.base.postgres.place import Place
from minqing.base.postgres.served import served_urls
from minqing.doors.cli.instance import told_span
from minqing.doors.counter.readiness import keys_missing

_GIGA = 1 << 30
ROOM = 5 * _GIGA  # bytes free, below which it is time to look
SHARE = 0.1  # of the disk, or of its places for files
OPEN_FILES = 1024  # connections, files and sockets of a process at once
PUBLIC = frozenset({"roots.pub.pem"})
#: Beside the keys: the passwords of the database, and those of the ways by which people are told.
SECRET = (Path("postgres/passwords.json"), Path("notices.yaml"))


def home() -> Iterator[str]:
    """The folder belongs to who runs this, and nobody else writes into it."""
    folder = home_folder()
    if not folder.is_dir():
        yield f"没有 {folder}：请核对 MINQING_HOME，或运行 minqing init（no such folder: see MINQING_HOME）"
        return
    told = folder.stat()
    if told.st_mode & 0o022:
        yield f"别的账户可以写 {folder}：chmod go-w {folder}（others may write there）"
    if os.geteuid() not in (0, told.st_uid):
        owner = _account(told.st_uid)
        yield f"{folder} 属于 {owner}：请用账户 {owner} 运行（it belongs to {owner}: run as that account）"


def keys() -> Iterator[str]:
    """Each is there, and only the owner of the home opens it."""
    folder = home_folder() / "keys"
    if not folder.is_dir():
        yield f"没有 {folder}：请从备份找回，新实例运行 minqing init（the keys are gone: see the backup）"
        return
    yield from keys_missing()
    owner = home_folder().stat().st_uid
    secret = [path for path in folder.iterdir() if path.name not in PUBLIC]
    for path in (folder, *sorted(secret), *(home_folder() / name for name in SECRET)):
        if path.exists():
            yield from _closed(path, owner)


def _closed(path: Path, owner: int) -> Iterator[str]:
    told = path.stat()
    if told.st_mode & 0o077:
        mode = 0o700 if path.is_dir() else 0o600
        shown = f"{stat.S_IMODE(told.st_mode):o}"
        yield f"{path} 的权限是 {shown}，别的账户也能读：chmod {mode:o} {path}（others may read it）"
    if told.st_uid != owner:
        name = _account(owner)
        yield f"{path} 属于 {_account(told.st_uid)}：chown {name} {path}（it belongs to another account）"


def backup() -> Iterator[str]:
    """One was made within a day; an instance of today owes none yet."""
    stamp = last_backup(home_folder())
    if stamp is None:
        if not is_new(home_folder()):
            yield (
                "还没有备份过：请运行 minqing backup，并定为每晚（docs/backup.md）"
                "（never backed up: run `minqing backup`, and every night from now on）"
            )
    elif (age := age_of(stamp)) > TOO_OLD:
        yield (
            f"上次备份是{told_span(age)}以前：请看每晚的备份为什么没做，再运行 minqing backup"
            "（the last backup is too old: see why none was made last night, then run `minqing backup`）"
        )


def disk() -> Iterator[str]:
    """Room and places for files where the instance and its database lie."""
    place = Place(home_folder())
    for folder in {path.resolve() for path in (place.home, place.data) if path.exists()}:
        room, names = shutil.disk_usage(folder), os.statvfs(folder)
        if room.free < ROOM or room.free < SHARE * room.total:
            yield (
                f"{folder} 只剩 {room.free / _GIGA:.1f} GB（{room.free * 100 // room.total}%）："
                "请清理或扩容（little room left: clear up or enlarge the disk）"
            )
        if names.f_files and names.f_favail < SHARE * names.f_files:
            yield f"{folder} 可建的文件只剩 {names.f_favail} 个：请清理（few files can be made: clear up）"


def data_folder() -> Iterator[str]:
    """The embedded PostgreSQL reads what an earlier one wrote, or says how it is carried over."""
    place = Place(home_folder())
    if served_urls() is None and (place.data / "PG_VERSION").exists():
        try:
            check_major(place, binaries())
        except NotReady as fault:
            yield str(fault)


def pages() -> Iterator[str]:
    """Files of pages were gathered and compressed, since the last edit."""
    if not settings.WHITENOISE_USE_FINDERS and (settings.STATIC_ROOT / "staticfiles.json").is_file():
        return
    yield (
        f"{settings.STATIC_ROOT} 里没有收齐页面的样式和脚本，页面会慢：请运行 make setup"
        "（files of pages were not gathered: run `make setup`）"
    )


def zone() -> Iterator[str]:
    """A time zone of the machine that does not exist is taken for UTC without a word."""
    told = os.environ.get("TZ", "").removeprefix(":")
    try:
        if told and not told.startswith("/"):
            ZoneInfo(told)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"没有时区 TZ={told}：请改为 TZ=UTC 或 TZ=Asia/Shanghai（no such time zone）"


def limits() -> Iterator[str]:
    """How many files this account may have open at once."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < OPEN_FILES:
        yield f"最多只能同时打开 {soft} 个文件：ulimit -n 65536，或在服务里写 LimitNOFILE=65536（too few open files）"


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


FILES: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
    ("home", "主目录 home", home),
    ("keys", "密钥 keys", keys),
    ("backup", "备份 backup", backup),
    ("disk", "磁盘 disk", disk),
    ("data-folder", "数据目录 data folder", data_folder),
    ("pages", "页面文件 files of pages", pages),
    ("zone", "时区 time zone", zone),
    ("limits", "文件数上限 open files", limits),
)
