"""The keys by which wrong tries at the public door are counted: keyed hashes, so that no address is kept."""

from __future__ import annotations

import hmac

from django.db import connection

from minqing.base import moments
from minqing.base.ledger.keys import secrets_key
from minqing.base.postgres import home_folder

CODE, ADDRESS, DIGITS = "code", "address", "digits"
#: How many wrong tries are taken within the window before the door stays closed, and the window in minutes.
#: A code is tried by neighbours of one network at most; four digits of a phone can be gone through, so they are dear.
MOST = {CODE: 10, ADDRESS: 30, DIGITS: 5}
WINDOW = {CODE: 15, ADDRESS: 15, DIGITS: 24 * 60}


def knock(code: str, tried: dict[str, str], window: int, fits: bool) -> bool:
    """Whether the door opens. The same statements run whatever is wrong, and what is wrong counts for all of `tried`
    (kind -> what it was)."""
    now = moments.now()
    subjects = [_subject(kind, what) for kind, what in tried.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "select matters_knock(%s, %s::bytea[], %s::integer[], %s::timestamptz - make_interval(mins => %s),"
            " %s::timestamptz, %s)",
            [code, subjects, [MOST[kind] for kind in tried], now, window, now, fits],
        )
        opened: bool = cursor.fetchone()[0]
    return opened


def _subject(kind: str, what: str) -> bytes:
    return hmac.new(secrets_key(home_folder()), f"try|{kind}|{what}".encode("utf-8", "replace"), "sha256").digest()
