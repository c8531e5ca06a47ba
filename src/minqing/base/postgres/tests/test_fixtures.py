from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections, transaction

ASK = """
from minqing.base.postgres.instance import open_instance
open_instance()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user || ' ' || current_database()")
    print(cursor.fetchone()[0])
"""


def ask(statement: str, alias: str = "default") -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.mark.django_db
def test_the_application_connects_as_a_role_that_owns_nothing():
    assert ask("SELECT NOT rolsuper AND NOT rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert ask("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == 0


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["CREATE TABLE mine (id int)", "CREATE TEMPORARY TABLE mine (id int)"])
def test_the_application_role_cannot_create_tables(statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ask(statement)


@pytest.mark.django_db
def test_the_application_role_reads_tables_and_changes_none_by_itself():
    assert isinstance(ask("SELECT count(*) FROM django_migrations"), int)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ask("DELETE FROM django_migrations")


@pytest.mark.django_db(databases=["default", "owner"])
def test_both_aliases_lead_to_one_database_under_two_roles():
    here = "SELECT current_database()"
    assert ask(here) == ask(here, "owner")
    assert ask("SELECT current_user") != ask("SELECT current_user", "owner")


def test_an_own_database_is_reached_by_a_process_that_is_given_its_environment(own_database):
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=os.environ | own_database.env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ask("SELECT current_user || ' ' || current_database()")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_is_committed_to_an_own_database_is_gone_in_the_next(own_database, turn):
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("CREATE TABLE committed (id int)")
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT * FROM committed")
