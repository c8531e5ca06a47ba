"""`/metrics` for Prometheus: what the database knows of the house, and what the processes of the server counted.

Opened only by the token of MINQING_METRICS_TOKEN in the header Authorization; without the setting no such page is.
No label holds a person, a matter or a place; of moves that fewer than five were made of, nothing is told. What the
database is asked is kept for five seconds, so that no scraper can load it.
"""

from __future__ import annotations

import datetime as dt
import hmac
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from psycopg.errors import QueryCanceled

from minqing.base import moments
from minqing.base.backup.lately import age_of, last_backup
from minqing.base.postgres import home_folder
from minqing.doors.counter.background import background
from minqing.insight.measures.rules import FEWEST
from minqing.kernel.matters.lagging import moves_since, outbox_waiting, rungs_waiting
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.tools.notice.queries import standing
from minqing.wiring.figures import BOUNDS, Figures, of_all
from minqing.wiring.problems import not_found

TOKEN = "MINQING_METRICS_TOKEN"
FRESH = 5.0  # seconds for which what the database said is told again
RECENT = dt.timedelta(minutes=5)
log = logging.getLogger("minqing.server")
SLOW = 2000  # milliseconds the database may take for one of the figures

#: name, type, help; in the order in which they are told
Sample = tuple[str, Mapping[str, object], float]
_HELP = {
    "minqing_up": ("gauge", "1 when the database answered"),
    "minqing_clock_offset_seconds": ("gauge", "Clock of this machine less that of the database"),
    "minqing_clock_shift_seconds": ("gauge", "By how much the clock of the instance is shifted"),
    "minqing_rungs_due": ("gauge", "Rungs of the clock that are due and not fired"),
    "minqing_sweep_lag_seconds": ("gauge", "Since when the oldest of them is due"),
    "minqing_outbox_rows": ("gauge", "What happened and others have not heard of"),
    "minqing_outbox_age_seconds": ("gauge", "Since when the oldest of it waits"),
    "minqing_outbox_aside_rows": ("gauge", "What was put aside after all tries"),
    "minqing_jobs_waiting": ("gauge", "Jobs that wait"),
    "minqing_job_age_seconds": ("gauge", "Since when the oldest of them waits"),
    "minqing_jobs_failed": ("gauge", "Jobs that failed"),
    "minqing_jobs_late": ("gauge", "Jobs of the calendar whose hour passed without them"),
    "minqing_work_seen_timestamp_seconds": ("gauge", "Last sign of life of a worker"),
    "minqing_notices": ("gauge", "Messages by what became of them"),
    "minqing_moves_recent": ("gauge", "Moves recorded in the last five minutes, by method and verb; five and more"),
    "minqing_backup_age_seconds": ("gauge", "Since when the last backup was made"),
    "minqing_database_connections": ("gauge", "Connections of the application by their state"),
    "minqing_database_connections_most": ("gauge", "Connections the database takes"),
    "minqing_process_resident_bytes": ("gauge", "Memory of each process of the server"),
    "minqing_requests_total": ("counter", "Requests by method, template of the route, and status"),
    "minqing_request_seconds": ("histogram", "Time taken by template of the route"),
}
_kept: tuple[float, list[Sample]] = (0.0, [])
_asking = Lock()


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text, or no such page."""
    token = os.environ.get(TOKEN, "")
    sent = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
        return not_found(request, Exception())
    total, memory = of_all()
    samples = [*_of_database(), *_of_backup(), *_of_processes(total, memory)]
    return HttpResponse(exposition(samples), content_type="text/plain; version=0.0.4; charset=utf-8")


def exposition(samples: list[Sample]) -> str:
    """The text format of Prometheus, version 0.0.4: each name told once what it is, its samples below it."""
    lines = []
    for name, (kind, told) in _HELP.items():
        suffixes = {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
        mine = [one for one in samples if one[0] in suffixes]
        if mine:
            lines += [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
            lines += [f"{of}{_labels(labels)} {_number(value)}" for of, labels, value in mine]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, object]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(round(value, 6))


def _of_database() -> list[Sample]:
    """Asked by one at a time; where the database does not answer, that alone is told."""
    global _kept
    with _asking:
        until, samples = _kept
        if time.monotonic() < until:
            return samples
        try:
            with seen_by(HOUSE), connection.cursor() as cursor:
                cursor.execute(f"set local statement_timeout = {SLOW}")
                samples = list(_asked())
        except (DatabaseError, InterfaceError):
            connection.close()
            samples = [("minqing_up", {}, 0)]
        _kept = time.monotonic() + FRESH, samples
        return samples


def _asked() -> Iterator[Sample]:
    yield from _of_clocks()
    for group in (_of_connections, _of_rungs, _of_outbox, _of_jobs, _of_notices, _of_moves):
        yield from _in_time(group)


def _in_time(group: Callable[[], Iterator[Sample]]) -> list[Sample]:
    """The samples of a group, or none where the database takes too long over it: the others are told all the same."""
    try:
        with transaction.atomic():
            return list(group())
    except OperationalError as fault:
        if not isinstance(fault.__cause__, QueryCanceled):
            raise
        log.warning("the figures of %s took too long and are left out", group.__name__)
        return []


def _of_clocks() -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp(), current_setting('max_connections')::integer")
        told, most = cursor.fetchone()
    yield "minqing_up", {}, 1
    yield "minqing_clock_offset_seconds", {}, (moments.now() - moments.shift() - told).total_seconds()
    yield "minqing_clock_shift_seconds", {}, moments.shift().total_seconds()
    yield "minqing_database_connections_most", {}, most


def _of_connections() -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(state, '?'), count(*) from pg_stat_activity"
            " where datname = current_database() and usename = current_user group by 1"
        )
        for state, number in cursor.fetchall():
            yield "minqing_database_connections", {"state": state}, number


def _of_moves() -> Iterator[Sample]:
    for (method, verb), number in moves_since(moments.now() - RECENT).items():
        if number >= FEWEST:
            yield "minqing_moves_recent", {"method": method, "verb": verb}, number


def _of_rungs() -> Iterator[Sample]:
    rungs = rungs_waiting()
    yield "minqing_rungs_due", {}, rungs.number
    yield "minqing_sweep_lag_seconds", {}, rungs.oldest.total_seconds()


def _of_outbox() -> Iterator[Sample]:
    owed, aside = outbox_waiting()
    yield "minqing_outbox_rows", {}, owed.number
    yield "minqing_outbox_age_seconds", {}, owed.oldest.total_seconds()
    yield "minqing_outbox_aside_rows", {}, aside


def _of_jobs() -> Iterator[Sample]:
    jobs, now = background(), moments.now()
    yield "minqing_jobs_waiting", {}, jobs.waiting
    yield "minqing_job_age_seconds", {}, max((now - jobs.oldest).total_seconds(), 0) if jobs.oldest else 0
    yield "minqing_jobs_failed", {}, len(jobs.failed)
    yield "minqing_jobs_late", {}, sum(one.late for one in jobs.regular)
    if jobs.seen is not None:
        yield "minqing_work_seen_timestamp_seconds", {}, (jobs.seen - moments.shift()).timestamp()


def _of_notices() -> Iterator[Sample]:
    sending = standing(moments.now())
    for state in ("waiting", "overdue", "failing", "given_up"):
        yield "minqing_notices", {"state": state}, getattr(sending, state)


def _of_backup() -> Iterator[Sample]:
    if (stamp := last_backup(home_folder())) is not None:
        yield "minqing_backup_age_seconds", {}, age_of(stamp).total_seconds()


def _of_processes(total: Figures, memory: Mapping[int, int]) -> Iterator[Sample]:
    for process, size in memory.items():
        yield "minqing_process_resident_bytes", {"process": process}, size
    for (method, route, status), number in sorted(total.answered.items()):
        yield "minqing_requests_total", {"method": method, "route": route, "status": status}, number
    for route in sorted(total.seconds):
        upto = 0
        for place, bound in enumerate((*map(str, BOUNDS), "+Inf")):
            upto += total.took[route, place]
            yield "minqing_request_seconds_bucket", {"route": route, "le": bound}, upto
        yield "minqing_request_seconds_sum", {"route": route}, total.seconds[route]
        yield "minqing_request_seconds_count", {"route": route}, upto
