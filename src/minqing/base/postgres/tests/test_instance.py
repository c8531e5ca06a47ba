"""Opening an instance for Django: served or embedded, migrated once, rights as the apps name them."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from minqing.base.errors import BadInput, NotReady
from minqing.base.postgres import served, wait_until_stopped
from minqing.base.postgres.grants import grant_app_role
from minqing.base.postgres.served import Urls, check_served, served_urls

OPEN = """
from minqing.base.postgres.instance import open_instance, migrate_and_grant
urls = open_instance()
migrate_and_grant(urls)
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) - count(DISTINCT (app, name)) FROM django_migrations")
    print(cursor.fetchone()[0])
"""


def start(env: dict[str, str]) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", OPEN], env=os.environ | env, stdout=subprocess.PIPE, text=True)


def test_an_embedded_instance_opens_migrates_and_ends_with_its_only_process(home):
    nobody_serves = {"MINQING_HOME": os.fspath(home), "DATABASE_URL": "", "MINQING_OWNER_URL": ""}
    only = start(nobody_serves)
    assert only.communicate(timeout=60)[0] == "0\n"
    assert only.returncode == 0
    assert wait_until_stopped(home, 60)


def test_two_that_migrate_an_empty_database_at_once_migrate_it_once(own_database):
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("DROP SCHEMA public CASCADE")
        owner.execute("CREATE SCHEMA public")
    together = [start(own_database.env) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in together] == ["0\n", "0\n"]


def test_settings_need_no_server():
    code = "import django; django.setup(); from django.conf import settings; print(*settings.DATABASES)"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "minqing.settings", "DATABASE_URL": "", "MINQING_HOME": "/proc/none"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "default owner\n"


def test_a_connection_before_the_instance_is_open_says_what_was_forgotten():
    code = "import django; django.setup(); from django.db import connection; connection.ensure_connection()"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "minqing.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert "open_instance() has not been called" in done.stderr


@pytest.mark.parametrize(
    ("given", "missing"), [("DATABASE_URL", "MINQING_OWNER_URL"), ("MINQING_OWNER_URL", "DATABASE_URL")]
)
def test_one_address_alone_is_refused_with_the_name_of_the_other(given, missing):
    with pytest.raises(NotReady, match=f"set {missing}"):
        served_urls({given: "postgresql://somebody@somewhere/minqing"})


def test_no_address_means_the_embedded_server():
    assert served_urls({}) is None


def test_the_same_role_twice_is_refused(own_database):
    with pytest.raises(NotReady, match="row-level security"):
        check_served(Urls(own_database.owner, own_database.owner))


def test_addresses_of_two_databases_are_refused(own_database, database_server):
    with pytest.raises(NotReady, match="different databases"):
        check_served(Urls(own_database.app, database_server.owner))


def test_an_old_server_is_refused_with_what_to_do(own_database, monkeypatch):
    monkeypatch.setattr(served, "OLDEST", 99)
    with pytest.raises(NotReady, match=r"needs 99 or newer\. Upgrade it, or unset both"):
        check_served(Urls(own_database.app, own_database.owner))


def test_an_address_where_nobody_answers_is_told_without_its_password():
    nobody = "postgresql://app:secret-word@127.0.0.1:1/minqing"
    with pytest.raises(NotReady, match="DATABASE_URL cannot be reached") as told:
        check_served(Urls(nobody, nobody))
    assert "secret-word" not in str(told.value)


TABLES = """
CREATE TABLE grid (id bigint GENERATED ALWAYS AS IDENTITY, name text);
CREATE TABLE line (id int);
CREATE TABLE job (id bigserial, name text);
CREATE FUNCTION add_line() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public
  AS 'INSERT INTO line VALUES (1)';
"""


@pytest.fixture
def tables(own_database):
    """Two tables and a function of the owner; the role of the application, and a connection of each."""
    with psycopg.connect(own_database.owner) as owner, psycopg.connect(own_database.app, autocommit=True) as app:
        owner.execute(TABLES)
        owner.commit()
        yield owner, app, str(conninfo_to_dict(own_database.app)["user"])


def test_a_named_table_may_be_written_and_one_that_is_not_named_only_read_or_written_by_its_function(tables):
    owner, app, role = tables
    grant_app_role(owner, role, {"grid": "INSERT, UPDATE"})
    app.execute("INSERT INTO grid (name) VALUES ('一')")
    app.execute("SELECT add_line()")
    assert app.execute("SELECT count(*) FROM line").fetchone() == (1,)
    for refused in ("INSERT INTO line VALUES (2)", "DELETE FROM grid", "TRUNCATE grid", "DROP TABLE grid"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(refused)


def test_who_may_insert_may_draw_the_numbers_of_that_table_and_no_others(tables):
    owner, app, role = tables
    grant_app_role(owner, role, {"job": "INSERT"})
    app.execute("INSERT INTO job (name) VALUES ('一')")
    grant_app_role(owner, role, {"grid": "INSERT"})
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SELECT nextval('job_id_seq')")


def test_a_right_that_is_no_longer_named_is_taken_back(tables):
    owner, app, role = tables
    grant_app_role(owner, role, {"grid": "INSERT"})
    grant_app_role(owner, role, {})
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("INSERT INTO grid (name) VALUES ('一')")


@pytest.mark.parametrize(
    ("writes", "sentence"),
    [({"gird": "INSERT"}, "gird, which no migration made"), ({"grid": "INSERT, TRUNCATE"}, "TRUNCATE is none of")],
)
def test_a_slip_in_the_named_rights_is_refused_and_nothing_changes(tables, writes, sentence):
    owner, app, role = tables
    grant_app_role(owner, role, {"grid": "INSERT"})
    with pytest.raises(BadInput, match=sentence):
        grant_app_role(owner, role, writes)
    app.execute("INSERT INTO grid (name) VALUES ('一')")
