"""Restarting under load: no request on a connection of its own fails, and other processes answer afterwards."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from minqing.base.ledger.keys import body_key, secrets_key, signing_key
from minqing.doors.cli import listening
from minqing.registers.vault.masters import masters

MINQING = [sys.executable, "-c", "from minqing.wiring.start import main; main()"]
#: As systemd hands a socket over: descriptor 3, and the number of the process it is meant for.
HANDED = """
import os, sys
os.dup2(int(os.environ["FD"]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[1], sys.argv[1:])
"""
PATIENCE = 120.0


class Callers:
    """Threads that ask without a pause until they are told to stop, and what they were answered."""

    def __init__(self, port: int) -> None:
        self.port, self.stop, self.answers = port, threading.Event(), Counter[object]()
        calls = (self.anew, self.anew, self.kept, *[self.hesitating] * 12)
        self.threads = [threading.Thread(target=call) for call in calls]

    def anew(self) -> None:
        """Each request on a connection of its own: none may fail."""
        while not self.stop.is_set():
            self.ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)).close()

    def hesitating(self) -> None:
        """A line so slow that the first words come some time after the connection stands."""
        while not self.stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            connection.connect()
            time.sleep(0.3)
            self.ask(connection).close()

    def kept(self) -> None:
        """One connection as long as it lives. What is sent into one that is just being closed was never taken in; a
        client sends it again, as browsers do (RFC 9112, 9.3.1). On a fresh connection it may not fail."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while not self.stop.is_set():
            used = connection.sock is not None
            try:
                connection = self.ask(connection, told=not used)
            except (http.client.RemoteDisconnected, ConnectionError):
                connection.close()
        connection.close()

    def ask(self, connection: http.client.HTTPConnection, told: bool = True) -> http.client.HTTPConnection:
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            answer.read()
            self.answers[answer.status] += 1
        except OSError as fault:
            if not told:
                raise
            self.answers[type(fault).__name__] += 1
        return connection

    @contextmanager
    def calling(self) -> Iterator[None]:
        for thread in self.threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in self.threads:
                thread.join(PATIENCE)


def soon(asked: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not asked():
        assert time.monotonic() < end
        time.sleep(0.1)


def ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def processes(server: subprocess.Popen[str]) -> set[int]:
    """Those that answer: begun anew, with the code that lay there then, not copied from who started them."""
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {int(pid) for pid in listed if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()}


@pytest.fixture
def env(own_database, tmp_path, monkeypatch) -> dict[str, str]:
    for make in (signing_key, body_key, secrets_key, masters):
        make(tmp_path / "home")
    return os.environ | own_database.env | {"MINQING_HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}


@contextmanager
def served(command: list[str], env: dict[str, str], **more: object) -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    try:
        yield server
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


def test_processes_are_replaced_without_a_failed_request_and_kept_where_new_ones_could_not_work(env, own_database):
    with served([*MINQING, "serve", "--port", "0"], env) as server:
        port = int(re.search(r":(\d+) ", server.stdout.readline())[1])
        soon(lambda: ready(port))
        before, callers = processes(server), Callers(port)
        with callers.calling():
            server.send_signal(signal.SIGHUP)
            assert any("已换上新进程" in line for line in server.stdout)
        after = processes(server)
        assert len(before) == len(after) == 2 and not before & after
        assert set(callers.answers) == {200} and callers.answers[200] > 20

        with psycopg.connect(own_database.owner) as owner:
            owner.execute("delete from django_migrations where app = 'matters' and name > '0002'")
        server.send_signal(signal.SIGHUP)
        assert "没有换上新程序" in (said := server.stderr.readline()) and "minqing init" in said
        assert processes(server) == after


def test_the_whole_server_is_replaced_without_a_failed_request_where_its_socket_is_handed_over(env):
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as queue:
        callers, numbers = Callers(queue.getsockname()[1]), []
        handed = env | {"FD": str(queue.fileno())}
        with served([sys.executable, "-c", HANDED, *MINQING, "serve"], handed, pass_fds=[queue.fileno()]) as first:
            assert f":{callers.port} " in first.stdout.readline()
            soon(lambda: ready(callers.port))
            numbers += processes(first)
            callers.threads[0].start()
            soon(lambda: callers.answers[200] > 5)
        assert first.returncode == 0
        with served([sys.executable, "-c", HANDED, *MINQING, "serve"], handed, pass_fds=[queue.fileno()]) as second:
            there = callers.answers[200]
            soon(lambda: callers.answers[200] > there + 20)
            assert not set(numbers) & processes(second)
            callers.stop.set()
            callers.threads[0].join(PATIENCE)
        assert set(callers.answers) == {200}


def test_a_new_program_that_takes_too_long_or_breaks_is_a_reason_and_ends_nothing(monkeypatch):
    monkeypatch.setattr(listening, "TRIAL", 0.01)
    assert "还没准备好" in listening.unfit()
    monkeypatch.setattr(listening, "TRIAL", PATIENCE)
    monkeypatch.setattr(listening, "FIT", "minqing.no_such_room")
    assert "minqing.no_such_room" in listening.unfit()


@pytest.mark.parametrize("said", ["这些表还没有升级", ""])
def test_who_is_told_to_stop_while_a_new_program_is_tried_stops(monkeypatch, said):
    server = object.__new__(listening.OneQueue)
    server.main_loop_interrupt = threading.Event()
    server.reload_signal, server.interrupt_signal, server.interrupt_children = True, False, []

    def tried() -> str:
        server.interrupt_signal = True  # SIGTERM came meanwhile
        server.main_loop_interrupt.set()
        return said

    monkeypatch.setattr(listening, "unfit", tried)
    server._reload(None, None)
    assert server.main_loop_interrupt.is_set()
