"""When a message leaves, by which way, and what happens when it does not: real gateways on loopback."""

from __future__ import annotations

import datetime as dt
import json

from minqing.base.ledger.streams import ACCESS
from minqing.base.ledger.verify import verify
from minqing.registers.accounts.rules import HOUSE, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.tools.notice.jobs import next_sending, send_waiting
from minqing.tools.notice.queries import administrator_inbox, inbox, messages_of, standing
from minqing.tools.notice.rules import TRIES
from minqing.tools.notice.tests.conftest import MAIL, MORNING, PHONE, at, rows, states, village_slug

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def test_a_receipt_at_night_for_what_was_said_by_day_waits_for_the_morning(county, sms):
    county.gateway(sms)
    county.matter(moment=at(20))
    county.react(at(21, 15))
    assert send_waiting(at(21, 30)) == 0 and sms.asked == []
    assert send_waiting(at(7, 59, day=2)) == 0
    assert send_waiting(at(8, 0, day=2)) == 1


def test_who_reports_at_night_hears_at_once_that_it_arrived(county, sms):
    county.gateway(sms)
    county.matter(moment=at(23))
    county.react(at(23, 1))
    assert send_waiting(at(23, 2)) == 1


def test_an_emergency_passes_the_night(county, sms):
    county.gateway(sms, f"staff: {{'{village_slug(county)}': {{sms: '13800000000'}}}}\n")
    county.matter(moment=at(2), text="有人要跳楼", emergency="life", kind="")
    county.react(at(2))
    send_waiting(at(2, 30))
    told = {asked.json["phone"]: asked.json["content"] for asked in sms.asked}
    assert PHONE in told and "紧急" in told["13800000000"]


