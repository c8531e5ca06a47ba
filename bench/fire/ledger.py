"""The ledger of the load: what was asked under which key, and what was answered. Lines are appended, never changed.

An asking without an answer (a cut connection, 5xx) may have been done; one that was answered 2xx must have been.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

UNKNOWN = 0  # in place of a status: no answer, or one that promises nothing


@dataclass
class Asked:
    """One key and all that is known of it. `what`: "report" or the name of a move; `marks`: the words by which each
    matter of a report is known; `code` and `position`: the matter of a move, and
    where its journal stood: a move that is done is the next line."""

    key: str
    what: str
    marks: Sequence[str] = ()
    code: str = ""
    position: int = 0
    statuses: list[int] = field(default_factory=list)
    told: list[list[str]] = field(default_factory=list)  # the codes each 2xx named; '' for a row that was refused

    @property
    def acknowledged(self) -> bool:
        """Whether any answer said that it is done."""
        return any(200 <= status < 300 for status in self.statuses)

    @property
    def unknown(self) -> bool:
        """Whether it may have been done without an answer saying so. What was refused when it was asked again under its
        key has not been done before."""
        return not self.acknowledged and (not self.statuses or self.statuses[-1] == UNKNOWN)


class Ledger:
    """The file; safe to append to from several threads."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._path = path
        self._lock = threading.Lock()
        self.acknowledged = 0

    def asked(self, one: Asked) -> None:
        """Before it is sent the first time."""
        self._add({"key": one.key, "what": one.what, "marks": list(one.marks), "code": one.code,
                   "position": one.position})  # fmt: skip

    def answered(self, key: str, status: int, codes: Sequence[str]) -> None:
        """After each answer, or none."""
        self._add({"key": key, "status": status, "codes": list(codes)})
        self.acknowledged += 200 <= status < 300

    def _add(self, line: dict[str, Any]) -> None:
        with self._lock:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        """No more is written."""
        self._file.close()

    def read(self) -> list[Asked]:
        """Everything, by key, in the order of asking."""
        found: dict[str, Asked] = {}
        for line in self._lines():
            if "what" in line:
                found[line["key"]] = Asked(line["key"], line["what"], line["marks"], line["code"], line["position"])
                continue
            one = found[line["key"]]
            one.statuses.append(line["status"])
            if 200 <= line["status"] < 300:
                one.told.append(line["codes"])
        return list(found.values())

    def _lines(self) -> Iterator[dict[str, Any]]:
        for line in self._path.read_text("utf-8").splitlines():
            yield json.loads(line)
