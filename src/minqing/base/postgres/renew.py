"""Carries an instance over to the major version of PostgreSQL that this Minqing runs, by dump and load.

`python -m minqing.base.postgres.renew`, while nothing else runs. The old data folder stays beside the new one as
`postgres/data-<major>` until you delete it. Needs free disk of about twice the data; what fails leaves all as it was.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from minqing.base.errors import MinqingError, NotReady
from minqing.base.postgres import launch, locks
from minqing.base.postgres.account import Account, Command, account_of
from minqing.base.postgres.binaries import FOLDERS, MAJOR, Binaries, binaries
from minqing.base.postgres.cluster import create_cluster, major_of
from minqing.base.postgres.place import DATABASE, ROOT, Place, home_folder

IN_USE = "The database is in use: end every other command of this instance, then try again."
PATIENCE = 300.0  # seconds for a server to come up


def renew(home: Path) -> Path:
    """Does it; returns where the old data folder stands now."""
    place = Place(home.absolute())
    if not place.data.exists():
        raise NotReady(f"{place.home} holds no data of PostgreSQL: nothing to carry over.")
    found = major_of(place.data)
    if found == MAJOR or found not in FOLDERS:
        raise NotReady(
            f"The data is of PostgreSQL {found}: this carries over from the other of {sorted(FOLDERS)} only."
        )
    with locks.held(place.start_lock, 1, IN_USE), locks.held(place.users_lock, 1, IN_USE):
        return _carry(place, binaries(found), binaries(), account_of(place))


def _carry(place: Place, old: Binaries, new: Binaries, account: Account) -> Path:
    dump = place.state / "carry.dump"
    try:
        _dump(place, old, new, account, dump)
        aside = place.data.rename(place.state / f"data-{old.major}")
        try:
            _load(place, new, account, dump)
        except BaseException:
            _discard(place.data)
            aside.rename(place.data)
            raise
    finally:
        dump.unlink(missing_ok=True)
    return aside


def _dump(place: Place, old: Binaries, new: Binaries, account: Account, dump: Path) -> None:
    with open(dump, "wb", opener=_private) as file, _served(place, old, account) as where:
        _checked(place, account, [new.program("pg_dump"), "--format=custom", *where], stdout=file)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _load(place: Place, new: Binaries, account: Account, dump: Path) -> None:
    lock = locks.wait_lock(place.server_lock, locks.ALONE, 1, IN_USE)
    try:
        create_cluster(place, new, account, lock)
    finally:
        os.close(lock)
    with open(dump, "rb") as file, _served(place, new, account) as where:
        load: Command = [new.program("pg_restore"), "--single-transaction", "--exit-on-error", *where]
        _checked(place, account, load, stdin=file)


@contextmanager
def _served(place: Place, programs: Binaries, account: Account) -> Iterator[Command]:
    """A server for the block alone; gives the options by which PostgreSQL's programs reach its database."""
    lock = locks.wait_lock(place.server_lock, locks.ALONE, 1, IN_USE)
    try:
        launch.launch(place, programs, account, lock)
    finally:
        os.close(lock)
    limit = time.monotonic() + PATIENCE
    try:
        while (address := launch.answering(place)) is None:
            if not locks.is_held(place.server_lock) or time.monotonic() > limit:
                raise NotReady(f"PostgreSQL {programs.major} does not start; see {place.log}.")
            time.sleep(locks.PAUSE)
        yield [f"--host={address.sockets}", f"--port={address.port}", f"--username={ROOT}", f"--dbname={DATABASE}"]
    finally:
        if locks.is_held(place.server_lock):
            data = place.data.resolve()
            account.run([programs.program("pg_ctl"), "stop", "--wait", "--mode=fast", "-D", data])
        os.close(
            locks.wait_lock(place.server_lock, locks.ALONE, PATIENCE, f"The server does not stop; see {place.log}.")
        )


def _checked(place: Place, account: Account, command: Command, **files: Any) -> None:
    with open(place.log, "ab") as log:
        done = account.run(command, env={"PGPASSWORD": place.passwords()[ROOT]}, stderr=log, **files)
    if done.returncode != 0:
        raise NotReady(f"{command[0]} failed and nothing was changed; the end of {place.log} says why.")


def _discard(data: Path) -> None:
    """A data folder that did not come to life."""
    if data.is_symlink():
        shutil.rmtree(data.resolve().parent)
        data.unlink()
    elif data.exists():
        shutil.rmtree(data)


def main() -> None:
    """The door for the message of `check_major`."""
    try:
        aside = renew(home_folder())
    except MinqingError as fault:
        sys.exit(str(fault))
    sys.stdout.write(f"Carried over to PostgreSQL {MAJOR}. Delete {aside} when you are content.\n")


if __name__ == "__main__":
    main()
