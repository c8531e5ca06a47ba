"""What leaves the machine, and whereto: nothing a stranger says ever becomes an address that we ask."""

from __future__ import annotations

import ast
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from minqing.tools.notice.adapters import Message, Receipt
from minqing.tools.notice.gateway import Gateway
from minqing.tools.notice.targets import is_safe

SOURCE = Path(__file__).parents[2] / "src" / "minqing"
MESSAGE = Message("13900000000", "通知", "已办结", "f" * 32)
#: Modules that can open a connection to somewhere.
CLIENTS = {
    "urllib.request", "http.client", "smtplib", "ftplib", "telnetlib", "imaplib", "poplib", "nntplib", "xmlrpc.client",
    "requests", "httpx", "aiohttp", "urllib3", "socket", "asyncio", "websockets", "pycurl", "paramiko",
}  # fmt: skip
#: Which files use one. Whatever comes here asks an address that stands in files of the machine, never in a request.
ASK = {
    "tools/notice/gateway.py": {"urllib.request", "http.client"},  # notices.yaml
    "tools/notice/mail.py": {"smtplib", "socket"},  # notices.yaml
}
#: These open no way out: they look whether a port is free, a server of this machine answers, or signal one another.
LOCAL = {"socket", "asyncio"}


def test_only_the_gateway_and_mail_open_a_way_out_of_the_machine() -> None:
    found = {str(path.relative_to(SOURCE)): used for path in _files() if (used := _clients(path) - LOCAL)}
    assert found == {name: used - LOCAL for name, used in ASK.items()}


def _files() -> Iterator[Path]:
    return (path for path in SOURCE.rglob("*.py") if "tests" not in path.parts)


def _clients(path: Path) -> set[str]:
    named = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            named |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return named & CLIENTS


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "ftp://sms.example.cn/", "gopher://sms.example.cn/", "data:text/plain,x", "dict://a.cn:11/",
    "http://sms.example.cn/", "http://10.0.0.5/", "//sms.example.cn/", "sms.example.cn/send", "https:///send", "https://",
    "https://user:word@sms.example.cn/", "https://user@sms.example.cn/", "http://localhost@sms.example.cn/",
    "http://sms.example.cn#@localhost/", "http://localhost\\@sms.example.cn/", "https://sms.example.cn\\@10.0.0.1/",
    "http://127.1/", "http://0/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f000001/", "http://017700000001/",
    "http://[::ffff:127.0.0.1]/", "http://[::]/", "http://127.0.0.1.example.cn/", "http://localhost.example.cn/",
    "https://169.254.169.254/latest/meta-data/", "https://[::ffff:169.254.169.254]/", "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/", "https://[fd00:ec2::254]/", "https://100.100.100.200/", "https://2852039166/",
    "https://0xa9fea9fe/", "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://[64:ff9b::a9fe:a9fe]/",
    "https://[2002:a9fe:a9fe::]/", "https://127.0.0.2/", "https://0.0.0.0/", "https://[::]/", "https://224.0.0.1/",
    "https://sms.example.cn/a b", "https://sms.example.cn/\r\nX: y", "https://sms.example.cn\t/", "https://短信.example/",
    "https://sms.example.cn:0/", "https://sms.example.cn:99999/", "https://sms.example.cn:x/", "https://[::1", "",
])  # fmt: skip
def test_no_message_goes_to_such_an_address(url: str) -> None:
    assert not is_safe(url)


@pytest.mark.parametrize("url", [
    "https://sms.example.cn/send?v=2", "https://sms.example.cn:8443/", "https://10.12.0.5:8443/send",
    "https://[fd12:3456::5]/send", "https://192.168.4.4/", "http://127.0.0.1:9000/", "http://localhost/", "http://[::1]:80/",
    "https://localhost:8443/", "https://gateway/send", "https://3.example.cn/",
])  # fmt: skip
def test_a_gateway_of_the_county_may_stand_in_its_own_network(url: str) -> None:
    assert is_safe(url)


def test_a_name_that_leads_to_another_machine_meets_a_certificate_that_is_not_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name may be led elsewhere after the file was read: nothing is said before the other side has shown itself."""
    heard: list[bytes] = []
    with _listening(heard, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as port:
        there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: there)
        receipt = Gateway(f"https://sms.example.cn:{port}/send", {"to": "{to}", "text": "{text}"}, timeout=30).send(
            MESSAGE
        )
    assert receipt == Receipt("failed", "unreachable")
    assert heard and b"13900000000" not in b"".join(heard) and b"POST" not in b"".join(heard)


@pytest.mark.parametrize("answer", [
    b"HELLO\r\n\r\n", b"\x00" * 64, b"HTTP/9.9 200\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"",
])  # fmt: skip
def test_what_is_no_http_is_a_failure_like_any_other_and_stops_no_worker(answer: bytes) -> None:
    with _listening([], answer) as port:
        receipt = Gateway(f"http://127.0.0.1:{port}/send", {"to": "{to}"}, timeout=30).send(MESSAGE)
    assert receipt.outcome == "failed" and "13900000000" not in receipt.fault


@contextmanager
def _listening(heard: list[bytes], answer: bytes) -> Iterator[int]:
    """A port of this machine that hears one caller and says the same to whatever it hears."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(60)

        def hear() -> None:
            caller, _ = door.accept()
            with caller:
                caller.settimeout(30)
                heard.append(caller.recv(65536))
                caller.sendall(answer)

        thread = threading.Thread(target=hear)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            thread.join()
