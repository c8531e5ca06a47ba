"""A real browser before a real server: `minqing serve` on a database of its own, with the trial county and its people.

Server and browser are those of one test file: what its tests do stays in that county, and no other test runs inside
the browser's event loop. Chromium is the one of the system (MINQING_CHROMIUM: another); none is a failure, never a
skip. A page that errs in its console, breaks its own security policy, asks another host or gets a fault fails the test.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from minqing.base import moments
from minqing.base.ledger.keys import body_key, secrets_key, signing_key
from minqing.kernel.matters.shifting import shift_clock
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.trial_staff import Person, seat_people, seat_trial_staff, slug_of
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.regions.codes import code_of, county_of, level_of, lineage
from minqing.registers.vault.masters import masters
from minqing.wiring.vocabulary import VOCABULARY

ROOT = Path(__file__).resolve().parents[2]
MINQING = [sys.executable, "-c", "from minqing.wiring.start import main; main()"]
METHODS = ("panan-three-feelings", "wushan-three-rests")
PHONE, DESK = 390, 1280
PATIENCE = 60  # seconds until the server listens
_UNGUARDED = "allauth.account.auth_backends.AuthenticationBackend"  # a session made here asks for no password


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process drives the browser: two would take the server's place from each other."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass
class Instance:
    """A served county. `who` below is a short name ('grid', 'town', 'auditor' …), the slug of a unit, or either with
    '/2' for the second person there; '' is a resident, who does not sign in."""

    base: str
    grids: list[str]
    people: list[Person]
    short: dict[str, str]
    _sessions: dict[str, str] = field(default_factory=dict)

    def person(self, who: str) -> Person:
        """Who that is."""
        named, _, number = who.partition("/")
        unit, _, role = self.short.get(named, named).partition("#")
        there = [one for one in self.people if one.unit == unit and role in ("", one.role)]
        assert there, f"nobody is called {who}: {sorted(self.short)} or the slug of a unit"
        return there[int(number or 1) - 1]

    def session(self, who: str) -> str:
        """The word of a session in which they are signed in, in their post."""
        if who not in self._sessions:
            self._sessions[who] = self.aside(lambda: _signed_in(self.person(who)))
        return self._sessions[who]

    def aside(self, work: Callable[[], Any]) -> Any:
        """Does something with the database; in a thread of its own, for the browser's event loop has this one."""

        def done() -> Any:
            try:
                return work()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(done).result()

    def run(self, *arguments: str) -> str:
        """A command of an administrator, such as `tick`; its output."""
        done = subprocess.run([*MINQING, *arguments], env=os.environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def pass_time(self, by: dt.timedelta) -> None:
        """Moves the clock of the county on and lets it act."""
        self.aside(lambda: shift_clock(moments.shift() + by))
        self.run("tick")


def _signed_in(person: Person) -> str:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=person.person), _UNGUARDED)
    kept = client.session
    kept["post"] = person.post
    kept.save()
    return client.cookies["minqing_session"].value


@pytest.fixture(scope="module")
def instance(module_database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The trial county (one village, two grids, two people in each unit, an auditor, an administrator), served."""
    home = tmp_path_factory.mktemp("county") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**module_database.env, "MINQING_HOME": str(home), "MINQING_ALLOW_SHIFT": "1"}.items():
            patch.setenv(name, value)
        for make in (signing_key, body_key, secrets_key, masters):
            make(home)
        (home / "keys" / "web.key").write_text(str(settings.SECRET_KEY))  # this process keeps the first it read
        moments.shift_by(dt.timedelta(0))
        grids, people, short = _county(tmp_path_factory.mktemp("lists"))
        with _served() as base:
            yield Instance(base, grids, people, short)
        moments.shift_by(dt.timedelta(0))


def _county(lists: Path) -> tuple[list[str], list[Person], dict[str, str]]:
    grids = open_trial_county(lists, towns=1, villages=1, grids=2)
    for name in METHODS:
        publish(load_method(ROOT / "methods" / f"{name}.yaml", VOCABULARY))
    short = {level_of(place): slug_of(place) for place in lineage(grids[0])}
    short |= {"police": "trial-police", "water": "trial-water", "office": "trial-office"}
    county = slug_of(county_of(grids[0]))
    besides = ("auditor", "administrator", "leader")
    people = seat_trial_staff(grids) + seat_people([(county, "county", role, 1) for role in besides])
    short["county"] += "#county_centre"
    short |= {role: f"{county}#{role}" for role in besides}
    return [code_of(grid) for grid in grids], people, short


@contextmanager
def _served() -> Iterator[str]:
    process = subprocess.Popen(
        [*MINQING, "serve", "--port", "0"], env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+) ", process.stdout.readline())
        assert found, process.communicate()
        until = time.monotonic() + PATIENCE
        while not _listens(int(found[1])):
            assert process.poll() is None and time.monotonic() < until, process.communicate()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{found[1]}"
    finally:
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said


def _listens(port: int) -> bool:
    """A connection is taken at once, and waits there until a process answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE):
            return True
    except OSError:
        return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser itself; each person has a context of their own in it."""
    place = os.environ.get("MINQING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if place is None:
        pytest.fail("没有浏览器：请先 apt-get install chromium fonts-noto-cjk（install chromium first）")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=place, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What pages complained of. A test that means to meet a fault names its status in `expected`."""

    base: str
    found: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def over(self, page: Page) -> None:
        """Listens from now on."""
        page.set_default_timeout(20_000)
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self.found.append(f"script: {fault}"))
        page.on("response", self._answered)
        page.on("request", lambda asked: self._asked(asked.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.found.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _asked(self, address: str) -> None:
        if not address.startswith((self.base, "data:", "blob:", "about:")):
            self.found.append(f"asks elsewhere: {address}")

    def _answered(self, answer: Response) -> None:
        part = answer.request.resource_type in ("document", "xhr", "fetch")
        if answer.status >= (500 if part else 400) and answer.status not in self.expected:
            self.found.append(f"{answer.status}: {answer.request.method} {answer.url}")


@pytest.fixture
def watch(instance: Instance) -> Iterator[Watch]:
    """Fails the test for what its pages complained of."""
    watch = Watch(instance.base)
    yield watch
    assert watch.found == []


@pytest.fixture
def browser_as(instance: Instance, chromium: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`browser_as(who, width, tongue=…, dark=…)`: a page in a context of its own, signed in as `who`; a relative
    address is of the instance. `script=False` is a browser that runs none."""
    opened = []

    def browser_as(
        who: str = "", width: int = DESK, *, tongue: str = "zh", dark: bool = False, script: bool = True
    ) -> Page:
        context = context_of(instance, chromium, who, width, tongue=tongue, dark=dark, script=script)
        opened.append(context)
        context.on("page", watch.over)
        return context.new_page()

    yield browser_as
    for context in opened:
        context.close()


def context_of(
    instance: Instance, chromium: Browser, who: str, width: int, *, tongue: str, dark: bool = False, script: bool = True
) -> BrowserContext:
    """A device of its own, on which `who` is signed in."""
    context = chromium.new_context(
        base_url=instance.base, viewport={"width": width, "height": 844 if width < 600 else 800},
        locale="en-GB" if tongue == "en" else "zh-CN", timezone_id="Asia/Shanghai", has_touch=width < 600,
        color_scheme="dark" if dark else "light", java_script_enabled=script, reduced_motion="reduce",
    )  # fmt: skip
    if who:
        context.add_cookies(
            [{"name": "minqing_session", "value": instance.session(who), "url": instance.base, "httpOnly": True}]
        )
    return context
