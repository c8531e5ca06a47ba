"""Stops the server when its last user has left. Run as a script, detached, with the standard library alone.

It keeps no list: every user holds a shared lock that the system takes back however he ends, and this process waits
to hold it alone. Started with the server; a command that finds it gone starts another.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
from pathlib import Path

PAUSE = 0.02  # seconds
TRIES_BETWEEN = 50  # looks before it asks again: a server that is half up may have missed it
#: Seconds of asking. PostgreSQL 18 never ends by a fast shutdown that comes while it recovers; one that has to write
#: all its pages to a slow disk takes a minute; whoever starts meanwhile waits for five.
STUBBORN = 120.0


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _ended(server: int) -> bool:
    try:
        fcntl.flock(server, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stop(data: Path, pg_ctl: str, mode: str) -> None:
    """Asks for a shutdown as the owner of the data. That it fails while the server is half up or gone is normal: the
    lock of the server, not this answer, says when it has ended."""
    try:
        owner = data.stat()
    except FileNotFoundError:
        return  # the home was deleted: PostgreSQL notices within a minute and ends by itself
    command = [pg_ctl, "stop", f"--mode={mode}", "--no-wait", "--silent", "-D", str(data)]
    if os.geteuid() == 0:
        subprocess.run(command, cwd="/", check=False, user=owner.st_uid, group=owner.st_gid, extra_groups=[])
    else:
        subprocess.run(command, cwd="/", check=False)


def _remove_sockets(address: Path) -> None:
    """The empty socket folder; the next start makes it again under the same name."""
    with contextlib.suppress(OSError):  # never started, or already gone
        os.rmdir(json.loads(address.read_text())["sockets"])


def watch(state: Path, pg_ctl: str, watching: int, patience: float) -> None:
    """Waits for the last user to leave, stops the server, waits for its last process.

    A server that does not end within `patience` seconds is ended as by a crash: whoever comes next would wait for it,
    and what was committed comes back at its next start. `watching` is the watcher's lock, inherited from who started
    us: there is no moment without a holder.
    """
    users, server = (_open(state / f"{name}.lock") for name in ("users", "server"))
    fcntl.flock(users, fcntl.LOCK_EX)
    limit = time.monotonic() + patience
    while not _ended(server):
        _stop((state / "data").resolve(), pg_ctl, "fast" if time.monotonic() < limit else "immediate")
        for _ in range(TRIES_BETWEEN):
            if _ended(server):
                break
            time.sleep(PAUSE)
    _remove_sockets(state / "address.json")
    os.close(server)
    os.close(watching)  # before the users: who enters next must see that nobody watches
    os.close(users)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
