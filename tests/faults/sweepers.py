"""Sweepers to be killed: reads `start` lines, forks a process that sweeps for each, and says `started PID` and how it
ended; `go N` lets them write so many batches more, so that they do not run away from whoever kills them.

Forked, so that a life costs no start-up; each opens its own connection. Settings come from the environment."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import threading

from django.db import connections

from minqing.base.postgres.instance import open_instance


def main() -> None:
    method, version, until = sys.argv[1], sys.argv[2], dt.datetime.fromisoformat(sys.argv[3])
    open_instance()
    from minqing.kernel.matters.escalation import sweep  # noqa: PLC0415  (Django has to be ready first)
    from minqing.kernel.matters.versions import methods_of  # noqa: PLC0415
    from minqing.wiring.ports import bind_ports  # noqa: PLC0415

    bind_ports()
    methods_of([(method, version)])
    connections.close_all()  # nothing of the database is carried into a child
    leave, given = os.pipe()  # a byte a batch
    for line in sys.stdin:
        if line.startswith("go "):
            os.write(given, b"." * int(line.removeprefix("go ")))
            continue
        assert line == "start\n", line
        child = os.fork()
        if child == 0:
            by = f"sweeper {os.getpid()}"
            sweep(until, by=by, batch=20, at_rung_time=True, stop=lambda: not os.read(leave, 1))
            os._exit(0)
        say(f"started {child}")
        threading.Thread(target=bury, args=[child]).start()


def bury(child: int) -> None:
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    say(f"ended {child} {'killed' if killed else os.waitstatus_to_exitcode(status)}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
