"""An instance in a folder, served; what a measurement asks it with; and what its processes hold in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.stage import environment_of, free_port, serving
from minqing.base.postgres import running
from minqing.base.postgres.served import Urls

WORKERS = 2
TABLES = ("matters_matter", "ledger_line", "matters_duty", "matters_fired", "matters_search", "vault_value")


@dataclass
class Instance:
    """One that answers: where, its database, and the plan that `county` left."""

    home: Path
    port: int
    urls: Urls
    plan: dict[str, Any]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, statement: str) -> Any:
        """The first value of what the owner of the tables asks."""
        with psycopg.connect(self.urls.owner, autocommit=True) as owner:
            row = owner.execute(statement).fetchone()
        return row[0] if row is not None else None

    def rows(self) -> dict[str, int]:
        """How many there are of each."""
        told = {}
        with psycopg.connect(self.urls.owner, autocommit=True) as owner:
            for table in TABLES:
                row = owner.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
                told[table] = row[0] if row is not None else 0
        return told


def made(home: Path, concerns: int) -> None:
    """A made-up county in a new home."""
    in_home(home, "bench.million.county", str(concerns))


def in_home(home: Path, module: str, *arguments: str) -> str:
    """What a module says that is run in that home, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], env=environment_of(home), stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)[:80]} ended with {done.returncode}")
    return done.stdout


@contextmanager
def standing(home: Path) -> Iterator[Instance]:
    """The instance of that home, ready to answer."""
    with running(home) as server:
        port = free_port()
        plan = json.loads((home / "plan.json").read_text("utf-8"))
        with serving(port, WORKERS, environment_of(home), home / "serve.log"):
            yield Instance(home, port, Urls(server.dsn_app, server.dsn_owner), plan)


def forget_pages(home: Path) -> None:
    """Takes the pages of that (stopped) instance out of the machine's cache, as after a start of the machine."""
    for path in (home / "postgres").rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(handle)


def memory(home: Path) -> dict[str, dict[str, int]]:
    """Megabytes of the processes of an instance by kind: how many, resident in all, proportional (what is shared is
    divided among those who share it)."""
    found: dict[str, dict[str, int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            kind = _kind(folder, home)
            told = (folder / "smaps_rollup").read_text() if kind else ""
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it has ended meanwhile, or is nobody's business
        if kind and told:
            sums = found.setdefault(kind, {"processes": 0, "rss_mb": 0, "pss_mb": 0})
            sums["processes"] += 1
            for line in told.splitlines():
                name, _, rest = line.partition(":")
                if name in ("Rss", "Pss"):
                    sums[f"{name.lower()}_mb"] += int(rest.split()[0]) // 1024
    return found


def _kind(folder: Path, home: Path) -> str:
    told = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    around = (folder / "environ").read_bytes().split(b"\0") if "serve" in told or "multiprocessing" in told else []
    if f"MINQING_HOME={home}".encode() in around:
        return "web"
    if told.startswith("postgres:") or "/postgres " in told:
        return "postgres" if str(home) in os.readlink(folder / "cwd") else ""
    return ""