def test_the_way_chosen_is_taken_and_a_wish_for_none_kept(county, sms, letters, book):
    county.gateway(sms, f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n")
    book.everybody, book.chosen = {"sms": PHONE, "email": MAIL}, "email"
    county.matter()
    county.react()
    send_waiting(MORNING)
    (letter,) = letters.letters
    assert letter["To"] == MAIL and letter["Subject"] == "演示县民情中心通知" and sms.asked == []
    book.chosen = "none"
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert len(letters.letters) == 1 and sms.asked == []


def test_wechat_goes_by_its_own_gateway(county, sms, book):
    county.write(
        f"wechat:\n  url: {sms.url}\n  fields: {{touser: '{{to}}', 'text.content': '{{text}}', 'text.id': '{{id}}'}}\n"
    )
    book.everybody, book.chosen = {"wechat": "oMadeUp_123"}, "wechat"
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert sms.asked[0].json["touser"] == "oMadeUp_123" and states() == {"receipt": "sent"}


def test_a_gateway_that_fails_once_gets_the_same_message_again_under_the_same_id(county, sms):
    sms.answers = [(500, {}, b""), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert states() == {"receipt": "failed"} and next_sending(MORNING) == MORNING + MINUTE
    assert send_waiting(MORNING + 30 * dt.timedelta(seconds=1)) == 0
    send_waiting(MORNING + MINUTE)
    assert states() == {"receipt": "sent"}
    first, second = sms.asked
    assert first.json == second.json and len(first.json["id"]) == 32


def test_what_times_out_is_tried_again(county, sms):
    sms.answers = [lambda: (200, {}, str(sms.release.wait(30)).encode()), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert rows("select state, fault from notice_message") == [("failed", "timeout")]
    send_waiting(MORNING + MINUTE)
    assert states() == {"receipt": "sent"}


def test_a_dead_gateway_is_left_alone_after_three_failures_and_nobody_is_lost(county, sms, book):
    sms.answers = [(500, {}, b"")] * 3 + [(200, {}, b'{"code": 0}')]
    county.gateway(sms)
    for _ in range(5):
        county.matter()
    county.react()
    send_waiting(MORNING)
    assert len(sms.asked) == 3 == len(book.opened)
    counted = rows("select state, tries, count(*) from notice_message group by 1, 2 order by 1")
    assert counted == [("failed", 1, 3), ("waiting", 0, 2)]
    assert "没有应答" in administrator_inbox(Viewer(9, role="administrator"))[0].text
    send_waiting(MORNING + MINUTE)
    assert rows("select state, count(*) from notice_message group by 1") == [("sent", 5)]


def test_after_its_last_try_a_message_is_given_up_and_a_person_is_asked_to_call(county, sms):
    sms.answers = [(500, {}, b"")]
    county.gateway(sms)
    trial = county.matter()
    county.react()
    moment = MORNING
    for _ in range(TRIES):
        send_waiting(moment)
        moment = next_sending(moment) or moment
    assert rows("select state, tries from notice_message") == [("given_up", TRIES)]
    assert send_waiting(moment + 7 * DAY) == 0 and len(sms.asked) == TRIES
    mine = inbox(Viewer(1, trial.matter.holder, scope=HOUSE))
    assert [line.kind for line in mine] == ["not-told", "to-handle"] and "请打电话或书面告知" in mine[0].text
    (line,) = administrator_inbox(Viewer(9, role="administrator"))
    assert "短信" in line.text and line.code == ""


def test_a_message_counts_as_given_up_on_the_day_it_was_however_long_it_was_tried_before(county, sms):
    sms.answers = [(200, {}, b'{"code": 9}')]
    county.gateway(sms)
    county.matter()
    county.react()
    late = MORNING + 3 * DAY
    send_waiting(late)
    assert [standing(late + n * DAY).given_up for n in (0.5, 1.5)] == [1, 0]


def test_a_message_counts_as_sent_on_the_day_it_was_however_old_it_is(county, sms):
    county.gateway(sms)
    county.matter()
    county.react()
    late = MORNING + 9 * DAY
    send_waiting(late)
    assert [standing(late + n * DAY).sent for n in (0.5, 1.5)] == [1, 0]


def test_what_a_gateway_refuses_for_good_is_not_tried_again(county, sms):
    sms.answers = [(200, {}, b'{"code": 9}')]
    county.gateway(sms)
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert states() == {"receipt": "given_up"} and len(sms.asked) == 1


def test_without_a_gateway_a_message_is_shown_as_without_way_and_goes_when_there_is_one(county, sms):
    trial = county.matter()
    county.react()
    send_waiting(MORNING)
    (told,) = [one for one in messages_of(Viewer(scope=HOUSE), trial.matter.code) if one.unit == 0]
    assert (told.state, told.way, told.fault) == ("no_way", "sms", "no-gateway")
    assert "没有配置" in administrator_inbox(Viewer(9, role="administrator"))[0].text
    county.gateway(sms)
    send_waiting(MORNING + DAY)
    assert states() == {"receipt": "sent"}


def test_who_left_no_address_is_shown_so(county, sms, book):
    county.gateway(sms)
    book.everybody = {}
    county.matter()
    county.react()
    send_waiting(MORNING)
    assert rows("select state, fault from notice_message") == [("no_way", "no-address")]


def test_who_asked_for_letters_on_paper_is_told_by_the_holder(county, sms, book):
    county.gateway(sms)
    book.chosen = "letter"
    trial = county.matter()
    county.react()
    send_waiting(MORNING)
    assert rows("select state, fault from notice_message") == [("no_way", "no-address")] and sms.asked == []
    assert inbox(Viewer(1, trial.matter.holder, scope=HOUSE))[0].kind == "not-told"


def test_each_sending_is_a_line_of_the_access_stream_without_a_plain_address(county, sms):
    county.gateway(sms)
    codes = [county.matter().matter.code for _ in range(2)]
    county.react()
    send_waiting(MORNING)
    lines = rows(
        "select s.code, l.data::text from ledger_line l join ledger_subject s using (stream, subject)"
        " where l.stream = 2 and l.kind = 'NoticeSent' order by 1"
    )
    assert [code for code, _ in lines] == sorted(codes)
    told = [json.loads(data) for _, data in lines]
    assert {(one["way"], one["kind"], one["outcome"]) for one in told} == {("sms", "receipt", "sent")}
    assert PHONE not in str(lines) and told[0]["address"] != told[1]["address"]  # one phone, two matters: not joined
    with seen_by(HOUSE):
        assert verify((ACCESS,), county.home).faults == []


def test_several_notices_to_a_unit_within_minutes_are_one_letter_in_its_hours(county, letters):
    slug = village_slug(county)
    county.write(
        f"email: {{host: 127.0.0.1, port: '{letters.port}', security: none, sender: a@example.cn}}\n"
        f"staff: {{'{slug}': {{email: village@example.cn}}}}\n"
    )
    codes = [county.matter(moment=at(17, 20 + number)).matter.code for number in range(3)]
    county.react(at(17, 30))
    send_waiting(at(17, 40))
    send_waiting(at(22))
    assert letters.letters == []
    send_waiting(at(8, 29, day=2))
    assert letters.letters == []
    send_waiting(at(8, 31, day=2))
    (letter,) = letters.letters
    assert all(code in letter.get_content() for code in codes) and "3 条" in letter.get_content()


def test_what_failed_in_the_evening_is_tried_again_in_the_morning(county, sms):
    sms.answers = [(500, {}, b""), (200, {}, b'{"code": 0}')]
    county.gateway(sms)
    county.matter(moment=at(20))
    county.react(at(20, 30))
    send_waiting(at(20, 59))
    assert send_waiting(at(23)) == 0 and states() == {"receipt": "failed"}
    send_waiting(at(8, 0, day=2))
    assert states() == {"receipt": "sent"}
