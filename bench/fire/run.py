"""One run: an instance is made, served, worked, loaded and killed so many times; then it is drained and counted."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections

from bench.fire.chores import ROWS, Chores, init_in_pieces
from bench.fire.counting import Counted, count, rows
from bench.fire.crowd import Client, County
from bench.fire.cutting import BadLine
from bench.fire.ledger import Ledger
from bench.fire.programs import Programs
from bench.stage import PROGRAM, environment_of, furnish, opened
from minqing.base import moments
from minqing.base.postgres import wait_until_stopped
from minqing.kernel.matters.escalation import still_due
from minqing.kernel.matters.shifting import apply_shift

SEED = 20260601
KILLS = 200
RESULTS = Path(__file__).parents[1] / "results" / "faults.json"
CLIENTS = 4
CHORES = ("init", "tick", "shift", "shift", "import", "backup")  # what an administrator does meanwhile; drawn evenly
KINDS = {"web worker": 4, "work": 4, "backend": 4, "postmaster": 3, "web master": 3, "chore": 5}
TWO_AT_ONCE = 0.15
BEGINS_CHORE = 0.6
DAYS_ON = 0.3  # of the kills come right after a day has passed
INIT_SHARE = 0.06  # of the kills: of init on an empty home
INIT_LONGEST = 5.0  # seconds into init, at most
LEAST_A_KILL = 5  # acknowledged requests
LONGEST = 30  # minutes of a long run
BEHIND = dt.timedelta(days=2)  # by which the outbox may be late when the next day passes
_LAG = """select (select max(recorded) from matters_matter) - min(l.recorded)
    from matters_outbox o join ledger_line l on l.stream = 1 and l.subject = o.subject and l.seq = o.seq"""
PATIENCE = 180.0  # seconds to drain
QUIET = (0.2, 1.5)  # seconds between two kills, after all is ready again


@dataclass
class Run:
    """What is known of it as it goes."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    ready_after: list[float] = field(default_factory=list)
    cut: int = 0  # connections of the bad line


