"""Each process of the server keeps its own way to the database: a thread that looks every two seconds.

It brings back an embedded server that was killed, and takes over a shift of the clock. On a trial instance
(MINQING_ALLOW_SHIFT=1) each request looks at the shift besides: what is sent after `minqing clock shift` is decided
at the new time.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable

import psycopg
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from minqing.base.errors import NotReady
from minqing.base.postgres.instance import open_instance
from minqing.kernel.matters.shifting import ALLOWED, apply_shift
from minqing.wiring import figures
from minqing.wiring.problems import unreachable

EVERY = 2.0  # seconds
LOST = (OperationalError, InterfaceError, psycopg.OperationalError)
ALWAYS = frozenset({"/healthz", "/readyz"})  # answered without a look at the clock

log = logging.getLogger("minqing.server")
_woken = threading.Event()


def keep() -> None:
    """Starts the thread of this process; it ends with the process."""
    threading.Thread(target=_keep, name="keeper", daemon=True).start()


def _keep() -> None:
    while True:
        watch()
        keep_figures()
        _woken.wait(EVERY)
        _woken.clear()


def watch() -> None:
    """A look that nothing ends: what is not a lost database is logged by its kind, and the next look comes all the
    same. A server that is no longer kept would say 503 until somebody starts it anew."""
    try:
        look()
    except Exception as fault:
        log.error("the keeper of the database met %s, and goes on", type(fault).__name__)


def keep_figures() -> None:
    """What this process counted, for whichever is asked for the sum; a full disk keeps nobody from being answered."""
    try:
        figures.OWN.keep()
    except OSError as fault:
        log.error("the counts of this process were not kept: %s", fault.strerror)


def look() -> None:
    """One look; a database that cannot be reached now is tried again at the next."""
    try:
        try:
            apply_shift()
        except LOST:
            open_instance()
            apply_shift()
    except (*LOST, NotReady):
        connections.close_all()  # requests answer 503 meanwhile, and /readyz says why


class DatabaseKept:
    """Middleware: a request that lost its database is told to come again, and the keeper is woken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trial = os.environ.get(ALLOWED) == "1"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.trial and request.path not in ALWAYS:
            try:
                apply_shift()
            except LOST:
                return _lost()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Django asks here about what a view raised."""
        return _lost() if isinstance(fault, LOST) else None


def _lost() -> HttpResponse:
    _woken.set()
    return unreachable()
