"""Masters are exchanged while others write; nothing becomes unreadable, and the old ones are really gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from minqing.base.errors import Conflict, NotReady
from minqing.registers.vault import rotation
from minqing.registers.vault.masters import masters
from minqing.registers.vault.queries import check_masters, open_value
from minqing.registers.vault.rotation import keys_to_rotate, rotate
from minqing.registers.vault.sealing import SubjectKey, new_key, seal

Put = Callable[[str, dict[str, str]], SubjectKey]
House = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 7)
    monkeypatch.setattr(rotation, "FRESH", 0.0)


@pytest.mark.usefixtures("own_database")
class TestRotation:
    def test_every_key_goes_over_and_the_old_master_is_destroyed(self, home: Path, sealed: Put, house: House) -> None:
        for number in range(20):
            sealed(f"MQ{number}", {"text": f"第 {number} 件"})
        seen: list[int] = []
        assert keys_to_rotate(house) == 20
        done = rotate(house, seen.append)
        assert (done.master, done.keys, done.dropped, seen) == (2, 20, (1,), [7, 7, 6])
        assert set(masters(home).keys) == {2}
        with house():
            assert check_masters() == {2: 20}
            assert open_value("MQ7", "text") == "第 7 件".encode()

    def test_it_goes_on_where_it_was_broken_off(
        self, home: Path, sealed: Put, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(20):
            sealed(f"MQ{number}", {"text": "词"})

        class Killed(Exception):
            pass

        def killed(_: int) -> None:
            raise Killed

        with pytest.raises(Killed):
            rotate(house, killed)
        with house():
            assert check_masters() == {1: 13, 2: 7}
            assert open_value("MQ7", "text") == open_value("MQ0", "text") == "词".encode()
        assert rotate(house).keys == 13
        assert set(masters(home).keys) == {2}

    def test_who_writes_meanwhile_loses_nothing(self, home: Path, sealed: Put, house: House) -> None:
        for number in range(40):
            sealed(f"MQ{number:03}", {"text": "词"})
        stop, written, refused = threading.Event(), [], []

        def write() -> None:
            try:
                with psycopg.connect(**owner()) as other:
                    while not stop.is_set():
                        key = new_key(f"MR{len(written) + len(refused)}")
                        try:
                            with other.transaction():
                                other.execute(
                                    "insert into vault_key values (%s, %s, %s)", [key.subject, key.master, key.wrapped]
                                )
                                other.execute(
                                    "insert into vault_value values (%s, 'text', 'text', %s, 'p', 'g', '2030-01-01')",
                                    [key.subject, seal(key, "text", "后来的词")],
                                )
                            written.append(key.subject)
                        except psycopg.errors.CheckViolation:
                            refused.append(key.subject)
            finally:
                stop.set()

        thread = threading.Thread(target=write)
        thread.start()
        try:
            for _ in range(3):
                rotate(house)
        finally:
            stop.set()
            thread.join()
        assert len(written) > 3
        with house():
            assert set(check_masters()) == {masters(home).current} == {4}
            assert all(open_value(subject, "text") == "后来的词".encode() for subject in written)
            assert open_value("MQ007", "text") == "词".encode()

    def test_a_process_that_slept_through_it_is_refused_instead_of_losing_its_words(
        self, sealed: Put, house: House
    ) -> None:
        sealed("MQ1", {"text": "词"})
        late = new_key("MQ2")
        rotate(house)
        with pytest.raises(DatabaseError, match="vault_key_master_check"), connections["owner"].cursor() as cursor:
            cursor.execute("insert into vault_key values (%s, %s, %s)", [late.subject, late.master, late.wrapped])

    def test_a_key_written_under_the_old_master_behind_its_back_goes_over_too(self, sealed: Put, house: House) -> None:
        sealed("MQ5", {"text": "词"})
        late, written = new_key("MA1"), []

        def write(_: int) -> None:
            if not written:
                written.append(late.subject)
                with connections["owner"].cursor() as cursor:
                    cursor.execute(
                        "insert into vault_key values (%s, %s, %s)", [late.subject, late.master, late.wrapped]
                    )

        assert rotate(house, write).keys == 2
        with house():
            assert check_masters() == {2: 2}

    def test_two_at_once_are_one(self, sealed: Put, house: House) -> None:
        sealed("MQ1", {"text": "词"})
        with psycopg.connect(**owner(), autocommit=True) as other:
            other.execute("select pg_advisory_lock(%s)", [rotation.ROTATING])
            with pytest.raises(Conflict, match="轮换"):
                rotate(house)
            other.execute("select pg_advisory_unlock(%s)", [rotation.ROTATING])
            assert rotate(house).keys == 1

    def test_while_a_backup_reads_it_is_told_so_and_goes_on_afterwards(
        self, home: Path, sealed: Put, house: House, own_database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rotation, "TRIES", 1)
        sealed("MQ1", {"text": "词"})
        with psycopg.connect(own_database.owner) as backup:
            backup.execute("select from vault_key")
            with pytest.raises(Conflict, match="备份"):
                rotate(house)
        done = rotate(house)
        assert (done.master, done.dropped) == (2, (1,))
        with house():
            assert open_value("MQ1", "text") == "词".encode()

    def test_an_empty_vault_can_be_rotated(self, home: Path, house: House) -> None:
        assert rotate(house).dropped == (1,)
        assert set(masters(home).keys) == {2}

    def test_only_the_house_exchanges_masters(self, sealed: Put) -> None:
        sealed("MQ1", {"text": "词"})
        for call in (
            "vault_bar_masters(1::smallint)",
            "vault_masters_hold()",
            "vault_rewrap('{MQ1}', '{1}', '{1}', array[''::bytea])",
            "vault_keep('{MQ1}', '{a}', '{a}', array[''::bytea], 'p', 'g', '2020-01-01')",
        ):
            with pytest.raises(DatabaseError, match="only the house"), connection.cursor() as cursor:
                cursor.execute(f"select {call}")

    def test_the_ring_of_another_instance_is_told_from_ours(
        self, home: Path, sealed: Put, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealed("MQ1", {"text": "词"})
        monkeypatch.setenv("MINQING_HOME", str(home.with_name("other")))
        with house(), pytest.raises(NotReady, match="备份"):
            check_masters()


def owner() -> dict[str, str]:
    """How the owner of the tables connects."""
    told = connections["owner"].get_connection_params()
    return {name: told[name] for name in ("host", "port", "dbname", "user", "password") if told.get(name)}
