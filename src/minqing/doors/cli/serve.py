"""`minqing serve`: answers over HTTP until it is told to stop. Granian runs the processes and replaces dead ones; all
take from one queue of connections (`listening`).

This process opens the instance, so that an embedded database runs as long as the server does; it answers nothing
itself. Each worker attaches by its own (`minqing.wiring.asgi`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from django.db import connections
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from minqing.doors.cli.instance import instance
from minqing.doors.cli.listening import OneQueue, listener

APPLICATION = "minqing.wiring.asgi:application"
PATIENCE = 25  # seconds a worker may take to finish what it answers when it is told to stop


@click.command(help="启动网络服务 / answer over HTTP until told to stop")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口，0 为任选 / 0: any free"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="地址 / address to listen at")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="进程数 / processes")
def serve(port: int, host: str, workers: int) -> None:
    """Prints the address when it listens; SIGTERM and Ctrl+C end it with exit code 0. SIGHUP replaces its processes."""
    taken = listener(host, port)
    host, port = taken.getsockname()[:2]
    instance()
    connections.close_all()  # nothing of the database is carried into a worker
    server = OneQueue(
        APPLICATION, taken, address=host, port=port, interface=Interfaces.ASGINL, workers=workers,
        workers_kill_timeout=PATIENCE, respawn_failed_workers=True, http=HTTPModes.http1, loop=Loops.asyncio,
        websockets=False, log_level=LogLevels.warning, static_path_route=["/static/ninja"],
        static_path_mount=[scripts_of_the_api_page()],
    )  # fmt: skip
    shown = f"[{host}]" if ":" in host else host
    server.on_startup(
        lambda: click.echo(f"正在 http://{shown}:{port} 提供服务，按 Ctrl+C 停止（serving; stop it with Ctrl+C）")
    )
    with counting():
        server.serve()
    click.echo("已停止（stopped）")


@contextmanager
def counting() -> Iterator[None]:
    """A folder in which the processes put what each counted (minqing.wiring.figures)."""
    with TemporaryDirectory(prefix="minqing-counts-") as folder:
        os.environ["MINQING_METRICS"] = folder
        yield


def scripts_of_the_api_page() -> Path:
    """Script and style of the page to try the API: of the package, so that nothing is loaded from elsewhere."""
    return Path(str(files("ninja"))) / "static" / "ninja"
