"""Locks held by the system (flock): they end with the process that holds them, also by kill -9.

Each call opens the file anew, so each descriptor is a holder of its own; none is inherited across exec.
Limit: the folder must lie on a local disk; flock over NFS depends on the mount.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from minqing.base.errors import NotReady

PAUSE = 0.01  # seconds between two tries

SHARED = fcntl.LOCK_SH
ALONE = fcntl.LOCK_EX


def try_lock(path: Path, kind: int) -> int | None:
    """A descriptor that holds the lock until it is closed, or None when somebody holds it against us."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError:
        raise NotReady(
            f"{path} belongs to another user: run the command as the user who made this instance, "
            "or choose another folder with MINQING_HOME."
        ) from None
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def wait_lock(path: Path, kind: int, seconds: float, complaint: str) -> int:
    """Like `try_lock`, but tries for so many seconds before it raises NotReady with the complaint."""
    limit = time.monotonic() + seconds
    while (descriptor := try_lock(path, kind)) is None:
        if time.monotonic() > limit:
            raise NotReady(complaint)
        time.sleep(PAUSE)
    return descriptor


def is_held(path: Path) -> bool:
    """Whether some process holds the lock alone."""
    descriptor = try_lock(path, SHARED)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


@contextmanager
def held(path: Path, seconds: float, complaint: str) -> Iterator[None]:
    """The block runs while no other process is in it."""
    descriptor = wait_lock(path, ALONE, seconds, complaint)
    try:
        yield
    finally:
        os.close(descriptor)
