"""The keys by which wrong tries at the public door are counted: keyed hashes, so that no address is kept."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.db import connection

from minqing.base import moments
from minqing.base.ledger.keys import secrets_key
from minqing.base.postgres import home_folder

CODE, ADDRESS, DIGITS = "code", "address", "digits"
#: How many wrong tries are counted within the window, and the window in minutes. Four digits of a phone can be gone
#: through, so they lock what they open; a secret cannot, and whoever holds it is never locked out by others' tries.
MOST = {CODE: 10, ADDRESS: 30, DIGITS: 5}
WINDOW = {CODE: 15, ADDRESS: 15, DIGITS: 24 * 60}


def knock(code: str, tried: dict[str, str], fits: bool) -> bool:
    """Whether the door opens. The same statements run whatever is wrong, and what is wrong counts for all of `tried`
    (kind -> what it was; of one window)."""
    subjects, most, now, window = _asked(tried)
    with connection.cursor() as cursor:
        cursor.execute(
            "select matters_knock(%s, %s::bytea[], %s::integer[], %s::timestamptz - make_interval(mins => %s),"
            " %s::timestamptz, %s, %s)",
            [code, subjects, most, now, window, now, fits, DIGITS in tried],
        )
        opened: bool = cursor.fetchone()[0]
    return opened


def is_shut(tried: dict[str, str]) -> bool:
    """Whether there were too many wrong tries already; counts nothing."""
    subjects, most, now, window = _asked(tried)
    with connection.cursor() as cursor:
        cursor.execute(
            "select matters_shut(%s::bytea[], %s::integer[], %s::timestamptz - make_interval(mins => %s))",
            [subjects, most, now, window],
        )
        shut: bool = cursor.fetchone()[0]
    return shut


def _asked(tried: dict[str, str]) -> tuple[list[bytes], list[int], datetime, int]:
    subjects = [_subject(kind, what) for kind, what in tried.items()]
    return subjects, [MOST[kind] for kind in tried], moments.now(), min(WINDOW[kind] for kind in tried)


def _subject(kind: str, what: str) -> bytes:
    return hmac.new(secrets_key(home_folder()), f"try|{kind}|{what}".encode("utf-8", "replace"), "sha256").digest()
