"""Two workers beside each other, and one that dies: what is sent once, and what is sent again under the same id."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from django.db import connection, connections

from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.tools.notice.jobs import send_waiting
from minqing.tools.notice.rows import Mark, claim, mark, renew
from minqing.tools.notice.sending import send_waiting as one_round
from minqing.tools.notice.tests.conftest import MORNING, open_county, rows

MANY = 40


@pytest.fixture
def county(own_database, tmp_path, home, book, panan):
    return open_county(tmp_path, home, panan)


def test_two_workers_send_each_message_once(county, sms):
    county.gateway(sms)
    codes = {county.matter().matter.code for _ in range(MANY)}
    county.react()
    faults: list[BaseException] = []
    ready = threading.Barrier(4)

    def work() -> None:
        try:
            ready.wait(10)
            while one_round(MORNING, many=5).taken:
                pass
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert faults == []
    told = [asked.json["content"] for asked in sms.asked]
    assert len(told) == MANY and {code for code in codes if any(code in said for said in told)} == codes
    assert rows("select state, count(*) from notice_message group by 1") == [("sent", MANY)]
    assert rows("select count(*) from ledger_line where stream = 2 and kind = 'NoticeSent'") == [(MANY,)]


def test_two_who_claim_at_the_same_moment_get_different_messages_and_neither_waits(county, sms):
    county.gateway(sms)
    for _ in range(6):
        county.matter()
    county.react()
    claimed, go_on = threading.Event(), threading.Event()
    first: list[int] = []

    def hold() -> None:
        with seen_by(HOUSE):
            first.extend(one.id for one in claim(MORNING, 3, quiet=False))
            claimed.set()
            go_on.wait(30)
        connections.close_all()

    worker = threading.Thread(target=hold)
    worker.start()
    try:
        assert claimed.wait(30)
        with seen_by(HOUSE), connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '5s'")
            second = [one.id for one in claim(MORNING, 3, quiet=False)]
    finally:
        go_on.set()
        worker.join()
    assert len(first) == len(second) == 3 and not set(first) & set(second)


def test_what_a_worker_holds_no_other_takes_until_its_lease_is_over(county, sms):
    county.gateway(sms)
    county.matter()
    county.react()
    with seen_by(HOUSE):
        (held,) = claim(MORNING, 10, quiet=False)
    assert send_waiting(MORNING + dt.timedelta(days=1)) == 0 and sms.asked == []
    assert one_round(MORNING, lease=0).taken == 1 and len(sms.asked) == 1  # its time is over
    with seen_by(HOUSE):
        assert not renew(held.claim, [held.id])  # and the first knows that it lost it
        mark(held.claim, [held.id], Mark("failed", MORNING))
    assert rows("select state from notice_message") == [("sent",)]


def test_a_worker_killed_between_sending_and_marking_leaves_a_message_that_goes_again_under_the_same_id(
    county, sms, own_database, tmp_path
):
    sms.answers = [lambda: (200, {}, str(sms.release.wait(60)).encode()), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    county.matter()
    county.react()
    script = tmp_path / "worker.py"
    script.write_text(
        textwrap.dedent(
            """
            import datetime as dt
            from minqing.base.postgres.instance import open_instance
            open_instance()
            from minqing.tools.notice import ports
            from minqing.tools.notice.jobs import send_waiting
            from minqing.tools.notice.tests.conftest import MORNING, Book
            ports.bind(Book())
            send_waiting(MORNING)
            """
        )
    )
    # a gateway that is slower than the worker lives
    text = (county.home / "notices.yaml").read_text("utf-8").replace("timeout: 1", "timeout: 60")
    (county.home / "notices.yaml").write_text(text, "utf-8")
    worker = subprocess.Popen([sys.executable, str(script)], env={**os.environ, **own_database.env})
    while not sms.asked:
        assert worker.poll() is None
        sms.release.wait(0.05)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert rows("select state, tries from notice_message") == [("sending", 1)]
    assert one_round(MORNING).taken == 0
    assert one_round(MORNING, lease=0).states == {"sent": 1}
    first, second = sms.asked
    assert first.json["id"] == second.json["id"]
