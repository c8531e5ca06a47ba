"""Clusters of PostgreSQL for rehearsals: below one folder, on loopback, thrown away afterwards.

Root's run as an account of its own (postgres, minqing or nobody), as PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from minqing.base.postgres.account import Account
from minqing.base.postgres.binaries import binaries
from minqing.base.postgres.served import APP_URL, OWNER_URL

DEBIAN = Path("/usr/lib/postgresql/15/bin")
PATIENCE = 60.0  # seconds for a server to start or to catch up
NEW = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", "--no-sync")
ROLES = (
    "create role county_owner login createdb",
    "create role county_app login",
    "create database county owner county_owner encoding 'UTF8' template template0",
)


def programs() -> Path:
    """Debian's PostgreSQL 15, the oldest we support; else the embedded ones."""
    return DEBIAN if DEBIAN.is_dir() else binaries().folder / "bin"


def account() -> Account:
    """Who runs the servers."""
    if os.geteuid() != 0:
        return Account()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = next(known[name] for name in ("postgres", "minqing", "nobody") if name in known)
    return Account(chosen.pw_uid, chosen.pw_gid)


@dataclass
class Cluster:
    """One server; `data` lies in a folder that the account owns."""

    data: Path
    port: int = 0
    runs_as: Account = field(default_factory=account)
    server: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]

    @property
    def urls(self) -> dict[str, str]:
        """The environment of an instance that uses it."""
        end = f"@127.0.0.1:{self.port}/county"
        return {APP_URL: f"postgresql://county_app{end}", OWNER_URL: f"postgresql://county_owner{end}"}

    def run(self, *command: object) -> str:
        """A program of PostgreSQL, or a script, as the account."""
        done = self.runs_as.run([str(part) for part in command], env={"BIN": str(programs())})
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def make(self) -> None:
        """A new, empty cluster."""
        self.run(programs() / "initdb", "-D", self.data, *NEW)

    def start(self, *settings: str) -> None:
        """Starts it and waits until it answers."""
        told = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.data.parent}",
                "max_wal_senders=8", "hot_standby=on", *settings]  # fmt: skip
        with open(self.data.parent / f"{self.data.name}.log", "ab") as log:
            self.server = subprocess.Popen(
                [programs() / "postgres", "-D", self.data, *(part for one in told for part in ("-c", one))],
                cwd="/", env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self.runs_as.become(),
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.ask("select 1")
                return
            except psycopg.OperationalError:
                if time.monotonic() > until or self.server.poll() is not None:
                    raise RuntimeError(f"the server does not start: see {log.name}") from None
                time.sleep(0.1)

    def make_county_database(self) -> None:
        """The two roles of an instance and its database."""
        for statement in ROLES:
            self.ask(statement)

    def ask(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """One statement as the superuser."""
        url = f"postgresql://postgres@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def wait_for(self, statement: str) -> None:
        """Until the statement answers true."""
        until = time.monotonic() + PATIENCE
        while self.ask(statement) != [(True,)]:
            if time.monotonic() > until:
                raise RuntimeError(f"not so within {PATIENCE:.0f} s: {statement}")
            time.sleep(0.05)

    def processes(self) -> list[int]:
        """The server and its children, of which each has a session of its own."""
        if self.server is None:
            return []
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.server.pid)], capture_output=True, text=True)
        return [self.server.pid, *map(int, listed.stdout.split())]

    def kill(self) -> None:
        """kill -9 of every process of it, as when the machine goes."""
        assert self.server is not None
        for number in self.processes():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue  # ended with its parent
        self.server.wait(PATIENCE)
        self.server = None

    def stop(self) -> None:
        """A quick, orderly end; nothing where it does not run."""
        if self.server is not None:
            for number in self.processes()[1:]:
                os.kill(number, signal.SIGCONT)
            self.server.send_signal(signal.SIGINT)
            self.server.wait(PATIENCE)
            self.server = None


@contextmanager
def cluster(data: Path) -> Iterator[Cluster]:
    """One that is stopped afterwards, however the block ends."""
    one = Cluster(data)
    try:
        yield one
    finally:
        one.stop()
