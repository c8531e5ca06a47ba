"""Every sending leaves a line in the access stream: that a contact was used, for what, by which way, with what outcome.

The address stands there as a keyed hash bound to the matter: the lines of two matters do not tell that one person is
behind both.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from minqing.base.ledger.streams import ACCESS, Note, append
from minqing.base.moments import in_china
from minqing.kernel.matters.bodies import name_of

TRIES = 5


def note_sending(code: str, now: datetime, told: dict[str, object], address: str) -> None:
    """Appends the line `NoticeSent` of one matter; inside the transaction that marks the message."""
    data = told | {"address": name_of(code, "notice", address)[:32] if address else ""}
    for last in range(TRIES):
        try:
            with transaction.atomic():
                append(ACCESS, code, [Note("NoticeSent", max(now, _latest(code) or now), data)])
            return
        except IntegrityError:  # somebody's reading was noted a second later, meanwhile
            if last == TRIES - 1:
                raise


def _latest(code: str) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("select happened from ledger_subject where stream = %s and code = %s", [ACCESS.number, code])
        found = cursor.fetchone()
    return in_china(found[0]) if found else None
