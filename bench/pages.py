"""Pages of the made-up county: the first page on a cold cache in a real browser, parts of pages over HTTP.

A cold cache is a browser context of its own; what came over the wire is what the browser itself counts. Parts are asked
for one after the other on one connection, as the scripts of the pages ask. Roles sign in as visitors of the demo do.
"""

from __future__ import annotations

import http.client
import itertools
import os
import re
import shutil
import statistics
import tempfile
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.stage import environment_of, free_port, run_program, serving
from minqing.base.postgres import wait_until_stopped

ROUNDS = 10  # cold openings of a page
TIMES = 20  # askings of a part in a turn
TURNS = 5  # each part in turn, so that a bad half minute of the machine falls on all of them
WORKERS = 2
#: Who opens which page on a cold cache; '' is a resident.
FIRST = (("", "/"), ("town", "/today"), ("town", "/inbox"), ("town", "/matters/{code}"))
#: Who asks for which part of a page.
PARTS = (
    ("town", "/inbox"), ("town", "/inbox/news?list=mine&since=1"), ("town", "/matters"),
    ("town", "/matters/{code}"), ("town", "/matters/{code}/moved?position=1"),
    ("town", "/matters/{code}/moves/{verb}"), ("town", "/matters/{code}/moves/note"),
    ("town", "/matters/{code}/other?code={other}"), ("leader", "/inbox"), ("leader", "/matters"),
    ("town", "/new/near"),
)  # fmt: skip
NEAR = "/new/near"  # the one part asked for by POST: what a clerk is typing stands in no address

_BYTES = """() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
    .reduce((sum, one) => sum + one.transferSize, 0)"""
_LOADED = "() => { const one = performance.getEntriesByType('navigation')[0]; return one.loadEventEnd - one.startTime }"


