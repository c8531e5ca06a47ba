"""The drill: a small county is backed up while it works, and restored into an empty home, where work goes on.

Web, database and commands are real processes. What was acknowledged before the backup began is there; what a person
had erased after it does not come back.
"""

from __future__ import annotations

import base64
import io
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bench.stage import Stage, environment_of, free_port, run_program, serving, stage
from bench.walk import Client
from PIL import Image

from minqing.base.postgres import running, wait_until_stopped

METHOD = "wushan-three-rests"
PHONE, ASKED_TO_GO = "13900004455", "13900004466"


@dataclass
class Drilled:
    """The county as it was left and where its restored twin stands. `before`: acknowledged before the backup began."""

    home: Path
    backup: Path
    stage: Stage
    before: list[str]
    during: int
    kept: str
    gone: str
    said: str


@pytest.fixture(scope="module")
def drilled(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drilled]:
    folder = tmp_path_factory.mktemp("drill")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o711)  # root's server runs as another account
    with django_db_blocker.unblock(), stage(villages=1, workers=1) as ready, closing(Client(ready.base)) as client:
        kept, _ = _report(client, ready, PHONE)
        _attach(ready, kept)
        gone, secret = _report(client, ready, ASKED_TO_GO)
        with _load(ready) as taken:
            while len(taken) < 5:
                pass_on(taken)
            before = list(taken)
            ready.run("backup", str(folder / "b"), "--keys", str(folder / "k"))
            during = len(taken) - len(before)
        _erase(client, ready, gone, secret)
        home = folder / "home"
        environment = environment_of(home)
        said = run_program(
            environment, "restore", str(folder / "b"), "--keys", str(folder / "k"),
            "--erased", str(ready.home / "keys" / "erased.list"),
        )  # fmt: skip
        yield Drilled(home, folder / "b", ready, [kept, gone, *before], during, kept, gone, said)
    assert wait_until_stopped(home, 60)


def pass_on(taken: list[str]) -> None:
    threading.Event().wait(0.02)


def _report(client: Client, ready: Stage, phone: str) -> tuple[str, str]:
    body = {"title": "路灯不亮", "text": "村口的路灯不亮", "place": str(ready.places[0]), "method": METHOD,
            "channel": "hotline",
            "reporter": {"name": "演示·卡伦", "phone": phone}}  # fmt: skip
    status, told, _ = client.ask("POST", "/api/v1/matters", ready.intake, body)
    assert status == 201, told
    return told["code"], told["secret"]


def _attach(ready: Stage, code: str) -> None:
    picture, edge = io.BytesIO(), "x1x2x3"
    Image.new("RGB", (9, 7), "red").save(picture, "PNG")
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    request = urllib.request.Request(
        f"{ready.base}/api/v1/matters/{code}/files", head.encode() + picture.getvalue() + f"\r\n--{edge}--\r\n".encode()
    )
    request.add_header("Authorization", f"Bearer {_worker(ready)}")
    request.add_header("Content-Type", f"multipart/form-data; boundary={edge}")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def _worker(ready: Stage) -> str:
    token: str = next(person for person in ready.people if person.level == "grid").token  # type: ignore[attr-defined]
    return token


@contextmanager
def _load(ready: Stage) -> Iterator[list[str]]:
    """Somebody who reports without a pause; the codes that were acknowledged."""
    taken: list[str] = []
    enough = threading.Event()

    def report_on() -> None:
        with closing(Client(ready.base)) as client:
            while not enough.is_set():
                taken.append(_report(client, ready, "13900000000")[0])

    one = threading.Thread(target=report_on)
    one.start()
    try:
        yield taken
    finally:
        enough.set()
        one.join()


def _erase(client: Client, ready: Stage, code: str, secret: str) -> None:
    """After the backup the reporter takes the matter back and has everything of it erased."""
    move = {"secret": secret, "move": {"move": "withdraw", "reason": "修好了"}}
    status, told, _ = client.ask("POST", f"/api/v1/public/{code}", "", move)
    assert status == 200, told
    ready.run("user", "add", "keeper", "--name", "演示·档案员")
    who = ("--phone", ASKED_TO_GO, "--as", "keeper", "--reason", "本人要求删除")
    assert "已删除" in ready.run("vault", "erase", code, *who, "--yes")


def test_what_was_acknowledged_before_the_backup_is_there_and_the_root_is_the_same(drilled: Drilled) -> None:
    assert drilled.during > 0, "nothing was reported while the backup ran"
    assert "根相同" in drilled.said
    with running(drilled.home) as server, psycopg.connect(server.dsn_owner) as owner:
        there = {code for (code,) in owner.execute("select code from matters_matter").fetchall()}
    assert set(drilled.before) <= there


def test_what_a_person_had_erased_after_the_backup_does_not_come_back(drilled: Drilled) -> None:
    assert "重新删除 1 件" in drilled.said
    with running(drilled.home) as server, psycopg.connect(server.dsn_owner) as owner:
        for table in ("vault_key", "vault_value", "vault_file", "vault_mark"):
            many = owner.execute(f"select count(*) from {table} where subject = %s", [drilled.gone]).fetchone()
            assert many == (0,), table
        masked = owner.execute("select title_masked from matters_matter where code = %s", [drilled.gone]).fetchone()
    assert masked == (b"\0",)
    assert drilled.gone in (drilled.home / "keys" / "erased.list").read_text()


def test_sealed_words_and_files_open_and_the_matter_goes_on_where_it_stood(drilled: Drilled) -> None:
    environment, port, token = environment_of(drilled.home), free_port(), _worker(drilled.stage)
    path = f"/api/v1/matters/{drilled.kept}"
    with (
        serving(port, 1, environment, drilled.home / "serve.log"),
        closing(Client(f"http://127.0.0.1:{port}")) as client,
    ):
        told = client.ask("GET", path, token)[1]
        file = next(one["name"] for one in told["sealed"] if one["kind"] == "file")
        moves = f"{path}/moves"
        ask = {"move": "reveal", "name": "reporter.phone", "reason": "回电核实地点"}
        assert client.ask("POST", moves, token, ask)[1]["revealed"]["text"] == PHONE
        opened = client.ask("POST", moves, token, ask | {"name": file})[1]["revealed"]
        assert Image.open(io.BytesIO(base64.b64decode(opened["data"]))).size == (9, 7)
        for code in (drilled.kept, drilled.gone):  # the second is open again: its end was after the backup
            position = client.ask("GET", f"/api/v1/matters/{code}", token)[1]["position"]
            note = {"move": "note", "reason": "恢复后接着办"}
            status, after, _ = client.ask("POST", f"/api/v1/matters/{code}/moves", token, note)
            assert (status, after["position"]) == (200, position + 1), after


def test_with_the_first_acts_there_the_chain_goes_on_and_every_matter_equals_its_rows(drilled: Drilled) -> None:
    """Stands after the acts of the test above: also what was restored before them is checked."""
    environment = environment_of(drilled.home)
    assert "没有发现问题" in run_program(environment, "journal", "verify")
    assert "没有发现问题" in run_program(environment, "journal", "rebuild", "--compare")


def test_a_backup_is_read_by_its_owner_alone_and_holds_no_key(drilled: Drilled) -> None:
    for path in drilled.backup.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    keys = [path.read_bytes() for path in (drilled.stage.home / "keys").iterdir() if path.stat().st_size]
    for path in drilled.backup.rglob("*"):
        if path.is_file() and path.parent.name != "roots":
            assert not any(key in path.read_bytes() for key in keys), path
