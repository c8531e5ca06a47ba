"""The order of the measurements, and what each is told with: rows, rates, an anchor of the same run."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import api, store
from bench.million import asking, filling, sweeping
from bench.million.instance import Instance, forget_pages, in_home, made, memory, standing
from bench.pages import Visitor
from bench.stage import environment_of
from bench.walk import Client
from minqing.base import moments
from minqing.base.postgres import wait_until_stopped

EXPLAINED = Path(__file__).parents[1] / "explain"
RESULTS = Path(__file__).parents[1] / "results" / "million.json"
#: A rare word, one of every tenth text or so, two that nearly every text has.
WORDS = ("路灯", "漏水", "噪音", "演示")


@dataclass(frozen=True)
class Sizes:
    """How much there is, and how long each is asked."""

    still_open: int = 1_000_000
    ended: int = 100_000
    concerns: int = 6_000  # patterns, of the last weeks
    pairs: int = 5
    lifecycle_s: float = 8.0
    cold_s: float = 60.0
    warm_s: float = 45.0
    tilt_s: float = 10.0
    due: int = 100_000
    sweeps: int = 4
    imported: int = 20_000
    searches: int = 20  # of each role, for each word

    @property
    def whole(self) -> bool:
        return self.still_open >= 1_000_000


SMOKE = Sizes(1_500, 500, 600, 1, 0.5, 1.5, 1.5, 0.5, 200, 1, 2_000, 2)


def sizes(many: int) -> Sizes:
    """So many open ones, a tenth as many ended."""
    if many == Sizes().still_open:
        return Sizes()
    return SMOKE if many < 10_000 else Sizes(still_open=many, ended=many // 10, due=min(100_000, many // 10))


def measure(asked: Sizes | None = None, folder: Path | None = None, only: Sequence[str] = ()) -> dict[str, object]:
    """{"lifecycle_1m_vs_0", "inbox_p95_ms", "search_p95_ms", "sweep_vs_sql"} and, beside them, "fill", "import",
    "plans", "memory"; with `folder` what is loaded there stays and is used again. `only`: these parts."""
    wanted, told = asked or Sizes(), dict[str, Any](day=moments.today().isoformat())
    with _homes(folder, wanted, told) as (full, empty):
        for part in _parts(full, empty, wanted, only):
            told |= part
            if wanted.whole and not only:  # what was measured stays, whatever becomes of the next
                RESULTS.parent.mkdir(exist_ok=True)
                RESULTS.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    whole = [name for name in told.get("plans", {}).get("faults", ()) if not name.startswith("brief-")]
    if wanted.whole and whole:
        raise RuntimeError(f"plans that read or sort a whole table, see {EXPLAINED}: {', '.join(whole)}")
    return told


def _parts(full: Path, empty: Path, wanted: Sizes, only: Sequence[str]) -> Iterator[dict[str, Any]]:
    if not only or "lifecycles" in only:
        with standing(full) as ours, standing(empty) as other:
            yield {"lifecycle_1m_vs_0": _say("lifecycles", _lifecycles(ours, other, wanted))}
            yield {"import": _say("import", _imports(ours, other, wanted.imported))}
    _stopped(full)
    if only and not {"faces", "plans", "sweep"} & set(only):
        return
    forget_pages(full)
    with standing(full) as ours:
        if not only or "faces" in only:
            yield _faces(ours, wanted)
        if not only or "plans" in only:
            yield {"plans": _say("plans", plans(ours, EXPLAINED if wanted.whole else ours.home / "explain"))}
        yield {"memory": _say("memory", memory(ours.home))}
        if not only or "sweep" in only:
            yield {"sweep_vs_sql": _say("sweep", sweeping.measure(ours, wanted.due, wanted.sweeps))}


@contextmanager
def _homes(folder: Path | None, wanted: Sizes, told: dict[str, Any]) -> Iterator[tuple[Path, Path]]:
    """The full and the empty instance, made where they are not there yet."""
    place = folder or Path(tempfile.mkdtemp(prefix="minqing-million-"))
    place.mkdir(exist_ok=True)
    place.chmod(0o711)
    full, empty = place / "full", place / "empty"
    try:
        if not (place / "filled.json").exists():
            made(empty, 0)
            _stopped(empty)
            subprocess.run(
                ["cp", "-a", str(empty), str(full)], check=True
            )  # with owners: PostgreSQL has its own account
            made(full, wanted.concerns)
            _stopped(full)
            filled = filling.fill(full, environment_of(full), wanted.still_open, wanted.ended)
            (place / "filled.json").write_text(json.dumps(filled), "utf-8")
        told["fill"] = _say("fill", json.loads((place / "filled.json").read_text("utf-8")))
        _stopped(full)
        yield full, empty
    finally:
        for home in (full, empty):
            _stopped(home)
        if folder is None:
            shutil.rmtree(place)


def _stopped(home: Path) -> None:
    if not wait_until_stopped(home, 120):
        raise RuntimeError(f"the server of {home} does not stop")


def _lifecycles(ours: Instance, other: Instance, wanted: Sizes) -> dict[str, Any]:
    """Report, assign, settle, read over HTTP: in turns, the first pair warms up and is not counted."""
    before = {"full": ours.rows(), "empty": other.rows()}
    rates: dict[str, list[float]] = {"full": [], "empty": []}
    for number in range(wanted.pairs + 1):
        for name, one in _turns(number, ("full", ours), ("empty", other)):
            rate = api.drive(_played(one, wanted))
            if number:
                rates[name].append(rate)
    pairs = [full / empty for full, empty in zip(rates["full"], rates["empty"], strict=True)]
    return {
        "value": round(statistics.median(pairs), 3),
        "raw": {
            "pairs": [round(one, 3) for one in pairs], "clients": api.CLIENTS, "seconds": wanted.lifecycle_s,
            "per_s": {name: round(statistics.median(told), 1) for name, told in rates.items()},
            "rows_before": before,
            "rows_after": {"full": ours.rows(), "empty": other.rows()},
        },
    }  # fmt: skip


def _imports(ours: Instance, other: Instance, many: int) -> dict[str, float]:
    """So many matters through the journal's one writing function, by two writers (`bench.store`), into each store."""
    rates = {
        name: round(many / store.load(many, environment_of(one.home)))
        for name, one in (("empty", other), ("full", ours))
    }
    return {"matters": many, "matters_per_s_empty": rates["empty"], "matters_per_s_full": rates["full"],
            "ratio": round(rates["full"] / rates["empty"], 2)}  # fmt: skip