class Visitor:
    """Somebody of the demo, signed in; asks on one connection."""

    def __init__(self, port: int, role: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        if role:
            self._sign_in(role)

    def ask(self, path: str, *, part: bool = False, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"HX-Request": "true"} if part else {}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._answer("GET" if form is None else "POST", path, body, headers)
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", ()):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, text

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """An idle connection may have been closed meanwhile: what only reads is asked for once more."""
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except http.client.RemoteDisconnected:
            if method != "GET":
                raise
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()

    def _sign_in(self, role: str) -> None:
        page = self.ask("/sign-in")[1]
        word = found_in(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        person = found_in(rf'value="([^"]*{role}[^"]*)"', page)
        status, _text = self.ask("/sign-in/trial", form={"csrfmiddlewaretoken": word, "person": person})
        if status != 302:
            raise RuntimeError(f"{role} could not sign in: {status}")


def measure() -> dict[str, object]:
    """{"first_page_ms", "first_page_kb", "parts_p95_ms"}: the worst of each, all of them in `raw`."""
    with demo_county() as port:
        visitors = {role: Visitor(port, role) for role in ("", "town", "leader")}
        known = matters_known(visitors["town"])
        form = typed(visitors["town"])
        parts, stolen = _parts(visitors, known, form)
        first = _first_pages(port, visitors, known)
    slow, large = max(one["ms"] for one in first.values()), max(one["kb"] for one in first.values())
    return {
        "first_page_ms": {"value": slow, "raw": {name: one["ms"] for name, one in first.items()}},
        "first_page_kb": {"value": large, "raw": {name: one["kb"] for name, one in first.items()}},
        "parts_p95_ms": {
            "value": max(one["p95"] for one in parts.values()),
            "raw": parts | {"stolen_percent": stolen},
        },
    }


def matters_known(visitor: Visitor) -> dict[str, str]:
    """A matter in hand with a step to make, and another one."""
    pages = visitor.ask("/inbox")[1] + visitor.ask("/matters")[1]
    codes = list(dict.fromkeys(re.findall(r'href="/matters/([^"/?]+)"', pages)))
    verb = found_in(rf"/matters/{codes[0]}/moves/([a-z_-]+)", visitor.ask(f"/matters/{codes[0]}")[1])
    return {"code": codes[0], "other": codes[1], "verb": verb}


def typed(visitor: Visitor) -> dict[str, str]:
    """A form half filled in, with the words and the village of a matter that is then found near to it."""
    page = visitor.ask("/new")[1]
    word = found_in(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    titles = re.findall(r'class="waiting-title">([^<]+)<', visitor.ask("/matters")[1])
    places = dict.fromkeys(label.split()[0] for label in re.findall(r'<option value="([^"]+)"', page) if label.strip())
    for title, place in itertools.product(titles[:3], places):
        form = {"csrfmiddlewaretoken": word, "text": title, "place": place}
        if 'class="near"' in visitor.ask(NEAR, part=True, form=form)[1]:
            return form
    raise RuntimeError("nothing near is found in the town")


def _parts(
    visitors: Mapping[str, Visitor], known: Mapping[str, str], form: Mapping[str, str]
) -> tuple[dict[str, dict[str, float]], float]:
    """Median and 95th of a hundred askings of each part, in milliseconds; and the share of this machine's time that
    its host gave to others meanwhile, in percent: where that is not small, the 95th says more of them than of us."""
    took: dict[str, list[float]] = {f"{role} {path}": [] for role, path in PARTS}
    before = _ticks()
    for _ in range(TURNS):
        for role, path in PARTS:
            asked = _asked(visitors[role], path.format(**known), form if path == NEAR else None)
            took[f"{role} {path}"] += asked
    spent = [after - earlier for earlier, after in zip(before, _ticks(), strict=True)]
    found = {
        name: {
            "p50": round(statistics.median(times) * 1000, 1),
            "p95": round(statistics.quantiles(times, n=20)[-1] * 1000, 1),
        }
        for name, times in took.items()
    }
    return found, round(100 * spent[7] / sum(spent), 1)


def _ticks() -> list[int]:
    """What the processors did so far, in ticks: user, nice, system, idle, waiting, two kinds of interrupts, stolen."""
    with open("/proc/stat", encoding="ascii") as lines:
        return [int(word) for word in lines.readline().split()[1:9]]


def _asked(visitor: Visitor, path: str, form: Mapping[str, str] | None) -> list[float]:
    """Seconds of each asking of a turn."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        status, _text = visitor.ask(path, part=True, form=form)
        took.append(time.perf_counter() - began)
        if status not in (200, 204):
            raise RuntimeError(f"{path} is not answered: {status}")
    return took


def _first_pages(port: int, visitors: Mapping[str, Visitor], known: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """The median and the worst time of each page, and what came over the wire."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        _opened(browser, f"http://127.0.0.1:{port}", "/", {})  # the first of a browser starts its own processes
        return {
            path: _cold(browser, f"http://127.0.0.1:{port}", path.format(**known), visitors[role].cookies)
            for role, path in FIRST
        }


def _cold(browser: Browser, base: str, path: str, cookies: Mapping[str, str]) -> dict[str, float]:
    opened = [_opened(browser, base, path, cookies) for _ in range(ROUNDS)]
    times = [ms for ms, _bytes in opened]
    return {"ms": round(statistics.median(times)), "worst": round(max(times)), "kb": round(opened[0][1] / 1000)}


def _opened(browser: Browser, base: str, path: str, cookies: Mapping[str, str]) -> tuple[float, float]:
    """Milliseconds until all was loaded, and bytes."""
    context = browser.new_context(base_url=base, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    page = context.new_page()
    answer = page.goto(path, wait_until="load")
    if answer is None or not answer.ok or not page.url.endswith(path):
        raise RuntimeError(f"{path} did not open: {page.url}")
    found: tuple[float, float] = (page.evaluate(_LOADED), page.evaluate(_BYTES))
    context.close()
    return found


def chromium() -> str:
    """Where the browser is."""
    place = os.environ.get("MINQING_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if place is None:
        raise RuntimeError("no browser: install chromium")
    return place


def found_in(pattern: str, text: str) -> str:
    """The first group of what a pattern finds."""
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"the page has nothing like {pattern}")
    return found[1]


@contextmanager
def demo_county() -> Iterator[int]:
    """The made-up county with its whole year, served."""
    folder = Path(tempfile.mkdtemp(prefix="minqing-pages-"))
    folder.chmod(0o711)
    environment = environment_of(folder / "home")
    try:
        run_program(environment, "demo")
        port = free_port()
        with serving(port, WORKERS, environment, folder / "serve.log"):
            yield port
    finally:
        if wait_until_stopped(folder / "home", 60):
            shutil.rmtree(folder)
