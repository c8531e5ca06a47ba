"""Restoring into an empty home: all is looked at first, then made in `MINQING_HOME/.restore`, checked there, and only
then moved to its place. What fails, or is told to stop, leaves the home (and a served database) empty. What was killed
outright leaves the staging place, which the next one clears away, or a served database that is full: make it anew then.

Of an embedded PostgreSQL the database moves last, of a served one the keys: a home left half-way serves nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from minqing.base.backup import programs
from minqing.base.backup.keys import Rings, check_prints, copy_file, copy_keys
from minqing.base.backup.manifest import DUMP, Counted, Manifest, check_files, read_manifest
from minqing.base.backup.snapshot import count, tables_of
from minqing.base.backup.taking import FILES, PART, ROOTS, Progress
from minqing.base.errors import BadInput, NotReady
from minqing.base.ledger.keys import keep_folder, keys_folder
from minqing.base.postgres import running, wait_until_stopped
from minqing.base.postgres.binaries import MAJOR
from minqing.base.postgres.instance import migrate_and_grant, point_at
from minqing.base.postgres.place import Place
from minqing.base.postgres.served import Urls, check_served, served_urls

STAGING = ".restore"
SECONDS = 120.0  # for our server to stop


@dataclass(frozen=True)
class Checked:
    """A backup whose files are whole."""

    folder: Path
    manifest: Manifest


def check_backup(folder: Path) -> Checked:
    """Reads the manifest and every byte of the files."""
    if folder.name.endswith(PART):
        raise BadInput(f"{folder} 是没有做完的备份：请换一份（this backup was broken off: take another one）")
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    return Checked(folder, manifest)


def check_fits(checked: Checked, keys: Path, ring: Rings) -> None:
    """Whether this Minqing can take it with these keys; Django need not be ready."""
    check_prints(keys, checked.manifest.keys, ring)
    _make_django_ready()
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(checked.manifest.counted.migrations) - known):
        raise BadInput(
            f"备份来自更新的民情（{checked.manifest.version}，{newer[0]}）：请先装上那个版本再恢复"
            "（the backup is of a newer Minqing: install that version first）"
        )


@contextmanager
def restored(home: Path, checked: Checked, keys: Path, progress: Progress) -> Iterator[None]:
    """Restores, compares with the manifest, migrates; the block works on it in its staging place, with MINQING_HOME
    leading there; after the block it stands in its own."""
    _check_empty(home, checked.folder / FILES)
    staging = _staging(home)
    former = os.environ.get("MINQING_HOME")
    os.environ["MINQING_HOME"] = str(staging)
    try:
        copy_keys(keys, keys_folder(staging))
        _copy_files(checked.folder / FILES, staging)
        with _served(checked.manifest) as served:
            with _database(staging, served) as urls:
                _load(checked, urls, progress)
                migrate_and_grant(urls)
                yield
                connections.close_all()
            _put_in_place(staging, home)
    except BaseException:
        discard(staging)
        raise
    finally:
        os.environ.pop("MINQING_HOME")
        if former is not None:
            os.environ["MINQING_HOME"] = former


def _make_django_ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
    django.setup()


def _check_empty(home: Path, files: Path) -> None:
    """Nothing of an instance lies there, and no file that one from the backup would take the place of."""
    for name in ("postgres", "keys", ROOTS, *sorted(path.name for path in files.iterdir() if path.is_file())):
        if (home / name).exists():
            raise BadInput(
                f"{home} 里已有 {name}，没有动它：恢复只进空文件夹，请用 MINQING_HOME 另指一个"
                f"（{home} is not empty: nothing was touched; name an empty folder with MINQING_HOME）"
            )


def _staging(home: Path) -> Path:
    """The empty place beside what is to come; one that a killed restore left is cleared away."""
    mode = 0o711 if os.geteuid() == 0 else 0o700  # root's server runs as another account
    home.mkdir(mode=mode, parents=True, exist_ok=True)
    staging = home / STAGING
    discard(staging)
    staging.mkdir(mode=mode)
    return staging


def discard(staging: Path) -> None:
    """Clears it away with the data folder that a link of it may name; a server there is left time to stop."""
    if not staging.exists():
        return
    if not wait_until_stopped(staging, SECONDS):
        raise NotReady(f"{staging} 里的数据库还没有停：请稍后再试（its server still runs: try again later）")
    data = Place(staging).data
    if data.is_symlink():
        shutil.rmtree(data.resolve().parent, ignore_errors=True)
    shutil.rmtree(staging)


def _copy_files(source: Path, home: Path) -> None:
    (home / ROOTS).mkdir(mode=0o700)
    for folder, target in ((source, home), (source / ROOTS, home / ROOTS)):
        for path in sorted(folder.iterdir()):
            if path.is_file():
                copy_file(path, target / path.name)


@contextmanager
def _served(manifest: Manifest) -> Iterator[Urls | None]:
    """The served database, empty, as new as that of the backup; emptied where the block fails. None: there is none."""
    urls = served_urls()
    if urls is None:
        _check_major(manifest, MAJOR)
        yield None
        return
    check_served(urls)
    with _emptied_on_failure(urls.owner, manifest):
        yield urls


@contextmanager
def _database(staging: Path, served: Urls | None) -> Iterator[Urls]:
    """The served database, or one that runs in the staging place and has stopped afterwards; Django's aliases lead to
    it."""
    if served is not None:
        point_at(served)
        yield served
        return
    with running(staging) as server:
        own = Urls(server.dsn_app, server.dsn_owner)
        point_at(own)
        try:
            yield own
        finally:
            connections.close_all()
    if not wait_until_stopped(staging, SECONDS):
        raise NotReady("恢复用的数据库没有停下来（the server of the restore does not stop）")


def _check_major(manifest: Manifest, major: int) -> None:
    if major < manifest.postgres:
        raise NotReady(
            f"备份来自 PostgreSQL {manifest.postgres}，这里是 {major}：请恢复到 {manifest.postgres} 或更新的"
            f"（the backup is of PostgreSQL {manifest.postgres}, here is {major}: restore into one as new）"
        )


@contextmanager
def _emptied_on_failure(owner: str, manifest: Manifest) -> Iterator[None]:
    with psycopg.connect(owner, autocommit=True, connect_timeout=10) as connection:
        _check_major(manifest, connection.info.server_version // 10000)
        if tables_of(connection):
            raise BadInput(
                "DATABASE_URL 的数据库里已有数据表，没有动它：请另建一个空库（docs/decisions/0002）"
                "（the database of DATABASE_URL holds tables: nothing was touched; make an empty one）"
            )
        try:
            yield
        except BaseException:
            connections.close_all()
            connection.execute("drop schema public cascade; create schema public")
            raise


def _load(checked: Checked, urls: Urls, progress: Progress) -> None:
    manifest = checked.manifest
    with psycopg.connect(urls.owner) as connection:
        major = connection.info.server_version // 10000
    tools = programs.programs_for(major, manifest.dumped_by)
    if tools.major >= programs.SPEAKS_NEWER > major:
        raise NotReady(
            f"请安装 postgresql-client-{major}，并用它的 pg_dump 做备份：{tools.major} 写的备份，{major} 读不了"
            f"（install postgresql-client-{major} and back up with its pg_dump: {major} does not take this dump）"
        )
    progress("database", 0)
    programs.finished(programs.load(tools, urls.owner, checked.folder / DUMP), "恢复数据库")
    progress("compare", 0)
    with psycopg.connect(urls.owner, autocommit=True) as connection, connection.transaction():
        connection.execute("analyze")
        compare(manifest.counted, count(connection))


def compare(wanted: Counted, found: Counted) -> None:
    """The same root, the same rows: else the restored is not what was backed up."""
    if found.root != wanted.root:
        raise BadInput(
            f"恢复出来的日志与备份时的不一样（日志根 {found.root[:16]}… 与 {wanted.root[:16]}…）：什么也没有留下，"
            "请换一份备份（the journal has another root than at the backup: nothing was kept, take another backup）"
        )
    other = sorted(name for name in {*wanted.tables, *found.tables}
                   if wanted.tables.get(name) != found.tables.get(name))  # fmt: skip
    if other:
        raise BadInput(
            f"恢复出来的 {other[0]} 有 {found.tables.get(other[0])} 行，备份时是 {wanted.tables.get(other[0])} 行："
            "什么也没有留下，请换一份备份（other rows than at the backup: nothing was kept, take another backup）"
        )


def _put_in_place(staging: Path, home: Path) -> None:
    """Files first, then what makes an instance of them; what fails on the way puts back what was moved."""
    last = ("keys", "postgres")
    names = sorted(path.name for path in staging.iterdir() if path.name not in last)
    moved = []
    try:
        for name in (*names, *last):
            if (staging / name).exists():
                (staging / name).rename(home / name)
                moved.append(name)
    except BaseException:
        for name in moved:
            (home / name).rename(staging / name)
        raise
    keep_folder(home)
    staging.rmdir()
