"""A client that knows nothing of Minqing but its OpenAPI and its answers walks random matters to their end.

It reads `/api/v1/openapi.json`, opens matters, and takes at each step one of the moves that an answer offers, filled in
from the move's own JSON Schema. Whoever starts it hands in the address, tokens, what a client of that county would
know (place codes, channels, names of methods), and a way to let time pass. It counts what came back and says which
matters neither ended nor wait within their limit.
"""

from __future__ import annotations

import http.client
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bench.schema import example

Answer = tuple[int, dict[str, Any], Mapping[str, str]]
STEPS_A_ROUND = 2
LAST_STEPS = 80  # tries to bring one late matter on, when time stands still
REPORTERS = 0.15  # how often the reporter acts before anybody else
OTHERS = 0.2  # how often somebody acts whom the answer does not name
SPREAD = 4  # how much what is done often anywhere is passed over
REOPENS = 0.02  # how often a step is tried on what has ended


class Client:
    """One keep-alive connection."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        assert parts.hostname is not None
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()

    def ask(self, method: str, path: str, token: str = "", body: object = None, **headers: str) -> Answer:
        """One request; headers are given with _ for -."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            told["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            told["Content-Type"], data = "application/json", json.dumps(body).encode()
        try:
            self._connection.request(method, path, data, told)
            answer = self._connection.getresponse()
            said = answer.read()
        except (http.client.HTTPException, ConnectionError):
            self._connection.close()  # a worker went away: asked again on a new connection
            self._connection.request(method, path, data, told)
            answer = self._connection.getresponse()
            said = answer.read()
        return answer.status, json.loads(said) if said else {}, answer.headers


@dataclass
class Walked:
    """What a walk found. `stuck`: codes that neither ended nor wait within their limit, and why."""

    opened: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    stuck: dict[str, str] = field(default_factory=dict)


