"""How the database answers each hot question under row security, kept as text: `bench/explain/<question>.txt`.

Run in the home of an instance: `python -m bench.million.plans FOLDER WORDS`, or `… search WORDS TIMES`. The product's
own reads are called, and each of their statements is explained (analyze, buffers) as it goes by, in the same
transaction and scope. What a function of the database does within is told by its buffers alone.
Everything in such an instance is made up.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from minqing.base import moments
from minqing.base.postgres import home_folder
from minqing.base.postgres.instance import open_instance
from minqing.insight.measures.day_by_day import count_days
from minqing.insight.measures.days import count_day, ending_today
from minqing.kernel.matters.changes import newest_duty, since
from minqing.kernel.matters.public import disclosed, secret_of
from minqing.kernel.matters.queries import Wanted, counts, inbox, listing, look, tally
from minqing.kernel.matters.reading import take_due
from minqing.registers.accounts.queries import viewer_of
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import Region
from minqing.wiring.ports import bind_ports

EXPLAIN = "explain (analyze, buffers, settings) "
LARGE = ("matters_matter", "matters_duty", "matters_search", "ledger_line", "vault_value", "vault_key")
_SCAN = re.compile(rf"Seq Scan on ({'|'.join(LARGE)})\b[^\n]*rows=(\d+)")
_SORT = re.compile(r"Sort  \(cost=[^\n]*actual time=[^\n]* rows=([\d.]+) loops=(\d+)\)")
_TIME = re.compile(r"Execution Time: ([\d.]+) ms")
MANY_ROWS = 20_000  # whoever sorts so many rows sorts the whole


@dataclass
class Seen:
    """The statements of one question with their plans."""

    texts: list[str] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """What the database says that they took."""
        return round(sum(float(found) for text in self.texts for found in _TIME.findall(text)), 2)

    @property
    def faults(self) -> list[str]:
        """Large tables that were read from end to end; sorts of a whole."""
        found = [f"seq scan on {table}" for text in self.texts for table, _ in _SCAN.findall(text)]
        sorts = [float(rows) for text in self.texts for rows, _ in _SORT.findall(text)]
        return found + [f"sort of {rows:.0f} rows" for rows in sorts if rows > MANY_ROWS]


@contextmanager
def explained() -> Iterator[Seen]:
    """Each statement that reads is explained before it runs, where it runs."""
    seen = Seen()

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
        words = sql.strip().lower()
        if words.startswith(("select", "with")) and "set_config" not in words and "current_setting" not in words[:60]:
            cursor = context["cursor"].cursor
            cursor.execute(EXPLAIN + sql, params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            seen.texts.append(f"{_shown(sql)}\n\n{plan}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield seen


def _shown(sql: str) -> str:
    return "\n".join(line.rstrip() for line in sql.strip().splitlines())


def questions(people: Sequence[tuple[str, Viewer]], code: str, words: Sequence[str]) -> dict[str, Callable[[], object]]:
    """Name -> what is asked: as each of the levels, those beside them, and the clock."""
    found: dict[str, Callable[[], object]] = {}
    for role, viewer in people:
        found |= _of_lists(role, viewer, words)
    leader = next(viewer for role, viewer in people if role == "leader")
    area: Region = leader.scope.areas[0][0]
    now = moments.now()
    found |= {
        "matter": lambda: look(leader, code, sealed=True),
        "public": lambda: disclosed(code, secret_of(code), "127.0.0.1", opens=False),
        "brief-day": lambda: count_day(area, now.date(), now, leader.scope),
        "brief-two-weeks": lambda: count_days(area, now.date(), 14, now, leader.scope),
        "brief-ending": lambda: ending_today(area, now, 8, leader.scope),
        "sweep-take": _take,
    }  # fmt: skip
    return found


def _of_lists(role: str, viewer: Viewer, words: Sequence[str]) -> dict[str, Callable[[], object]]:
    mine = viewer.scope.level in ("unit", "none")
    found: dict[str, Callable[[], object]] = {
        f"inbox-{role}": partial(inbox, viewer, 31, None, mine),
        f"inbox-own-{role}": partial(inbox, viewer, 31, None, True),
        f"counts-{role}": partial(counts, viewer, mine),
        f"tally-{role}": partial(tally, viewer, True),
        f"since-{role}": lambda: since(viewer, newest_duty(), mine),
        f"list-{role}": partial(listing, viewer, Wanted()),
        f"list-late-{role}": partial(listing, viewer, Wanted(late=True)),
    }
    return found | {
        f"search-{place}-{role}": partial(listing, viewer, Wanted(words=word)) for place, word in enumerate(words, 1)
    }


def _take() -> object:
    with seen_by(HOUSE):
        return take_due(moments.now(), 5_000)


def people_of() -> dict[str, Viewer]:
    """One of each role of those who ask in this instance."""
    plan = json.loads((home_folder() / "plan.json").read_text("utf-8"))
    people: dict[str, Viewer] = {}
    for one in plan["people"]:
        viewer = viewer_of(one["token"])
        assert viewer is not None
        people.setdefault(one["role"], viewer)
    return people


def explain(folder: Path, words: Sequence[str]) -> dict[str, dict[str, object]]:
    """Writes the files; milliseconds and faults of each question."""
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select max(code), count(*) from matters_matter where open")
        code, running = cursor.fetchone()
    told: dict[str, dict[str, object]] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for name, ask in questions(list(people_of().items()), code, words).items():
        ask()  # warm
        with explained() as seen:
            ask()
        told[name] = {"ms": seen.ms, "faults": seen.faults}
        head = f"-- {name}, of {running:,} open matters, {moments.today()}\n\n"
        (folder / f"{name}.txt").write_text(head + "\n\n\n".join(seen.texts) + "\n", "utf-8")
    return told


def search(words: Sequence[str], times: int) -> dict[str, dict[str, float]]:
    """Milliseconds of a search without its page: each role looks for each word so often; by word, and over all."""
    people = list(people_of().values())
    spans: dict[str, list[float]] = {word: [] for word in words}
    for number in range(times + 1):  # the first warms up
        for word, viewer in product(words, people):
            began = time.perf_counter()
            listing(viewer, Wanted(words=word), 31)
            if number:
                spans[word].append((time.perf_counter() - began) * 1000)
    every = {"all": [span for found in spans.values() for span in found]}
    return {
        word: {"p50": round(median(found), 1), "p95": round(sorted(found)[len(found) * 95 // 100], 1)}
        for word, found in (every | spans).items()
    }


def main(arguments: Sequence[str]) -> None:
    open_instance()
    bind_ports()
    words = json.loads(arguments[1])
    told = search(words, int(arguments[2])) if arguments[0] == "search" else explain(Path(arguments[0]), words)
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
