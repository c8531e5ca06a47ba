"""`python -m deploy.replica.rehearse`: the primary dies under load, the replica takes over; what was acknowledged is
looked for, and what is lost is counted.

Four times, on a small made-up county: a replica that follows by itself, and one that each commit waits for
(synchronous_commit = remote_apply); each with a link that holds, and with one that stalls shortly before the death.
Everything runs on loopback in a temporary folder. Results: bench/results/replica.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPException
from pathlib import Path

from bench.stage import ROOT, environment_of, free_port, run_program, serving
from bench.walk import Client

from deploy.replica.cluster import Cluster, cluster, programs

RESULTS = ROOT / "bench" / "results" / "replica.json"
CLIENTS = 3
WAYS = ((False, False), (False, True), (True, False), (True, True))  # commits wait, the line is cut
PATIENCE = 120.0  # seconds for the web server to find its database again
STALL = 1.5  # seconds between the stall of the link and the death of the primary
NAME = "county_replica"
SYNCHRONOUS = (f"synchronous_standby_names={NAME}", "synchronous_commit=remote_apply")


@dataclass
class Round:
    """One death. `in_doubt`: requests under way when the primary died; of them nothing was promised."""

    synchronous: bool
    stalled: bool
    acknowledged: int = 0
    after_stall: int = 0
    lost: int = 0
    in_doubt: int = 0
    seconds_to_take_over: float = 0.0
    journal: str = ""
    goes_on: bool = False


@dataclass
class County:
    """The primary with its county; the home holds the keys, not the database."""

    primary: Cluster
    home: Path
    token: str
    place: str
    method: str


@dataclass
class Load:
    """What clients were told: codes by the moment at which they were acknowledged."""

    taken: list[tuple[float, str]] = field(default_factory=list)
    unanswered: int = 0


def rehearse(folder: Path, seconds: float) -> list[Round]:
    """All four rounds on one county: the web server and its address stay, each promoted replica is the next primary."""
    with ExitStack() as open_:
        primary = open_.enter_context(cluster(folder / "primary"))
        primary.make()
        primary.start()
        primary.make_county_database()
        county = furnished(primary, folder / "home")
        port = free_port()
        open_.enter_context(serving(port, 1, environment_of(county.home) | primary.urls, folder / "home" / "serve.log"))
        rounds = []
        for number, way in enumerate(WAYS):
            replica = open_.enter_context(cluster(folder / f"replica-{number}"))
            rounds.append(_round(county, replica, port, Round(*way), seconds))
        return rounds


def furnished(primary: Cluster, home: Path) -> County:
    """The county, made by another process on that server."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.replica.county"], cwd=ROOT, env=environment_of(home) | primary.urls,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the county was not made:\n{done.stderr}")
    told = json.loads(done.stdout)
    return County(primary, home, **told)


def _round(county: County, replica: Cluster, port: int, one: Round, seconds: float) -> Round:
    """Loads, kills, promotes at the same address, counts; what was promoted is the primary then."""
    copy_of(county.primary, replica)
    replica.start()
    county.primary.wait_for("select count(*) = 1 from pg_stat_replication where state = 'streaming'")
    if one.synchronous:
        _have_commits_wait(county.primary)
    load = _load_until_death(county, replica, port, one, seconds)
    began = time.monotonic()
    replica.ask("select pg_promote(true)")
    _take_over(county, replica)
    one.seconds_to_take_over = round(time.monotonic() - began, 2)
    _count(county, load, port, one)
    return one


def _take_over(county: County, replica: Cluster) -> None:
    """The promoted one comes to the address of the dead, as a moved name or address would bring it."""
    replica.stop()
    replica.port = county.primary.port
    replica.start()
    county.primary = replica


def copy_of(primary: Cluster, replica: Cluster) -> None:
    """pg_basebackup -R: it follows the primary from its first start."""
    where = f"host=127.0.0.1 port={primary.port} user=postgres application_name={NAME}"
    replica.run(
        programs() / "pg_basebackup", f"--dbname={where}", "-D", replica.data, "--write-recovery-conf",
        "--checkpoint=fast", "--no-sync",
    )  # fmt: skip


