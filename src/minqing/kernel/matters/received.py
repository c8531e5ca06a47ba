"""Which of some matters were taken in by certain people: what a desk that receives visitors goes on following."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from minqing.registers.accounts.rules import Scope
from minqing.registers.accounts.scoping import seen_by

_TAKEN_IN = """
select m.code from matters_matter m join ledger_line l on l.stream = 1 and l.subject = m.id and l.seq = 1
where m.code = any(%(codes)s) and l.actor = any(%(people)s)"""


def taken_in_by(scope: Scope, people: Collection[int], codes: Collection[str]) -> frozenset[str]:
    """Of these matters, as far as the scope sees them, those that one of these people reported."""
    if not people or not codes:
        return frozenset()
    with seen_by(scope), connection.cursor() as cursor:
        cursor.execute(_TAKEN_IN, {"codes": list(codes), "people": list(people)})
        return frozenset(code for (code,) in cursor.fetchall())
