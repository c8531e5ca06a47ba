"""`minqing serve` over a real socket: what it answers, and that it lives on when its processes or database do not."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from minqing.base.ledger.keys import body_key, secrets_key, signing_key
from minqing.registers.vault.masters import masters

MINQING = [sys.executable, "-c", "from minqing.wiring.start import main; main()"]


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict[str, object]:
        return json.loads(self.body)


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int

    def ask(self, path: str, verb: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(verb, path, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def workers(self) -> set[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(pid) for pid in listed if "spawn_main" in _command(pid)}


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def soon(asked: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not asked():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def home(own_database, tmp_path, monkeypatch) -> Path:
    for name, value in own_database.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINQING_HOME", str(tmp_path / "home"))
    for make in (signing_key, body_key, secrets_key, masters):
        make(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def served(home, request) -> Iterator[Served]:
    env = os.environ | {"PYTHONUNBUFFERED": "1"} | getattr(request, "param", {})
    process = subprocess.Popen(
        [*MINQING, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+) ", said)
        assert found, said
        server = Served(process, int(found[1]))
        soon(lambda: alive(server))
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=60)


def alive(server: Served) -> bool:
    """A connection waits in the queue until a process takes it."""
    try:
        return server.ask("/healthz").status == 200
    except OSError:
        return False


def test_it_is_alive_and_ready_and_every_answer_is_guarded(served):
    assert served.ask("/healthz").json() == {"status": "ok"}
    ready = served.ask("/readyz")
    assert (ready.status, ready.json()) == (200, {"status": "ready"})
    for answer in (ready, served.ask("/nowhere")):
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin" and answer.headers["Minqing-Clock"] is None


def test_an_unknown_address_and_a_strange_host_get_a_problem_that_says_so(served):
    lost, strange = served.ask("/api/v1/nowhere"), served.ask("/healthz", Host="elsewhere.example")
    page = served.ask("/nowhere")
    assert (page.status, page.headers["X-Content-Type-Options"]) == (404, "nosniff")
    assert page.headers["Content-Type"].startswith("text/html")
    assert (lost.status, strange.status) == (404, 400)
    for answer in (lost, strange):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status and answer.json()["detail"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_that_strangers_send_is_logged(served):
    word = "canary-7731"
    assert served.ask("/healthz", Host=f"{word}.example").status == 400
    assert served.ask("/healthz", Host=f"{word}/\\").status == 400
    assert served.ask(f"/{word}?{word}={word}", "POST", Cookie=word, Authorization=word).status == 404
    assert served.ask(f"/api/v1/matters/{word}", "PUT").status == 405
    assert served.ask(f"/api/v1/public/{word}", "POST").status in (400, 415, 422)
    served.process.send_signal(signal.SIGTERM)
    out, err = served.process.communicate(timeout=60)
    assert err == "" and word not in out


def test_without_its_database_it_is_alive_but_not_ready_and_ready_again_afterwards(served, own_database):
    with psycopg.connect(own_database.app, autocommit=True) as inside:
        admit(own_database, "revoke connect on database {} from {}")
        inside.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"
        )
    told = served.ask("/readyz")
    assert told.status == 503 and "数据库连不上" in told.json()["detail"]
    assert served.ask("/healthz").status == 200
    admit(own_database, "grant connect on database {} to {}")
    soon(lambda: served.ask("/readyz").status == 200)


def admit(database, statement: str) -> None:
    role = sql.Identifier(str(conninfo_to_dict(database.app)["user"]))
    name = sql.Identifier(str(conninfo_to_dict(database.app)["dbname"]))
    with psycopg.connect(database.owner) as owner:
        owner.execute(sql.SQL(statement).format(name, role))


def test_what_is_missing_is_named_with_the_command_that_brings_it(served, home, own_database):
    (home / "keys" / "vault.json").rename(home / "keys" / "gone")
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("delete from django_migrations where app = 'matters' and name like '0002%'")
        owner.execute("delete from django_migrations where app = 'procrastinate' and name like '0041%'")
    told = served.ask("/readyz")
    assert told.status == 503 and len(told.json()["missing"]) == 2
    assert "vault.json" in told.json()["detail"] and "procrastinate 0041" in told.json()["detail"]
    assert "minqing init" in told.json()["detail"]


def sent(server: Served, head: str, body: bytes = b"") -> tuple[int, dict[str, object]]:
    """A request written byte by byte, and its answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, json.loads(answer.read())


def test_a_body_in_chunks_is_asked_for_its_length_and_one_too_large_is_told_so(served):
    post = "POST /api/v1/matters HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
    status, told = sent(served, f"{post}Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n\r\n")
    assert status == 411 and "Content-Length" in told["detail"]
    status, told = sent(served, f"{post}Content-Length: 5000000", b" " * 5_000_000)
    assert status == 413 and "2 MB" in told["detail"]


def test_a_server_whose_senders_all_stop_answers_everybody_else(served):
    head = b"POST /api/v1/matters HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    lines = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(60)]
    try:
        for line in lines:
            line.sendall(head)
        assert [served.ask("/healthz").status for _ in range(8)] == [200] * 8
    finally:
        for line in lines:
            line.close()


def test_a_worker_that_is_killed_is_replaced(served):
    before = served.workers()
    assert len(before) == 2
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    soon(lambda: len(served.workers()) == 2 and victim not in served.workers())
    soon(lambda: answers_again(served))


def answers_again(served) -> bool:
    """Whether each of many requests is answered; the worker that was left may still be loading, then none is heard."""
    try:
        return all(served.ask("/readyz").status == 200 for _ in range(8))
    except ConnectionError:
        return False


def test_it_stops_when_told_and_leaves_nobody_behind(served):
    workers = served.workers()
    served.process.send_signal(signal.SIGTERM)
    out, err = served.process.communicate(timeout=60)
    assert served.process.returncode == 0 and "已停止" in out and "Traceback" not in err
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def test_a_port_in_use_gets_a_sentence(served):
    done = subprocess.run([*MINQING, "serve", "--port", str(served.port)], capture_output=True, text=True)
    assert done.returncode == 2 and "已被别的程序占用" in done.stderr and "--port" in done.stderr


@pytest.mark.parametrize("served", [{"MINQING_ALLOW_SHIFT": "1"}], indirect=True)
def test_a_shift_of_the_clock_is_said_by_the_very_next_answer(served):
    env = os.environ | {"MINQING_ALLOW_SHIFT": "1"}
    assert served.ask("/nowhere").headers["Minqing-Clock"] is None
    subprocess.run([*MINQING, "clock", "shift", "+50h"], env=env, check=True, capture_output=True)
    assert {served.ask("/nowhere").headers["Minqing-Clock"] for _ in range(8)} == {"shifted P2DT02H00M00S"}
    subprocess.run([*MINQING, "clock", "shift", "reset"], env=env, check=True, capture_output=True)
    assert served.ask("/nowhere").headers["Minqing-Clock"] is None


def test_an_instance_without_tables_is_not_served(own_database, tmp_path):
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("drop table matters_shift")
    done = subprocess.run(
        [*MINQING, "serve", "--port", "0"], capture_output=True, text=True,
        env=os.environ | own_database.env | {"MINQING_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2 and "minqing init" in done.stderr
