"""Homes of instances for tests of the supervisor, and processes that use them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from minqing.base.postgres import running, wait_until_stopped

USER = """
import sys
from pathlib import Path
from minqing.base.postgres import attach
print(attach(Path(sys.argv[1])).dsn_owner, flush=True)
sys.stdin.read()
"""


class User:
    """A process that attaches and stays until it is told to go."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-c", USER, os.fspath(home)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def dsn(self) -> str:
        """Waits until the process has attached."""
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.leave()


@pytest.fixture
def users() -> Iterator[type[User]]:
    """Starts users; those that a failing test left behind are sent away."""
    started = []

    def start(home: Path) -> User:
        started.append(User(home))
        return started[-1]

    yield start
    for user in started:
        if user.process.poll() is None:
            user.kill()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may pass through, as /srv is; the server is gone when it goes."""
    top = Path(tempfile.mkdtemp(prefix="minqing-homes-"))
    top.chmod(0o711)
    yield top
    homes = [path.parent for path in top.rglob("postgres") if path.is_dir()]
    assert all([wait_until_stopped(home, 30) for home in homes]), "a server was left running"
    outside = [data.resolve().parent for data in top.rglob("postgres/data") if data.is_symlink()]
    for path in [top, *outside]:
        shutil.rmtree(path)


@pytest.fixture(scope="session")
def made_home() -> Iterator[Path]:
    """An instance that has run once and is stopped; copied, never used itself."""
    top = Path(tempfile.mkdtemp(prefix="minqing-homes-"))
    top.chmod(0o711)
    with running(top / "home"):
        pass
    assert wait_until_stopped(top / "home", 30)
    yield top / "home"
    shutil.rmtree(top)


@pytest.fixture
def home(folder: Path, made_home: Path) -> Path:
    """An instance of this test's own that has run before."""
    subprocess.run(["cp", "-a", made_home, folder / "home"], check=True)
    return folder / "home"
