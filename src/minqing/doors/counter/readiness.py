"""Whether the instance can work: its tables are those of this program, its keys are there; or what brings them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from minqing.base.errors import NotReady
from minqing.base.ledger.keys import keys_folder
from minqing.base.postgres import home_folder
from minqing.registers.vault.queries import check_masters

KEYS = ("roots.pem", "bodies.key", "secrets.key", "vault.json")


def tables_missing() -> Iterator[str]:
    """A sentence where tables are behind the program."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('django_migrations') is not null")
        if not cursor.fetchone()[0]:
            yield "还没有建库：请运行 minqing init（no tables yet: run `minqing init`）"
            return
        cursor.execute("select app, name from django_migrations")
        lacking = wanted() - {(app, name) for app, name in cursor.fetchall()}
    if lacking:
        names = "、".join(f"{app} {name}" for app, name in sorted(lacking)[:5])
        yield f"数据库表还没有升级（{names}）：请运行 minqing init（tables are behind: run `minqing init`）"


@cache
def wanted() -> frozenset[tuple[str, str]]:
    """The migrations this program was written for; a program does not change while it runs."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def keys_missing() -> Iterator[str]:
    """A sentence for each key that is gone."""
    folder = keys_folder(home_folder())
    for name in KEYS:
        if not (folder / name).is_file():
            yield f"缺少密钥 {name}：请从备份找回，新实例请运行 minqing init（a key is missing: see the backup）"


def keys_of_others() -> Iterator[str]:
    """A sentence where what was sealed does not open with the keys that are there; asks the vault."""
    try:
        check_masters()
    except NotReady as fault:
        yield str(fault)
