"""Keys of the instance, in files below MINQING_HOME/keys that only their owner reads; never in the database.

`roots` signs the daily roots (Ed25519; the public half stands beside it), `bodies` keys the hashes that name words.
A lost key is not made anew where something was signed with it: bring it back from the copy of the folder.
"""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from minqing.base.errors import NotReady


def keys_folder(home: Path) -> Path:
    """The folder of the keys, made on first use and closed to others."""
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def signing_key(home: Path) -> Ed25519PrivateKey:
    """The key that signs roots; made once, unless there are roots already."""
    path = keys_folder(home) / "roots.pem"
    if not path.exists():
        if any((home / "roots").glob("*.json")):
            raise NotReady(f"{path} 不见了，而这里已有签过名的日根：请从备份中找回密钥，不要另建。")
        fresh = Ed25519PrivateKey.generate()
        pem = fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        if _write_once(path, pem):
            public = fresh.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            (path.parent / "roots.pub.pem").write_bytes(public)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # no PEM, one with a password, a kind unknown here
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise NotReady(f"{path} 不是 Ed25519 密钥：请从备份中找回。")
    return key


def public_key(home: Path) -> Ed25519PublicKey:
    """The public half; whoever checks needs only this file."""
    path = home / "keys" / "roots.pub.pem"
    if not path.exists():
        raise NotReady(f"没有 {path}：日根的签名无法核对。请从备份中找回这个文件。")
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise NotReady(f"{path} 不是 Ed25519 公钥：请从备份中找回。")
    return key


@cache
def body_key(home: Path) -> bytes:
    """The key of the hashes by which journal lines name words; made on first use."""
    path = keys_folder(home) / "bodies.key"
    if not path.exists():
        _write_once(path, secrets.token_bytes(32))
    return path.read_bytes()


@cache
def secrets_key(home: Path) -> bytes:
    """The key from which the secrets of matters are derived; made on first use. A lost one closes the public door to
    all who hold a secret: bring it back from the copy of the folder."""
    path = keys_folder(home) / "secrets.key"
    if not path.exists():
        _write_once(path, secrets.token_bytes(32))
    return path.read_bytes()


def _write_once(path: Path, content: bytes) -> bool:
    """Puts a private file there whole, or finds that another process was first."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(beside, path)
    except FileExistsError:
        return False
    finally:
        beside.unlink()
    return True