def _have_commits_wait(primary: Cluster) -> None:
    """Set after the copy was made: a promoted replica that had it set would wait for a replica of its own."""
    for setting in SYNCHRONOUS:
        name, value = setting.split("=")
        primary.ask(f"alter system set {name} = '{value}'")
    primary.ask("select pg_reload_conf()")
    primary.wait_for("select count(*) = 1 from pg_stat_replication where sync_state = 'sync'")


def _load_until_death(county: County, replica: Cluster, port: int, one: Round, seconds: float) -> Load:
    load = Load()
    with _clients(county, port, load) as enough:
        _wait_for_some(load)
        time.sleep(seconds)
        stalled_at = time.monotonic()
        if one.stalled:
            _stall(replica)
            time.sleep(STALL)
        county.primary.kill()
        enough.set()
    _resume(replica)
    one.acknowledged, one.in_doubt = len(load.taken), load.unanswered
    one.after_stall = sum(at > stalled_at for at, _ in load.taken) if one.stalled else 0
    return load


def _wait_for_some(load: Load) -> None:
    until = time.monotonic() + PATIENCE
    while not load.taken:
        if time.monotonic() > until:
            raise RuntimeError(f"nothing was acknowledged within {PATIENCE:.0f} s")
        time.sleep(0.05)


@contextmanager
def _clients(county: County, port: int, load: Load) -> Iterator[threading.Event]:
    """Clients that report one after the other until they are told that it is enough."""
    enough = threading.Event()

    def report_on() -> None:
        body = {"title": "路灯不亮", "text": "村口的路灯不亮", "place": county.place, "channel": "hotline"}
        body["method"] = county.method
        with closing(Client(f"http://127.0.0.1:{port}")) as client:
            while not enough.is_set():
                try:
                    status, told, _ = client.ask("POST", "/api/v1/matters", county.token, body)
                except (OSError, HTTPException):
                    status, told = 0, {}
                if status == 201:
                    load.taken.append((time.monotonic(), told["code"]))
                else:
                    load.unanswered += 1
                    time.sleep(0.1)

    threads = [threading.Thread(target=report_on) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield enough
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def _stall(replica: Cluster) -> None:
    """Its receiver stands still, as when the line between the machines is cut: it takes nothing and says nothing."""
    for (number,) in replica.ask("select pid from pg_stat_wal_receiver"):
        os.kill(int(str(number)), signal.SIGSTOP)


def _resume(replica: Cluster) -> None:
    """What had not come by the death never comes: what waits in the dead receiver's line is thrown away with it."""
    for number in replica.processes()[1:]:
        state = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "T":
            os.kill(number, signal.SIGTERM)
            os.kill(number, signal.SIGCONT)


def _count(county: County, load: Load, port: int, one: Round) -> None:
    there = {code for (code,) in county.primary.ask("select code from matters_matter", "county")}
    one.lost = sum(code not in there for _, code in load.taken)
    told = run_program(environment_of(county.home) | county.primary.urls, "journal", "verify")
    one.journal = "verifies" if "没有发现问题" in told else told
    more = Load()
    with _clients(county, port, more):
        _wait_for_some(more)
    one.goes_on = bool(more.taken)


def told_of(rounds: list[Round], seconds: float) -> dict[str, object]:
    """What is kept of a rehearsal."""
    version = subprocess.run([programs() / "postgres", "--version"], capture_output=True, text=True).stdout.strip()
    return {
        "server": version, "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "clients": CLIENTS, "seconds": seconds, "stall": STALL, "rounds": [asdict(one) for one in rounds],
    }  # fmt: skip


def main() -> None:
    """Prints the numbers and keeps them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=4.0, help="of load before each death")
    asked.add_argument("--to", type=Path, default=RESULTS, help="where the numbers are kept")
    chosen = asked.parse_args()
    folder = stage_folder()
    try:
        told = told_of(rehearse(folder, chosen.seconds), chosen.seconds)
    finally:
        shutil.rmtree(folder)
    chosen.to.parent.mkdir(parents=True, exist_ok=True)
    chosen.to.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    print(json.dumps(told, ensure_ascii=False, indent=1))


def stage_folder() -> Path:
    """A folder that the servers' account owns, and others may pass."""
    folder = Path(tempfile.mkdtemp(prefix="minqing-rehearsal-"))
    folder.chmod(0o711)
    Cluster(folder / "x", port=1).runs_as.take(folder)
    return folder


if __name__ == "__main__":
    main()
