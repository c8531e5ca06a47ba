"""The words of a token: 'mq_' and 32 random bytes. Only its hash is kept; what is lost cannot be shown again. Pure."""

from __future__ import annotations

import base64
import hashlib
import secrets

PREFIX = "mq_"
_LONGEST = 100  # characters of anything that is looked at as a token


def new_token() -> str:
    """A new token; nobody guesses one of 2^256."""
    return PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def hash_of(token: str) -> bytes:
    """What is stored of a token. Whatever is sent gets a hash, so that all tokens take the same way."""
    return hashlib.sha256(token[:_LONGEST].encode("utf-8", "surrogatepass")).digest()
