"""Data of the older major inside the package, carried over to the one we run."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from minqing.base.errors import NotReady
from minqing.base.postgres import locks, renew, running
from minqing.base.postgres.account import account_of
from minqing.base.postgres.binaries import binaries
from minqing.base.postgres.cluster import create_cluster
from minqing.base.postgres.place import APP, Place

ROWS = "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n, '枫桥' AS word"


@pytest.fixture
def former(folder: Path) -> Path:
    """An instance whose data PostgreSQL 16 wrote."""
    place, programs = Place(folder / "home"), binaries(16)
    place.make()
    lock = locks.wait_lock(place.server_lock, locks.ALONE, 1, "a new place is free")
    create_cluster(place, programs, account_of(place), lock)
    os.close(lock)
    with renew._served(place, programs, account_of(place)) as (host, port, *_):
        parts = dict(option.removeprefix("--").split("=", 1) for option in (host, port))
        login = {"user": "minqing_owner", "password": place.passwords()["minqing_owner"], "dbname": "minqing"}
        with psycopg.connect(**parts, **login) as owner:
            owner.execute(ROWS)
            owner.execute(f"GRANT SELECT ON kept TO {APP}")
    return place.home


def test_rows_rights_and_passwords_of_the_older_major_live_on_in_the_newer(former):
    passwords = Place(former).passwords()
    with pytest.raises(NotReady, match=r"PostgreSQL 16.*postgres\.renew"):
        running(former).__enter__()
    aside = renew.renew(former)
    assert (aside / "PG_VERSION").read_text() == "16\n"
    assert Place(former).passwords() == passwords
    with running(former) as now, psycopg.connect(now.dsn_app) as app:
        assert now.version == 18
        assert app.execute("SELECT sum(n), min(word) FROM kept").fetchone() == (500500, "枫桥")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (id int)")


def test_a_carrying_over_that_fails_leaves_the_old_data_in_its_place(former, monkeypatch):
    def refuse(*_: object) -> None:
        raise NotReady("disk full")

    monkeypatch.setattr(renew, "create_cluster", refuse)
    with pytest.raises(NotReady, match="disk full"):
        renew.renew(former)
    assert (Place(former).data / "PG_VERSION").read_text() == "16\n"


def test_data_that_somebody_uses_is_not_carried_over(former):
    user = locks.wait_lock(Place(former).users_lock, locks.SHARED, 1, "nobody is here yet")
    with pytest.raises(NotReady, match="in use"):
        renew.renew(former)
    os.close(user)


def test_data_of_this_major_needs_no_carrying(home):
    with pytest.raises(NotReady, match="PostgreSQL 18"):
        renew.renew(home)
