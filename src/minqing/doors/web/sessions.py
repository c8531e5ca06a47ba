"""Sessions in the database that open nothing by themselves: a row is named by a hash of the key that the browser holds,
and what it remembers (the post, a second factor that is just being set up) is sealed by a key outside the database.

Whoever holds a copy of the database, or reads its statements in a log, enters nobody's session with it. A row that
does not open (another's keys, a row put in its place) is no session: its owner signs in again.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.sessions.backends.db import SessionStore as Rows
from django.contrib.sessions.models import Session

from minqing.base import moments
from minqing.base.ledger.keys import secrets_key
from minqing.base.postgres import home_folder

_NONCE = 12
_FOR = b"sessions"


def row_of(key: str) -> str:
    """The name of the row of a session: a hash of the key, which is random enough to need no salt."""
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=20).hexdigest()  # the column has 40 characters


def sealed(row: str, told: dict[str, Any]) -> str:
    """What a session remembers, for that row alone."""
    nonce = os.urandom(_NONCE)
    return b64encode(nonce + _sealing().encrypt(nonce, json.dumps(told).encode(), row.encode())).decode()


def opened(row: str, data: str) -> dict[str, Any] | None:
    """What was sealed; None where it was not sealed here for that row."""
    try:
        whole = b64decode(data, validate=True)
        told: dict[str, Any] = json.loads(_sealing().decrypt(whole[:_NONCE], whole[_NONCE:], row.encode()))
    except (InvalidTag, NoBase64, ValueError):
        return None
    return told


class SessionStore(Rows):
    """Django's, under the hash, sealed. Django makes, renews and forgets the keys themselves."""

    def load(self) -> dict[str, Any]:
        """What the session remembers; a key without a living row that opens is dropped, never taken over."""
        name = row_of(self.session_key or "")
        now = moments.now() - moments.shift()  # the machine's clock, by which rows are written
        row = Session.objects.filter(session_key=name, expire_date__gt=now).first()
        told = opened(name, row.session_data) if row is not None else None
        if told is None:
            self._session_key = None
        return told or {}

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this key."""
        return super().exists(row_of(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is written."""
        name = row_of(self._get_or_create_session_key())  # type: ignore[attr-defined]  # no stub has it
        return Session(session_key=name, session_data=sealed(name, data), expire_date=self.get_expiry_date())

    def delete(self, session_key: str | None = None) -> None:
        """Ends the session of this key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(row_of(key))


def _sealing() -> AESGCM:
    return AESGCM(hashlib.blake2b(_FOR, key=secrets_key(home_folder()), digest_size=32).digest())
