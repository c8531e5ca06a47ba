from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from minqing.registers.vault.sealing import SubjectKey, new_key, seal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test alone: its own ring of masters."""
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def house() -> Callable[[], AbstractContextManager[None]]:
    """Opens a transaction that sees the whole house, as `accounts.scoping` does."""

    @contextmanager
    def seen() -> Iterator[None]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('minqing.house', 'on', true)")
            yield

    return seen


@pytest.fixture
def sealed() -> Iterator[Callable[[str, dict[str, str]], SubjectKey]]:
    """Puts values under a fresh key, as the owner of the tables does; for tests with a database of their own."""
    alias = connections["owner"]

    def put(subject: str, values: dict[str, str]) -> SubjectKey:
        key = new_key(subject)
        with alias.cursor() as cursor:
            cursor.execute("insert into vault_key values (%s, %s, %s)", [subject, key.master, key.wrapped])
            for name, said in values.items():
                cursor.execute(
                    "insert into vault_value values (%s, %s, %s, %s, '办理', '第十三条', '2030-01-01')",
                    [subject, name, name, seal(key, name, said)],
                )
        return key

    yield put
    alias.close()
