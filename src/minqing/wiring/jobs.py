"""What is done by the calendar, in one table: each job calls one action. `minqing work` runs them (procrastinate).

Hours are UTC: 18:00 is two at night in China. A job that failed is tried again; one whose worker died is taken up by
another; each is harmless when repeated, and never runs twice at a time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from minqing.kernel.matters.reprojection import reproject

RETRY = RetryStrategy(max_attempts=6, exponential_wait=5)


@dataclass(frozen=True)
class Job:
    """A name, when (minute, hour, day, month, weekday), and what is called with the moment it was due."""

    name: str
    cron: str
    run: Callable[[int], None] | Callable[[int], Awaitable[None]]


def reckon_again(timestamp: int) -> None:
    """Duties reckoned on a calendar that changed meanwhile: a year was decreed, a county set a day."""
    reproject()


async def take_up_stalled(timestamp: int) -> None:
    """Jobs whose worker died are put back into the queue."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


async def forget_old_jobs(timestamp: int) -> None:
    """What is over for thirty days, failed jobs too."""
    await app.job_manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True)


JOBS: tuple[Job, ...] = (
    Job("take-up-stalled", "*/5 * * * *", take_up_stalled),
    Job("reckon-again", "20 18 * * *", reckon_again),
    Job("forget-old-jobs", "40 18 * * *", forget_old_jobs),
)

for _job in JOBS:
    app.periodic(cron=_job.cron)(
        app.task(name=_job.name, queueing_lock=_job.name, lock=_job.name, retry=RETRY)(_job.run)
    )
