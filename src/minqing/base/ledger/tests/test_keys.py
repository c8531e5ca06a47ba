"""The keys of an instance: made once, its owner's alone, never made anew once lost, whole under their names."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from minqing.base.errors import NotReady
from minqing.base.ledger.keys import body_key, secrets_key, signing_key

KEYS = pytest.mark.parametrize(("name", "key"), [("bodies", body_key), ("secrets", secrets_key)])


@KEYS
def test_a_key_is_made_once_and_its_owners_alone(tmp_path: Path, name: str, key) -> None:
    made = key(tmp_path)
    key.cache_clear()
    assert key(tmp_path) == made and len(made) == 32
    assert (tmp_path / "keys" / f"{name}.key").stat().st_mode & 0o777 == 0o600


@KEYS
def test_a_lost_key_is_not_made_anew(tmp_path: Path, name: str, key) -> None:
    key(tmp_path)
    (tmp_path / "keys" / f"{name}.key").unlink()
    key.cache_clear()
    with pytest.raises(NotReady, match="备份"):
        key(tmp_path)
    assert not (tmp_path / "keys" / f"{name}.key").exists()


@KEYS
def test_a_key_from_before_is_remembered_when_it_is_first_read(tmp_path: Path, name: str, key) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / f"{name}.key").write_bytes(bytes(32))
    assert key(tmp_path) == bytes(32)
    assert (tmp_path / "keys" / f"{name}.made").exists()


@pytest.mark.parametrize(
    ("name", "key"), [("bodies.key", body_key), ("secrets.key", secrets_key), ("roots.pem", signing_key)]
)
def test_the_folder_is_on_disk_with_the_name_of_the_key(tmp_path: Path, monkeypatch, name: str, key) -> None:
    kept: list[bool] = []
    plain = os.fsync

    def noting(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            kept.append((tmp_path / "keys" / name).exists())
        plain(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    key(tmp_path)
    assert kept and kept[0]
