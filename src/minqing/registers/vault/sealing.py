"""Sealing: AES-GCM under a key per subject (a matter), which a master key outside the database wraps.

A sealed value is nonce (12 bytes), cipher text and tag; subject and name are bound to it, so that no value can be moved
to another place. Who destroys a subject's wrapped key has destroyed all that was sealed under it, in every copy made
later. Blind marks are keyed hashes: equal values are found without being read.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from minqing.base.errors import NotReady
from minqing.base.postgres import home_folder
from minqing.registers.vault.masters import Masters, masters

_NONCE = 12


@dataclass(frozen=True)
class SubjectKey:
    """The key of one subject: `plain` seals, `wrapped` under master number `master` is what is stored."""

    subject: str
    master: int
    wrapped: bytes
    plain: bytes


def new_key(subject: str) -> SubjectKey:
    """A fresh random key for a subject."""
    ring = _ring()
    plain = os.urandom(32)
    return SubjectKey(subject, ring.current, _seal(ring.key(ring.current), b"key|" + subject.encode(), plain), plain)


def unwrap(subject: str, master: int, wrapped: bytes) -> SubjectKey:
    """The key of a subject as it is stored."""
    plain = _unseal(_ring(master).key(master), b"key|" + subject.encode(), wrapped)
    return SubjectKey(subject, master, bytes(wrapped), plain)


def rewrap(key: SubjectKey) -> SubjectKey:
    """The same key under the newest master."""
    ring = _ring()
    wrapped = _seal(ring.key(ring.current), b"key|" + key.subject.encode(), key.plain)
    return SubjectKey(key.subject, ring.current, wrapped, key.plain)


def seal(key: SubjectKey, name: str, value: bytes | str) -> bytes:
    """The sealed form of a value, bound to its subject and name."""
    plain = value.encode() if isinstance(value, str) else value
    return _seal(key.plain, f"{key.subject}|{name}".encode(), plain)


def unseal(key: SubjectKey, name: str, sealed: bytes) -> bytes:
    """The value again. Raises NotReady when it was altered, moved, or sealed under another key."""
    return _unseal(key.plain, f"{key.subject}|{name}".encode(), sealed)


def _seal(key: bytes, bound: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _unseal(key: bytes, bound: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), bound)
    except (InvalidTag, ValueError):  # ValueError: not even a nonce
        raise NotReady(
            "封存的内容打不开：密钥不对，或内容被改动过（the sealed value does not open: wrong key, or altered）"
        ) from None


def blind(kind: str, value: str) -> str:
    """The mark by which an equal value of that kind is found: 32 hex digits of a keyed hash of its normal form."""
    return hmac.new(_ring().marks, f"{kind}|{normal(kind, value)}".encode(), "sha256").hexdigest()[:32]


def normal(kind: str, value: str) -> str:
    """How two spellings of one value become equal: width, blanks and dashes; a phone without +86."""
    plain = re.sub(r"[\s\-–—()（）]", "", unicodedata.normalize("NFKC", value)).upper()
    return re.sub(r"^(\+?0{0,2}86)(?=1\d{10}$)", "", plain) if kind == "phone" else plain


def word_mark(word: str) -> str:
    """A word of a masked text as the search index knows it: the index holds no plain word."""
    return _word_mark(_ring().marks, word)


@lru_cache(200_000)
def _word_mark(key: bytes, word: str) -> str:
    return hashlib.blake2b(word.encode(), key=key, digest_size=9).hexdigest()


def _ring(number: int = 0) -> Masters:
    return masters(home_folder(), number)
