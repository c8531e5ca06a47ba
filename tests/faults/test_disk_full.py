"""No room on the disk of an instance: it says so, keeps what it acknowledged, and goes on when there is room again."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.fire.counting import read_store
from bench.fire.programs import Programs
from bench.stage import environment_of, furnish, opened, run_program
from bench.walk import Client
from django.db import connections

from minqing.base.postgres import wait_until_stopped

ROOM = "400m"
WORDS = "村口三盏路灯不亮已经一个星期，老人晚上出门不方便，请尽快来人修理。"
MOST = 200  # requests until it must have been noticed
ENOUGH = 5  # that were told so
TRIES = 20  # to take the disk away


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A home on a disk of its own in memory; where none can be mounted the test fails and says why."""
    place = Path(tempfile.mkdtemp(prefix="minqing-small-"))  # the database's own user must come through
    place.chmod(0o711)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=711", "tmpfs", str(place)], capture_output=True, text=True
    )
    assert done.returncode == 0, f"no small disk can be mounted here, so nothing is shown: {done.stderr}"
    try:
        yield place
    finally:
        for left in range(TRIES, 0, -1):  # the last process may still be closing its files
            if subprocess.run(["umount", str(place)], check=left == 1).returncode == 0:
                break
            time.sleep(0.5)
        place.rmdir()


def fill(place: Path) -> Path:
    """A file that takes all the room that is left."""
    ballast = place / "ballast"
    with ballast.open("wb") as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    os.write(file.fileno(), b"0" * size)
            except OSError:
                continue
    return ballast


@pytest.mark.faults
def test_a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room(
    small_disk: Path, django_db_blocker: Any
) -> None:
    home = small_disk / "home"
    home.mkdir(mode=0o711)
    environment = environment_of(home) | {"MINQING_PG_MAX_WAL_SIZE": "64MB", "MINQING_PG_MIN_WAL_SIZE": "32MB"}
    programs = Programs(home, environment)
    asked: dict[str, tuple[int, dict[str, Any]]] = {}
    with django_db_blocker.unblock():
        with opened(home) as urls:
            intake, _, places, _ = furnish(urls, 1, 1, 1)
            connections.close_all()
        client = Client(programs.base)
        try:
            programs.wait_until_ready()

            def report(key: str) -> int:
                body = {
                    "title": f"路灯不亮（{key}）",
                    "text": WORDS * 2_900,
                    "place": str(places[0]),
                    "channel": "hotline",
                }
                status, answer, _ = client.ask("POST", "/api/v1/matters", intake, body, Idempotency_Key=key)
                asked[key] = status, answer
                return status

            assert [report(f"refa{letter}") for letter in "bcd"] == [201] * 3
            ballast = fill(small_disk)
            full: list[int] = []
            for number in range(MOST):
                if (status := report(f"reff{name(number)}")) != 201:
                    full.append(status)
                if len(full) == ENOUGH:
                    break
            assert len(full) == ENOUGH, "it was never full"
            assert set(full) <= {503, 507}, set(full)
            assert all("detail" in answer for status, answer in asked.values() if status != 201)
            ballast.unlink()
            programs.wait_until_ready()
            again = [key for key, (status, _) in asked.items() if status != 201]
            assert {report(key) for key in again} == {201}
            programs.stop()
            with opened(home):
                store = read_store()
                connections.close_all()
            assert {key: [answer["code"]] for key, (_, answer) in asked.items()} == store.marks
            assert "没有发现问题" in run_program(environment, "journal", "verify")
        finally:
            client.close()
            programs.stop()
            assert wait_until_stopped(home, 60)


def name(number: int) -> str:
    """Letters for digits."""
    return str(number).translate(str.maketrans("0123456789", "bcdfghjklm"))
