"""The ring of masters: one file, its owner's alone, never made anew, never stale when it matters."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from minqing.base.errors import NotReady
from minqing.registers.vault import masters as keeping
from minqing.registers.vault.masters import add_master, drop_masters, forget, masters


def test_the_ring_is_made_once_and_only_its_owner_reads_it(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: masters(home), range(16)))
    assert len({ring.marks for ring in rings}) == 1
    assert (home / "keys" / "vault.json").stat().st_mode & 0o777 == 0o600
    assert not list((home / "keys").glob("vault.json.*"))


def test_a_ring_that_was_known_is_not_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = masters(home)
    monkeypatch.setattr(keeping, "FRESH", 3600.0)
    forget(home)
    assert masters(home) == known
    (home / "keys" / "vault.json").unlink()
    assert masters(home) == known


def test_a_master_that_another_process_added_is_seen_as_soon_as_it_is_met(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "FRESH", 3600.0)
    masters(home)
    code = "import sys, pathlib, minqing.registers.vault.masters as m; m.add_master(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(home)], check=True)
    assert masters(home).current == 1
    assert masters(home, 2).current == 2


def test_a_new_master_becomes_the_current_one_and_the_old_one_stays_until_it_is_dropped(home: Path) -> None:
    first = masters(home)
    assert add_master(home) == 2
    assert masters(home).current == 2 and masters(home).key(1) == first.key(1)
    drop_masters(home, frozenset({1, 2}))
    assert set(masters(home).keys) == {2}
    assert masters(home).marks == first.marks
    with pytest.raises(NotReady, match="1"):
        masters(home).key(1)


def test_a_lost_ring_is_not_made_anew(home: Path) -> None:
    masters(home)
    (home / "keys" / "vault.json").unlink()
    forget(home)
    with pytest.raises(NotReady, match="备份"):
        masters(home)


def test_a_ring_that_others_can_read_is_refused(home: Path) -> None:
    masters(home)
    (home / "keys" / "vault.json").chmod(0o640)
    forget(home)
    with pytest.raises(NotReady, match="chmod 600"):
        masters(home)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "[]",
        '{"current": 1}',
        json.dumps({"current": 2, "masters": {"1": "00" * 32}, "marks": "00" * 32}),
        json.dumps({"current": 1, "masters": {"1": "00" * 16}, "marks": "00" * 32}),
        json.dumps({"current": 1, "masters": {"1": "00" * 32}, "marks": ""}),
    ],
)
def test_a_ring_that_cannot_be_read_is_told_in_a_sentence(home: Path, told: str) -> None:
    masters(home)
    (home / "keys" / "vault.json").write_text(told)
    forget(home)
    with pytest.raises(NotReady, match="备份"):
        masters(home)


def test_the_folder_is_on_disk_with_every_ring_that_was_put_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    plain = os.fsync

    def noting(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            kept.append(json.loads((home / "keys" / "vault.json").read_text())["current"])
        plain(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    masters(home)
    add_master(home)
    assert kept == [1, 2]
