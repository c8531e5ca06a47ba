"""A request is received whole before a thread is given to it, and its answer is sent after the thread is free again.

Threads are few and each holds a way to the database; whoever sends slowly, or stops half way, would hold one for as
long as they please. Bodies wait in memory, never on disk: they are not sealed yet.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from django.http import HttpResponse

from minqing.doors.counter.problems import Problem, unreadable
from minqing.doors.counter.sizes import MOST_OF_A_FORM
from minqing.wiring.refusals import fault, refusal

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]

THREADS = 4  # a process: most of a request waits for the database
IDLE = 20.0  # seconds for the next piece of a body; a phone in the mountains stops for some
LONGEST = 600.0  # seconds for all of it: 32 MB at 64 KB a second
HELD = 256_000_000  # bytes of bodies that a process holds at once
SMALL = 64_000  # bytes of a body that are always taken and not counted: files that wait keep no words from coming in
DRAINED = 2 * MOST_OF_A_FORM  # bytes of one too large that are taken and dropped: its sender then reads the refusal
_PLAIN = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE"})
_BETWEEN = {"HTTP_COOKIE": "; "}  # RFC 9110, 5.3, and RFC 6265, 5.4

_SLOW = Problem(408, "slow", "没有传完就停了，没有收下：请到信号好些的地方再发", "it stopped half way: send it again")
_BUSY = Problem(
    503, "busy", "同时上传的人太多，没有收下：请过一会儿再发", "too many are sending: again later",
    headers={"Retry-After": "30"},
)  # fmt: skip
_BROKEN = unreadable("请求没有传完，或读不懂，没有收下", "the request is not whole, or cannot be read")


class _Gone(Exception):
    """The sender hung up, or what came is no body: the server tells both alike."""


class _Full(Exception):
    """No room for what is being sent."""


class Receiver:
    """An ASGI application around a WSGI one. Made once in each process of the server."""

    def __init__(
        self, application: Application, *, idle: float = IDLE, longest: float = LONGEST, held: int = HELD
    ) -> None:
        self._application = application
        self._idle = idle
        self._longest = longest
        self._free = held
        self._threads = ThreadPoolExecutor(THREADS, "answer")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        body = io.BytesIO()
        try:
            status, headers, content = await self._answered(scope, receive, body)
        except Exception as found:  # what Django did not answer; the server would print its message
            status, headers, content = _as_sent(fault(found, scope["method"]))
        finally:
            self._free += _counted(body.tell())
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answered(self, scope: Message, receive: Receive, body: io.BytesIO) -> Answer:
        try:
            async with asyncio.timeout(self._longest):
                if _told(scope) <= DRAINED:
                    await self._receive(receive, body)
        except TimeoutError:
            return _refused(_SLOW, scope)
        except _Full:
            return _refused(_BUSY, scope)
        except _Gone:
            return _refused(_BROKEN, scope)
        environ = _environ(scope, body)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, environ)

    async def _receive(self, receive: Receive, body: io.BytesIO) -> None:
        """Puts what is sent into `body`; nothing of what is larger than anybody takes."""
        came = 0
        more = True
        while more and came <= DRAINED:
            async with asyncio.timeout(self._idle):
                message = await receive()
            if message["type"] != "http.request":
                raise _Gone
            more = message.get("more_body", False)
            piece = message.get("body", b"")
            came += len(piece)
            if came > MOST_OF_A_FORM:
                self._free += _counted(body.tell())
                body.seek(0)
                body.truncate()
            elif (more_held := _counted(came) - _counted(came - len(piece))) > max(self._free, 0):
                raise _Full
            else:
                body.write(piece)
                self._free -= more_held

    def _run(self, environ: Message) -> Answer:
        """In a thread."""
        begun: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            begun[:] = [int(status[:3]), [(name.lower().encode(), told.encode("latin-1")) for name, told in headers]]

        result = self._application(environ, start_response)
        try:
            content = b"".join(result)
        finally:
            if (close := getattr(result, "close", None)) is not None:
                close()
        return begun[0], begun[1], content


def _counted(size: int) -> int:
    return max(0, size - SMALL)


def _told(scope: Message) -> int:
    """Bytes of the body as its sender says; the server has refused what is no number."""
    return next((int(told) for name, told in scope["headers"] if name == b"content-length"), 0)


def _environ(scope: Message, body: io.BytesIO) -> Message:
    """What WSGI (PEP 3333) calls the request: every byte of the path, the query and the headers a character of Latin-1.
    A name with an underscore would pass for one with a dash, and is left out."""
    host, port = scope["server"]
    environ: Message = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body.getvalue()),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, told in scope["headers"]:
        if b"_" not in name:
            key = name.decode("latin-1").upper().replace("-", "_")
            key = key if key in _PLAIN else f"HTTP_{key}"
            value = told.decode("latin-1")
            environ[key] = f"{environ[key]}{_BETWEEN.get(key, ',')}{value}" if key in environ else value
    return environ


def _refused(problem: Problem, scope: Message) -> Answer:
    accept = b",".join(told for name, told in scope["headers"] if name == b"accept").decode("latin-1")
    return _as_sent(refusal(problem, scope["method"], accept=accept))


def _as_sent(response: HttpResponse) -> Answer:
    headers = [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    return response.status_code, headers, response.content
