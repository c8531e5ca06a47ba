"""What certain people took in, by the journal: what a desk that receives visitors goes on following.

Asked within a scope (`seen_by`): row security keeps the lines of all else out of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

#: By when a line was recorded, which is what the index of lines serves: a window's days, not the county's years.
_RECEIVED = """
select l.subject from ledger_line l
where l.stream = 1 and l.seq = 1 and l.recorded >= %(since)s and l.actor = any(%(people)s)"""


def received_by(people: Collection[int], since: datetime) -> list[int]:
    """Numbers of the matters that one of these people reported since then."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVED, {"since": since, "people": list(people)})
        return [subject for (subject,) in cursor.fetchall()]
