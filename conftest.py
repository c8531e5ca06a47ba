"""Databases of the tests: one server a run, one migrated template, a copy of it for whoever asks.

The server is an embedded one in a folder of its own, or the one of DATABASE_URL and MINQING_OWNER_URL (the owner
needs CREATEDB; the database named there is only connected to). `django_db` tests run as the application's role in a
transaction that is rolled back, on one copy per process (-n 2 works). Tests that commit or start processes ask
for `own_database`. `transaction=True` is not offered: the application's role may not truncate.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections
from hypothesis import settings as examples
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from pytest_django import DjangoDbBlocker

from minqing.base.postgres import running, wait_until_stopped
from minqing.base.postgres.instance import migrate_and_grant, point_at
from minqing.base.postgres.served import APP_URL, OWNER_URL, Urls, check_served, served_urls
from minqing.wiring.ports import bind_ports

HOME = "MINQING_TEST_HOME"  # set by the first process of a run for its workers
TEMPLATING = 0x6D71_0002  # advisory lock: one process makes the template

examples.register_profile("minqing", deadline=None)  # how long an example takes says something of the machine alone
examples.load_profile("minqing")


@dataclass(frozen=True)
class OwnDatabase:
    """A database of one test. `env` added to the environment of a process makes it use this database."""

    app: str
    owner: str
    env: dict[str, str]


def pytest_configure(config: pytest.Config) -> None:
    bind_ports()
    if not hasattr(config, "workerinput"):
        home = tempfile.mkdtemp(prefix="minqing-tests-")
        os.chmod(home, 0o711)  # root's server runs as another user and is to find its data here
        os.environ[HOME] = home
        os.environ.setdefault("MINQING_PG_FSYNC", "off")  # what a killed process wrote survives without; quicker


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or HOME not in os.environ:
        return
    home = Path(os.environ.pop(HOME))
    if served := served_urls():
        with psycopg.connect(served.owner, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(_template_name(home))))
    elif not wait_until_stopped(home / "home", 60):
        raise RuntimeError(f"the database server of this test run still runs, in {home}")
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def database_server() -> Iterator[Urls]:
    """Where databases can be made; also a server of the given addresses has to fit (version, roles)."""
    if served := served_urls():
        check_served(served)
        yield served
        return
    with running(Path(os.environ[HOME]) / "home") as server:
        yield Urls(server.dsn_app, server.dsn_owner)


@pytest.fixture(scope="session")
def template_database(database_server: Urls, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with all tables and rights: made by the first process that comes here."""
    name = _template_name(Path(os.environ[HOME]))
    with psycopg.connect(database_server.owner, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATING])
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        with _fresh_database(admin, database_server, "template1") as urls, _aliases(urls):
            with django_db_blocker.unblock():
                migrate_and_grant(urls)
            connections.close_all()
            made = sql.Identifier(urlsplit(urls.app).path[1:])
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(made, sql.Identifier(name)))
    return name


@pytest.fixture(scope="session")
def django_db_setup(database_server: Urls, template_database: str) -> Iterator[None]:
    """Replaces that of pytest-django: this process gets one copy, and both aliases lead to it."""
    with _copy_of(template_database, database_server) as urls, _aliases(urls):
        yield


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest, database_server: Urls, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[OwnDatabase]:
    """A fresh copy for one test that commits or starts processes; both aliases lead to it meanwhile."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        raise pytest.UsageError("own_database stands alone: drop the django_db mark (and the db fixture) of this test")
    with _copy_of(template_database, database_server) as urls, _aliases(urls), django_db_blocker.unblock():
        yield OwnDatabase(urls.app, urls.owner, {APP_URL: urls.app, OWNER_URL: urls.owner})


@pytest.fixture(scope="module")
def module_database(
    database_server: Urls, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[OwnDatabase]:
    """The same for all tests of one module, which only look: what is laid there takes long."""
    with _copy_of(template_database, database_server) as urls, _aliases(urls), django_db_blocker.unblock():
        yield OwnDatabase(urls.app, urls.owner, {APP_URL: urls.app, OWNER_URL: urls.owner})


@contextmanager
def _copy_of(template: str, server: Urls) -> Iterator[Urls]:
    with psycopg.connect(server.owner, autocommit=True) as admin, _fresh_database(admin, server, template) as urls:
        yield urls


def _template_name(home: Path) -> str:
    return home.name.replace("-", "_").lower()


@contextmanager
def _fresh_database(admin: psycopg.Connection, server: Urls, template: str) -> Iterator[Urls]:
    """A copy of the template, dropped afterwards; a process that is still connected then fails the test."""
    name = f"test_{secrets.token_hex(6)}"
    names = {
        "new": sql.Identifier(name),
        "template": sql.Identifier(template),
        "app": sql.Identifier(str(conninfo_to_dict(server.app)["user"])),
    }
    admin.execute(sql.SQL("CREATE DATABASE {new} TEMPLATE {template}").format(**names))
    try:
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {new} FROM PUBLIC").format(**names))
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {new} TO {app}").format(**names))
        yield Urls(_in_database(server.app, name), _in_database(server.owner, name))
    finally:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {new}").format(**names))


def _in_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def _aliases(urls: Urls) -> Iterator[None]:
    """Django's two aliases lead to this database inside the block, and where they led before after it."""
    former = {alias: dict(connections.settings[alias]) for alias in connections}
    point_at(urls)
    try:
        yield
    finally:
        connections.close_all()
        for alias, settings in former.items():
            connections.settings[alias].update(settings)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: what is not run is not shown."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("skipped tests fail the run where CI is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
