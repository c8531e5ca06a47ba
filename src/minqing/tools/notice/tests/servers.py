"""Real servers on loopback: a mail server and an HTTP gateway that answers what it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller


@dataclass
class Asked:
    """One request as the gateway saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.body)


@dataclass
class GatewayServer:
    """`answers` are taken in turn, the last again and again: (status, headers, body), or a callable that makes one."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answers: list[object] = field(default_factory=lambda: [(200, {}, b'{"code": 0}')])
    lock: threading.Lock = field(default_factory=threading.Lock)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send"

    def next_answer(self):
        with self.lock:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer() if isinstance(answer, Callable) else answer


@contextmanager
def gateway() -> Iterator[GatewayServer]:
    told = GatewayServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            status, headers, answer = told.next_answer()
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the caller has gone: it waited long enough

        do_GET = do_POST

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        told.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class MailServer:
    """Letters as they came; `refuse` maps an address to the answer it gets."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append(envelope.rcpt_tos)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


class _AnyPort(Controller):
    """Listens on a free port; the base class wants to know it beforehand."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(**told: object) -> Iterator[MailServer]:
    handler = MailServer()
    # with a name of its own it asks no name server who it is, which may take for ever
    controller = _AnyPort(handler, hostname="127.0.0.1", port=0, server_hostname="mail.invalid", **told)
    controller.start()
    handler.port = controller.port
    try:
        yield handler
    finally:
        controller.stop()
