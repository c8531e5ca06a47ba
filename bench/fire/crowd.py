"""The crowd: threads that report, send many at once, and move matters on, over loopback HTTP, while things die.

What got no answer is asked again under the same key until there is one, or given up (then it stays unknown). Now and
then something that was answered is sent once more, as a nervous client does: the answer must name the same matters.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bench.fire.ledger import UNKNOWN, Asked, Ledger
from bench.inclination import Inclination
from bench.schema import example

Answer = tuple[int, dict[str, Any]]
TIMEOUT = 20.0  # seconds for one answer
PAUSE = 0.5  # seconds before it is asked again
MOST = 60.0 / PAUSE  # tries
GIVES_UP = 0.1  # of those without an answer
NEVER = (400, 401, 403, 404, 413, 415, 422)  # no sound report of a program that may report is refused so
AGAIN = 0.05  # of those that were answered
LEFT_ALONE = 0.35  # of the matters: the clock alone moves them
BULK = (4, 12)
OFTEN = {"report": 4, "bulk": 1, "move": 8, "read": 2}
#: Moves that write into a second matter or take it from who acts: their lines cannot be told apart from outside.
NOT_MADE = frozenset({"merge", "unmerge", "link", "split", "reveal", "clear", "withdraw", "correct"})
ABOUT = ("路灯不亮", "水管漏水", "邻居半夜放音响", "垃圾没有清运", "井盖松动", "楼道堆了杂物")


@dataclass(frozen=True)
class County:
    """What clients know: the address, who takes in, who sees all, tokens by unit, places."""

    base: str
    intake: str
    watcher: str
    tokens: Mapping[str, Sequence[str]]
    places: Sequence[str]
    methods: Sequence[str]


@dataclass
class Seen:
    """What came back, counted; and answers that contradict each other, in sentences."""

    answers: Counter[int] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """One client: its own connection, its own dice, its own matters."""

    def __init__(self, number: int, county: County, ledger: Ledger, seed: int, stop: threading.Event) -> None:
        super().__init__(name=f"client {number}", daemon=True)
        self._number, self._county, self._ledger, self._stopped = number, county, ledger, stop
        self._dice = random.Random(seed * 1000 + number)
        self._inclination = Inclination()
        self._asked = 0
        self._mine: list[str] = []
        self._connection: http.client.HTTPConnection | None = None
        self.seen = Seen()

    def run(self) -> None:
        """Until it is told to stop; what it is at is brought to its end."""
        todo = {"report": self._report, "bulk": self._bulk, "move": self._move, "read": self._read}
        try:
            while not self._stopped.is_set():
                todo[self._dice.choices(list(OFTEN), list(OFTEN.values()))[0]]()
        except Exception as fault:  # the run must hear of it, not only this thread
            self.seen.broken.append(f"{self.name}: {type(fault).__name__}: {fault}")
            raise
        finally:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, verb: str, path: str, token: str, body: object, headers: Mapping[str, str]) -> Answer:
        """One try. A connection that was kept and is gone is no different from one that broke on the way."""
        told = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
        try:
            if self._connection is None:
                parts = urlsplit(self._county.base)
                self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=TIMEOUT)
            self._connection.request(verb, path, None if body is None else json.dumps(body).encode(), told)
            answer = self._connection.getresponse()
            said = answer.read()
            if not said:  # cut in the middle of the headers: http.client takes what came for all of them
                raise http.client.IncompleteRead(said)
        except (OSError, http.client.HTTPException):
            self._close()
            self.seen.answers[UNKNOWN] += 1
            return UNKNOWN, {}
        self.seen.answers[answer.status] += 1
        return answer.status, json.loads(said) if said else {}

    def _ask(self, what: str, path: str, token: str, body: object, asked: Asked, **headers: str) -> Answer:
        """One request by its key: until there is an answer, or it is given up."""
        self._ledger.asked(asked)
        headers = {name.replace("_", "-"): value for name, value in headers.items()} | {"Idempotency-Key": asked.key}
        told: list[str] = []
        for number in range(int(MOST)):
            status, answer = self._send("POST", path, token, body, headers)
            told = self._note(asked, status, answer, told)
            if 0 < status < 500 and self._dice.random() > AGAIN:
                return status, answer
            if not 0 < status < 500 and (self._dice.random() < GIVES_UP or number + 1 == MOST):
                break
            if not 0 < status < 500:
                self._stopped.wait(PAUSE)
        return UNKNOWN, {}

    def _note(self, asked: Asked, status: int, answer: Mapping[str, Any], before: list[str]) -> list[str]:
        if status == 500 or (asked.what == "report" and status in NEVER):
            self.seen.faults.append(f"{asked.what}: {status} {answer.get('detail')}")
        if not 200 <= status < 300:
            # refused for good, or no word of what became of it
            self._ledger.answered(asked.key, status if 0 < status < 500 else UNKNOWN, [])
            if before and 0 < status < 500:
                self.seen.contradictions.append(f"{asked.key} was done, and then answered {status}")
            return before
        rows = answer.get("rows", [{"matter": answer}])
        codes = [str(row.get("matter", {}).get("code", "")) for row in rows]
        self._ledger.answered(asked.key, status, codes)
        if before and codes != before:
            self.seen.contradictions.append(f"{asked.key} was answered {before}, then {codes}")
        return codes

    def _key(self) -> str:
        self._asked += 1
        return f"{self._number}-{self._asked}"

    def _concern(self, mark: str) -> dict[str, object]:
        concern: dict[str, object] = {
            "title": f"{self._dice.choice(ABOUT)}（{mark}）", "text": "村口的事，请来看看。", "channel": "hotline",
            "place": self._dice.choice(self._county.places), "method": self._dice.choice(self._county.methods),
        }  # fmt: skip
        if self._dice.random() < 0.5:
            concern["reporter"] = {"name": "演示居民", "phone": "13800000000"}
        return concern

    def _report(self) -> None:
        key = self._key()
        mark = _mark(key)
        asked = Asked(key, "report", [mark])
        status, answer = self._ask("report", "/api/v1/matters", self._county.intake, self._concern(mark), asked)
        if status == 201:
            self._keep(answer["code"])

    def _bulk(self) -> None:
        key = self._key()
        marks = [_mark(f"{key}-{row}") for row in range(self._dice.randint(*BULK))]
        body = {"matters": [self._concern(mark) for mark in marks]}
        asked = Asked(key, "report", marks)
        status, answer = self._ask("bulk", "/api/v1/matters/bulk", self._county.intake, body, asked)
        for row in answer.get("rows", ()) if status == 200 else ():
            if row["status"] == 201:
                self._keep(row["matter"]["code"])

    def _keep(self, code: str) -> None:
        if self._dice.random() > LEFT_ALONE:
            self._mine.append(code)

    def _look(self, code: str, token: str) -> dict[str, Any] | None:
        status, answer = self._send("GET", f"/api/v1/matters/{code}", token, None, {})
        if status == UNKNOWN or status >= 500:
            self._stopped.wait(PAUSE)
        return answer if status == 200 else None

    def _read(self) -> None:
        if self._mine:
            self._look(self._dice.choice(self._mine), self._county.watcher)

    def _move(self) -> None:
        """One move of those offered to somebody of the unit that has it."""
        if not self._mine:
            return
        code = self._dice.choice(self._mine)
        state = self._look(code, self._county.watcher)
        if state is None:
            return
        if state["clock"] == "ended":
            self._mine.remove(code)
            return
        holder = (state["holder"] or {}).get("unit", "")
        token = self._dice.choice(self._county.tokens.get(holder) or [self._county.watcher])
        look = self._look(code, token)
        moves = [one for one in (look or {}).get("moves", ()) if one["move"] not in NOT_MADE]
        if look is not None and moves:
            self._take(code, token, look, moves)

    def _take(self, code: str, token: str, look: Mapping[str, Any], moves: Sequence[Mapping[str, Any]]) -> None:
        chosen = self._inclination.choose(code, "post", moves, look.get("duties", ()), self._dice)
        body = {**example(chosen["fields"], self._dice, chosen["fields"]), "move": chosen["move"]}
        asked = Asked(self._key(), chosen["move"], code=code, position=look["position"])
        path = f"/api/v1/matters/{code}/moves"
        status, _ = self._ask(chosen["move"], path, token, body, asked, If_Match=f'"{look["position"]}"')
        self.seen.moves[f"{chosen['move']} {status}"] += 1


def _mark(key: str) -> str:
    """Letters alone: the masking takes long numbers for somebody's."""
    return "ref" + key.translate(str.maketrans("0123456789-", "bcdfghjklmz"))
