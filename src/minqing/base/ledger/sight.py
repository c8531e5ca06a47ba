"""The ledger checked, sealed and exported is the whole ledger: row security lets nobody else see all of it.

A root over the lines that somebody happens to see would be a false root; so these reads set their sight themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_NAMES = ("minqing.house", "minqing.barred")  # as the policies read them; see registers.accounts.scoping
_GET = "select " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in _NAMES)
_SET = "select " + ", ".join(f"set_config('{name}', %s, true)" for name in _NAMES)


@contextmanager
def whole_ledger() -> Iterator[None]:
    """Inside, every line is seen; afterwards what was seen before. One transaction (or a savepoint)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_GET)
        before = cursor.fetchone()
        cursor.execute(_SET, ("on", "{}"))
        yield
        cursor.execute(_SET, before)
