"""The jobs as `minqing work` runs them: procrastinate in a thread of its own. Which jobs there are is the roof's."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from threading import Event
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.contrib.django import app, connector_params
from procrastinate.periodic import PeriodicDeferrer

from minqing.base import moments

POLL = 2.0  # seconds between two looks for a job: nobody waits for one, so nobody is notified
GRACE = 5.0  # seconds a job may take to end when it is asked to stop; then another worker takes it up
REACH = 10.0  # seconds to get a connection


def work_jobs(stop: Event) -> float:
    """Runs jobs until `stop` is set; a lost database is raised."""
    asyncio.run(_work(stop))
    return 0.0


def work_jobs_once() -> None:
    """Puts in what is due and runs what is there, then leaves."""
    asyncio.run(_once())


def leave_no_connection(call_next: Callable[[], Any], context: JobContext, worker: object) -> Any:
    """Around each job: it ran in a thread of its own, whose connection nobody else would close."""
    try:
        return call_next()
    finally:
        connections.close_all()


def _jobs() -> App:
    connector = PsycopgConnector(
        kwargs=connector_params(), min_size=1, max_size=4, timeout=REACH, reconnect_timeout=REACH
    )
    jobs = app.with_connector(connector)
    jobs.periodic_defaults = app.periodic_defaults  # which `with_connector` leaves behind
    return jobs


async def _work(stop: Event) -> None:
    async with _opened() as jobs:
        running = asyncio.create_task(
            jobs.run_worker_async(
                install_signal_handlers=False, listen_notify=False, fetch_job_polling_interval=POLL,
                delete_jobs="never", shutdown_graceful_timeout=GRACE, task_middleware=[leave_no_connection],
            )
        )  # fmt: skip
        while not stop.is_set() and not running.done():
            await asyncio.wait([running], timeout=0.2)
        if not running.done():
            running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def _once() -> None:
    unshifted = moments.now() - moments.shift()  # jobs go by the machine's clock
    async with _opened() as jobs:
        due = PeriodicDeferrer(registry=jobs.periodic_registry, **jobs.periodic_defaults)
        await due.defer_jobs(due.get_previous_tasks(at=unshifted.timestamp()))
        await jobs.run_worker_async(
            install_signal_handlers=False, listen_notify=False, wait=False, delete_jobs="never",
            task_middleware=[leave_no_connection],
        )  # fmt: skip


@contextlib.asynccontextmanager
async def _opened() -> AsyncIterator[App]:
    jobs = _jobs()
    jobs.perform_import_paths()  # type: ignore[no-untyped-call]
    try:
        async with jobs.open_async():
            yield jobs
    finally:
        await sync_to_async(connections.close_all)()  # that of jobs that are async
