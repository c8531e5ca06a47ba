"""A trial instance with a made-up county, people in its posts, and a server: the stage on which a client plays.

Everything lies below a temporary folder; the server listens on loopback. Time passes by `minqing clock shift`, and
`minqing tick` fires what is due, as an administrator would do it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import django
from django.db import connections

from minqing.base.ledger.keys import body_key, secrets_key, signing_key
from minqing.base.postgres import home_folder, running, wait_until_stopped
from minqing.base.postgres.instance import migrate_and_grant, point_at
from minqing.base.postgres.served import APP_URL, OWNER_URL, Urls
from minqing.registers.vault.masters import masters

ROOT = Path(__file__).resolve().parents[1]
METHODS = ROOT / "methods"
PROGRAM = Path(sys.executable).with_name("minqing")
PATIENCE = 300.0  # seconds until the server must be ready; machines stall


@dataclass
class Stage:
    """What a client is told. `tokens` are those of people, `intake` that of whoever takes concerns in."""

    base: str
    urls: Urls
    home: Path
    environment: dict[str, str]
    intake: str
    people: Sequence[object]
    places: Sequence[int]
    methods: Sequence[str]
    commands: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> str:
        """One command of the command line; its output."""
        return run_program(self.environment, *arguments)

    def pass_time(self, span: str) -> None:
        """Moves the clock of the whole instance and lets it act."""
        self.run("clock", "shift", f"+{span}")
        self.run("tick")


def run_program(environment: dict[str, str], *arguments: str) -> str:
    """One command of the command line; its output."""
    done = subprocess.run(
        [str(PROGRAM), *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"minqing {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def environment_of(home: Path) -> dict[str, str]:
    """That of programs on an instance of its own: the addresses of another server are left out."""
    kept = {name: value for name, value in os.environ.items() if name not in (APP_URL, OWNER_URL)}
    return kept | {"MINQING_HOME": str(home)}


@contextmanager
def stage(towns: int = 1, villages: int = 2, grids: int = 2, workers: int = 2) -> Iterator[Stage]:
    """A ready instance with a server, taken down afterwards."""
    home = Path(tempfile.mkdtemp(prefix="minqing-stage-"))
    home.chmod(0o711)
    environment = environment_of(home) | {"MINQING_ALLOW_SHIFT": "1"}
    with opened(home) as urls:
        intake, people, places, methods = furnish(urls, towns, villages, grids)
        connections.close_all()
        port = free_port()
        with serving(port, workers, environment, home / "serve.log"):
            yield Stage(f"http://127.0.0.1:{port}", urls, home, environment, intake, people, places, methods)
    if wait_until_stopped(home, 60):
        shutil.rmtree(home)


@contextmanager
def opened(home: Path) -> Iterator[Urls]:
    """Django of this process on the instance of a home; afterwards where it was before, as of a test run that goes on
    elsewhere."""
    former = os.environ.get("MINQING_HOME")
    os.environ["MINQING_HOME"] = str(home)
    try:
        with running(home) as server:
            urls = Urls(server.dsn_app, server.dsn_owner)
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
            django.setup()
            settings = {alias: dict(connections.settings[alias]) for alias in connections}
            point_at(urls)
            try:
                yield urls
            finally:
                connections.close_all()
                for alias, before in settings.items():
                    connections.settings[alias].update(before)
    finally:
        os.environ.pop("MINQING_HOME")
        if former is not None:
            os.environ["MINQING_HOME"] = former


def furnish(
    urls: Urls, towns: int, villages: int, grids: int
) -> tuple[str, Sequence[object], Sequence[int], Sequence[str]]:
    """Tables, keys, county, people and methods of an open instance: the intake's token, people, grids, methods."""
    migrate_and_grant(urls)
    for make in (signing_key, body_key, secrets_key, masters):
        make(home_folder())
    return _furnish(towns, villages, grids)


def _furnish(towns: int, villages: int, grids: int) -> tuple[str, Sequence[object], Sequence[int], Sequence[str]]:
    """County, people and methods; the modules that need Django made ready are loaded by now."""
    from minqing.kernel.matters.trial_county import open_trial_county  # noqa: PLC0415
    from minqing.kernel.matters.trial_staff import program_token, seat_people, seat_trial_staff  # noqa: PLC0415
    from minqing.kernel.matters.versions import publish  # noqa: PLC0415
    from minqing.kernel.methods.loader import load_folder  # noqa: PLC0415
    from minqing.registers.regions.actions import move_unit, open_unit  # noqa: PLC0415
    from minqing.registers.regions.codes import code_of, county_of, parse_code  # noqa: PLC0415
    from minqing.wiring.ports import bind_ports  # noqa: PLC0415
    from minqing.wiring.vocabulary import VOCABULARY  # noqa: PLC0415

    bind_ports()
    with tempfile.TemporaryDirectory() as folder:
        places = open_trial_county(Path(folder), towns, villages, grids)
    county = code_of(county_of(places[0]))
    open_unit("city-above", "演示市（上级）", level="city", region=parse_code(f"{county[:4]}00"))
    move_unit(f"county-{county}", "city-above")  # whom a matter goes to that is against everybody in the county
    people = [*seat_trial_staff(places), *seat_people([("city-above", "city", "county_centre", 1)])]
    methods = load_folder(METHODS, VOCABULARY)
    for method in methods.values():
        publish(method)
    return program_token("trial"), people, places, list(methods)


@contextmanager
def serving(port: int, workers: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    """`minqing serve`, ready to answer."""
    with log.open("wb") as said:
        server = subprocess.Popen(
            [str(PROGRAM), "serve", "--port", str(port), "--workers", str(workers)], env=environment, stdout=said,
            stderr=said,
        )  # fmt: skip
        try:
            _wait_until_ready(port, server)
            yield
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                raise


def _wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    lacking = ""
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30):
                return
        except urllib.error.HTTPError as fault:
            lacking = fault.read().decode()
        except OSError as fault:  # not there yet, or still loading what it reads with
            lacking = str(fault)
        time.sleep(0.5)
    raise RuntimeError(f"the server did not become ready: {lacking}")


def free_port() -> int:
    """A port of loopback that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
