"""Intake and whole lifecycles over HTTP, against pgbench doing the same statements: requests a second and ratios.

The load driver runs on the same cores: clients with keep-alive connections, in processes of their own. Rates of both
sides are taken in turns, the ratio is the median of the pairs; how many rows each side wrote is told beside it.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

from bench.floor import Recorder, make_tables, run, script
from bench.stage import Stage, stage
from bench.walk import Client
from minqing.base import moments
from minqing.kernel.matters.trial_county import store_made_up
from minqing.kernel.matters.versions import current_method

CLIENTS, PROCESSES, SECONDS, PAIRS = 8, 2, 8, 5
METHOD = "panan-three-feelings"
TEXT = "村口三盏路灯不亮已经一个星期，老人晚上出门不方便，请尽快来人修理。" * 3
AT_ONCE = 100  # matters in one bulk request

Counts = Mapping[str, int]


def measure(loaded: int = 0) -> dict[str, object]:
    """{"intake_vs_pgbench", "lifecycles_vs_pgbench", "lifecycles_per_s"} with `loaded` matters there before."""
    with stage(towns=1, villages=2, grids=2) as ready, psycopg.connect(ready.urls.owner, autocommit=True) as owner:
        if loaded:
            _load(ready, loaded)
        plan = _plan(ready)
        floors = _floors(owner, plan)
        figures = {name: _pairs(ready, owner, plan, name, floors) for name in ("create", "lifecycle")}
        bulk = drive(plan | {"what": "bulk"})
    create, lifecycle = figures["create"], figures["lifecycle"]
    create["raw"]["bulk_matters_per_s"] = round(bulk * AT_ONCE)
    create["raw"]["bulk_ratio"] = round(bulk * AT_ONCE / create["raw"]["floor_per_s"], 2)
    return {
        "intake_vs_pgbench": create,
        "lifecycles_vs_pgbench": lifecycle,
        "lifecycles_per_s": {"value": lifecycle["raw"]["api_per_s"], "raw": lifecycle["raw"]},
    }


def _plan(ready: Stage) -> dict[str, Any]:
    """What each client is told: where, as whom, what to send; found by playing one lifecycle."""
    grid = next(person for person in ready.people if person.level == "village")  # type: ignore[attr-defined]
    place = str(ready.places[0])[:12]
    return {
        "base": ready.base,
        "intake": ready.intake,
        "worker": grid.token,  # type: ignore[attr-defined]
        "person": grid.person,  # type: ignore[attr-defined]
        "report": {"title": "路灯不亮", "text": TEXT, "place": place, "channel": "hotline", "method": METHOD},
    }


def _floors(owner: psycopg.Connection, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Plays one lifecycle and writes down what each request made the database do."""
    client = Client(plan["base"])
    code = _create(client, plan)
    recorder = Recorder(owner, code)
    requests = [recorder.request()]
    created = dict(recorder.rows)
    _move(client, plan, code, _assign(plan))
    requests.append(recorder.request())
    _move(client, plan, code, SETTLE)
    requests.append(recorder.request())
    reads = [
        "select * from floor_matters_matter where code = 'F-:zz_m';",
        "select * from floor_matters_duty where matter_id = :zz_m;",
    ]
    make_tables(owner)
    return {
        "create": (script(requests[:1]), created),
        "lifecycle": (script(requests, reads), dict(recorder.rows)),
    }


SETTLE = {"move": "settle", "records": ["result"], "reason": "灯泡已换，三盏都亮"}


def _assign(plan: Mapping[str, Any]) -> dict[str, object]:
    return {"move": "assign", "person": plan["person"]}


def _create(client: Client, plan: Mapping[str, Any]) -> str:
    status, answer, _ = client.ask("POST", "/api/v1/matters", plan["intake"], plan["report"])
    if status != 201:
        raise RuntimeError(f"a report was answered {status}: {answer}")
    code: str = answer["code"]
    return code


def _move(client: Client, plan: Mapping[str, Any], code: str, body: object) -> None:
    status, answer, _ = client.ask("POST", f"/api/v1/matters/{code}/moves", plan["worker"], body)
    if status != 200:
        raise RuntimeError(f"a move was answered {status}: {answer}")


