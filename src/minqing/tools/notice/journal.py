"""Every sending leaves a line in the access stream: that a contact was used, for what, by which way, with what outcome.

The address stands there as a keyed hash bound to the matter: the lines of two matters do not tell that one person is
behind both.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from minqing.base.ledger.streams import ACCESS, Note, append
from minqing.base.moments import in_china
from minqing.kernel.matters.bodies import name_of

#: The advisory lock of `kernel.matters.revealing`: lines of one matter's access are written one after the other.
READING = 0x6D71_0003


def note_sending(code: str, now: datetime, told: dict[str, object], address: str) -> None:
    """Appends the line `NoticeSent` of one matter; inside the transaction that marks the message."""
    data = told | {"address": name_of(code, "notice", address)[:32] if address else ""}
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [READING, code])
        cursor.execute("select happened from ledger_subject where stream = %s and code = %s", [ACCESS.number, code])
        found = cursor.fetchone()
    when = max(now, in_china(found[0])) if found is not None else now
    append(ACCESS, code, [Note("NoticeSent", when, data)])
