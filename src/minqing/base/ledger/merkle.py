"""A Merkle tree over heads (the form of RFC 6962): one hash for a day, and a short path that proves a leaf. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf(stream: int, subject: int, seq: int, head: bytes) -> bytes:
    """The leaf of one subject's last line of a day."""
    return hashlib.sha256(b"\0" + f"{stream}|{subject}|{seq}|{head.hex()}".encode()).digest()


def merkle(leaves: Sequence[bytes]) -> bytes:
    """The hash over all leaves in their order; that of nothing is the hash of no bytes."""
    if not leaves:
        return hashlib.sha256().digest()
    row = list(leaves)
    while len(row) > 1:
        paired = [hashlib.sha256(b"\1" + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)]
        row = [*paired, row[-1]] if len(row) % 2 else paired
    return row[0]
