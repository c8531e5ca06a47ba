"""S26 over HTTP: a player that knows nothing of a matter but what the API answers to a token per post.

Time passes by moving the clock of the trial instance and sweeping; the server looks at the clock with each request.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from minqing.base import moments
from minqing.kernel.matters.escalation import sweep
from minqing.kernel.matters.shifting import shift_clock
from minqing.registers.accounts.rules import Viewer

METHOD = "wushan-three-rests"


class Client:
    """One keep-alive connection to the server."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, token: str = "", body: object = None) -> tuple[int, dict[str, Any], Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = json.dumps(body).encode() if body is not None else None
        if data is not None:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, f"/api/v1/{path}", data, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read()), answer.headers

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True)
class Duty:
    id: int
    kind: str


@dataclass
class Shown:
    """A matter as the county centre is shown it, in the words of the stories."""

    told: Mapping[str, Any]
    returns: int
    unit: int

    @property
    def stage(self) -> str:
        return self.told["stage"]

    @property
    def holder(self) -> int:
        return self.unit

    @property
    def level(self) -> str:
        return self.told["level"]

    @property
    def end(self) -> str:
        return self.told["end"] or ""

    @property
    def is_open(self) -> bool:
        return not self.end

    def open_duties(self) -> list[Duty]:
        return [Duty(duty["duty"], duty["kind"]) for duty in self.told["duties"] if duty["state"] == "open"]


@dataclass
class HttpPlayer:
    """Plays one matter. `tokens`: (unit of the stories, its person) -> token, 'report' -> the program's."""

    client: Client
    tokens: Mapping[tuple[int, int], str]
    program: str
    patrol: str
    units: Mapping[str, int]
    county: str
    place: str
    code: str = ""
    secret: str = ""
    steps: list[int] = field(default_factory=list)
    history: list[Any] = field(default_factory=list)

    def report(self, text: str = "", **told: object) -> None:
        reporter: dict[str, object] = {"name": "演示居民", "phone": "13800000000"}
        if told.get("reporter") == "nobody":
            reporter = {"nobody": True}
        elif told.get("wants_call_back") is False:
            reporter["call_back"] = False
        token = self.patrol if told.get("channel") == "patrol" else self.program
        body = {
            "title": text, "text": text, "place": self.place, "channel": told.get("channel", "hotline"),
            "method": METHOD, "reporter": reporter,
        }  # fmt: skip
        status, answer, headers = self.client.ask("POST", "matters", token, body)
        assert status == 201, answer
        assert headers["Minqing-Clock"].startswith("shifted P")
        self.code, self.secret = answer["code"], answer["secret"]
        self._follow()

    def act(self, actor: Viewer, verb: str, **told: object) -> None:
        status, answer = self._move(actor, verb, told)
        assert status == 200, answer
        self._follow()

    def refused(self, actor: Viewer, verb: str, **told: object) -> str:
        status, answer = self._move(actor, verb, told)
        assert status == 422, answer
        return answer["reason"]

    def _move(self, actor: Viewer, verb: str, told: Mapping[str, object]) -> tuple[int, dict[str, Any]]:
        body: dict[str, object] = {"move": verb}
        for name in ("result", "duty"):
            if name in told:
                body[name] = told[name]
        if "records" in told:
            body["records"] = list(told["records"])
        if "body" in told:
            body["reason"] = "演示：情况已经说明"
        if "unit" in told:
            body["unit"] = self._number(actor, verb, told["unit"])
        return self.client.ask("POST", f"matters/{self.code}/moves", self._token(actor), body)[:2]

    def _token(self, actor: Viewer) -> str:
        return self.tokens[actor.unit, actor.person]

    def _number(self, actor: Viewer, verb: str, unit: int) -> int:
        """The number of a unit as the move itself offers it, found by its name."""
        _, answer, _ = self.client.ask("GET", f"matters/{self.code}", self._token(actor))
        offered = next(move for move in answer["moves"] if move["move"] == verb)["fields"]["properties"]["unit"]
        return next(one["const"] for one in offered["oneOf"] if self.units.get(one["title"]) == unit)

    def wait(self, span: dt.timedelta) -> None:
        shift_clock(moments.shift() + span)
        while sweep(moments.now(), by="story").fired:
            pass
        self._follow()

    @property
    def matter(self) -> Shown:
        """As the county centre sees it."""
        status, told, _ = self.client.ask("GET", f"matters/{self.code}", self.county)
        assert status == 200, told
        _, journal, _ = self.client.ask("GET", f"matters/{self.code}/journal", self.county)
        asked = [line for line in journal["lines"] if line["event"] == "CalledBack"]
        holder = told["holder"]["name"] if told["holder"] else ""
        return Shown(told, sum("不满意" in line["sentence"] for line in asked), self.units.get(holder, 0))

    def _follow(self) -> None:
        """The resident looks with the secret: the steps so far are shown, and none disappears."""
        status, told, _ = self.client.ask("POST", f"public/{self.code}", "", {"secret": self.secret})
        assert status == 200, told
        assert told["position"] >= len(told["steps"]) > 0
        if self.steps:
            assert len(told["steps"]) >= self.steps[-1]
        self.steps.append(len(told["steps"]))