def fire(kills: int, seed: int = SEED, clients: int = CLIENTS, say: Any = None) -> dict[str, Any]:
    """The whole of it; see `_told` for what it answers. The folder stays where something is wrong."""
    began, run, dice = time.monotonic(), Run(seed), random.Random(seed)
    say = say or (lambda line: print(line, file=sys.stderr, flush=True))
    folder = Path(tempfile.mkdtemp(prefix="minqing-fire-"))
    folder.chmod(0o711)
    say(f"seed {seed}, {kills} kills, in {folder}")
    home = _made(folder, kills, run, dice, say)
    with opened(home) as urls:
        county = _county(*furnish(urls, 1, 2, 2))
        connections.close_all()
    environment = environment_of(home) | {"MINQING_ALLOW_SHIFT": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # programs start hundreds of times
    programs = Programs(home, environment)
    chores = Chores(home, environment, dice, CHORES)
    ledger = Ledger(folder / "ledger.jsonl")
    try:
        programs.wait_until_ready()
        crowd = _under_load(programs, chores, county, ledger, run, dice, kills, clients, say, urls.owner)
        chores.finish()
        with opened(home):
            drained = _drain(programs)
            programs.stop()
            checked = {name: _checked(environment, *words) for name, words in CHECKS.items()}
            apply_shift()
            counted = count(ledger.read(), chores.tables, ROWS)
            connections.close_all()
    finally:
        moments.shift_by(dt.timedelta(0))  # the day of the figures is a real one
        chores.end()
        programs.stop()
        ledger.close()
    told = _told(run, counted, crowd, chores, programs, drained, checked, (time.monotonic() - began) / 60)
    if wait_until_stopped(home, 60) and not wrong(told):
        shutil.rmtree(folder)
    else:
        say(f"kept: {folder}")
    return told


CHECKS = {"verify": ("journal", "verify", "--json"), "rebuild": ("journal", "rebuild", "--compare", "--json")}


def _made(folder: Path, kills: int, run: Run, dice: random.Random, say: Any) -> Path:
    """Homes made by an init that was killed on the way; the last of them is the one to be used."""
    wanted = max(1, round(kills * INIT_SHARE))
    number = 0
    while True:
        number += 1
        home = folder / f"home-{number}"
        home.mkdir(mode=0o711)
        some = min(wanted, 3)
        run.kills += init_in_pieces(home, some, dice, INIT_LONGEST)
        wanted -= some
        say(f"init of an empty home in pieces: {dict(run.kills)}")
        if wanted <= 0:
            return home


def _county(intake: str, people: Sequence[Any], places: Sequence[int], methods: Sequence[str]) -> Any:
    tokens: dict[str, list[str]] = {}
    for person in people:
        tokens.setdefault(person.unit, []).append(person.token)
    watcher = next(there[0] for unit, there in tokens.items() if unit.startswith("county-"))
    return lambda base: County(base, intake, watcher, tokens, [str(place) for place in places], methods)


def _under_load(
    programs: Programs, chores: Chores, county: Any, ledger: Ledger, run: Run, dice: random.Random, kills: int,
    clients: int, say: Any, owner: str,
) -> list[Client]:  # fmt: skip
    stop, line = threading.Event(), BadLine(programs.port, run.seed)
    bases = [line.base, *[programs.base] * (clients - 1)]
    crowd = [Client(number, county(base), ledger, run.seed, stop) for number, base in enumerate(bases, 1)]
    for client in crowd:
        client.start()
    try:
        while run.kills.total() < kills:
            time.sleep(dice.uniform(*QUIET))
            if dice.random() < BEGINS_CHORE:
                chores.begin()
                time.sleep(dice.uniform(0, QUIET[1]))
            last = run.kills.total() == kills - 1
            if last:  # whatever the machine's pace, there is enough to look at, and a day passes
                _wait(lambda: ledger.acknowledged >= LEAST_A_KILL * kills and _heard(owner))
            if (dice.random() < DAYS_ON and _heard(owner)) or last:
                chores.day_on()
                time.sleep(dice.uniform(0, 0.5))  # the sweep is at it
            many = min(1 + (dice.random() < TWO_AT_ONCE), kills - run.kills.total())
            killed = [kind for _ in range(many) if (kind := _kill_one(programs, chores, dice))]
            run.kills.update(killed)
            if not killed:
                continue  # it had just ended
            run.ready_after.append(programs.wait_until_ready())
            say(f"{run.kills.total()} {'+'.join(killed)}: ready after {run.ready_after[-1]:.1f} s, "
                f"{ledger.acknowledged} acknowledged {dict(programs.lacked)}")  # fmt: skip
            programs.lacked.clear()
        time.sleep(QUIET[1])
    finally:
        stop.set()
        for client in crowd:
            client.join(120)
        line.close()
        run.cut = line.cut
    _check_crowd(crowd)
    return crowd


def _wait(done: Callable[[], bool]) -> None:
    """Until it is so, or PATIENCE is over: what is missing then is told at the end."""
    until = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < until:
        time.sleep(0.2)


def _heard(owner: str) -> bool:
    """Whether others heard of what happened until BEHIND ago: of what is a week old nobody is told any more, and days
    pass here within seconds."""
    try:
        with psycopg.connect(owner, connect_timeout=2) as connection:
            told = connection.execute(_LAG).fetchone()
    except psycopg.OperationalError:  # it was killed just now
        return False
    return told is None or told[0] is None or told[0] < BEHIND


def _check_crowd(crowd: Sequence[Client]) -> None:
    """A client that still runs would write while it is counted."""
    if hanging := [client.name for client in crowd if client.is_alive()]:
        raise RuntimeError(f"clients got no answer and no end in two minutes: {hanging}")
    if broken := [line for client in crowd for line in client.seen.broken]:
        raise RuntimeError(f"clients broke: {broken}")


def _kill_one(programs: Programs, chores: Chores, dice: random.Random) -> str:
    """Kills one -9; its kind, '' when it had just ended."""
    kind = dice.choices(list(KINDS), list(KINDS.values()))[0]
    pid = chores.victim() if kind == "chore" else programs.victim(kind, dice)
    if kind == "chore":
        if pid is None:
            return ""
        assert chores.running is not None
        kind = chores.running[0]
    if pid is None:
        return ""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return ""
    return kind


def _drain(programs: Programs) -> float:
    """Seconds until nothing is due and nothing waits in the outbox."""
    began = time.monotonic()
    while True:
        programs.wait_until_ready()
        apply_shift()
        left = rows("select count(*) from matters_outbox")[0][0]
        if not left and not still_due(moments.now()):
            return time.monotonic() - began
        if time.monotonic() - began > PATIENCE:
            return PATIENCE  # what is left is counted
        time.sleep(0.3)


def _checked(environment: Mapping[str, str], *words: str) -> dict[str, Any]:
    done = subprocess.run([str(PROGRAM), *words], env=environment, capture_output=True, text=True, timeout=600)
    told = json.loads(done.stdout) if done.stdout.startswith("{") else {"said": (done.stdout + done.stderr)[-500:]}
    return {"exit": done.returncode, "count": told.get("count")} | ({} if not done.returncode else {"told": told})


def _told(
    run: Run, counted: Counted, crowd: Sequence[Client], chores: Chores, programs: Programs, drained: float,
    checked: Mapping[str, Any], minutes: float,
) -> dict[str, Any]:  # fmt: skip
    ready = sorted(run.ready_after)

    def added(name: str) -> dict[str, int]:
        return {str(key): many for key, many in sorted(sum((getattr(c.seen, name) for c in crowd), Counter()).items())}

    return {
        "seed": run.seed, "kills": run.kills.total(), "killed": dict(run.kills), "cut": run.cut,
        "minutes": round(minutes, 1),
        **asdict(counted), **checked,
        "contradictions": [line for client in crowd for line in client.seen.contradictions],
        "faults": [line for client in crowd for line in client.seen.faults],
        "answers": added("answers"), "moves": added("moves"),
        "chores": dict(chores.finished), "chores_in_vain": chores.in_vain(), "copies": chores.copies,
        "copies_broken": chores.broken, "restarts": programs.restarts, "drained_s": round(drained, 1),
        "ready_after_s": {"median": round(ready[len(ready) // 2], 1), "most": round(ready[-1], 1)},
    }  # fmt: skip


def measure() -> dict[str, object]:
    """The rows of bench/results.json, from a run of two hundred kills; `broken` in them: promises that were not kept,
    and what was too little to show anything."""
    told = fire(KILLS)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    raw = {name: told[name] for name in ("seed", "minutes", "acknowledged", "unknown", "doubled", "rungs", "unfired")}
    raw["broken"] = [*wrong(told), *too_little(told)]
    return {name: {"value": told[name], "raw": raw} for name in FIGURES}


FIGURES = ("kills", "lost", "fired_twice")
WRONG = ("lost", "doubled", "fired_twice", "unfired", "otherwise", "outbox_left", "notices_doubled", "notices_lost",
         "contradictions", "faults", "chores_in_vain", "copies_broken")  # fmt: skip


def too_little(told: Mapping[str, Any]) -> list[str]:
    """What a long run has to have seen before it shows anything."""
    kills, moved = told["kills"], sum(many for name, many in told["moves"].items() if name.endswith(" 200"))
    least = {"acknowledged": LEAST_A_KILL * kills, "rungs": kills, "untouched": kills // 10}
    found = [f"{name} {told[name]}, not {many}" for name, many in least.items() if told[name] < many]
    found += [f"nobody killed a {kind}" for kind in KINDS if kind != "chore" and not told["killed"].get(kind)]
    found += [f"no {chore} came to its end" for chore in sorted(set(CHORES)) if not told["chores"].get(f"{chore} 0")]
    found += [f"took {told['minutes']} minutes, not {LONGEST}"] if told["minutes"] > LONGEST else []
    return found + ([f"moves done {moved}, not {kills}"] if moved < kills else [])


def wrong(told: Mapping[str, Any]) -> dict[str, Any]:
    """What of the result breaks a promise; nothing when all are kept."""
    found = {name: told[name] for name in WRONG if told[name]}
    return found | {name: told[name] for name in CHECKS if told[name]["exit"]}
