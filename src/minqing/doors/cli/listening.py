"""One listening socket for every process of the server, so that a restart loses no request.

Granian gives each process a socket of its own on the same port: connections that wait in the queue of one that ends are
reset. Here all take from one queue, which outlives them: SIGHUP starts processes with the code that lies there now, one
after the other, and ends the old ones when they have answered. Where the socket is handed over by who starts the server
(LISTEN_FDS of systemd), the queue outlives the server itself.
"""

from __future__ import annotations

import atexit
import errno
import multiprocessing
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click
from granian._granian import SocketHolder
from granian.server.mp import MPServer

from minqing.base.errors import NotReady

QUEUE = 1024  # connections that wait while processes change
SILENT = 30  # seconds that a connection may stay there without a word
FIRST = 3  # the descriptor of the first socket handed over (sd_listen_fds)
FIT = "minqing.wiring.fit"  # says whether the code that lies there now can work on these tables
TRIAL = 120  # seconds for it to say so


def listener(host: str, port: int, environ: Mapping[str, str] = os.environ) -> socket.socket:
    """The socket that was handed over, else one of our own at that address."""
    if environ.get("LISTEN_PID") == str(os.getpid()) and environ.get("LISTEN_FDS") == "1":
        return _when_asked(socket.socket(fileno=FIRST))
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(QUEUE)
        return _when_asked(made)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise NotReady(
                f"{host}:{port} 已被别的程序占用：请换一个端口，如 --port {port + 1}"
                f"（the port is in use: choose another with --port）"
            ) from None
        raise NotReady(
            f"不能在 {host}:{port} 监听：{fault.strerror}（cannot listen there: choose --host and --port）"
        ) from None


def _when_asked(listening: socket.socket) -> socket.socket:
    """A connection stays in the queue until its first bytes are there: a process that ends closes those that it took
    and that said nothing yet, and whoever says nothing takes no place of a process. Linux has it, others go without."""
    if hasattr(socket, "TCP_DEFER_ACCEPT") and listening.family != socket.AF_UNIX:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT)
    return listening


class OneQueue(MPServer):
    """Granian with one socket for all; its processes are begun anew, not forked, so that they load the code anew."""

    def __init__(self, target: str, taken: socket.socket, **settings: Any) -> None:
        multiprocessing.set_start_method("spawn", force=True)
        super().__init__(target, **settings)
        self._taken = taken

    def serve(self, *_: Any, **__: Any) -> None:
        """Until told to stop."""
        super().serve(spawn_target=begin)

    def _init_shared_socket(self) -> None:
        self._ssp = self._shd = None
        self._sso = self._taken

    def _drop_shared_socket(self) -> None:
        self._taken.close()

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        """Keeps the old processes where new ones could not work: they would end the server with them. Who is told to
        stop meanwhile, or loses a process, hears of it afterwards."""
        if said := unfit():
            self.reload_signal = False
            self.main_loop_interrupt.clear()
            click.echo(f"没有换上新程序，照旧服务（the old processes go on）：{said}", err=True)
        elif not self.interrupt_signal:
            super()._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            click.echo("已换上新进程（new processes answer now）")
        if self.interrupt_signal or self.interrupt_children:
            self.main_loop_interrupt.set()


def unfit() -> str:
    """Why the code that lies there now cannot answer; empty where it can."""
    try:
        done = subprocess.run([sys.executable, "-m", FIT], capture_output=True, text=True, timeout=TRIAL, check=False)
    except subprocess.TimeoutExpired:
        return f"新程序 {TRIAL} 秒还没准备好（the new program was not ready in that time）"
    if done.returncode == 0:
        return ""
    return (done.stdout.strip() or done.stderr.strip()).splitlines()[-1] if done.stdout or done.stderr else "?"


def begin(number: int, name: str, loader: Callable[..., Any], sockets: tuple[Any, socket.socket], *rest: Any) -> None:
    """What a process does: begins with the socket it was sent, as granian takes it, and answers until it is told to
    stop. It leaves at once then: threads of granian's that wake while Python is taken down abort the process."""
    _, sent = sockets
    sent.setblocking(False)
    taken = SocketHolder(sent.detach(), False, QUEUE)  # type: ignore[call-arg]
    MPServer._spawn_asgi_worker(number, name, loader, ((None, taken), None), *rest)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
