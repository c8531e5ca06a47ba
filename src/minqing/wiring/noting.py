"""What is put down of each request: a line of the log and a count. Never an address, a header or a word of anybody.

The number stands in the answer too, so that a clerk can tell it to the administrator. It is ours and by chance; one
that a caller sends is not taken over.
"""

from __future__ import annotations

import logging
import os
import secrets
import traceback

from minqing.wiring import figures

HEADER = "Minqing-Request"
KNOWN = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "?"  # a method that nobody knows, the route of an address that does not exist

log = logging.getLogger("minqing.requests")
faults = logging.getLogger("minqing.server")


def new_number() -> str:
    """Ten hexadecimal digits."""
    return secrets.token_hex(5)


def verb(method: str | None) -> str:
    """The method, where it is one: else it is what the sender wrote."""
    return method if method in KNOWN else UNKNOWN


def note(number: str, method: str | None, route: str, status: int, seconds: float) -> None:
    """One request that was answered; `route` is a template, never the address: that may hold a code."""
    figures.OWN.count(verb(method), route, status, seconds)
    told = {"request": number, "method": verb(method), "route": route, "status": status,
            "ms": round(seconds * 1000, 1), "process": os.getpid()}  # fmt: skip
    log.info("%(request)s %(method)s %(route)s %(status)s %(ms)s ms", told, extra={"told": told})


def note_fault(number: str, method: str | None, route: str, fault: BaseException | None) -> None:
    """A fault of ours: its place and kind; its message may hold a resident's words and is left out."""
    where = "".join(traceback.format_tb(fault.__traceback__)) if fault is not None else ""
    faults.error("%s %s %s: %s\n%s", number, verb(method), route, type(fault), where)
