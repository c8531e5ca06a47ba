"""The scope of a transaction: what row-level security lets through. Without one, a query sees no row.

The settings are local to the transaction, so that a pooled connection never carries one viewer's sight to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from minqing.registers.accounts.rules import SETTINGS, Scope

_SET = "select " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
_GET = "select " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS)


@contextmanager
def seen_by(scope: Scope) -> Iterator[None]:
    """Inside, queries see what the scope sees; afterwards what was seen before. One transaction (or a savepoint)."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        before: tuple[str, ...] = ()
        if nested:
            cursor.execute(_GET)
            before = cursor.fetchone()
        cursor.execute(_SET, scope.settings())
        yield
        if nested:  # what failed is rolled back, settings and all
            cursor.execute(_SET, before)
