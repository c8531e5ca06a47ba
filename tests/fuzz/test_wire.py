"""What a stranger writes on a raw socket to the real server: answered below 500 or cut off, within a bound of memory,
and whoever asks afterwards gets their answer.

Requests in turn on one connection: whether a second one hides in the body of the first. Slow senders:
tests/server/test_receiving.py.
"""

from __future__ import annotations

import gzip
import os
import re
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import OwnDatabase
from hypothesis import strategies as some
from tests.fuzz.fuzzing import Fuzz, memory

from minqing.base.ledger.keys import body_key, secrets_key, signing_key
from minqing.registers.vault.masters import masters

MINQING = [sys.executable, "-c", "from minqing.wiring.start import main; main()"]
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
GROWS = 300  # megabytes that all of it together may leave behind
JSON = "Content-Type: application/json\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
DEFLATED = zlib.compress(b" " * 9_000_000)
BOMB = gzip.compress(b" " * 20_000_000)


@dataclass
class Served:
    """The server and its processes."""

    process: subprocess.Popen[str]
    port: int

    def send(self, request: bytes, patience: float = 60, waits: bool = False) -> list[int]:
        """The statuses that come back until the connection is closed; none where it is cut without a word, or where
        more is waited for, which has to be said: `waits`."""
        told = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as wire:
            try:
                wire.sendall(request)
                while piece := wire.recv(65_536):
                    told += piece
            except ConnectionError:  # it hung up on us
                pass
            except TimeoutError:
                assert waits, "neither an answer nor an end"
        return [int(one) for one in STATUS.findall(told)]

    def megabytes(self) -> int:
        """Of all its processes."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(memory("VmRSS", int(one)) for one in listed)


@pytest.fixture(scope="module")
def served(module_database: OwnDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("wire") / "home"
    env = os.environ | module_database.env | {"MINQING_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    for make in (signing_key, body_key, secrets_key, masters):
        make(home)
    process = subprocess.Popen(
        [*MINQING, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+) ", said)
        assert found, said
        server = Served(process, int(found[1]))
        end = time.monotonic() + 300  # of patience, where much else runs
        while not answers(server):
            assert time.monotonic() < end
            time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=60)


def answers(server: Served) -> bool:
    try:
        return all(server.send(asked("/readyz"), 20) == [200] for _ in range(4))
    except OSError:  # not yet
        return False


def asked(
    path: str | bytes,
    verb: str = "GET",
    headers: str | bytes = "",
    body: bytes = b"",
    host: str = "Host: localhost\r\n",
) -> bytes:
    """One request as bytes; whatever stands in it is sent as it stands."""
    place, more = (one if isinstance(one, bytes) else one.encode("utf-8", "surrogatepass") for one in (path, headers))
    return (
        verb.encode("utf-8", "surrogatepass")
        + b" "
        + place
        + b" HTTP/1.1\r\nConnection: close\r\n"
        + host.encode()
        + more
        + b"\r\n"
        + body
    )


def posted(path: str, body: bytes, headers: str = JSON, length: str | None = None) -> bytes:
    told = length if length is not None else f"Content-Length: {len(body)}\r\n"
    return asked(path, "POST", headers + told, body)


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
#: Requests whose end does not come.
UNFINISHED = ("less than was said", "a form of less than was said")
PUBLIC = "/api/v1/public/AAAA-BBBB"

CASES: dict[str, bytes] = {
    **{
        f"charset {name} {path}": asked(f"{path}?q=%E4%BD&a=%00", headers=f"Content-Type: a/b; charset={name}\r\n")
        for name in ("rot13", "hex", "idna", "undefined", "utf-16", "utf-7", "zip", "", '"', "utf-8;charset=hex")
        for path in ("/follow", "/api/v1/matters", "/healthz")
    },
    "charset by parts": asked("/follow?a=%E4", headers="Content-Type: text/plain; charset*=utf-8''rot13\r\n"),
    "charset by continuation": asked("/follow?a=%E4", headers="Content-Type: a/b; charset*0=rot; charset*1=13\r\n"),
    "a charset and too many fields": asked("/follow?" + "a&" * 2000, headers="Content-Type: a/b; charset=utf-8\r\n"),
    "too many fields": asked("/follow?" + "a=1&" * 2000),
    "a long Content-Type": asked("/follow", headers=f"Content-Type: a/b; c={'d' * 50_000}\r\n"),
    "a cookie with a NUL": asked("/today", headers='Cookie: minqing_session="\\000abcdefgh"\r\n'),
    "a cookie of letters": asked("/today", headers='Cookie: minqing_session=乾坤乾坤; minqing_tongue="\\000\\377"\r\n'),
    "a huge cookie": asked("/follow", headers=f"Cookie: a={'x' * 100_000}\r\n"),
    "a cookie of a megabyte": asked("/follow", headers=f"Cookie: a={'x' * 1_000_000}\r\n"),
    "a thousand cookies": asked("/follow", headers=f"Cookie: {'a=b; ' * 10_000}\r\n"),
    "a thousand headers": asked("/follow", headers="".join(f"X-{n}: 1\r\n" for n in range(1000))),
    "a token of letters": asked("/api/v1/matters", headers="Authorization: Bearer mq_乾坤乾坤乾坤乾坤\r\n"),
    "tongues": asked("/follow", headers=f"Accept-Language: {'a-' * 5000}, {'zh;q=0.1,' * 900}\r\n"),
    "no host": asked("/follow", host=""),
    "two hosts": asked("/follow", host="Host: localhost\r\nHost: example.invalid\r\n"),
    "another host": asked("/follow", host="Host: example.invalid\r\n"),
    "a host with a line end": asked("/follow", host="Host: localhost%0d%0aX: y\r\n"),
    "who forwards": asked("/follow", headers="X-Forwarded-For: ':\r\nX-Forwarded-Host: a b\r\n"),
    "an address of another": asked("http://example.invalid/follow"),
    "an address that is none": asked("http://[::1/follow"),
    "a star": asked("*", "OPTIONS"),
    "a connection": asked("localhost:1", "CONNECT"),
    "a verb of letters": asked("/follow", "查"),
    "an unknown verb": asked("/follow", "BREW"),
    "trace": asked("/follow", "TRACE"),
    **{
        f"path {n}": asked(path)
        for n, path in enumerate((
            b"/a\0b", "/matters/%00", "/report/%00", "/report/%ff%fe", "/report/%ed%a0%80", "/乾", b"/\xff",
            "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/%252e%252e/x", "/static/%2e%2e/%2e%2e/settings.py",
            "/static/ninja/%2e%2e/%2e%2e/__init__.py", "/static/ninja//etc/passwd", "/%c0%ae",
            "/static/" + "a" * 9000, "/follow%0d%0aX-Evil: 1", "/sign-in?next=%0d%0aX-Evil:1", "/tongue?next=//evil",
            "/%", "/%zz", "/" + "a/" * 20_000, "/follow?" + "%" * 5000, "//follow", "/api/v1/matters/%2e%2e",
            "/api/v1/matters/%00", "/api/v1/public/" + "%f0%9f%98%80" * 500, "/\u202efollow", "/report/" + "9" * 5000,
        ))
    },
    "a header over two lines": asked("/follow", headers="X: a\r\n b\r\n"),
    "a space before the colon": asked("/follow", headers="X : a\r\n"),
    "line ends without returns": b"GET /follow HTTP/1.1\nHost: localhost\n\n",
    "an older HTTP": b"GET /follow\r\n\r\n",
    "a newer HTTP": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a handshake": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "two lengths": posted(PUBLIC, b"{} ", length="Content-Length: 2\r\nContent-Length: 3\r\n"),
    "a list of lengths": posted(PUBLIC, b"{}", length="Content-Length: 2, 2\r\n"),
    "a length below nothing": posted(PUBLIC, b"{}", length="Content-Length: -2\r\n"),
    "a length with a sign": posted(PUBLIC, b"{}", length="Content-Length: +2\r\n"),
    "a length of letters": posted(PUBLIC, b"{}", length="Content-Length: ２\r\n"),
    "a length without end": posted(PUBLIC, b"{}", length="Content-Length: 99999999999999999999\r\n"),
    "a length of ten gigabytes": posted(PUBLIC, b"{}", length="Content-Length: 10000000000\r\n"),
    "a form of ten gigabytes": posted("/follow", b"code=1", FORM, "Content-Length: 10000000000\r\n"),
    "less than was said": posted(PUBLIC, b"{}", length="Content-Length: 2000\r\n"),
    "a form of less than was said": posted("/follow", b"code=1", FORM, "Content-Length: 2000\r\n"),
    "an odd coding": posted(PUBLIC, b"0\r\n\r\n", length="Transfer-Encoding: xchunked\r\n"),
    "two codings": posted(PUBLIC, b"0\r\n\r\n", length=CHUNKED + "Transfer-Encoding: identity\r\n"),
    "a chunk of no number": posted("/follow", b"zz\r\nabc\r\n0\r\n\r\n", FORM, CHUNKED),
    "a chunk without end": posted("/follow", b"ffffffffffffffffff\r\nabc", FORM, CHUNKED),
    "a form in chunks": posted("/follow", b"3\r\na=1\r\n0\r\n\r\n", FORM, CHUNKED),
    "a bomb": posted(PUBLIC, BOMB, JSON + "Content-Encoding: gzip\r\n"),
    "a bomb in a form": posted("/follow", BOMB, FORM + "Content-Encoding: gzip\r\n"),
    "a bomb of another packing": posted(PUBLIC, DEFLATED, JSON + "Content-Encoding: deflate, br\r\n"),
    "something expected": posted(PUBLIC, b"{}", JSON + "Expect: 200-maybe\r\n"),
    "another protocol": asked("/follow", headers="Connection: Upgrade\r\nUpgrade: h2c, websocket\r\n"),
    "our own names": asked("/follow", headers="Remote_Addr: 1.2.3.4\r\nScript-Name: /\xff\r\nWsgi.input: x\r\n"),
    "a boundary of none": posted("/follow", b"abc", "Content-Type: multipart/form-data\r\n"),
    "a boundary of letters": posted("/follow", b"abc", "Content-Type: multipart/form-data; boundary=乾坤\r\n"),
    "a long boundary": posted("/follow", b"abc", f"Content-Type: multipart/form-data; boundary={'b' * 900}\r\n"),
    "parts of a file": asked("/static/ninja/swagger-ui.css", headers=f"Range: bytes=0-0,{'0-1,' * 900}\r\n"),
    "a part of nothing": asked("/static/ninja/swagger-ui.css", headers="Range: bytes=-99999999999999999999\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("part", range(4))
def test_whatever_stands_on_the_wire_is_no_fault_of_ours(served: Served, fuzz: Fuzz, part: int) -> None:
    before = served.megabytes()
    names = sorted(CASES)[part::4]

    def holds(name: str) -> None:
        unfinished = name in UNFINISHED
        statuses = served.send(CASES[name], 1 if unfinished else 60, waits=unfinished)
        assert all(one < 500 for one in statuses), (name, statuses)

    fuzz(some.sampled_from(names), holds, few=len(names), many=len(names) * 5)
    assert answers(served) and served.megabytes() - before < GROWS


def test_no_second_request_hides_in_the_body_of_a_first(served: Served) -> None:
    """Length and chunks at once: read by its chunks, or refused; what follows is a request of its own or none."""
    both = posted(PUBLIC, b"0\r\n\r\n" + HIDDEN, length=f"Content-Length: {5 + len(HIDDEN)}\r\n" + CHUNKED)
    assert served.send(both)[0] in (400, 411)
    by_length = posted(PUBLIC, HIDDEN)
    assert served.send(by_length) == [400], "a body is no request"
    assert served.send(posted(PUBLIC, HIDDEN, length="Content-Length: 0\r\nContent-Length: 44\r\n")) == [400]


def test_a_charset_that_is_not_utf_8_is_told_so(served: Served) -> None:
    def status(kind: str) -> list[int]:
        return served.send(asked("/follow?q=%E4", headers=f"Content-Type: {kind}\r\n"))

    for kind in ("text/plain; charset=rot13", "text/plain; charset=gb18030", 'text/plain; Charset="idna"'):
        assert status(kind) == [415], kind
    for kind in ("text/plain; charset=utf-8", 'text/plain; charset="UTF-8"', "text/plain"):
        assert status(kind) == [200], kind


def test_any_bytes_are_answered_or_cut_off(served: Served, fuzz: Fuzz) -> None:
    known = some.sampled_from((b"GET / HTTP/1.1", b"Host: localhost", b"", b"Cookie: a"))
    lines = some.lists(
        some.one_of(some.binary(max_size=60), known),
        max_size=8,
    ).map(b"\r\n".join)  # fmt: skip
    heads = some.tuples(some.binary(min_size=1, max_size=12), some.binary(max_size=40)).map(
        lambda pair: asked("/follow?" + pair[1].hex(), headers=b"X-" + pair[0] + b": " + pair[1] + b"\r\n")
    )  # fmt: skip

    def holds(request: bytes) -> None:
        assert all(one < 500 for one in served.send(request, 0.4, waits=True)), request

    fuzz(some.one_of(lines, heads), holds, few=30, many=500)
    assert answers(served)
