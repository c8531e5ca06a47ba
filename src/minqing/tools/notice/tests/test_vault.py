"""With the real vault: a resident's words and phone are sealed, and only the phone is opened, with a line for it."""

from __future__ import annotations

import json

import pytest

from minqing.base import moments
from minqing.kernel.matters.actions import report
from minqing.kernel.matters.concerns import Concern, Contact
from minqing.kernel.matters.public import secret_of
from minqing.tools.notice import ports
from minqing.tools.notice.jobs import send_waiting
from minqing.tools.notice.tests.conftest import MAIL, MORNING, PHONE, open_county, rows
from minqing.wiring.contacts import VaultContacts

WORDS = "演示路八号水管爆了三天，我叫演示张三"


@pytest.fixture
def county(db, tmp_path, home, book, panan):
    ports.bind(VaultContacts())  # `book` puts back what was bound before
    county = open_county(tmp_path, home, panan)
    county.react(MORNING)
    return county


def take(county, **told: object) -> str:
    contact = Contact(**{"name": "演示张三", "phone": PHONE, "address": "演示路八号"} | told.pop("contact", {}))
    (answer,) = report(
        [Concern(county.place, "web", title="水管爆了", text=WORDS, kind="village-affair", contact=contact, **told)],
        county.method,
    )
    assert answer.outcome == "written", answer
    return answer.code


def opened() -> list[str]:
    found = rows("select data::text from ledger_line where stream = 2 and kind = 'Revealed' order by seq")
    return [json.loads(data)["name"] for (data,) in found]


def test_the_phone_is_opened_for_the_message_and_nothing_else_is(county, sms):
    county.gateway(sms)
    code = take(county)
    county.react()
    assert opened() == []  # not before it is sent
    send_waiting(moments.now())
    (asked,) = sms.asked
    assert asked.json["phone"] == PHONE and secret_of(code) in asked.json["content"]
    assert opened() == ["reporter.phone"]
    for word in ("水管", "张三", "演示路"):
        assert word not in asked.json["content"]
    kinds = rows("select kind from ledger_line where stream = 2 order by seq")
    assert kinds == [("Revealed",), ("NoticeSent",)]


@pytest.mark.parametrize(("way", "sent"), [("email", 1), ("none", 0), ("letter", 0)])
def test_the_way_the_reporter_chose_is_read_with_a_line_and_kept(county, sms, letters, way, sent):
    county.gateway(sms, f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n")
    take(county, contact={"email": MAIL, "way": way})
    county.react()
    send_waiting(moments.now())
    assert len(letters.letters) == sent and sms.asked == []
    assert opened() == ["reporter.way", "reporter.email"][: 1 + sent]


def test_unnamed_reporters_are_told_through_their_contact(county, sms):
    county.gateway(sms)
    take(county, reporter="unnamed")
    county.react()
    send_waiting(moments.now())
    assert sms.asked[0].json["phone"] == PHONE


def test_without_any_contact_nothing_is_opened(county, sms):
    county.gateway(sms)
    (answer,) = report([Concern(county.place, "web", text=WORDS, kind="village-affair")], county.method)
    county.react()
    send_waiting(moments.now())
    assert opened() == [] and sms.asked == []
    assert rows("select state, fault from notice_message where code = %s", answer.code) == [("no_way", "no-address")]


def test_no_table_and_no_line_of_the_notices_holds_a_word_or_an_address(county, sms):
    sms.answers = [(500, {}, f"{PHONE} 张三 水管".encode()), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    take(county)
    county.react()
    send_waiting(moments.now())
    held = json.dumps(
        rows("select to_jsonb(m)::text from notice_message m union all select to_jsonb(i)::text from notice_inbox i")
        + rows("select data::text from ledger_line"),
        ensure_ascii=False,
    )
    for word in (PHONE, "张三", "水管", "演示路"):
        assert word not in held
