"""The master key is exchanged again and again while concerns come in by HTTP at real processes: nothing is lost, what
was sealed before, amid and after opens, the journal verifies. A long run is `-m faults`."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from bench.stage import Stage, stage
from bench.walk import Client

SENDERS = 2
OPENED = 200  # of what was taken, from the first to the last: the public page takes its time
DANGER = "演示"


def _report(ready: Stage, client: Client, number: str) -> tuple[int, dict[str, Any]]:
    body = {
        "title": f"路灯不亮{number}", "text": f"{DANGER}：村口路灯不亮，第 {number} 件", "channel": "hotline",
        "place": str(ready.places[0])[:12], "reporter": {"name": DANGER, "phone": "13900001234"},
    }  # fmt: skip
    status, told, _ = client.ask("POST", "/api/v1/matters", ready.intake, body, Idempotency_Key=f"rotation-{number}")
    return status, told


def _keep_sending(ready: Stage, name: str, stop: threading.Event) -> dict[str, tuple[str, str]]:
    """What was acknowledged: number → code and secret. What was not is sent again under its own name."""
    taken: dict[str, tuple[str, str]] = {}
    with closing(Client(ready.base)) as client:
        count = 0
        while not stop.is_set():
            number = f"{name}-{count:05d}"
            status, told = _report(ready, client, number)
            if status in (200, 201):
                taken[number] = (told["code"], told["secret"])
                count += 1
            else:
                assert status in (409, 503), told
                time.sleep(0.05)
    return taken


def _opens(ready: Stage, taken: dict[str, tuple[str, str]]) -> None:
    """The words of each open by secret and digits."""
    with closing(Client(ready.base)) as client:
        for number, (code, secret) in taken.items():
            own = {"secret": secret, "last4": "1234"}
            status, told, _ = client.ask("POST", f"/api/v1/public/{code}", "", own)
            assert status == 200 and f"第 {number} 件" in str(told), (number, status)


def _run(rotations: int) -> None:
    with stage(villages=1, grids=1) as ready, ThreadPoolExecutor(SENDERS) as pool:
        with closing(Client(ready.base)) as client:
            _, before = _report(ready, client, "before")
        stop = threading.Event()
        sending = [pool.submit(_keep_sending, ready, f"s{one}", stop) for one in range(SENDERS)]
        try:
            for _ in range(rotations):
                ready.run("vault", "rotate")
        finally:
            stop.set()
        taken = {"before": (before["code"], before["secret"])}
        for one in sending:
            taken |= one.result()
        with closing(Client(ready.base)) as client:
            _, after = _report(ready, client, "after")
        taken["after"] = (after["code"], after["secret"])
        assert len(taken) > SENDERS + 2, "they came in meanwhile"
        _opens(ready, dict(list(taken.items())[:: 1 + len(taken) // OPENED]))
        with psycopg.connect(ready.urls.owner) as owner:
            masters = owner.execute("select distinct master from vault_key").fetchall()
            there = [code for (code,) in owner.execute("select code from matters_matter order by code")]
            keyed = [code for (code,) in owner.execute("select distinct subject from vault_key order by subject")]
        assert sorted(code for code, _ in taken.values()) == there == keyed, "each once"
        assert masters == [(rotations + 1,)], "all under the newest master"
        ready.run("journal", "verify")


def test_concerns_come_in_while_the_master_key_is_exchanged_and_none_is_lost(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        _run(rotations=1)


@pytest.mark.faults
def test_concerns_come_in_while_the_master_key_is_exchanged_again_and_again(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        _run(rotations=40)
