"""What the application's role may do, table by table.

Everything may be read (row-level security filters) and every function called; nothing else, unless the app that
keeps the table says so in its AppConfig: `app_role_writes = {"regions_unit": "INSERT, UPDATE, DELETE"}`. Tables
that only a function of the database writes (journal, matters, duties) are not named. Who may insert into a table may
draw its numbers. Rights dropped there are taken back by the next `migrate_and_grant`. Names are of schema public,
words of INSERT, UPDATE, DELETE.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import Connection, sql

from minqing.base.errors import BadInput

WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})

READING = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role};
"""

# Numbers of a column made as `serial` come from a sequence of their own; those of an identity column need no right.
SERIALS = """
SELECT s.relname FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = %s::regclass AND d.deptype = 'a'
"""


def grant_app_role(connection: Connection, role: str, writes: Mapping[str, str]) -> None:
    """Gives the role exactly this, as the owner of the tables, in one transaction."""
    with connection.transaction():
        names = {"role": sql.Identifier(role), "database": sql.Identifier(connection.info.dbname)}
        connection.execute(sql.SQL(READING).format(**names))
        present = {
            name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        }
        for table, words in writes.items():
            if table not in present:
                raise BadInput(f"app_role_writes names the table {table}, which no migration made.")
            _grant(connection, role, table, words)


def _grant(connection: Connection, role: str, table: str, words: str) -> None:
    asked = [word.strip() for word in words.split(",")]
    if unknown := set(asked) - WRITES:
        raise BadInput(f"app_role_writes of {table}: {', '.join(sorted(unknown))} is none of INSERT, UPDATE, DELETE.")
    connection.execute(
        sql.SQL("GRANT {} ON public.{} TO {}").format(
            sql.SQL(", ").join(map(sql.SQL, asked)), sql.Identifier(table), sql.Identifier(role)
        )
    )
    if "INSERT" in asked:
        for (name,) in connection.execute(SERIALS, [f"public.{table}"]).fetchall():
            connection.execute(
                sql.SQL("GRANT USAGE ON SEQUENCE public.{} TO {}").format(sql.Identifier(name), sql.Identifier(role))
            )
