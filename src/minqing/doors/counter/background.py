"""The background of the instance, to be looked at: is `minqing work` alive, which jobs wait, failed, ran last when.

Jobs go by the machine's own clock; moments are given by that of the instance. What made a job fail stands in the log of
`minqing work`, never in a table.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import ProcrastinateException
from procrastinate.periodic import PeriodicDeferrer

from minqing.base import moments
from minqing.base.errors import Conflict, NotFound
from minqing.base.moments import in_china

BEATS = dt.timedelta(minutes=2)  # a living worker writes its heartbeat four times in this time
GRACE = dt.timedelta(minutes=15)  # so long after its hour a job may still be on its way
_REACH = dt.timedelta(days=62)  # a job's last hour is looked for so far back
_one_at_a_time = Lock()  # the hours of a job are reckoned by an object that all threads share


@dataclass(frozen=True)
class FailedJob:
    """A job that was tried as often as it may be."""

    id: int
    name: str
    at: dt.datetime
    tries: int


@dataclass(frozen=True)
class Regular:
    """A job of the calendar: when it last went well, and its last hour. `late`: that hour passed without it."""

    name: str
    succeeded: dt.datetime | None
    planned: dt.datetime | None
    late: bool


@dataclass(frozen=True)
class Background:
    """`alive`: a worker gave a sign of life just now; `seen`: the last one of any."""

    alive: bool
    seen: dt.datetime | None
    waiting: int
    oldest: dt.datetime | None
    failed: tuple[FailedJob, ...]
    regular: tuple[Regular, ...]


def background() -> Background:
    """As it is now."""
    shift, now = moments.shift(), moments.now()
    seen = _shifted(_rows("select max(last_heartbeat) from procrastinate_workers")[0][0], shift)
    waiting, oldest = _rows(
        "select count(distinct j.id), min(e.at) from procrastinate_jobs j"
        " join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'"
        " where j.status = 'todo' and coalesce(j.scheduled_at, e.at) <= clock_timestamp()"
    )[0]
    failed = _rows(
        "select j.id, j.task_name, max(e.at), j.attempts from procrastinate_jobs j"
        " join procrastinate_events e on e.job_id = j.id where j.status = 'failed'"
        " group by j.id order by max(e.at) desc limit 50"
    )
    return Background(
        seen is not None and now - seen < BEATS, seen, waiting, _shifted(oldest, shift),
        tuple(FailedJob(number, name, in_china(at) + shift, tries) for number, name, at, tries in failed),
        _regular(now, shift),
    )  # fmt: skip


def _regular(now: dt.datetime, shift: dt.timedelta) -> tuple[Regular, ...]:
    done = dict(
        _rows(
            "select j.task_name, max(e.at) from procrastinate_jobs j join procrastinate_events e on e.job_id = j.id"
            " where e.type = 'succeeded' group by 1"
        )
    )
    hours, over = _planned(now - shift), _planned(now - shift - GRACE)
    found = []
    for name, hour in hours.items():
        last, wanted = done.get(name), over.get(name)
        late = wanted is not None and (last is None or last < wanted)
        found.append(Regular(name, _shifted(last, shift), _shifted(hour, shift), late))
    return tuple(found)


def _planned(at: dt.datetime) -> dict[str, dt.datetime]:
    """The last hour of each job of the calendar before that moment, by the machine's clock."""
    with _one_at_a_time:
        app.perform_import_paths()  # type: ignore[no-untyped-call]  # the table of the roof
        hours = PeriodicDeferrer(registry=app.periodic_registry, max_delay=_REACH.total_seconds())
        return {
            task.task.name: dt.datetime.fromtimestamp(hour, moments.CHINA)
            for task, hour in hours.get_previous_tasks(at=at.timestamp())
        }


def try_job_again(number: int) -> None:
    """Puts a failed job back into the queue: each is harmless when repeated. Not where it waits there already."""
    unshifted = moments.now() - moments.shift()
    if not _rows("select true from procrastinate_jobs where id = %s and status = 'failed'", number):
        raise NotFound(
            "这个任务已不在失败之列：请刷新页面（this job is not among those that failed: load the page anew）"
        )
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(number, unshifted)
    except (IntegrityError, ProcrastinateException) as fault:
        raise Conflict("同一个任务已在排队，不用再重试（the same job waits already: nothing to do）") from fault


def _shifted(at: dt.datetime | None, shift: dt.timedelta) -> dt.datetime | None:
    return in_china(at) + shift if at is not None else None


def _rows(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())
