"""The folder of one instance (`MINQING_HOME`, else `.minqing` where one stands) and what the server keeps in it.

`postgres/data` is the data folder, or a link to it: see `account` for servers started by root.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from minqing.base.errors import NotReady

ROOT, OWNER, APP = "minqing_root", "minqing_owner", "minqing_app"
DATABASE = "minqing"


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where this instance lives."""
    told = environ.get("MINQING_HOME") or ".minqing"
    return _below("" if os.path.isabs(told) else os.getcwd(), told)


@lru_cache(64)
def _below(folder: str, told: str) -> Path:
    """One Path for one home: keys are looked up by it thousands of times a second."""
    return Path(folder, told)


@dataclass(frozen=True)
class Place:
    """Names of files below one home."""

    home: Path

    @cached_property
    def state(self) -> Path:
        return self.home / "postgres"

    @cached_property
    def start_lock(self) -> Path:
        """Held alone by the command that is bringing the server up."""
        return self.state / "start.lock"

    @cached_property
    def users_lock(self) -> Path:
        """Shared by everyone who uses the server; the watcher waits to hold it alone."""
        return self.state / "users.lock"

    @cached_property
    def watcher_lock(self) -> Path:
        return self.state / "watcher.lock"

    @cached_property
    def server_lock(self) -> Path:
        """Inherited by every process of the server: free means that not one of them is left."""
        return self.state / "server.lock"

    @cached_property
    def log(self) -> Path:
        return self.state / "log"

    @cached_property
    def data(self) -> Path:
        return self.state / "data"

    @cached_property
    def passwords_file(self) -> Path:
        return self.state / "passwords.json"

    @cached_property
    def address_file(self) -> Path:
        """Port and socket folder of the last start, so that the next one takes the same."""
        return self.state / "address.json"

    def make(self) -> None:
        """Makes the folders; only those made here get a mode. Root's stay passable: its server runs as another."""
        mode = 0o711 if os.geteuid() == 0 else 0o700
        for folder in (self.home, self.state):
            if folder.is_dir():
                continue
            try:
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(mode)
            except OSError as fault:
                raise NotReady(
                    f"{folder} cannot be made ({fault.strerror}): name another folder with MINQING_HOME."
                ) from None

    def passwords(self) -> dict[str, str]:
        """Password by role."""
        try:
            found: dict[str, str] = json.loads(self.passwords_file.read_text())
        except FileNotFoundError:
            raise NotReady(
                f"{self.passwords_file} is gone, and with it the passwords of the database. "
                "Bring it back from a copy of the folder; the data is untouched."
            ) from None
        return found

    def make_passwords(self) -> dict[str, str]:
        """New random passwords, in a file that only its owner reads."""
        fresh = {role: secrets.token_urlsafe(24) for role in (ROOT, OWNER, APP)}
        write_private(self.passwords_file, json.dumps(fresh))
        return fresh


def write_private(path: Path, text: str) -> None:
    """Replaces the file at once by one of mode 0600."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