def _pairs(
    ready: Stage, owner: psycopg.Connection, plan: dict[str, Any], name: str, floors: Mapping[str, Any]
) -> dict[str, Any]:
    """Both sides in turns; the first pair warms up and is not counted."""
    text, rows = floors[name]
    api, floor, ratios = [], [], []
    before = _rows(owner)
    transactions = 0
    for number in range(PAIRS + 1):
        rate = drive(plan | {"what": name})
        bare, done = run(ready.urls.owner, text, CLIENTS, SECONDS)
        transactions += done
        if number:
            api.append(rate)
            floor.append(bare)
            ratios.append(rate / bare)
    written = {table: count - before[table] for table, count in _rows(owner).items()}
    return {
        "value": round(statistics.median(ratios), 3),
        "raw": {
            "api_per_s": round(statistics.median(api), 1), "floor_per_s": round(statistics.median(floor), 1),
            "pairs": [round(one, 3) for one in ratios], "clients": CLIENTS,
            "rows_of_one": rows, "api_rows": {k: v for k, v in written.items() if not k.startswith("floor_")},
            "floor_rows": {k: v for k, v in written.items() if k.startswith("floor_")},
            "floor_transactions": transactions,
        },
    }  # fmt: skip


def _rows(owner: psycopg.Connection) -> dict[str, int]:
    tables = ("matters_matter", "ledger_line", "matters_duty", "vault_value", "matters_outbox")
    names = [*tables, *(f"floor_{table}" for table in tables)]
    found = {}
    for name in names:
        row = owner.execute(f"select count(*) from {name}").fetchone()
        assert row is not None
        found[name] = row[0]
    return found


def drive(plan: Mapping[str, Any]) -> float:
    """Rounds a second of all clients together; `seconds` of the plan says how long."""
    command = [sys.executable, "-m", "bench.api", json.dumps(dict(plan), ensure_ascii=False)]
    drivers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    for driver in drivers:
        assert driver.stdout is not None
        assert driver.stdout.readline() == "ready\n"
    for driver in drivers:
        assert driver.stdin is not None
        driver.stdin.write("go\n")
        driver.stdin.flush()
    total = 0.0
    for driver in drivers:
        out, _ = driver.communicate()
        if driver.returncode:
            raise RuntimeError("a load driver failed")
        total += float(out)
    return total


def _drive_here(plan: Mapping[str, Any]) -> None:
    """The clients of one process: each does rounds until the time is over; prints rounds a second."""
    rounds: list[int] = []
    faults: list[str] = []
    print("ready", flush=True)
    sys.stdin.readline()
    seconds = float(plan.get("seconds", SECONDS))
    began = time.monotonic()
    until = began + seconds

    def client() -> None:
        connection, done = Client(plan["base"]), 0
        try:
            while time.monotonic() < until:
                _ROUNDS[plan["what"]](connection, plan)
                done += 1
        except (RuntimeError, OSError) as fault:
            faults.append(str(fault))
        rounds.append(done)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS // PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        sys.exit("; ".join(faults[:3]))
    print(sum(rounds) / (time.monotonic() - began))  # the last rounds end later


def _lifecycle(client: Client, plan: Mapping[str, Any]) -> None:
    code = _create(client, plan)
    _move(client, plan, code, _assign(plan))
    _move(client, plan, code, SETTLE)
    status, _, _ = client.ask("GET", f"/api/v1/matters/{code}", plan["worker"])
    if status != 200:
        raise RuntimeError(f"a read was answered {status}")


def _bulk(client: Client, plan: Mapping[str, Any]) -> None:
    body = {"matters": [plan["report"]] * AT_ONCE}
    status, answer, _ = client.ask("POST", "/api/v1/matters/bulk", plan["intake"], body)
    if status != 200:
        raise RuntimeError(f"a bulk report was answered {status}: {str(answer)[:200]}")


_ROUNDS: dict[str, Any] = {"create": lambda client, plan: _create(client, plan), "lifecycle": _lifecycle, "bulk": _bulk}


def _load(ready: Stage, matters: int) -> None:
    """So many matters in the database beforehand, spread over three months, by the bulk form of the one intake."""
    now = moments.now()
    reported = [now - dt.timedelta(seconds=90 * 86400 * number / matters) for number in range(matters, 0, -1)]
    store_made_up(current_method(METHOD), ready.places, reported, now)


def main(arguments: Sequence[str]) -> None:
    """As a load driver with a plan, else the whole measurement (with so many matters loaded before)."""
    if arguments and arguments[0].startswith("{"):
        _drive_here(json.loads(arguments[0]))
    else:
        print(json.dumps(measure(int(arguments[0]) if arguments else 0), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
