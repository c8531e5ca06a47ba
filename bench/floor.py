"""The floor that the API is measured against: pgbench doing, with plain SQL, what one request made the database write.

For each request the rows it inserted or changed are found by their transaction, table by table; the script writes the
same columns into tables of the same columns and indexes (simple protocol, one transaction a request, one plain
statement a row), without row security, triggers, functions or hashing.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from minqing.base.postgres.binaries import binaries

TABLES = (
    "matters_matter", "ledger_line", "ledger_subject", "matters_duty", "matters_outbox", "matters_search",
    "matters_request", "vault_key", "vault_value", "vault_mark",
)  # fmt: skip
_ITS_OWN = frozenset({"id", "matter_id", "subject"})  # columns that hold the number of the matter


class Recorder:
    """Watches what each request writes about one matter, and turns it into statements."""

    def __init__(self, owner: psycopg.Connection, code: str) -> None:
        self._owner, self._code, self._id = owner, code, 0
        self._seen: dict[str, set[tuple[str, ...]]] = {name: set() for name in TABLES}
        self.rows: dict[str, int] = {}

    def request(self) -> list[str]:
        """The statements of the request that wrote the matter last."""
        found = self._owner.execute(
            "select id, xmin::text from matters_matter where code = %s", [self._code]
        ).fetchone()
        assert found is not None
        self._id, transaction = found
        return [one for table in TABLES for one in self._written(table, transaction)]

    def _written(self, table: str, transaction: str) -> list[str]:
        columns = self._columns(table)
        keys = self._keys(table)
        listed = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in columns)
        rows = self._owner.execute(
            sql.SQL("select {} from {} where xmin::text = %s").format(listed, sql.Identifier(table)), [transaction]
        ).fetchall()
        statements = []
        for row in rows:
            told = dict(zip(columns, row, strict=True))
            key = tuple(told[name] for name in keys)
            new = key not in self._seen[table]
            self._seen[table].add(key)
            self.rows[table] = self.rows.get(table, 0) + 1
            statements.append(self._insert(table, told) if new else self._update(table, told, keys))
        return statements

    def _columns(self, table: str) -> list[str]:
        rows = self._owner.execute(
            "select column_name from information_schema.columns where table_name = %s order by ordinal_position",
            [table],
        )
        return [name for (name,) in rows]

    def _keys(self, table: str) -> list[str]:
        rows = self._owner.execute(
            "select a.attname from pg_index i"
            " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)"
            " where i.indrelid = %s::regclass and i.indisprimary",
            [table],
        )
        return [name for (name,) in rows]

    def _insert(self, table: str, told: dict[str, str | None]) -> str:
        told = {name: value for name, value in told.items() if not self._made_by_itself(table, name)}
        values = ", ".join(self._literal(name, value) for name, value in told.items())
        return f"insert into floor_{table} ({', '.join(told)}) values ({values});"

    def _update(self, table: str, told: dict[str, str | None], keys: Sequence[str]) -> str:
        changed = ", ".join(f"{n} = {self._literal(n, v)}" for n, v in told.items() if n not in keys)
        if table == "matters_duty":
            where = f"matter_id = :zz_m and number = {told['number']}"
        else:
            where = " and ".join(f"{name} = {self._literal(name, told[name])}" for name in keys)
        return f"update floor_{table} set {changed} where {where};"

    @staticmethod
    def _made_by_itself(table: str, name: str) -> bool:
        return name == "id" and table != "matters_matter"

    def _literal(self, name: str, value: str | None) -> str:
        if value is None:
            return "null"
        if name in _ITS_OWN and value == str(self._id):
            return ":zz_m"
        quoted = value.replace("'", "''").replace(self._code, "F-:zz_m")
        return f"'{quoted}'"


def make_tables(owner: psycopg.Connection) -> None:
    """Plain tables with the same columns and indexes; made anew."""
    for table in TABLES:
        owner.execute(f"drop table if exists floor_{table}")
        owner.execute(f"create table floor_{table} (like {table} including all)")
        for column in ("id", "subject"):
            owner.execute(
                "do $$ begin if exists (select from information_schema.columns where table_name = "
                f"'floor_{table}' and column_name = '{column}' and identity_generation = 'ALWAYS') then "
                f"alter table floor_{table} alter column {column} set generated by default; end if; end $$"
            )


def script(requests: Sequence[Sequence[str]], reads: Sequence[str] = ()) -> str:
    """A pgbench script: each request a transaction, then the reads."""
    lines = ["\\set zz_m random(1, 1000000000000000)"]
    for statements in requests:
        lines += ["begin;", *statements, "commit;"]
    return "\n".join([*lines, *reads]) + "\n"


def run(url: str, text: str, clients: int, seconds: int) -> tuple[float, int]:
    """Transactions of the script a second, and how many there were."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "floor.sql"
        path.write_text(text, "utf-8")
        done = subprocess.run(
            [
                str(binaries().program("pgbench")), "--no-vacuum", "--protocol=simple", f"--client={clients}",
                "--jobs=2", f"--time={seconds}", f"--file={path}", url,
            ],
            check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    count = re.search(r"actually processed: (\d+)", done.stdout)
    assert rate and count, done.stdout
    return float(rate[1]), int(count[1])
