"""The tables themselves: nothing is kept without purpose, ground and end; nothing opens without scope and key."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections

from minqing.base.errors import NotReady
from minqing.registers.vault.erasures import TABLES
from minqing.registers.vault.queries import (
    check_masters,
    key_of,
    keys_of,
    names_of,
    open_file,
    open_value,
    open_values,
    subjects_of,
)
from minqing.registers.vault.sealing import SubjectKey, blind, seal

Put = Callable[[str, dict[str, str]], SubjectKey]
House = Callable[[], AbstractContextManager[None]]

WORDS = {
    "vault_value": "insert into vault_value (subject, name, kind, sealed, purpose, ground, ends)"
    " values ('MQ1', 'a', 'text', '', {purpose}, {ground}, {ends})",
    "vault_file": "insert into vault_file (subject, name, media, title, size, sealed, purpose, ground, ends)"
    " values ('MQ1', 'a', 'image/png', '图片', 1, '', {purpose}, {ground}, {ends})",
}
GOOD = {"purpose": "'办理'", "ground": "'第十三条'", "ends": "'2030-01-01'"}


def own(statement: str, *values: object) -> None:
    """As the owner of the tables."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.usefixtures("own_database", "home")
class TestTables:
    def test_nothing_is_kept_without_purpose_ground_and_end(self) -> None:
        gaps = [(name, gap) for name in ("purpose", "ground") for gap in ("null", "''")] + [("ends", "null")]
        for table, statement in WORDS.items():
            own(statement.format(**GOOD))
            own(f"delete from {table}")
            for name, gap in gaps:
                with pytest.raises(DatabaseError, match=r"violates (not-null|check)"):
                    own(statement.format(**(GOOD | {name: gap})))

    def test_without_a_scope_nothing_is_there(self, sealed: Put, house: House) -> None:
        sealed("MQ1", {"text": "词"})
        own("insert into vault_mark values (%s, 'phone', 'MQ1', 'reporter.phone')", blind("phone", "13800000001"))
        key = sealed("MQ2", {"text": "词"})
        own("insert into vault_file values ('MQ2', 'abc', 'a', 'b', 3, %s, 'p', 'g', '2030-01-01')", key.wrapped)
        for table in ("vault_key", "vault_value", "vault_file", "vault_mark"):
            with connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (0,), table
        assert keys_of(["MQ1"]) == {} and open_values("MQ1") == {} and names_of("MQ1") == ()
        assert subjects_of("phone", "13800000001") == ()
        with house():
            assert open_values("MQ1") == {"text": "词".encode()}
            assert subjects_of("phone", "+86 138 0000 0001") == ("MQ1",)

    def test_the_application_writes_none_of_them(self, sealed: Put, house: House) -> None:
        sealed("MQ1", {"text": "词"})
        for table in ("vault_key", "vault_value", "vault_file", "vault_mark"):
            with pytest.raises(DatabaseError, match="permission denied"), house(), connection.cursor() as cursor:
                cursor.execute(f"delete from {table}")

    def test_a_value_moved_or_altered_in_the_table_does_not_open(self, sealed: Put, house: House) -> None:
        sealed("MQ1", {"text": "词", "title": "题"})
        own("update vault_value set sealed = (select sealed from vault_value where name = 'title') where name = 'text'")
        with house(), pytest.raises(NotReady, match="打不开"):
            open_value("MQ1", "text")
        sealed("MQ2", {"text": "别的词"})
        own(
            "update vault_value set sealed = (select sealed from vault_value where subject = 'MQ2')"
            " where subject = 'MQ1'"
        )
        with house(), pytest.raises(NotReady):
            open_values("MQ1")
        own("update vault_key k set wrapped = o.wrapped from vault_key o where k.subject = 'MQ1' and o.subject = 'MQ2'")
        with house(), pytest.raises(NotReady):
            key_of("MQ1")

    def test_where_the_key_is_destroyed_nothing_opens(self, sealed: Put, house: House) -> None:
        sealed("MQ1", {"text": "词"})
        with house():
            assert [(one.name, one.ends) for one in names_of("MQ1")] == [("text", date(2030, 1, 1))]
        own("delete from vault_key")
        with house():
            assert open_value("MQ1", "text") is None and names_of("MQ1") == () and open_values("MQ1") == {}

    def test_a_file_opens_with_its_own_key_alone(self, sealed: Put, house: House) -> None:
        key = sealed("MQ1", {"text": "词"})
        own(
            "insert into vault_file values"
            " ('MQ1', 'abc', 'image/jpeg', '现场 20×10', 3, %s, '办理', '第十三条', '2030-01-01')",
            seal(key, "abc", b"jpg"),
        )
        with house():
            file = open_file("MQ1", "abc")
            assert file is not None and (file.data, file.title) == (b"jpg", "现场 20×10")
            assert [(one.kind, one.title, one.size) for one in names_of("MQ1")][-1] == ("file", "现场 20×10", 3)
            assert open_file("MQ1", "other") is None
        own("delete from vault_key")
        with house():
            assert open_file("MQ1", "abc") is None

    def test_the_right_ring_is_known_by_opening_a_key_of_each_master(
        self, home: Path, sealed: Put, house: House
    ) -> None:
        sealed("MQ1", {"text": "词"})
        sealed("MQ2", {"text": "词"})
        with house():
            assert check_masters() == {1: 2}


@pytest.mark.usefixtures("own_database")
def test_an_erasure_that_is_done_again_reaches_all_that_is_kept_of_a_matter() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.columns where column_name = 'subject'"
            " and table_schema = 'public' and table_name like 'vault\\_%'"
        )
        assert {name for (name,) in cursor.fetchall()} == set(TABLES)
