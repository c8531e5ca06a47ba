"""Starting the server: its settings, its addresses (loopback and a socket folder), and whether it answers.

Settings are given on the command line, so that a new Minqing brings new ones to an old data folder. Together they
keep the server below 1 GB. MINQING_PG_<SETTING> in the environment overrides one: MINQING_PG_SHARED_BUFFERS=2GB.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from minqing.base.postgres import watcher
from minqing.base.postgres.account import PLAIN_ENVIRONMENT, Account, Command
from minqing.base.postgres.binaries import Binaries
from minqing.base.postgres.place import Place, write_private

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "4MB",
    "maintenance_work_mem": "64MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "min_wal_size": "128MB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # A log is read by more people than the tables are: it tells what failed, never the statement or the row, which may
    # hold a name, a hash of a password, a session.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
LOG_LIMIT = 10 * 1024 * 1024  # bytes; a longer log is set aside at the next start
SHORT = Path("/tmp")  # a socket's path has at most 103 bytes (macOS), a home may be longer


@dataclass(frozen=True)
class Address:
    """Where a server listens."""

    port: int
    sockets: Path

    @property
    def socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{self.port}"


def settings(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings with those of the environment."""
    return {name: environ.get(f"MINQING_PG_{name.upper()}", value) for name, value in SETTINGS.items()}


def answering(place: Place) -> Address | None:
    """The address of the server that runs and is ready, else None. PostgreSQL writes it down itself."""
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    address = Address(int(lines[3]), Path(lines[4]))
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(address.socket))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
    return address


def launch(place: Place, programs: Binaries, account: Account, server_lock: int) -> None:
    """Starts the server, detached. The caller holds the server's lock, so no process of a former one is left."""
    data = place.data.resolve()
    (data / "postmaster.pid").unlink(missing_ok=True)  # its number may meanwhile be another program's
    address = _choose_address(place, account)
    for left_over in (address.socket, Path(f"{address.socket}.lock")):
        left_over.unlink(missing_ok=True)
    if place.log.exists() and place.log.stat().st_size > LOG_LIMIT:
        place.log.replace(place.log.with_name("log.old"))
    options = [part for name, value in settings().items() for part in ("-c", f"{name}={value}")]
    command: Command = [
        programs.program("postgres"),
        "-D",
        data,
        "-p",
        str(address.port),
        "-k",
        address.sockets,
        *options,
    ]
    detached(place, account, command, pass_fds=(server_lock,))


def start_watcher(place: Place, programs: Binaries, watcher_lock: int) -> None:
    """Under the user of this process: it opens our locks and becomes the server's account to stop it."""
    script = os.fspath(watcher.__file__)
    pg_ctl = programs.program("pg_ctl")
    patience = str(watcher.STUBBORN)
    command: Command = [sys.executable, "-I", "-S", script, place.state, pg_ctl, str(watcher_lock), patience]
    detached(place, Account(), command, pass_fds=(watcher_lock,))


def detached(place: Place, account: Account, command: Command, pass_fds: tuple[int, ...] = ()) -> None:
    """Starts a program that outlives us, in a session of its own; the shell hands it to the first process."""
    with open(place.log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as log:
        subprocess.run(
            ["/bin/sh", "-c", '"$@" </dev/null &', "sh", *command],
            cwd="/",
            env=PLAIN_ENVIRONMENT,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=pass_fds,
            check=True,
            **account.become(),
        )


def _choose_address(place: Place, account: Account) -> Address:
    """That of the last start where it is still free, so that programs which remember it find the server again."""
    try:
        former = json.loads(place.address_file.read_text())
    except FileNotFoundError:
        former = {"port": 0, "sockets": ""}
    address = Address(_free_port(former["port"]), _socket_folder(Path(former["sockets"]), account))
    write_private(place.address_file, json.dumps({"port": address.port, "sockets": os.fspath(address.sockets)}))
    return address


def _free_port(former: int) -> int:
    """Another program may take it before PostgreSQL does: the caller then tries again."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", former))
        except OSError:  # taken: let the system choose
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _socket_folder(former: Path, account: Account) -> Path:
    """A folder of mode 0700 that nobody else made: anyone may write beside it."""
    wanted = os.geteuid() if account.uid is None else account.uid
    if former.parent == SHORT and former.is_dir() and not former.is_symlink():
        seen = former.lstat()
        if seen.st_uid == wanted and stat.S_IMODE(seen.st_mode) == 0o700:
            return former
    if former.parent == SHORT and not os.path.lexists(former):
        former.mkdir(mode=0o700)
        folder = former
    else:
        folder = Path(tempfile.mkdtemp(prefix="minqing-", dir=SHORT))
    account.take(folder)
    return folder
