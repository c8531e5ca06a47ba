"""A served PostgreSQL instead of the embedded one: DATABASE_URL (the application's role) and MINQING_OWNER_URL.

Both name the same database; the owner owns it, the application's role owns nothing and is bound by row-level security.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import psycopg

from minqing.base.errors import NotReady

OLDEST = 15
APP_URL, OWNER_URL = "DATABASE_URL", "MINQING_OWNER_URL"


@dataclass(frozen=True)
class Urls:
    """How to reach one database under its two roles."""

    app: str
    owner: str


def served_urls(environ: Mapping[str, str] = os.environ) -> Urls | None:
    """The addresses of the environment, None where the embedded server is wanted."""
    app, owner = environ.get(APP_URL, ""), environ.get(OWNER_URL, "")
    if not app and not owner:
        return None
    if not app or not owner:
        missing, role = (APP_URL, "the application's role") if owner else (OWNER_URL, "the role that owns the tables")
        raise NotReady(
            f"A served PostgreSQL needs both {APP_URL} and {OWNER_URL}: set {missing} ({role}, same database), "
            "or unset both to use the embedded PostgreSQL."
        )
    return Urls(app, owner)


def check_served(urls: Urls) -> None:
    """Connects once under each role and says what does not fit."""
    app, owner = _look(APP_URL, urls.app), _look(OWNER_URL, urls.owner)
    if app[:2] != owner[:2]:
        raise NotReady(f"{APP_URL} and {OWNER_URL} lead to different databases: they must name the same one.")
    if app.role == owner.role or app.unbound:
        raise NotReady(
            f"The role {app.role} of {APP_URL} would not be bound by row-level security: use a login role that is "
            "not the owner, no superuser and has no BYPASSRLS."
        )


class _Seen(NamedTuple):
    """What one connection tells: which database of which server, as whom."""

    database: str
    started: str
    encoding: str
    role: str
    unbound: bool
    """Row-level security does not bind the role."""


LOOK = """
SELECT current_database(), pg_postmaster_start_time()::text, current_setting('server_encoding'), rolname,
       rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user
"""


def _look(variable: str, url: str) -> _Seen:
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.Error as fault:  # its text names host and role, never the password
        raise NotReady(f"The database of {variable} cannot be reached: {str(fault).strip()}") from None
    with connection:
        major = connection.info.server_version // 10000
        if major < OLDEST:
            raise NotReady(
                f"The server of {variable} is PostgreSQL {major}; Minqing needs {OLDEST} or newer. "
                "Upgrade it, or unset both variables to use the embedded one."
            )
        seen = _Seen._make(connection.execute(LOOK).fetchone() or ())
    if seen.encoding != "UTF8":
        raise NotReady(f"The database of {variable} is in {seen.encoding}: make one with ENCODING 'UTF8'.")
    return seen
