"""Keys of requests (`Idempotency-Key`): written with the act itself (`journal`), forgotten when nobody repeats it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from minqing.kernel.matters.codec import moment_to_text
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by


def forget_requests(until: datetime) -> int:
    """Forgets keys given before that moment; how many. A request repeated later is taken for a new one."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select matters_forget_requests(%s::timestamptz)", [moment_to_text(until)])
        forgotten: int = cursor.fetchone()[0]
        return forgotten
