"""The processes of a trial instance, and who brings them back: what a unit of systemd would do, no more.

`serve` and `work` are started again when they have ended, as is the whole of `serve` when its first process was killed
(the unit's other processes are ended first). The database is nobody's business here: whoever attaches brings it back.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.stage import PROGRAM, free_port

PATIENCE = 300.0  # seconds until all must be ready again; machines are noisy
LOOK = 0.1
READY = 4  # answers in a row, so that both workers were asked


@dataclass
class Programs:
    """Server and worker of one home. `killed`: how many of which kind."""

    home: Path
    environment: dict[str, str]
    workers: int = 2
    port: int = field(default_factory=free_port)
    serve: subprocess.Popen[bytes] | None = None
    work: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    lacked: Counter[str] = field(default_factory=Counter)  # looks, by what was not ready

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def supervise(self) -> None:
        """Starts what has ended or never ran."""
        if self.serve is None or self.serve.poll() is not None:
            end_group(self.serve)
            self.serve = self._start("serve", "--port", str(self.port), "--workers", str(self.workers))
        if self.work is None or self.work.poll() is not None:
            end_group(self.work)
            self.work = self._start("work")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        self.restarts += 1
        with (self.home / f"{arguments[0]}.log").open("ab") as said:
            return subprocess.Popen(
                [str(PROGRAM), *arguments], env=self.environment, stdout=said, stderr=said, start_new_session=True
            )

    def wait_until_ready(self) -> float:
        """Seconds until every process is there and the server says ready several times."""
        began, ready, lacking = time.monotonic(), 0, ""
        while ready < READY:
            self.supervise()
            lacking = self._lacking()
            ready = 0 if lacking else ready + 1
            self.lacked[lacking] += 1
            if time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"not ready after {PATIENCE:.0f} s: {lacking}")
            if lacking:
                time.sleep(LOOK)
        self.lacked.pop("", None)
        return time.monotonic() - began

    def _lacking(self) -> str:
        assert self.serve is not None
        if len(answering(self.serve.pid)) < self.workers:
            return "a process of the server"
        try:
            with urllib.request.urlopen(f"{self.base}/readyz", timeout=10):
                return ""
        except urllib.error.HTTPError as fault:
            return fault.read().decode()
        except OSError as fault:
            return str(fault)

    def victim(self, kind: str, dice: random.Random) -> int | None:
        """The number of a process of that kind, None where there is none now."""
        found = {
            "web master": lambda: _running(self.serve),
            "web worker": lambda: answering(self.serve.pid) if self.serve is not None else [],
            "work": lambda: _running(self.work),
            "postmaster": lambda: postmaster(self.home),
            "backend": lambda: backends(self.home),
        }[kind]()
        return dice.choice(found) if found else None

    def stop(self) -> None:
        """As an administrator would: told to end, and waited for."""
        running = [program for program in (self.serve, self.work) if program is not None]
        for program in running:
            program.terminate()
        try:
            for program in running:
                program.wait(60)
        finally:
            for program in running:
                end_group(program)


def _running(program: subprocess.Popen[bytes] | None) -> list[int]:
    """Its number; none where it ended and was not waited for: a signal reaches such a one, and kills nobody."""
    return [program.pid] if program is not None and program.poll() is None else []


def end_group(program: subprocess.Popen[bytes] | None) -> None:
    """What a killed program left behind."""
    if program is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The processes that a process started, whichever its thread; those that ended and were not waited for left out."""
    try:
        listed = [
            one for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return [int(child) for child in listed if _words(int(child))]


def answering(pid: int) -> list[int]:
    """The processes of a server that answer; beside them stands one that looks after what they share."""
    return [child for child in children(pid) if "spawn_main" in _words(child)]


def postmaster(home: Path) -> list[int]:
    """The first process of the database of a home."""
    try:
        pid = int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return []
    return [pid] if "postgres" in _words(pid) and str((home / "postgres" / "data").resolve()) in _words(pid) else []


def backends(home: Path) -> Sequence[int]:
    """The processes that serve somebody's connection; where there is none, none."""
    return [pid for first in postmaster(home) for pid in children(first) if "minqing_app" in _words(pid)]


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
