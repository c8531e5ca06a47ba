"""pg_dump and pg_restore: which of those on this machine fit, and running them without a password in their arguments.

pg_dump must be at least as new as the server, pg_restore as pg_dump. Those of the server's own major come first: what
a newer one writes, an older server may not take.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from minqing.base.errors import NotReady
from minqing.base.postgres.binaries import FOLDERS, binaries

DEBIAN = Path("/usr/lib/postgresql")
LOOK_EVERY = 0.5  # seconds between two looks at what was written
SPEAKS_NEWER = 17  # what this pg_dump and later ones write speaks of settings that older servers do not know
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True)
class Programs:
    """A folder with pg_dump and pg_restore of one major."""

    folder: Path
    major: int


def programs_for(server: int, least: int = 0) -> Programs:
    """The oldest on this machine that a server of that major takes, and that reads what `least` wrote."""
    wanted = max(server, least)
    fitting = sorted((one for one in _found() if one.major >= wanted), key=lambda one: one.major)
    if not fitting:
        raise NotReady(
            f"本机没有 PostgreSQL {wanted} 或更新的 pg_dump 和 pg_restore：请安装 postgresql-client-{wanted}"
            f"（no pg_dump of PostgreSQL {wanted} or newer here: install postgresql-client-{wanted}）"
        )
    return fitting[0]


def _found() -> Iterator[Programs]:
    for folder in sorted(DEBIAN.glob("*/bin")):
        if (major := _major(folder / "pg_dump")) is not None:
            yield Programs(folder, major)
    on_path = shutil.which("pg_dump")
    if on_path is not None and (major := _major(Path(on_path))) is not None:
        yield Programs(Path(on_path).parent, major)
    for major in FOLDERS:
        try:
            yield Programs(binaries(major).folder / "bin", major)
        except NotReady:  # the package is not here: a served PostgreSQL has its own programs
            continue


def _major(program: Path) -> int | None:
    if not (program.is_file() and program.with_name("pg_restore").is_file()):
        return None
    told = _VERSION.search(subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout)
    return int(told[1]) if told else None


def dump(programs: Programs, owner: str, snapshot: str, to: Path) -> subprocess.Popen[str]:
    """Starts pg_dump on that snapshot; `finished` waits for it."""
    return _start(
        programs.folder / "pg_dump", owner, "--format=custom", "--compress=1", f"--snapshot={snapshot}",
        "--lock-wait-timeout=60s", "--no-owner", "--no-privileges", f"--file={to}",
    )  # fmt: skip


def load(programs: Programs, owner: str, dumped: Path) -> subprocess.Popen[str]:
    """Starts pg_restore: all or nothing, in one transaction."""
    return _start(
        programs.folder / "pg_restore", owner, "--single-transaction", "--exit-on-error", "--no-owner",
        "--no-privileges", "--schema=public", str(dumped),
    )  # fmt: skip


def _start(program: Path, owner: str, *arguments: str) -> subprocess.Popen[str]:
    told = {name: str(value) for name, value in conninfo_to_dict(owner).items() if value is not None}
    password = told.pop("password", "")
    env = os.environ | {"PGPASSWORD": password, "LC_ALL": "C"}
    return subprocess.Popen(
        [program, f"--dbname={make_conninfo(**told)}", *arguments],
        env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finished(process: subprocess.Popen[str], what: str, look: Callable[[], None] = lambda: None) -> None:
    """Waits for its end; `look` is called meanwhile. NotReady with its last words where it failed; ends it when we are
    interrupted."""
    try:
        while True:
            try:
                _, said = process.communicate(timeout=LOOK_EVERY)
                break
            except subprocess.TimeoutExpired:
                look()
    except BaseException:
        process.kill()
        process.communicate()
        raise
    if process.returncode != 0:
        last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
        raise NotReady(f"{what}没有做成：{last}（{Path(str(process.args[0])).name} failed; nothing was kept）")  # type: ignore[index]