def _turns(number: int, *both: tuple[str, Instance]) -> Sequence[tuple[str, Instance]]:
    """Who goes first changes from pair to pair."""
    return both if number % 2 else both[::-1]


def _played(one: Instance, wanted: Sizes) -> dict[str, Any]:
    plan = {name: one.plan[name] for name in ("intake", "worker", "person", "report")}
    return plan | {"base": one.base, "what": "lifecycle", "seconds": wanted.lifecycle_s}


def _faces(ours: Instance, wanted: Sizes) -> dict[str, Any]:
    """The pages; what comes first after the start is told apart."""
    people = asking.visitors(ours)
    inboxes = [
        (role, asking.page(one, ("/inbox", "/inbox?list=area"), place)) for place, (role, one) in enumerate(people)
    ]
    cold = asking.asked_by_all(inboxes, wanted.cold_s, asking.PAUSE).figures()
    warm = asking.asked_by_all(inboxes, wanted.warm_s, asking.PAUSE).figures()
    tilt = asking.asked_by_all(inboxes, wanted.tilt_s, 0.0).figures()
    open_ones = ours.ask("select count(*) from matters_matter where open")
    raw: dict[str, Any] = {"open": open_ones, "users": len(people), "pause_s": asking.PAUSE}
    raw |= _say("inbox", {"warm": warm, "cold_first_minute": cold, "full_tilt": tilt})
    raw["page_alone"] = _say("pages", _pages(ours, dict(reversed(people))))
    looked = [f"/matters?q={quote(word)}" for word in WORDS]
    searches = [(role, asking.page(one, looked, place)) for place, (role, one) in enumerate(people)]
    asking.asked_by_all(searches, wanted.warm_s / 4, asking.PAUSE)
    found = asking.asked_by_all(searches, wanted.warm_s, asking.PAUSE).figures()
    alone = json.loads(in_home(ours.home, "bench.million.plans", "search", json.dumps(WORDS), str(wanted.searches)))
    return {
        "inbox_p95_ms": {"value": warm["p95"], "raw": raw},
        "search_p95_ms": _say(
            "search",
            {"value": alone["all"]["p95"], "raw": {"open": open_ones, "search": alone, "its_page_16_users": found}},
        ),
    }


def _pages(ours: Instance, people: dict[str, Visitor]) -> dict[str, Any]:
    """Other pages, one after the other with nobody beside; the page without any matter is the anchor."""
    code = ours.ask("select code from matters_matter where open order by id desc limit 1")
    secret = in_home(ours.home, "bench.million.secret", code).strip()
    resident = Client(ours.base)

    def followed() -> None:
        status, _answer, _ = resident.ask("POST", f"/api/v1/public/{code}", "", {"secret": secret})
        if status != 200:
            raise RuntimeError(f"the public page was answered {status}")

    leader, town = people["leader"], people["town_centre"]
    askings: dict[str, Callable[[], None]] = {
        "anchor: /report (no matter)": asking.page(Visitor(ours.port, ""), ["/report"]),
        "town /inbox": asking.page(town, ["/inbox"]),
        "leader /inbox?list=area": asking.page(leader, ["/inbox?list=area"]),
        "leader /today": asking.page(leader, ["/today"]),
        "leader /matters": asking.page(leader, ["/matters"]),
        "leader /matters?late=1": asking.page(leader, ["/matters?late=1"]),
        "leader /matters/{code}": asking.page(leader, [f"/matters/{code}"]),
        "leader /reception/brief": asking.page(leader, ["/reception/brief"]),
        "POST /api/v1/public/{code}": followed,
    }
    askings |= {f"leader /matters?q={word}": asking.page(leader, [f"/matters?q={quote(word)}"]) for word in WORDS}
    told: dict[str, Any] = {}
    for name, ask in askings.items():
        began = time.monotonic()
        ask()
        told[name] = asking.alone(ask, 20 if time.monotonic() - began < 0.5 else 3)
    return told


def plans(ours: Instance, folder: Path) -> dict[str, Any]:
    """The plans of every hot question, kept; those that read or sort a whole are named."""
    folder.mkdir(exist_ok=True)
    told = json.loads(in_home(ours.home, "bench.million.plans", str(folder), json.dumps(WORDS)))
    return {
        "faults": {name: one["faults"] for name, one in told.items() if one["faults"]},
        "ms": {name: one["ms"] for name, one in told.items()},
    }


def _say(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    print(f"{moments.now():%H:%M:%S} {name}: {json.dumps(figures, ensure_ascii=False)}", flush=True)
    return figures
