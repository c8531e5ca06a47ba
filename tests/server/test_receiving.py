"""Who sends slowly, too much or nothing at all keeps no thread from anybody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from minqing.doors.counter.sizes import MOST_OF_A_FORM
from minqing.wiring import figures
from minqing.wiring.receiving import SMALL, THREADS, Message, Receiver

SCOPE: Message = {
    "type": "http", "method": "POST", "raw_path": b"/a%ff%2Fb", "query_string": b"q=\xe6", "http_version": "1.1",
    "server": ("127.0.0.1", "8000"), "client": ("192.0.2.1", "1"), "scheme": "http", "headers": [],
}  # fmt: skip
GONE: Message = {"type": "http.disconnect"}


class Asked:
    """A WSGI application that keeps what it was asked, with the body."""

    def __init__(self) -> None:
        self.all: list[tuple[dict[str, Any], bytes]] = []
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.all.append((environ, environ["wsgi.input"].read()))
        start_response("201 Created", [("X-Tried", "é")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter((b"a", b"b"))

    def close(self) -> None:
        self.closed += 1


def piece(body: bytes = b"", more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def one(receiver: Receiver, *came: Message, headers: Iterable[tuple[bytes, bytes]] = ()) -> list[Message]:
    """What is answered to a request whose sender stops after these messages."""
    waiting = iter(came)
    told: list[Message] = []

    async def receive() -> Message:
        if (next_one := next(waiting, None)) is None:
            await asyncio.sleep(3600)
        assert next_one is not None
        return next_one

    async def send(message: Message) -> None:
        told.append(message)

    await receiver(SCOPE | {"headers": list(headers)}, receive, send)
    return told


def answered(receiver: Receiver, *came: Message, headers: Iterable[tuple[bytes, bytes]] = ()) -> list[Message]:
    return asyncio.run(asyncio.wait_for(one(receiver, *came, headers=headers), 30))


def test_a_body_that_stops_is_told_so_and_never_asked() -> None:
    asked = Asked()
    start, body = answered(Receiver(asked, idle=0.05), piece(b"{", more=True))
    assert (start["status"], asked.all) == (408, [])
    assert "没有收下" in json.loads(body["body"])["detail"]


def test_a_browser_is_told_so_on_a_page() -> None:
    start, body = answered(
        Receiver(Asked(), idle=0.05), piece(b"{", more=True), headers=[(b"accept", b"text/html,*/*;q=0.8")]
    )
    assert dict(start["headers"])[b"content-type"] == b"text/html; charset=utf-8"
    assert "没有收下" in body["body"].decode() and "返回" in body["body"].decode()
    assert int(dict(start["headers"])[b"content-length"]) == len(body["body"])


def test_a_body_that_trickles_has_an_end_too() -> None:
    async def trickle() -> Message:
        await asyncio.sleep(0.02)
        return piece(b"a", more=True)

    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    asyncio.run(asyncio.wait_for(Receiver(Asked(), idle=5, longest=0.2)(SCOPE, trickle, send), 10))
    assert told[0]["status"] == 408


def test_who_hangs_up_half_way_asked_nothing() -> None:
    asked = Asked()
    start, _ = answered(Receiver(asked), piece(b"{", more=True), GONE)  # or sent what is no body, and waits
    assert (start["status"], asked.all) == (400, [])


def test_bodies_that_wait_have_a_bound_and_room_comes_back() -> None:
    async def crowd() -> None:
        receiver = Receiver(Asked(), idle=0.2, held=100)

        async def sent(beyond: int, *, more: bool = False) -> object:
            return (await one(receiver, piece(b"x" * SMALL, more=True), piece(b"x" * beyond, more=more)))[0]["status"]

        slow = asyncio.create_task(sent(80, more=True))
        await asyncio.sleep(0.05)
        assert (await sent(30), await sent(20)) == (503, 201)
        assert (await one(receiver, piece(b"x" * SMALL)))[0]["status"] == 201, "words come in all the same"
        assert await slow == 408
        assert [await sent(100) for _ in range(3)] == [201] * 3, "nothing stays counted"

    asyncio.run(asyncio.wait_for(crowd(), 30))


def test_what_is_larger_than_anybody_takes_is_dropped_and_the_application_says_so() -> None:
    asked = Asked()
    length = MOST_OF_A_FORM + 1
    half = b"x" * (MOST_OF_A_FORM // 2)
    receiver = Receiver(asked, held=MOST_OF_A_FORM)
    for _ in range(2):
        answered(
            receiver, piece(half, more=True), piece(half, more=True), piece(b"x"),
            headers=[(b"content-length", str(length).encode())],
        )  # fmt: skip
    assert [(environ["CONTENT_LENGTH"], body) for environ, body in asked.all] == [(str(length), b"")] * 2


def test_a_body_that_says_it_is_huge_is_not_waited_for() -> None:
    asked = Asked()
    assert answered(Receiver(asked), headers=[(b"content-length", b"10000000000")])[0]["status"] == 201
    assert asked.all[0][1] == b""


def test_a_fault_outside_of_django_is_answered_and_logged_without_its_words(caplog) -> None:
    words = "".join(("can", "ary"))  # the log shows the line, not what stood in it

    def broken(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise ValueError(words)

    start, body = answered(Receiver(broken), piece())
    number = dict(start["headers"])[b"minqing-request"].decode()
    assert start["status"] == 500 and json.loads(body["body"])["request"] == number
    assert number in caplog.text and "ValueError" in caplog.text and words not in caplog.text


def test_what_is_refused_before_django_is_counted_and_has_a_number(monkeypatch) -> None:
    monkeypatch.setattr(figures, "OWN", figures.Figures())
    start, _ = answered(Receiver(Asked(), idle=0.05), piece(b"{", more=True))
    assert len(dict(start["headers"])[b"minqing-request"]) == 10
    assert figures.OWN.answered == {("POST", "?", 408): 1}


def test_the_request_comes_as_it_was_sent() -> None:
    asked = Asked()
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x-one", b"\xe6"), (b"x-one", b"2"), (b"content-type", b"t"),
               (b"x_forwarded_for", b"203.0.113.9")]  # fmt: skip
    start, body = answered(Receiver(asked), piece(b"ab", more=True), piece(b"c"), headers=headers)
    (environ, content) = asked.all[0]
    assert content == b"abc"
    assert environ["PATH_INFO"].encode("latin-1") == b"/a\xff/b"
    assert environ["QUERY_STRING"].encode("latin-1") == b"q=\xe6"
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_ONE"], environ["CONTENT_TYPE"]) == ("a=1; b=2", "æ,2", "t")
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["REMOTE_ADDR"] == "192.0.2.1"
    assert (start["status"], start["headers"], body["body"]) == (201, [(b"x-tried", "é".encode("latin-1"))], b"ab")
    assert asked.closed == 1


def test_a_thread_is_free_while_its_answer_is_read() -> None:
    """More readers than threads that take nothing of what they asked for."""

    async def crowd() -> None:
        receiver = Receiver(Asked())
        nobody_reads = asyncio.Event()

        async def receive() -> Message:
            return piece()

        async def send(message: Message) -> None:
            await nobody_reads.wait()

        slow = [asyncio.create_task(receiver(SCOPE, receive, send)) for _ in range(3 * THREADS)]
        assert (await one(receiver, piece()))[0]["status"] == 201
        nobody_reads.set()
        await asyncio.gather(*slow)

    asyncio.run(asyncio.wait_for(crowd(), 30))
