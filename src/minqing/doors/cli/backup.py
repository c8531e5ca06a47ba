"""`minqing backup`: one folder with everything but the keys, while web and work go on; the keys apart, when asked for.

`--check` reads an existing one to the last byte. Docs: docs/backup.md.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from minqing.base.backup.lately import note_backup
from minqing.base.backup.manifest import Manifest
from minqing.base.backup.programs import SPEAKS_NEWER
from minqing.base.backup.restoring import check_backup
from minqing.base.backup.taking import Progress as Told
from minqing.base.backup.taking import Taken, take
from minqing.base.errors import BadInput
from minqing.base.postgres import home_folder
from minqing.base.postgres.instance import open_instance
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.masters import prints_of_ring
from minqing.registers.vault.queries import check_masters

STEPS = {"database": "数据库 · database", "files": "文件 · files", "compare": "核对 · comparing"}


@click.command(
    help="备份：数据一个文件夹，密钥另放；系统照常运行 / back up while all runs: data in a folder, keys apart"
)
@click.argument("to", type=click.Path(path_type=Path), metavar="文件夹")
@click.option("--keys", type=click.Path(path_type=Path), help="密钥存到哪里，不和数据放一起 / where the keys go, apart")
@click.option("--check", is_flag=True, help="只检查已有的备份 / only check an existing backup")
@click.option("--json", "as_json", is_flag=True, help="JSON 输出 / print JSON")
def backup(to: Path, keys: Path | None, check: bool, as_json: bool) -> None:
    """A folder that is there already gets a new one inside, named by the moment."""
    if check:
        if keys is not None:
            raise BadInput("--check 只看数据，不看密钥：请去掉 --keys（--check looks at the data: leave out --keys）")
        _tell(to, check_backup(to.absolute()).manifest, as_json)
        return
    urls = open_instance()
    with seen_by(HOUSE):
        check_masters()  # keys of another instance would be found out on the day they are needed
    with bar() as told, stoppable():
        taken = take(home_folder(), urls.owner, to, keys, prints_of_ring, told)
    _tell(taken.folder, taken.manifest, as_json)
    _tell_program(taken.manifest)
    _tell_keys(taken)
    _note(taken)


def _tell(folder: Path, manifest: Manifest, as_json: bool) -> None:
    counted = manifest.counted
    if as_json:
        told = {"folder": str(folder), "version": manifest.version, "taken": manifest.taken, "root": counted.root,
                "lines": counted.lines, "subjects": counted.subjects, "sealed_until": counted.sealed_until,
                "bytes": sum(one.size for one in manifest.files.values())}  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    size = sum(one.size for one in manifest.files.values()) / 1_000_000
    click.echo(
        f"备份完好 / whole: {folder}\n{manifest.taken}，{counted.subjects:,} 个对象、{counted.lines:,} 行日志，"
        f"{size:,.1f} MB，根 root {counted.root}"
    )


def _tell_program(manifest: Manifest) -> None:
    if manifest.dumped_by >= SPEAKS_NEWER > manifest.postgres:
        click.echo(
            f"注意：这份备份由 pg_dump {manifest.dumped_by} 写成，PostgreSQL {manifest.postgres} 自己读不了，只能恢复到"
            f" {SPEAKS_NEWER} 以上。请安装 postgresql-client-{manifest.postgres} 再备份一次"
            f"（written by pg_dump {manifest.dumped_by}: version {manifest.postgres} does not take it; install"
            f" postgresql-client-{manifest.postgres} and run it again）",
            err=True,
        )


def _tell_keys(taken: Taken) -> None:
    if taken.keys is not None:
        click.echo(
            f"密钥 / keys: {taken.keys}\n请马上移到别处、由另一个人保管（move them to another place and person now）",
            err=True,
        )
        return
    click.echo(
        "注意：没有保存密钥！没有密钥，封存的内容一个字也打不开，日根也无法再签。\n"
        "请加上 --keys 另一处的文件夹 再备份一次，或者自己把 keys 文件夹抄到别处。\n"
        "KEYS WERE NOT SAVED: without them nothing sealed opens. Run it again with --keys FOLDER, in another place.",
        err=True,
    )


def _note(taken: Taken) -> None:
    """For the doctor and the figures; a home that takes no file spoils no backup."""
    try:
        note_backup(home_folder(), keys=taken.keys is not None)
    except OSError as fault:
        click.echo(
            f"注意：备份已做好，只是没能在 {home_folder()} 记下时间（{fault.strerror}），体检会当作没有备份"
            "（the backup is whole; that it was made could not be noted there, and the doctor will miss it）",
            err=True,
        )


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, SIGTERM is an exception as Ctrl+C is: what was begun is cleared away, its programs are ended."""

    def stop(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    former = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


@contextmanager
def bar() -> Iterator[Told]:
    """What is being done and how much of it is written, on the error stream."""
    columns = (TextColumn("{task.description}"), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks = {step: shown.add_task(title, total=None, visible=False) for step, title in STEPS.items()}
        yield lambda step, done: shown.update(tasks[step], completed=done, visible=True)
