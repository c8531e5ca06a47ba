"""One snapshot of the database, shared with pg_dump: what is counted is what is dumped, while others go on writing.

All tables are locked against changes of their form for as long as it is held, so no migration, and no exchange of
master keys, comes between the snapshot, the dump and the copy of the keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import Connection, sql

from minqing.base.backup.manifest import Counted
from minqing.base.errors import NotReady
from minqing.base.ledger.merkle import leaf, merkle
from minqing.base.postgres.instance import MIGRATING

PATIENCE = "60s"  # for a lock on the tables

_TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
_HEADS = "select distinct on (stream, subject) stream, subject, seq, hash from ledger_line order by 1, 2, 3 desc"
_MIGRATIONS = "select app || '.' || name from django_migrations order by 1"
_SEALED = "select coalesce(max(day)::text, '') from ledger_root"


@dataclass(frozen=True)
class Snapshot:
    """A transaction that sees one moment; `name` is what pg_dump is told."""

    connection: Connection
    name: str
    major: int

    def counted(self) -> Counted:
        """Everything by which a restored database is compared with this moment."""
        return count(self.connection)


@contextmanager
def snapshot(owner: str) -> Iterator[Snapshot]:
    """Opens it as the owner of the tables, whom row security does not bind."""
    with psycopg.connect(owner, autocommit=True, connect_timeout=10) as connection:
        if not connection.execute("select pg_try_advisory_lock_shared(%s)", [MIGRATING]).fetchone()[0]:  # type: ignore[index]
            raise NotReady("正在建库或升级：请等它结束再备份（the tables are being migrated: back up afterwards）")
        tables = tables_of(connection)
        if "ledger_line" not in tables:
            raise NotReady("本实例还没有建库，没有可备份的（this instance has no tables yet: nothing to back up）")
        names = sql.SQL(", ").join(sql.Identifier("public", table) for table in tables)
        try:
            connection.execute(sql.SQL("set lock_timeout = {}").format(sql.Literal(PATIENCE)))
            connection.execute("begin isolation level repeatable read read only")
            connection.execute(sql.SQL("lock table {} in access share mode").format(names))
        except psycopg.errors.LockNotAvailable:
            raise NotReady(
                "有别的操作（升级、换钥）占着数据表：请等它结束再备份（the tables are held: back up afterwards）"
            ) from None
        (name,) = connection.execute("select pg_export_snapshot()").fetchone()  # type: ignore[misc]
        yield Snapshot(connection, name, connection.info.server_version // 10000)


def tables_of(connection: Connection) -> list[str]:
    """The tables of the instance."""
    return [name for (name,) in connection.execute(_TABLES).fetchall()]


def count(connection: Connection) -> Counted:
    """The same of any connection of the owner; the heads of a million subjects take some 100 MB."""
    with connection.transaction(), connection.cursor("heads") as heads:
        heads.itersize = 20_000
        leaves = [leaf(*row) for row in heads.execute(_HEADS)]
    tables = {
        name: _one(connection, sql.SQL("select count(*) from {}").format(sql.Identifier("public", name)))
        for name in tables_of(connection)
    }
    made = [name for (name,) in connection.execute(_MIGRATIONS).fetchall()]
    sealed = str(_one(connection, sql.SQL(_SEALED)))
    return Counted(merkle(leaves).hex(), len(leaves), int(tables["ledger_line"]), sealed, tables, made)


def _one(connection: Connection, statement: sql.SQL | sql.Composed) -> int:
    found = connection.execute(statement).fetchone()
    assert found is not None  # an aggregate has a row
    value: int = found[0]
    return value