class Walker:
    """Walks matters; `tokens` are those of people by the name of their unit (as answers name units), `watcher` that of
    somebody who sees the whole county, `intake` that of whoever takes concerns in."""

    def __init__(self, base: str, intake: str, watcher: str, tokens: Mapping[str, Sequence[str]], seed: int) -> None:
        self._client = Client(base)
        self._intake, self._watcher, self._tokens = intake, watcher, tokens
        self._random = random.Random(seed)
        self._secrets: dict[str, str] = {}
        self._places: Sequence[object] = ()
        self._last: dict[str, dict[str, Any]] = {}
        self._used: dict[str, Counter[str]] = {}
        self._all_used: Counter[str] = Counter()
        self.found = Walked()
        self._api = self._ask("GET", "/api/v1/openapi.json")[1]

    def close(self) -> None:
        """Gives the connection back."""
        self._client.close()

    def _ask(self, method: str, path: str, token: str = "", body: object = None, **headers: str) -> Answer:
        answer = self._client.ask(method, path, token, body, **headers)
        self.found.answers[answer[0]] += 1
        if answer[0] >= 500:
            self.found.faults.append(f"{method} {path.split('/')[-1]} {json.dumps(body, ensure_ascii=False)[:200]}")
        return answer

    def open(self, known: Mapping[str, Sequence[object]]) -> str:
        """Reports one made-up concern; `known` names values for fields that the schema leaves open."""
        self._places = known.get("place", ())
        schema = self._body_of("/api/v1/matters")
        body = example(schema, self._random, self._api, known=known, only=known.keys())
        status, answer, _ = self._ask("POST", "/api/v1/matters", self._intake, body)
        if status != 201:
            raise RuntimeError(f"a report was answered {status}: {answer}")
        self._secrets[answer["code"]] = answer["secret"]
        self.found.opened += 1
        code: str = answer["code"]
        return code

    def _body_of(self, path: str) -> Mapping[str, Any]:
        body: Mapping[str, Any] = self._api["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        schema: Mapping[str, Any] = body["schema"]
        return schema

    def round(self, codes: Sequence[str]) -> list[str]:
        """Steps with each of these; those that go on."""
        self._last.clear()  # time has passed
        return [code for code in codes if not all(self.step(code) is None for _ in range(STEPS_A_ROUND))]

    def settle_up(self, codes: Sequence[str]) -> None:
        """Time stands still: steps with what is late until nothing is, then counts how each stands."""
        for code in codes:
            self._settle_up(code)

    def _settle_up(self, code: str) -> None:
        for _ in range(LAST_STEPS):
            state = self._look(code, self._watcher) or self._look(code, "") or {}
            if state.get("clock") != "late":
                break
            self.step(code)
        if state.get("clock") == "ended":
            self.found.ended[str(state.get("end") or state.get("stage"))] += 1
        elif state.get("clock") in ("running", "near"):
            self.found.waiting += 1
        else:
            self.found.stuck[code] = f"{state.get('stage')} {state.get('clock')}"

    def step(self, code: str) -> bool | None:
        """One move by one who may: people of the units that the answer names, now and then the reporter or anybody
        else. None when it has ended (and, mostly, is left alone), else whether a move was made."""
        state = self._last.pop(code, None) or self._look(code, self._watcher) or self._look(code, "")
        if state is None:
            return False
        if state["clock"] == "ended" and self._random.random() > REOPENS:
            return None
        units = [state["holder"]] + [duty["owed_by"] for duty in state.get("duties", ()) if duty["state"] == "open"]
        people = [token for unit in units if isinstance(unit, dict) for token in self._tokens.get(unit["unit"], ())]
        people = self._random.sample(people, min(2, len(people)))
        if self._random.random() < OTHERS or not people:
            people.insert(0, self._random.choice([token for there in self._tokens.values() for token in there]))
        if self._random.random() < REPORTERS:
            people.insert(0, "")
        return any(self._act(code, token) for token in people)

    def _act(self, code: str, token: str) -> bool:
        look = self._look(code, token)
        if look is None or not look["moves"]:
            return False
        move = self._choose(code, look["moves"])
        others: dict[str, Sequence[object]] = {"code": [one for one in self._secrets if one != code] or [code]}
        others |= {"place": self._places} if self._places else {}
        body = {**example(move["fields"], self._random, move["fields"], known=others), "move": move["move"]}
        status, answer = self._send(code, token, body, look["position"])
        self.found.moves[f"{move['move']} {status}"] += 1
        self._used.setdefault(code, Counter())[move["move"]] += 1
        if token and "duties" in answer and status < 400:
            self._last[code] = answer  # how it stands now: not asked for again
        if status >= 400:
            self._not_done(code, token, body, look["position"], answer)
        return status in (200, 201)

    def _not_done(self, code: str, token: str, body: dict[str, Any], position: int, answer: dict[str, Any]) -> None:
        """A refusal that the move's own description did not foretell, or one that wrote all the same, is a fault."""
        kind = str(answer.get("reason") or answer.get("type", ""))
        self.found.refused[f"{body['move']}: {kind}"] += 1
        if kind.endswith("shape"):
            self.found.faults.append(f"the schema of {body['move']} let through {body}: {answer.get('detail')}")
        now = self._look(code, token) or self._look(code, self._watcher) or self._look(code, "")
        if now is not None and now["position"] != position and answer.get("status") != 409:
            self.found.faults.append(f"{body['move']} was refused and written: {body}")

    def _look(self, code: str, token: str) -> dict[str, Any] | None:
        if token:
            status, answer, _ = self._ask("GET", f"/api/v1/matters/{code}", token)
        elif code in self._secrets:
            status, answer, _ = self._ask("POST", f"/api/v1/public/{code}", "", {"secret": self._secrets[code]})
        else:
            return None
        return answer if status == 200 else None

    def _send(self, code: str, token: str, body: dict[str, Any], position: int) -> tuple[int, dict[str, Any]]:
        if token:
            path = f"/api/v1/matters/{code}/moves"
            return self._ask("POST", path, token, body, If_Match=f'"{position}"')[:2]
        told = {"secret": self._secrets[code], "move": body}
        return self._ask("POST", f"/api/v1/public/{code}", "", told)[:2]

    def _choose(self, code: str, moves: list[dict[str, Any]]) -> dict[str, Any]:
        """What clears something is likelier; what was done often, here or anywhere, less so."""
        used = self._used.get(code, Counter())
        weights = [
            (4.0 if move["clears"] else 1.0)
            / (1 + used[move["move"]]) ** 2
            / (1 + SPREAD * self._all_used[move["move"]] / self.found.opened) ** 2
            for move in moves
        ]
        chosen = self._random.choices(moves, weights)[0]
        self._all_used[chosen["move"]] += 1
        return chosen
