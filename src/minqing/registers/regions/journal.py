"""The one way into the register: writers take its lock, and every change is noted here.

`note` is where the line of the stream 'register' is appended once the chained journal is bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from minqing.registers.regions.events import RegisterEvent
from minqing.registers.regions.models import Revision

# Any number will do, as long as nothing else of this database takes it: 'regs' in ASCII.
_LOCK = 0x72656773


@contextmanager
def register_held() -> Iterator[None]:
    """One transaction, and the only one that writes the register until it ends: checks and writes are one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def note(*changes: RegisterEvent) -> None:
    """Puts the changes of one action on record; casts reckoned before it are not used again."""
    Revision.objects.create(what=type(changes[0]).__name__)
