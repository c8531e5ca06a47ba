"""Opening an instance for Django: a door calls `open_instance` once, before it imports what uses the database.

Settings name two aliases of one database and no server: `default` (the application's role) and `owner` (migrations
only). Here they get an address, from the embedded server or from a served one.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from minqing.base.errors import BadInput
from minqing.base.postgres.grants import grant_app_role
from minqing.base.postgres.place import home_folder
from minqing.base.postgres.served import Urls, check_served, served_urls
from minqing.base.postgres.server import attach

MIGRATING = 0x6D71_0001  # our advisory lock: "mq", one
PARTS = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}


def open_instance(home: Path | None = None) -> Urls:
    """Attaches the embedded server until this process ends, or checks the served one; then Django is ready.

    Call it again after a lost connection: it brings back an embedded server that was killed.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
    urls = served_urls()
    if urls is None:
        server = attach(home or home_folder())
        urls = Urls(server.dsn_app, server.dsn_owner)
    else:
        check_served(urls)
    point_at(urls)
    django.setup()
    return urls


def point_at(urls: Urls) -> None:
    """Both aliases lead to this database from now on; open connections of this thread are closed."""
    connections.close_all()
    for alias, url in (("default", urls.app), ("owner", urls.owner)):
        settings = connections.settings[alias]
        found = conninfo_to_dict(url)
        settings.update({name: str(found.pop(part, "")) for part, name in PARTS.items()})
        settings["OPTIONS"] = found  # sslmode and the like


def migrate_and_grant(urls: Urls, verbosity: int = 0) -> None:
    """Brings the tables up to date as their owner and gives the application's role its rights.

    Two at once: the second waits, then finds nothing to do.
    """
    with psycopg.connect(urls.owner, autocommit=True) as gate:  # the lock ends with this connection
        gate.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
        connections["owner"].close()
        role = str(conninfo_to_dict(urls.app)["user"])
        with psycopg.connect(urls.owner) as connection:
            grant_app_role(connection, role, app_role_writes())


def app_role_writes() -> dict[str, str]:
    """All `app_role_writes` of the installed apps as one table."""
    gathered: dict[str, str] = {}
    for app in apps.get_app_configs():
        writes: dict[str, str] = getattr(app, "app_role_writes", {})
        if twice := gathered.keys() & writes.keys():
            raise BadInput(f"app_role_writes of {app.name} names tables of another app: {', '.join(sorted(twice))}.")
        gathered |= writes
    return gathered
