"""`minqing work`: everything that goes on without anybody asking, in one process, until it is told to stop.

Four loops beside each other: the sweep of the clock, the reader of the outbox, the notices, the jobs. Any number of
processes may run beside each other. A lost database is waited for and opened again.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial
from threading import Event

import click

from minqing.base import moments
from minqing.doors.cli.instance import instance
from minqing.doors.cli.jobs import work_jobs, work_jobs_once
from minqing.doors.cli.loops import Loop
from minqing.doors.cli.sweeping import Worker
from minqing.doors.cli.telling import Teller, tell_put_aside, wired
from minqing.kernel.matters.outbox import try_again
from minqing.tools.notice.jobs import next_sending, send_waiting

NOTICES = 1.0  # seconds between two looks for what is to be sent
PATIENCE = 10.0  # seconds for the loops to end; what they hold is then left to the next


@click.command(help="巡钟、后续处理与定时任务，直到收到停止信号 / clock, reactions and jobs, until told to stop")
@click.option("--once", is_flag=True, help="各做一次 / do each once, then leave")
@click.option("--again", is_flag=True, help="先重试搁置的后续处理 / first try again what was put aside")
@click.pass_context
def work(ctx: click.Context, once: bool, again: bool) -> None:
    """Exit code 0 when it was asked to stop; with --once 1 when something is stuck, put aside or not sealed."""
    stop = Event()
    instance()  # told to stop while it waits for the database it ends at once: nothing is held yet
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if again:
        click.echo(f"重试后续处理 {try_again()} 项（rows tried again）")
    waiting = tell_put_aside()
    if once:
        ctx.exit(0 if _once(Worker(stop), Teller(wired())) and not waiting else 1)
    click.echo(f"开始工作，进程 {os.getpid()}，按 Ctrl+C 停止（working; stop it with Ctrl+C）")
    loops = (
        Loop("巡钟 sweep", Worker(stop).wake, stop),
        Loop("后续处理 reactions", Teller(wired()).wake, stop),
        Loop("通知 notices", partial(send_notices, stop), stop),
        Loop("定时任务 jobs", partial(work_jobs, stop), stop),
    )
    for loop in loops:
        loop.start()
    while not stop.wait(60):
        pass  # signals come to this thread
    _end(loops)


def _once(worker: Worker, teller: Teller) -> bool:
    """Whether nothing is stuck."""
    worker.wake()
    while teller.wake() == 0.0:
        pass  # as long as there was something
    send_waiting()
    work_jobs_once()
    return not (worker.stuck or worker.unsealed)


def send_notices(stop: Event) -> float:
    """Sends what is due; returns the seconds until there is something again. What is urgent waits for no minute."""
    send_waiting(stop=stop)
    following = next_sending()
    ahead = (following - moments.now()).total_seconds() if following is not None else NOTICES
    return min(max(ahead, 0.2), NOTICES)


def _end(loops: tuple[Loop, ...]) -> None:
    """Waits for each; one that does not end holds a transaction, which the database takes back."""
    limit = time.monotonic() + PATIENCE
    for loop in loops:
        loop.thread.join(max(limit - time.monotonic(), 0.0))
    click.echo("已停止（stopped）")
    if any(loop.thread.is_alive() for loop in loops):
        sys.stdout.flush()
        os._exit(0)
