"""`/healthz`: this process answers. `/readyz`: it can work, or what is missing and which command brings it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from minqing.base.ledger.keys import keys_folder
from minqing.base.postgres import home_folder
from minqing.wiring.keeping import LOST
from minqing.wiring.problems import not_ready

KEYS = ("roots.pem", "bodies.key", "secrets.key", "vault.json")


def healthz(request: HttpRequest) -> JsonResponse:
    """Asks neither database nor disk."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """503 with a sentence for each thing that is missing."""
    missing = list(_missing())
    if not missing:
        return JsonResponse({"status": "ready"})
    return not_ready(missing)


def _missing() -> Iterator[str]:
    try:
        yield from _tables()
    except LOST:
        yield "数据库连不上：请查看数据库是否在运行（the database does not answer）"
    yield from _keys()


def _tables() -> Iterator[str]:
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


def _keys() -> Iterator[str]:
    folder = keys_folder(home_folder())
    for name in KEYS:
        if not (folder / name).is_file():
            yield f"缺少密钥 {name}：请从备份找回，新实例请运行 minqing init（a key is missing: see the backup）"
