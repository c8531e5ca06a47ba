"""`minqing serve`: answers over HTTP until it is told to stop. Granian runs the processes and replaces dead ones.

This process opens the instance, so that an embedded database runs as long as the server does; it answers nothing
itself. Each worker attaches by its own (`minqing.wiring.wsgi`).
"""

from __future__ import annotations

import errno
import socket
from importlib.resources import files
from pathlib import Path

import click
from django.db import connections
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from minqing.base.errors import NotReady
from minqing.doors.cli.instance import instance

APPLICATION = "minqing.wiring.wsgi:application"
THREADS = 4  # a worker: most of a request waits for the database
IDLE = 600  # seconds a thread is kept: its connection goes with it
PATIENCE = 10  # seconds a worker may take to finish what it answers when it is told to stop


@click.command(help="启动网络服务 / answer over HTTP until told to stop")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口，0 为任选 / 0: any free"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="地址 / address to listen at")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="进程数 / processes")
def serve(port: int, host: str, workers: int) -> None:
    """Prints the address when it listens; SIGTERM and Ctrl+C end it with exit code 0."""
    port = free_port(host, port)
    instance()
    connections.close_all()  # nothing of the database is carried into a worker
    server = Server(
        APPLICATION, address=host, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE, workers_kill_timeout=PATIENCE, respawn_failed_workers=True,
        http=HTTPModes.http1, loop=Loops.asyncio, websockets=False, log_level=LogLevels.warning,
        static_path_route=["/static/ninja"], static_path_mount=[scripts_of_the_api_page()],
    )  # fmt: skip
    shown = f"[{host}]" if ":" in host else host
    server.on_startup(
        lambda: click.echo(f"正在 http://{shown}:{port} 提供服务，按 Ctrl+C 停止（serving; stop it with Ctrl+C）")
    )
    server.serve()
    click.echo("已停止（stopped）")


def free_port(host: str, port: int) -> int:
    """The port, found free; granian would share a port that another server of the same user listens at."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise NotReady(
                f"{host}:{port} 已被别的程序占用：请换一个端口，如 --port {port + 1}"
                f"（the port is in use: choose another with --port）"
            ) from None
        raise NotReady(
            f"不能在 {host}:{port} 监听：{fault.strerror}（cannot listen there: choose --host and --port）"
        ) from None


def scripts_of_the_api_page() -> Path:
    """Script and style of the page to try the API: of the package, so that nothing is loaded from elsewhere."""
    return Path(str(files("ninja"))) / "static" / "ninja"
