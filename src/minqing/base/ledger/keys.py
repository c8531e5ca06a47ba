"""Keys of the instance, in files below MINQING_HOME/keys that only their owner reads; never in the database.

`roots` signs the daily roots (Ed25519; the public half stands beside it), `bodies` keys the hashes that name words,
`secrets` makes the secrets of residents. A lost key is not made anew where it was used: bring it back from the copy of
the folder.
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
            _write_once(path.parent / "roots.pub.pem", public, mode=0o644)
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
    """The key of the hashes by which journal lines name words; made once. Without it no word is found by its line."""
    return _made_once(keys_folder(home) / "bodies.key")


@cache
def secrets_key(home: Path) -> bytes:
    """The key from which the secrets of matters are derived; made once. A lost one closes the public door to all who
    hold a secret: bring it back from the copy of the folder."""
    return _made_once(keys_folder(home) / "secrets.key")


def _made_once(path: Path) -> bytes:
    """The bytes of a key. What stands beside it remembers that there was one: a lost one is never made anew."""
    made = path.with_suffix(".made")
    if not path.exists():
        if made.exists() and not path.exists():  # in this order: it is made before it is remembered
            raise NotReady(
                f"{path} 不见了，而这里已经用过它：请从备份中找回，不要另建"
                "（this key is lost: bring the file back from its copy）"
            )
        _write_once(path, secrets.token_bytes(32))
    if not made.exists():
        made.touch(mode=0o600)
        keep_folder(path.parent)
    return path.read_bytes()


def _write_once(path: Path, content: bytes, mode: int = 0o600) -> bool:
    """Puts a file there whole, a private one unless told otherwise, or finds that another process was first."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
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
    keep_folder(path.parent)
    return True


def keep_folder(folder: Path) -> None:
    """The names in a folder outlast a loss of power: a file that is whole is of no use under a name that is gone."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
