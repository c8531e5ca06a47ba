"""Under which account the server runs: PostgreSQL refuses root, so root's server runs as `minqing`, else `nobody`.

That account must reach data and programs. No mode of a folder we did not make is ever changed: a closed home
gets its data in /var/lib/minqing/<hash of the home>-<random> and a link `postgres/data` to it. A data folder that
is there already is served by its owner.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minqing.base.errors import NotReady
from minqing.base.postgres.place import Place

REACHABLE = Path("/var/lib/minqing")
NAMES = ("minqing", "nobody")
Command = list[str | Path]
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """Who runs the programs of PostgreSQL; `uid` None: whoever runs this process."""

    uid: int | None = None
    gid: int | None = None

    def run(self, command: Command, **more: Any) -> subprocess.CompletedProcess[str]:
        """Runs a program to its end; what it prints comes back unless `stdout` says otherwise."""
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | self.become() | more
        if "input" not in more:
            more.setdefault("stdin", subprocess.DEVNULL)
        env = PLAIN_ENVIRONMENT | more.pop("env", {})
        return subprocess.run(command, cwd="/", env=env, text=True, check=False, **more)

    def become(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, folder: Path) -> bool:
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0

    def take(self, path: Path) -> None:
        """Makes the account the owner of a file or folder of ours."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def account_of(place: Place) -> Account:
    """The account that serves this place."""
    mine = os.geteuid()
    if place.data.exists():
        owner = place.data.stat()
        if mine == 0 and owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
        if owner.st_uid != mine:
            raise NotReady(
                f"{place.home} was made by another user ({_name(owner.st_uid)}): run the command as the user who "
                "made it, or choose another folder with MINQING_HOME."
            )
    return _unprivileged() if mine == 0 else Account()


def _unprivileged() -> Account:
    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise NotReady(
        "PostgreSQL does not run as root, and this machine has neither a user minqing nor nobody: "
        "make one (useradd --system minqing), or run the command as an ordinary user."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def folder_for_data(place: Place, account: Account) -> Path:
    """The folder in which the data folder is to be made."""
    if account.uid is None or account.reaches(place.state):
        return place.state
    make_reachable()
    digest = hashlib.sha256(os.fsencode(place.home)).hexdigest()[:12]
    folder = Path(tempfile.mkdtemp(prefix=f"{digest}-", dir=REACHABLE))
    folder.chmod(0o711)
    return folder


def make_reachable() -> None:
    """The folder of root's servers; its parents are left as they are."""
    if not REACHABLE.is_dir():
        REACHABLE.mkdir(parents=True, exist_ok=True)
        REACHABLE.chmod(0o755)
