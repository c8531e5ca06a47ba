"""A client that knows nothing of Minqing but its OpenAPI and its answers walks random matters to their end.

It reads `/api/v1/openapi.json`, opens matters, and takes at each step one of the moves that an answer offers, filled in
from the move's own JSON Schema; which one is chance, weighted as `bench.inclination` says. Whoever starts it hands in
the address, tokens, what a client of that county would know (codes of places and units, channels, names of methods),
and a way to let time pass. It counts what came back and says which matters neither ended nor wait within their limit.
The seed fixes what is drawn; codes, secrets and moments are the instance's own, so a walk is alike, not the same.
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

from bench.inclination import Inclination
from bench.schema import example

Answer = tuple[int, dict[str, Any], Mapping[str, str]]
STEPS_A_ROUND = 2
PACES = (0.1, 0.3, 1.0)  # how often somebody looks at a matter: some lie until the clock moves them
LAST_STEPS = 80  # tries to bring one late matter on, when time stands still
REPORTERS = 0.15  # how often the reporter acts before anybody else
OTHERS = 0.2  # how often somebody acts whom the answer does not name
REOPENS = 0.02  # how often a step is tried on what has ended
SAID = ("people", "reporter", "location", "against")  # what a report may say besides, and how often it does
SAID_OFTEN = 0.2
TRIES = 5  # reports, until one is taken
BY_TIME = "no move of its own"  # what ended a matter that the walker did not end: time, or a matter it was merged into


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
    """What a walk found. `ended_by`: the move (and its result) after which an answer said that the matter has ended,
    of those that stayed so. `stuck`: codes that neither ended nor wait within their limit, and why; `besides`: how many
    of those that wait within it have something else that is late."""

    opened: int = 0
    began: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    ended_by: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    besides: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    nobody: dict[str, str] = field(default_factory=dict)
    stuck: dict[str, str] = field(default_factory=dict)


class Walker:
    """Walks matters; `tokens` are those of people by the name of their unit (as answers name units), `watcher` that of
    somebody who sees the whole county, `intake` that of whoever takes concerns in."""

    def __init__(self, base: str, intake: str, watcher: str, tokens: Mapping[str, Sequence[str]], seed: int) -> None:
        self._client = Client(base)
        self._intake, self._watcher, self._tokens = intake, watcher, tokens
        self._random = random.Random(seed)
        self._secrets: dict[str, str] = {}
        self._pace: dict[str, float] = {}
        self._places: Sequence[object] = ()
        self._last: dict[str, dict[str, Any]] = {}
        self._inclination = Inclination()
        self._ended_by: dict[str, str] = {}
        self._units: dict[str, str] = {}  # slugs by name, as answers told them: to the reporter names are told alone
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
        """Reports one made-up concern; `known` names values for fields that the schema leaves open: all are sent but
        those of `SAID`, which are sent now and then."""
        self._places = known.get("place", ())
        for _ in range(TRIES):
            answer = self._report(known)
            if answer is not None:
                break
        else:
            raise RuntimeError(f"of {TRIES} reports none was taken: {self.found.refused}")
        code: str = answer["code"]
        self._secrets[code] = answer["secret"]
        self._pace[code] = self._random.choice(PACES)
        self.found.opened += 1
        self.found.began[answer["stage"]] += 1
        return code

    def _report(self, known: Mapping[str, Sequence[object]]) -> dict[str, Any] | None:
        schema = self._body_of("/api/v1/matters")
        said = {name for name in SAID if self._random.random() < SAID_OFTEN}
        only = sorted((known.keys() - set(SAID)) | said)
        body = example(schema, self._random, self._api, known=known, only=only)
        status, answer, _ = self._ask("POST", "/api/v1/matters", self._intake, body)
        if status == 201:
            return answer
        self._count_refusal("report", body, answer)
        return None

    def _body_of(self, path: str) -> Mapping[str, Any]:
        body: Mapping[str, Any] = self._api["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        schema: Mapping[str, Any] = body["schema"]
        return schema

    def round(self, codes: Sequence[str]) -> list[str]:
        """Steps with each of these that is not left lying this time; those that go on."""
        self._last.clear()  # time has passed
        return [code for code in codes if self._lies(code) or not self._ended_after_steps(code)]

    def _lies(self, code: str) -> bool:
        return self._random.random() > self._pace[code]

    def _ended_after_steps(self, code: str) -> bool:
        return all(self.step(code) is None for _ in range(STEPS_A_ROUND))

    def settle_up(self, codes: Sequence[str]) -> None:
        """Time stands still: steps with what is late until nothing is, then counts how each stands."""
        for code in codes:
            self._settle_up(code)

    def _settle_up(self, code: str) -> None:
        for _ in range(LAST_STEPS):
            if (self._look(code, self._watcher) or self._look(code, "") or {}).get("clock") != "late":
                break
            if not self.step(code):
                self._anybody(code)
        state = self._seen(code)
        if state.get("clock") == "ended":
            self.found.ended[str(state.get("end") or state.get("stage"))] += 1
            self.found.ended_by[self._ended_by.get(code, BY_TIME)] += 1
        elif state.get("clock") in ("running", "near") and state.get("due"):
            self.found.waiting[str(state["stage"])] += 1
            self.found.besides += any(duty["state"] == "open" and duty["late"] for duty in state.get("duties", ()))
        else:
            self._neither(code, state)

    def _anybody(self, code: str) -> bool:
        """A step by whichever post has one: those whom the answer names may all be complained of as persons."""
        posts = [token for there in self._tokens.values() for token in there]
        return any(self._act(code, token) for token in self._random.sample(posts, len(posts)))

    def _seen(self, code: str) -> dict[str, Any]:
        """As the first sees it who does: whoever sees the county, else any post, else the reporter."""
        posts = (token for there in self._tokens.values() for token in there)
        return next((seen for token in (self._watcher, *posts, "") if (seen := self._look(code, token))), {})

    def _neither(self, code: str, state: Mapping[str, Any]) -> None:
        """Notes how it stands and which moves are offered to whom: whether anybody could bring it on."""
        looks = {unit: [self._look(code, token) for token in there] for unit, there in self._tokens.items()}
        moves = {
            unit: sorted({one["move"] for look in there if look for one in look["moves"]})
            for unit, there in looks.items()
            if any(look and look["moves"] for look in there)
        }
        told = [step["sentence"] for step in (self._look(code, "") or {}).get("steps", ())]
        nobody = not moves and "holder" in state and not state["holder"]
        where = self.found.nobody if nobody else self.found.stuck
        stands = " ".join(str(state.get(name)) for name in ("stage", "clock", "due", "holder"))
        where[code] = f"{stands}: {moves} {told}"

    def step(self, code: str) -> bool | None:
        """One move by one who may: people of the units that the answer names, now and then the reporter or anybody
        else. None when it has ended (and, mostly, is left alone), else whether a move was made."""
        state = self._last.pop(code, None) or self._look(code, self._watcher) or self._look(code, "")
        if state is None:
            return False
        if state["clock"] == "ended" and self._random.random() > REOPENS:
            return None
        units = [state["holder"]] + [duty["owed_by"] for duty in state.get("duties", ()) if duty["state"] == "open"]
        people = [token for unit in units for token in self._tokens.get(self._slug(unit), ())]
        people = self._random.sample(people, min(2, len(people)))
        if self._random.random() < OTHERS or not people:
            people.insert(0, self._random.choice([token for there in self._tokens.values() for token in there]))
        if self._random.random() < REPORTERS:
            people.insert(0, "")
        return any(self._act(code, token) for token in people)

    def _slug(self, unit: object) -> str:
        """The slug of a unit, of which answers tell slug and name, or the name alone."""
        if not isinstance(unit, dict):
            return self._units.get(str(unit), "")
        self._units[unit["name"]] = unit["unit"]
        return str(unit["unit"])

    def _act(self, code: str, token: str) -> bool:
        look = self._look(code, token)
        if look is None or not look["moves"]:
            return False
        side = "post" if token else "reporter"
        move = self._inclination.choose(code, side, look["moves"], look.get("duties", ()), self._random)
        others: dict[str, Sequence[object]] = {"code": [one for one in self._secrets if one != code] or [code]}
        others |= {"place": self._places} if self._places else {}
        body = {**example(move["fields"], self._random, move["fields"], known=others), "move": move["move"]}
        status, answer = self._send(code, token, body, look["position"])
        self.found.moves[f"{move['move']} {status}"] += 1
        if status >= 400:
            self._not_done(code, token, body, look["position"], answer)
            return False
        if token and "duties" in answer:
            self._last[code] = answer  # how it stands now: not asked for again
        if look["clock"] == "ended":
            if answer.get("clock") in ("running", "near", "late"):
                self._ended_by.pop(code, None)  # opened again
        elif answer.get("clock") == "ended":
            end = str((answer if "end" in answer else self._look(code, self._watcher) or {}).get("end"))
            self._inclination.ended(side, move["move"], end)
            self._ended_by[code] = " ".join((side, move["move"], str(body.get("result", "")))).strip()
        return True

    def _not_done(self, code: str, token: str, body: dict[str, Any], position: int, answer: dict[str, Any]) -> None:
        """A refusal that the move's own description did not foretell, or one that wrote all the same, is a fault."""
        self._count_refusal(body["move"], body, answer)
        now = self._look(code, token) or self._look(code, self._watcher) or self._look(code, "")
        if now is not None and now["position"] != position and answer.get("status") != 409:
            self.found.faults.append(f"{body['move']} was refused and written: {body}")

    def _count_refusal(self, what: str, body: dict[str, Any], answer: dict[str, Any]) -> None:
        kind = str(answer.get("reason") or answer.get("type", ""))
        self.found.refused[f"{what}: {kind}"] += 1
        if kind.endswith("shape"):
            self.found.faults.append(f"the schema of {what} let through {body}: {answer.get('detail')}")

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
