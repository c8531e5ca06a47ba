"""What an administrator does meanwhile, each a program that may be killed in the middle and is begun anew: init of the
instance that is there, a table brought in, a sweep, a backup, the clock moved to and fro. And init of an empty home.
"""

from __future__ import annotations

import csv
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.fire.programs import postmaster
from bench.stage import PROGRAM, environment_of

ROWS = 300  # of the table
TRIES = 5
OFTEN = 8  # beginnings without one end
PATIENCE = 300  # seconds for one that is left alone
COUNTY = "330727"
MAP = """source: fire
channel: web
columns:
  external_id: 编号
  title: 主题
  text: 详情
places:
  in: [主题]
  table:
    演示村: "330727101201"
"""
JUMPS = ("+5h", "+9h", "+40m", "-2h", "-30m", "-1m")  # back behind what is on record is refused
DAY_ON = "+26h"  # more than the shortest limits of the methods


@dataclass
class Chores:
    """Those of one instance. `begun` counts programs by name, `finished` by name and exit code."""

    home: Path
    environment: Mapping[str, str]
    dice: random.Random
    names: list[str]
    begun: Counter[str] = field(default_factory=Counter)
    finished: Counter[str] = field(default_factory=Counter)
    tables: int = 0
    imported: set[int] = field(default_factory=set)
    copies: int = 0  # backups that took their name, each read to its last byte
    broken: list[str] = field(default_factory=list)  # those that are not whole after all
    running: tuple[str, subprocess.Popen[bytes]] | None = None

    def begin(self) -> None:
        """One of them, unless one runs."""
        if self.over():
            self._start(self.dice.choice(self.names))

    def day_on(self) -> None:
        """A day passes at once: much is due then. Tried until the database is there to be told."""
        for _ in range(TRIES):
            with (self.home / "chores.log").open("ab") as said:
                done = subprocess.run([str(PROGRAM), "clock", "shift", DAY_ON], env=self.environment, stdout=said,
                                      stderr=said, timeout=PATIENCE)  # fmt: skip
            self.finished[f"day on {done.returncode}"] += 1
            if not done.returncode:
                return
        raise RuntimeError(f"the clock could not be moved; see {self.home / 'chores.log'}")

    def over(self) -> bool:
        """Whether none runs; what came of the last one is put down."""
        if self.running is None:
            return True
        name, program = self.running
        if program.poll() is None:
            return False
        self.finished[f"{name} {program.returncode}"] += 1
        if name == "import" and program.returncode == 0:
            self.imported.add(self.tables)
        self.running = None
        return True

    def victim(self) -> int | None:
        """The program that runs now."""
        return None if self.over() or self.running is None else self.running[1].pid

    def _start(self, name: str) -> None:
        self.begun[name] += 1
        copy = self.home.parent / f"copy-{self.begun['backup']}"
        arguments = {
            "init": lambda: ("init",),
            "tick": lambda: ("tick",),
            "shift": lambda: ("clock", "shift", self.dice.choice(JUMPS)),
            "import": self._table,
            "backup": lambda: ("backup", str(copy), "--keys", str(copy.with_name(f"{copy.name}-keys"))),
        }[name]()
        with (self.home / "chores.log").open("ab") as said:
            self.running = name, subprocess.Popen([str(PROGRAM), *arguments], env=self.environment, stdout=said,
                                                  stderr=said)  # fmt: skip

    def _table(self) -> tuple[str, ...]:
        """The last table again, until it was brought in whole; then another."""
        if self.tables in self.imported or not self.tables:
            self.tables += 1
        where = self.home / f"table-{self.tables}.csv"
        with where.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["编号", "主题", "详情"])
            rows.writerows([f"{self.tables}-{row}", "演示村路灯不亮", "请来修"] for row in range(ROWS))
        (self.home / "map.yaml").write_text(MAP, encoding="utf-8")
        return ("import", "messages", str(where), "--map", str(self.home / "map.yaml"), "--place", COUNTY)

    def in_vain(self) -> list[str]:
        """What was begun again and again and never came to its end: no kill explains that."""
        return [name for name, times in self.begun.items() if times > OFTEN and not self.finished[f"{name} 0"]]

    def end(self) -> None:
        """What still runs is ended."""
        if self.running is not None and self.running[1].poll() is None:
            self.running[1].kill()
            self.running[1].wait(PATIENCE)

    def finish(self) -> None:
        """The last table is brought in whole, what runs is waited for, and every backup with a name is read."""
        if self.running is not None:
            self.running[1].wait(PATIENCE)
            self.over()
        while self.tables and self.tables not in self.imported:
            self._start("import")
            assert self.running is not None
            if self.running[1].wait(PATIENCE):
                raise RuntimeError(f"the table could not be brought in; see {self.home / 'chores.log'}")
            self.over()
        for copy in sorted(self.home.parent.glob("copy-*")):
            if copy.suffix != ".part" and not copy.name.endswith("-keys"):
                self.copies += 1
                done = subprocess.run([str(PROGRAM), "backup", "--check", str(copy)], env=self.environment,
                                      capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
                self.broken += [done.stdout + done.stderr] if done.returncode else []


def init_in_pieces(home: Path, kills: int, dice: random.Random, longest: float) -> Counter[str]:
    """`minqing init` of an empty home, killed (itself or its database) so many times on the way, then run to its end;
    counts what was killed."""
    environment, killed = environment_of(home), Counter[str]()
    with (home / "init.log").open("ab") as said:
        while killed.total() < kills:
            program = subprocess.Popen([str(PROGRAM), "init"], env=environment, stdout=said, stderr=said)
            try:
                program.wait(dice.uniform(0.2, longest))
                longest *= 0.7  # it is done within that time
                continue
            except subprocess.TimeoutExpired:
                victims = {"init": [program.pid], "database of init": postmaster(home)}
            kind = dice.choice([kind for kind, found in victims.items() if found])
            try:
                subprocess.run(["kill", "-9", str(victims[kind][0])], check=True, stderr=said)
            except subprocess.CalledProcessError:
                continue
            killed[kind] += 1
            if kind != "init":
                program.wait(PATIENCE)  # it may fail, or go on with the database brought back
            assert program.wait(PATIENCE) in (0, -signal.SIGKILL, 1, 2), f"see {home / 'init.log'}"
        done = subprocess.run([str(PROGRAM), "init"], env=environment, stdout=said, stderr=said, timeout=PATIENCE)
    if done.returncode:
        raise RuntimeError(f"init after {dict(killed)} ended with {done.returncode}; see {home / 'init.log'}")
    return killed
