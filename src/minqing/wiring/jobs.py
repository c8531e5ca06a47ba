"""What is done by the calendar, in one table: each job calls one action. `minqing work` runs them (procrastinate).

Hours are UTC and the machine's: 18:00 is two at night in China. A job that failed is tried again; one whose worker died
is taken up by another; each is harmless when repeated, and never runs twice at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from minqing.base import moments
from minqing.doors.web.account.forgetting import forget_sign_ins
from minqing.kernel.matters.handing import hand_over_ended
from minqing.kernel.matters.reprojection import reproject
from minqing.kernel.matters.requests import forget_requests
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.rights import retain
from minqing.wiring.notices import remind_of_unheld

RETRY = RetryStrategy(max_attempts=6, exponential_wait=5)
REQUESTS = timedelta(days=7)  # how long the key of a request is remembered

log = logging.getLogger("minqing.jobs")


@dataclass(frozen=True)
class Job:
    """A name, when (minute, hour, day, month, weekday), and what is called with the moment it was due."""

    name: str
    cron: str
    run: Callable[[int], None] | Callable[[int], Awaitable[None]]


def hand_over(timestamp: int) -> None:
    """What those had in hand whose post is over goes back to their unit."""
    for code, why in hand_over_ended(moments.now()).refused.items():
        log.error("%s was not handed over: %s", code, why)


def remind_unheld(timestamp: int) -> None:
    """What no unit of the county may hold stands on the administrator's page each day."""
    remind_of_unheld(moments.now())


def end_retention(timestamp: int) -> None:
    """What is past its end date is destroyed."""
    retain(partial(seen_by, HOUSE))


def forget_keys(timestamp: int) -> None:
    """Keys of requests that nobody will send again."""
    forget_requests(moments.now() - REQUESTS)


def forget_tries(timestamp: int) -> None:
    """Sessions that ended, and wrong passwords that no longer count."""
    forget_sign_ins()


def reckon_again(timestamp: int) -> None:
    """Duties reckoned on a calendar that changed meanwhile: a year was decreed, a county set a day."""
    reproject()


async def take_up_stalled(timestamp: int) -> None:
    """Jobs whose worker died are put back into the queue."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


async def forget_old_jobs(timestamp: int) -> None:
    """What went well four days ago, which no page asks for; what failed after thirty days."""
    await app.job_manager.delete_old_jobs(nb_hours=4 * 24)
    await app.job_manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True)


JOBS: tuple[Job, ...] = (
    Job("take-up-stalled", "*/5 * * * *", take_up_stalled),
    Job("hand-over", "5 16 * * *", hand_over),  # five past midnight in China: posts end with the day
    Job("remind-unheld", "0 1 * * *", remind_unheld),  # nine in the morning in China
    Job("end-retention", "30 17 * * *", end_retention),
    Job("forget-keys", "50 17 * * *", forget_keys),
    Job("forget-tries", "55 17 * * *", forget_tries),
    Job("reckon-again", "20 18 * * *", reckon_again),
    Job("forget-old-jobs", "40 18 * * *", forget_old_jobs),
)

for _job in JOBS:
    app.periodic(cron=_job.cron)(
        app.task(name=_job.name, queueing_lock=_job.name, lock=_job.name, retry=RETRY)(_job.run)
    )
