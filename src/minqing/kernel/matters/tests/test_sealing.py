"""No word of a resident stands readable in a table; what is sealed says what for, on what ground, until when."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection, connections
from PIL import Image

from minqing.base.errors import NotAllowed
from minqing.kernel.matters.actions import Concern, Contact, Location, Replayed, Request, act, report
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.concerns import parted_form
from minqing.kernel.matters.journal import append, entry
from minqing.kernel.matters.keeping import KEPT, kept
from minqing.kernel.matters.matter import Matter
from minqing.kernel.matters.reading import read_one
from minqing.kernel.matters.sensitivity import sensitivity_of
from minqing.kernel.matters.testing import MONDAY, Trial
from minqing.kernel.matters.uploads import Upload, attach
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.rules import HOUSE, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import open_values, subjects_of

PLACE = 330727101201001
CANARY = "金丝雀"
CONTACT = Contact(
    name=f"{CANARY}名", phone="13900001234", address=f"{CANARY}路1号", id_number=f"{CANARY}证", email=f"{CANARY}@x.cn"
)


def rows(statement: str, *values: object) -> list[tuple]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def everything(owner: str) -> str:
    """All rows of all tables as text, as their owner sees them; bytes read as UTF-8."""
    told = []
    with psycopg.connect(owner) as connected:
        tables = connected.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        assert ("matters_request",) in tables
        for (table,) in tables:
            for row in connected.execute(f'select * from "{table}"').fetchall():  # type: ignore[call-overload]
                told += [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row]
    return "\n".join(told)


@pytest.fixture
def method(db, wushan):
    publish(wushan)
    return wushan


@pytest.fixture
def take(method):
    def take(**told):
        (answer,) = report([Concern(PLACE, "web", **told)], method)
        return answer

    return take


def test_no_word_of_a_resident_stands_readable_in_any_table(own_database, wushan, home: Path):
    publish(wushan)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG", comment=CANARY.encode())
    told = Concern(
        PLACE,
        "web",
        title=f"{CANARY}标题",
        text=f"{CANARY}路灯不亮",
        contact=CONTACT,
        location=Location(29.05, 120.44, f"{CANARY}楼"),
        personal={"phone": "13900005678", "parties": f"{CANARY}、{CANARY}乙"},
    )
    (answer,) = report([told], wushan)
    assert answer.outcome == "written", answer.why
    code = answer.code
    act(code, Command("note"), reporter_of(code), words=f"{CANARY}又来说")
    done = attach(code, reporter_of(code), Upload(picture.getvalue(), f"{CANARY}.jpg"))
    assert not isinstance(done, Refusal), done
    with seen_by(HOUSE):
        opened = "\n".join(value.decode() for value in open_values(code).values())
    assert opened.count(CANARY) >= 9
    assert len(rows("select 1 from vault_file")) == 1
    dump = everything(own_database.owner)
    assert code in dump
    for word in (CANARY, "13900001234", "13900005678", "路灯", "29.05"):
        assert word not in dump, word
    connections.close_all()


def test_every_sealed_value_says_what_for_on_what_ground_and_until_when(take):
    code = take(title="路灯", text="不亮", contact=CONTACT, personal={"phone": "13900005678"}).code
    found = {name: (purpose, ground, ends) for name, purpose, ground, ends in rows(
        "select name, purpose, ground, ends from vault_value where subject = %s", code)}  # fmt: skip
    assert len(found) == 8 and all(all(why) for why in found.values())
    assert found["form.phone"][:2] == ("告知进展和回访", "本人同意")
    day = read_one(HOUSE, code).opened.date()
    assert found["form.phone"][2] == day + dt.timedelta(days=730)
    assert found["reporter.phone"][2] == KEPT["phone"].ends(day) >= day + dt.timedelta(days=3 * 365)


def test_three_years_after_the_29th_of_february_is_the_first_of_march():
    assert kept("text").ends(dt.date(2028, 2, 29)) == dt.date(2031, 3, 1)


def test_a_person_s_own_matters_are_found_by_blind_marks_alone(take):
    mine = take(text="路灯不亮", contact=CONTACT).code
    other = take(text="漏水", personal={"phone": "+86 139-0000-1234", "parties": "甲一、乙二"}).code
    with seen_by(HOUSE):
        assert set(subjects_of("phone", "13900001234")) == {mine, other}
        assert subjects_of("name", f"{CANARY}名") == (mine,)
        assert subjects_of("name", "乙二") == (other,)
    assert {kind for (kind,) in rows("select distinct kind from vault_mark")} == {
        "name", "phone", "address", "id_number", "email"
    }  # fmt: skip


def test_a_report_that_is_not_written_leaves_nothing_sealed(method):
    pair = [Concern(PLACE, "web", text="路灯", contact=CONTACT, source="12345", external_id="1")] * 2
    first, second = report(pair, method)
    assert (first.outcome, second.outcome, second.code) == ("written", "known", first.code)
    assert {subject for (subject,) in rows("select subject from vault_value")} == {first.code}
    assert len(rows("select 1 from vault_key")) == 1


def test_the_search_index_holds_marks_and_areas_and_no_word(take):
    take(text="楼上漏水没人管")
    ((words,),) = rows("select words::text from matters_search")
    assert f"'#{PLACE}'" in words and "漏水" not in words
    assert len(words.split()) > 3


def test_personal_fields_given_with_a_step_are_sealed_and_named(take):
    code = take(text="邻里漏水").code
    done = act(code, Command("correct"), Viewer(1, read_one(HOUSE, code).matter.holder or 1, scope=HOUSE),
               sealed={"phone": "13900005678"})  # fmt: skip
    if isinstance(done, Refusal):  # nobody holds it at a place without units: the reporter says it along with a note
        done = act(code, Command("note"), reporter_of(code), words="我的电话", sealed={"phone": "13900005678"})
    assert not isinstance(done, Refusal), done
    assert "phone" in done.matter.filled
    with seen_by(HOUSE):
        assert open_values(code)["form.phone"] == b"13900005678"
    act(code, Command("note"), reporter_of(code), words="换了", sealed={"phone": "13900009999"})
    with seen_by(HOUSE):
        assert open_values(code)["form.phone"] == b"13900009999"


def test_a_form_is_parted_into_what_a_line_may_hold_and_what_is_sealed(wushan):
    plain, personal = parted_form(wushan, {"phone": "139", "parties": ("甲", "乙"), "no-such": 1})
    assert (plain, personal) == ({"no-such": 1}, {"phone": "139", "parties": "甲、乙"})


def matter(**told) -> Matter:
    return Matter("K7M2-9QX7", "m", "v", "k", PLACE, "web", **told)


@pytest.mark.parametrize(
    ("told", "least", "found"),
    [
        ({}, 0, 0),
        ({}, 1, 1),
        ({"tags": ("fire",)}, 0, 0),
        ({"tags": ("violence-at-home",)}, 0, 1),
        ({"tags": ("self-harm",)}, 2, 2),
        ({"against": (3,)}, 0, 2),
        ({"against_people": (3,)}, 1, 2),
        ({"against_unknown": 1}, 0, 2),
        ({"emergency": "home-violence"}, 0, 1),
        ({"emergency": "leak"}, 0, 0),
    ],
)
def test_sensitivity_follows_from_the_matter_and_never_lies_below_what_was_asked(wushan, told, least, found):
    slugs = {one.slug for one in wushan.emergencies}
    assert told.get("emergency", "home-violence") in slugs | {"leak"}
    assert sensitivity_of(matter(**told), wushan, least) == found


def test_what_is_told_later_raises_the_sensitivity_and_nothing_sinks_it(take):
    code = take(text="邻里争吵").code
    assert read_one(HOUSE, code).sensitivity == 0
    act(code, Command("note"), reporter_of(code), words="他天天打老婆")
    assert read_one(HOUSE, code).sensitivity == 1
    asked = take(text="路灯", sensitivity=2).code
    act(asked, Command("note"), reporter_of(asked), words="还是不亮")
    assert read_one(HOUSE, asked).sensitivity == 2


def request(name: str, what: str = "") -> Request:
    return Request(name.encode(), what.encode())


def test_the_same_request_is_done_once_and_says_what_came_of_it(method):
    one = Concern(PLACE, "web", text="路灯不亮")
    (first,) = report([one], method, requests=[request("a", "x")])
    with pytest.raises(Replayed) as again:
        report([one], method, requests=[request("a", "x")])
    assert (again.value.code, again.value.same_digest) == (first.code, True)
    with pytest.raises(Replayed) as other:
        report([one], method, requests=[request("a", "y")])
    assert other.value.same_digest is False
    assert len(rows("select 1 from matters_matter")) == 1
    code = first.code
    done = act(code, Command("note"), reporter_of(code), words="说", request=request("b"))
    with pytest.raises(Replayed) as twice:
        act(code, Command("note"), reporter_of(code), words="说", request=request("b"))
    assert (twice.value.code, twice.value.seq) == (code, done.written.position)
    assert read_one(HOUSE, code).matter.position == done.written.position


def test_in_a_batch_what_was_done_is_answered_and_the_rest_is_written(method):
    one = Concern(PLACE, "web", text="路灯不亮")
    (first,) = report([one], method, requests=[request("a")])
    again, fresh, wrong = report([one] * 3, method, requests=[request("a"), request("b"), request("c")])
    assert (again.outcome, again.code, fresh.outcome, wrong.outcome) == ("replayed", first.code, "written", "written")
    answers = report([one] * 2, method, requests=[request("a", "else"), None])
    assert [answer.outcome for answer in answers] == ["refused", "written"]
    assert answers[0].why.reason == "request"


def test_a_step_that_cannot_be_taken_twice_is_answered_as_done_when_its_request_comes_again(take):
    code = take(text="路灯不亮").code
    done = act(code, Command("withdraw"), reporter_of(code), words="不用了", request=request("w"))
    with pytest.raises(Replayed) as again:
        act(code, Command("withdraw"), reporter_of(code), words="不用了", request=request("w"))
    assert again.value.seq == done.written.position


def test_a_request_whose_act_is_refused_may_be_sent_again(take):
    code = take(text="路灯不亮").code
    assert isinstance(act(code, Command("no-such-verb"), reporter_of(code), request=request("a")), Refusal)
    assert not isinstance(act(code, Command("note"), reporter_of(code), words="说", request=request("a")), Refusal)


def test_a_key_found_in_use_only_while_writing_rolls_the_whole_act_back(db, wushan):
    """Two at once: both looked before either wrote."""

    def reported(code, key):
        trial = Trial(wushan)
        events = trial.report(code=code)
        return entry(trial.matter, events, MONDAY, wushan, request=request(key))

    append([reported("AAAA-0001", "a")])
    with pytest.raises(Replayed) as told:
        append([reported("AAAA-0002", "b"), reported("AAAA-0003", "a")])
    assert told.value.code == "AAAA-0001"
    assert rows("select code from matters_matter") == [("AAAA-0001",)]
    assert rows("select count(*) from matters_request") == [(0,)]  # nobody reads it but its function


def test_a_post_without_the_right_neither_reports_nor_acts(method, take):
    auditor = Viewer(5, 1, scope=HOUSE, role="auditor", rights=frozenset({"read"}))
    with pytest.raises(NotAllowed, match="登记"):
        report([Concern(PLACE, "web", actor=auditor)], method)
    code = take(text="路灯不亮").code
    with pytest.raises(NotAllowed, match="办理"):
        act(code, Command("note"), auditor, words="说")
    program = Viewer(role="machine", rights=frozenset({"report"}), source="12345")
    with pytest.raises(NotAllowed, match="来源"):
        report([Concern(PLACE, "web", actor=program, source="letters")], method)


def test_two_at_once_with_one_key_write_once(own_database, reader, wushan):
    publish(wushan)
    (first,) = report([Concern(PLACE, "web", text="路灯不亮")], wushan)
    code, start = first.code, threading.Barrier(4)

    def hand(number: int) -> str:
        start.wait()
        try:
            done = act(code, Command("note"), reporter_of(code), words=f"说 {number}", request=request("same"))
            return "refused" if isinstance(done, Refusal) else "written"
        except Replayed as told:
            return told.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        found = sorted(hands.map(hand, range(4)))
    assert found == sorted(["written", code, code, code])
    assert rows("select count(*) from ledger_line where kind = 'Acted'") == [(1,)]


def test_words_of_an_instance_from_before_the_vault_are_sealed_by_the_migration(own_database, reader, wushan):
    publish(wushan)
    (answer,) = report([Concern(PLACE, "web", text="路灯不亮")], wushan)
    connections.close_all()
    with connections["owner"].cursor() as cursor:
        cursor.execute("delete from vault_key; delete from vault_value; delete from matters_search")
        cursor.execute(
            "create table matters_body (matter_id bigint, hash text, kind text, text text);"
            "insert into matters_body select id, 'h', k, %s || k from matters_matter, unnest(array['title', 'text']) k",
            [CANARY],
        )
        cursor.execute(
            "update matters_matter set title_masked = convert_to(%s, 'UTF8'), text_masked = convert_to(%s, 'UTF8')",
            ["旧标题", "旧正文"],
        )
        sealed = importlib.import_module("minqing.kernel.matters.migrations.0004_sealed")
        sealed.seal_old_words(None, SimpleNamespace(connection=connections["owner"]))
        cursor.execute("drop table matters_body")
    stored = read_one(HOUSE, answer.code)
    assert (stored.title, stored.text) == ("旧标题", "旧正文")
    with seen_by(HOUSE):
        assert open_values(answer.code) == {"h.title": f"{CANARY}title".encode(), "h": f"{CANARY}text".encode()}
    assert rows("select count(*) from matters_search") == [(1,)]
    dump = everything(own_database.owner)
    assert CANARY not in dump and "旧正文" not in dump
    connections.close_all()
