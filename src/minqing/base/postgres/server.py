"""Using the embedded server: several processes share one, the first brings it up, the last to leave ends it.

A user holds a shared lock. A forked child gives up its copy: what uses the database attaches itself. A server that
was killed is brought up again by the next `attach`, at the same address where that is free.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from minqing.base.errors import NotReady
from minqing.base.postgres import launch, locks
from minqing.base.postgres.account import account_of
from minqing.base.postgres.binaries import Binaries, binaries
from minqing.base.postgres.cluster import check_major, create_cluster, major_of
from minqing.base.postgres.place import APP, DATABASE, OWNER, ROOT, Place

PATIENCE = 300.0  # seconds: a crash recovery of max_wal_size takes a minute on a slow disk
TRIES = 3  # a port may be snatched between choosing and using it

_shares: set[int] = set()
_attached: dict[Path, int] = {}


@dataclass(frozen=True)
class Server:
    """A running server. The addresses go through the socket; `port` on 127.0.0.1 takes the same passwords."""

    dsn_app: str
    dsn_owner: str
    dsn_root: str
    port: int
    socket_dir: Path
    version: int
    """The major version."""


def attach(home: Path) -> Server:
    """The server of this home until this process ends; again and again as often as you like, also to revive it."""
    place = Place(home.absolute())
    share = _attached.pop(place.home, None)
    server, _attached[place.home] = _enter(place, share)
    return server


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """The server of this home for the length of the block, independent of any other block or `attach`."""
    server, share = _enter(Place(home.absolute()), None)
    try:
        yield server
    finally:
        _leave(share)


def running_now(home: Path) -> Server | None:
    """The server of this home if one answers; starts none and keeps none running."""
    place = Place(home.absolute())
    address = launch.answering(place)
    return _server(place, address) if address is not None else None


def wait_until_stopped(home: Path, seconds: float) -> bool:
    """Whether server and watcher of this home are gone, after waiting for it at most so long."""
    place = Place(home.absolute())
    limit = time.monotonic() + seconds
    while place.state.is_dir() and (locks.is_held(place.server_lock) or locks.is_held(place.watcher_lock)):
        if time.monotonic() > limit:
            return False
        time.sleep(locks.PAUSE)
    return True


def _enter(place: Place, share: int | None) -> tuple[Server, int]:
    """The share comes first: while we hold it, no watcher stops what we look at."""
    if share is None and place.users_lock.exists():
        share = locks.try_lock(place.users_lock, locks.SHARED)
        if share is not None:
            _shares.add(share)
    try:
        if share is not None and locks.is_held(place.watcher_lock) and (found := launch.answering(place)):
            return _server(place, found), share
        place.make()
        with locks.held(place.start_lock, PATIENCE, f"Another command has been starting the server; see {place.log}."):
            if share is None:
                complaint = f"The server has been stopping for minutes; see {place.log}."
                share = locks.wait_lock(place.users_lock, locks.SHARED, PATIENCE, complaint)
                _shares.add(share)
            return _server(place, _bring_up(place)), share
    except BaseException:
        _leave(share)
        raise


def _bring_up(place: Place) -> launch.Address:
    """Waits for a server that is coming up, adopts one that runs, starts one where none is left."""
    programs = binaries()
    account = account_of(place)
    _ensure_watched(place, programs)
    limit = time.monotonic() + PATIENCE
    starts = 0
    while (found := launch.answering(place)) is None:
        alone = locks.try_lock(place.server_lock, locks.ALONE)
        if alone is not None:
            try:
                if starts == TRIES:
                    raise NotReady(f"PostgreSQL does not start; the end of {place.log} says: {_last_words(place)}")
                if not place.data.exists():
                    create_cluster(place, programs, account, alone)
                check_major(place, programs)
                launch.launch(place, programs, account, alone)
                starts += 1
            finally:
                os.close(alone)
        if time.monotonic() > limit:
            raise NotReady(f"PostgreSQL is not ready after {PATIENCE:.0f} s; see {place.log}, then try again.")
        time.sleep(locks.PAUSE)
    return found


def _ensure_watched(place: Place, programs: Binaries) -> None:
    """Hands the watcher's lock to a new watcher, unless one holds it."""
    while not locks.is_held(place.watcher_lock):
        lock = locks.try_lock(place.watcher_lock, locks.ALONE)
        if lock is not None:  # else another process was just looking
            try:
                launch.start_watcher(place, programs, lock)
            finally:
                os.close(lock)


def _server(place: Place, address: launch.Address) -> Server:
    passwords = place.passwords()

    def dsn(role: str) -> str:
        sockets = quote(os.fspath(address.sockets), safe="")
        return f"postgresql://{role}:{passwords[role]}@/{DATABASE}?host={sockets}&port={address.port}"

    return Server(dsn(APP), dsn(OWNER), dsn(ROOT), address.port, address.sockets, major_of(place.data))


def _last_words(place: Place) -> str:
    return " / ".join(place.log.read_text(errors="replace").splitlines()[-4:])


def _leave(share: int | None) -> None:
    """Closing is leaving. A forked child has closed its copies already."""
    if share is not None and share in _shares:
        _shares.remove(share)
        os.close(share)


def _forget_after_fork() -> None:
    """Closes the child's copies: the parent's lock stays, and a child that lingers does not keep the server up."""
    for share in _shares:
        os.close(share)
    _shares.clear()
    _attached.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
