"""The data folder: made whole or not at all, by one major of PostgreSQL, with three roles and one database.

minqing_root: superuser, used by nobody in daily work. minqing_owner: owns the database and its tables (migrate;
CREATEDB, so that a copy can be restored beside the original). minqing_app: the application; owns nothing, may
create nothing, not even temporary tables, and row-level security binds it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from minqing.base.errors import NotReady
from minqing.base.postgres.account import Account, Command, folder_for_data
from minqing.base.postgres.binaries import FOLDERS, Binaries
from minqing.base.postgres.place import APP, DATABASE, OWNER, ROOT, Place

INITDB = (
    "--auth=scram-sha-256",
    "--data-checksums",
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
)
BUILTIN = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # PostgreSQL 17 and newer: the same on every system


def major_of(data: Path) -> int:
    """The major version that wrote a data folder."""
    return int((data / "PG_VERSION").read_text().strip())


def check_major(place: Place, programs: Binaries) -> None:
    """Refuses a data folder that these programs cannot read; nothing is touched."""
    found = major_of(place.data)
    if found == programs.major:
        return
    way = (
        f"The programs of PostgreSQL {found} are in the package too: carry the data over with "
        "python -m minqing.base.postgres.renew"
        if found in FOLDERS
        else f"Carry it over with pg_dump and psql from a machine that has PostgreSQL {found}, "
        "or run the version of Minqing that wrote it"
    )
    raise NotReady(
        f"The data folder {place.data.resolve()} was written by PostgreSQL {found}; this Minqing runs "
        f"{programs.major}. Nothing was changed. {way} (docs/decisions/0002-embedded-postgresql.md has the steps)."
    )


def create_cluster(place: Place, programs: Binaries, account: Account, server_lock: int) -> None:
    """Makes the data folder beside its place and puts it there when it is complete.

    The lock of the server is inherited by the programs: should we be killed, the next one waits for their end.
    """
    passwords = place.passwords() if place.passwords_file.exists() else place.make_passwords()
    locale = BUILTIN if programs.major >= 17 else ()
    folder = folder_for_data(place, account)
    fresh = folder / "data.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    account.take(fresh)
    with tempfile.NamedTemporaryFile("w", prefix="minqing-", dir="/tmp") as secret:
        secret.write(passwords[ROOT])
        secret.flush()
        account.take(Path(secret.name))
        command: Command = [
            programs.program("initdb"),
            "-D",
            fresh,
            "-U",
            ROOT,
            "--pwfile",
            secret.name,
            *INITDB,
            *locale,
        ]
        _checked(account, command, server_lock)
    single: Command = [programs.program("postgres"), "--single", "-c", "exit_on_error=on", "-D", fresh]
    _checked(account, [*single, "postgres"], server_lock, sql=_roles(passwords))
    _checked(account, [*single, DATABASE], server_lock, sql=_rights())
    fresh.rename(folder / "data")
    if folder != place.state:
        place.data.symlink_to(folder / "data")


def _checked(account: Account, command: Command, server_lock: int, sql: list[str] | None = None) -> None:
    more = {"input": "\n".join(sql) + "\n"} if sql else {}
    done = account.run(command, pass_fds=(server_lock,), **more)
    if done.returncode != 0:
        said = "\n".join(line for line in done.stdout.splitlines() if "PASSWORD" not in line)
        raise NotReady(f"The data folder of PostgreSQL could not be made: {os.fspath(command[0])} said: {said}")


def _roles(passwords: dict[str, str]) -> list[str]:
    """One statement a line: the single-user mode reads lines."""
    return [
        f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{passwords[OWNER]}'",
        f"CREATE ROLE {APP} LOGIN NOBYPASSRLS PASSWORD '{passwords[APP]}'",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}",
        "REVOKE ALL ON DATABASE postgres FROM PUBLIC",
    ]


def _rights() -> list[str]:
    return [
        f"ALTER SCHEMA public OWNER TO {OWNER}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APP}",
    ]
