"""Where the server keeps its things, under whom it runs, and what it refuses."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from minqing.base.errors import NotReady
from minqing.base.postgres import home_folder, launch, running, wait_until_stopped
from minqing.base.postgres.account import REACHABLE, account_of
from minqing.base.postgres.place import Place

AS_ROOT = os.geteuid() == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_home_may_have_spaces_quotes_and_chinese_in_its_name(folder):
    home = folder / "枫桥 镇's 民情" / "home"
    with running(home) as server, psycopg.connect(server.dsn_app) as app:
        assert app.execute("SELECT current_database()").fetchone() == ("minqing",)
    assert Place(home).data.resolve().is_relative_to(home)


def test_passwords_and_sockets_are_for_their_owner_alone(home):
    with running(home) as server:
        state = Place(home).state
        private = [path for path in state.iterdir() if path.is_file()]
        assert {mode(path) for path in private} == {0o600}
        assert mode(server.socket_dir) == 0o700
        assert mode(state / "data") == 0o700
        passwords = Place(home).passwords()
        assert len(set(passwords.values())) == 3
    assert wait_until_stopped(home, 60)
    assert not server.socket_dir.exists()


def test_the_server_listens_on_loopback_only_asks_a_password_and_checks_its_pages(home):
    with running(home) as server, psycopg.connect(server.dsn_root) as root:
        shown = {name: root.execute(f"SHOW {name}").fetchone()[0] for name in SHOWN}
        assert shown == SHOWN
        ways = root.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert ways == [("scram-sha-256",)]
        provider = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'minqing'"
        assert root.execute(provider).fetchone() == ("b", "C.UTF-8")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.dsn_app, host="127.0.0.1", password="guess")


SHOWN = {
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "data_checksums": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
}


def test_settings_keep_what_was_acknowledged_and_the_environment_may_change_them():
    assert launch.settings({})["fsync"] == "on"
    assert launch.settings({"MINQING_PG_SHARED_BUFFERS": "2GB"})["shared_buffers"] == "2GB"


def test_the_server_runs_as_the_owner_of_its_data_and_never_as_root(home):
    with running(home):
        pid_file = Place(home).data / "postmaster.pid"
        assert pid_file.stat().st_uid == Place(home).data.stat().st_uid != 0
        assert AS_ROOT or pid_file.stat().st_uid == os.geteuid()


def test_a_home_behind_a_closed_door_keeps_its_data_where_the_server_may_go_and_the_door_stays_closed(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with running(closed / "home") as server, psycopg.connect(server.dsn_app) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)
    data = Place(closed / "home").data.resolve()
    assert data.is_relative_to(REACHABLE) if AS_ROOT else data.is_relative_to(closed)
    assert mode(closed) == 0o700
    with running(closed / "home"):  # found again through the link
        assert Place(closed / "home").data.resolve() == data


def test_data_of_another_major_is_refused_untouched_with_the_way_out(home):
    version = Place(home).data / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(NotReady, match=r"written by PostgreSQL 16; this Minqing runs 18\. Nothing .*postgres\.renew"):
        running(home).__enter__()
    version.write_text("12\n")
    with pytest.raises(NotReady, match=r"pg_dump and psql from a machine that has PostgreSQL 12"):
        running(home).__enter__()
    version.write_text("18\n")
    with running(home) as server, psycopg.connect(server.dsn_app):
        assert server.version == 18


def test_a_port_taken_by_another_program_is_left_to_it(home):
    with running(home) as before:
        pass
    assert wait_until_stopped(home, 60)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", before.port))
        other.listen()
        with running(home) as after, psycopg.connect(after.dsn_app):
            assert after.port != before.port


def test_a_socket_folder_that_somebody_else_could_write_to_is_not_used(home):
    with running(home) as before:
        pass
    assert wait_until_stopped(home, 60)
    before.socket_dir.mkdir()
    account_of(Place(home)).take(before.socket_dir)
    before.socket_dir.chmod(0o777)
    try:
        with running(home) as after, psycopg.connect(after.dsn_app):
            assert after.socket_dir != before.socket_dir
    finally:
        before.socket_dir.rmdir()


@pytest.fixture
def namesake(home):
    """Another program under the server's account."""
    program = subprocess.Popen(["sleep", "600"], cwd="/", **account_of(Place(home)).become())
    yield program
    program.kill()
    program.wait()


def test_traces_of_a_dead_server_are_no_hindrance_even_when_its_number_lives_again(home, namesake):
    with running(home) as before:
        pass
    assert wait_until_stopped(home, 60)
    lines = [namesake.pid, Place(home).data, 1, before.port, before.socket_dir, "127.0.0.1", "", "ready"]
    (Place(home).data / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")
    with running(home) as server, psycopg.connect(server.dsn_app) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_lost_passwords_are_told_in_a_sentence(home):
    Place(home).passwords_file.unlink()
    with pytest.raises(NotReady, match="passwords of the database"):
        running(home).__enter__()


def test_a_home_that_cannot_be_made_is_told_in_a_sentence():
    with pytest.raises(NotReady, match="MINQING_HOME"):
        running(Path("/proc/nowhere/home")).__enter__()


def test_a_setting_that_postgresql_refuses_is_told_with_its_own_words(home, monkeypatch):
    monkeypatch.setenv("MINQING_PG_SHARED_BUFFERS", "much")
    with pytest.raises(NotReady, match=r"does not start.*shared_buffers"):
        running(home).__enter__()


def test_the_home_is_that_of_the_environment_else_beside_us(tmp_path):
    assert home_folder({"MINQING_HOME": os.fspath(tmp_path)}) == tmp_path
    assert home_folder({}) == Path.cwd() / ".minqing"
