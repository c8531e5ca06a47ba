"""The public door: what code and secret show, step by step, and that nobody learns anything without them."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from minqing.base.errors import NotAllowed
from minqing.base.ledger.streams import ACCESS
from minqing.kernel.matters import events as ev
from minqing.kernel.matters.actions import Concern, Contact, act, report
from minqing.kernel.matters.codes import ALPHABET, new_code
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.public import _told, _units, disclosed, let_in, secret_of
from minqing.kernel.matters.reading import Line
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.tries import ADDRESS, CODE, DIGITS, MOST
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method
from minqing.registers.accounts.rules import HOUSE
from minqing.registers.accounts.scoping import seen_by
from minqing.wiring.vocabulary import VOCABULARY

PLACE = 330727101201001
HERE = "203.0.113.7"


def lines_of_access() -> int:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_line where stream = %s", [ACCESS.number])
        return cursor.fetchone()[0]


@pytest.fixture
def code(db, reader, wushan) -> str:
    publish(wushan)
    contact = Contact(name="演示甲", phone="139 0000 1234")
    (answer,) = report([Concern(PLACE, "web", title="演示标题", text="演示：路灯不亮", contact=contact)], wushan)
    return answer.code


def shut(code: str, secret: str, address: str = HERE, **more: str) -> str:
    with pytest.raises(NotAllowed) as told:
        disclosed(code, secret, address, **more)
    return str(told.value)


def test_a_secret_is_ten_characters_of_the_code_s_alphabet_and_always_the_same(home):
    code = new_code()
    secret = secret_of(code)
    assert re.fullmatch(f"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", secret)
    assert secret == secret_of(code) != secret_of(new_code())
    assert (home / "keys" / "secrets.key").stat().st_mode & 0o077 == 0


def test_code_and_secret_show_how_it_stands_and_no_words(code):
    shown = disclosed(code.lower().replace("-", " "), secret_of(code).lower(), HERE)
    assert (shown.code, shown.position, shown.title, shown.text) == (code, len(shown.lines), "", "")
    assert shown.stage and shown.clock == "running" and shown.due is not None
    assert {offer.verb for offer in shown.offers} >= {"note", "withdraw"}
    assert lines_of_access() == 0


def test_the_journal_in_plain_words_names_no_person_and_no_other_matter(code, wushan):
    (other,) = report([Concern(PLACE, "web", text="演示：漏水", links=(code,))], wushan)
    told = "\n".join(one.sentence for one in disclosed(other.code, secret_of(other.code), HERE).lines)
    assert code not in told and "号）" not in told


def sentences(*events: ev.Event) -> list[str]:
    lines = tuple(Line(event, MONDAY) for event in events)
    units = {3: "演示镇", 4: "演示县中心", 5: "演示公安局"}
    method = load_method(Path(__file__).resolve().parents[5] / "methods" / "panan-three-feelings.yaml", VOCABULARY)
    assert _units(lines) <= set(units)
    return [one.sentence for one in _told(lines, method, {unit: units[unit] for unit in _units(lines)}, "zh")]


def test_the_code_of_a_part_is_told_to_its_own_reporter_and_no_other_reporter_s_code_is():
    part, merged, apart = sentences(
        ev.Linked("AAAA-1111", "part"), ev.Linked("BBBB-2222", "takes_in"), ev.Unlinked("BBBB-2222", "takes_in")
    )
    assert "AAAA-1111" in part
    assert "BBBB" not in merged and "BBBB" not in apart and merged != apart


def test_who_rules_and_whose_it_is_said_to_be_are_named_though_they_hold_nothing():
    refused, ruled = sentences(ev.HoldRefused(3, 4, 5), ev.Ruled("not_theirs", 4, 5, "town"))
    assert refused.startswith("演示镇说这件事不归它办，认为该由演示公安局办，由演示县中心决定")
    assert ruled == "演示县中心决定：由演示公安局办"


def test_wrong_code_wrong_secret_and_garbage_are_told_in_the_same_words(code):
    unknown = new_code()
    told = {shut(code, secret_of(unknown)), shut(unknown, secret_of(unknown)), shut("0", "\ud800"), shut(code, "")}
    assert len(told) == 1


def test_after_many_wrong_tries_the_right_secret_still_opens_and_wrong_ones_are_told_the_same(code):
    wrong = secret_of(new_code())
    said = {shut(code, wrong) for _ in range(MOST[ADDRESS] + MOST[CODE] + 2)}
    assert len(said) == 1
    assert let_in(code, secret_of(code), HERE).scope.only == code
    assert said == {shut(code, wrong), shut(new_code(), wrong), shut(code, wrong, "198.51.100.9")}


def test_wrong_tries_beyond_the_most_write_nothing_more(own_database, wushan):
    publish(wushan)
    for _ in range(MOST[CODE] + 5):
        shut("2222-2222", "AAAAA-AAAAA")
    with psycopg.connect(own_database.owner) as owner:
        assert owner.execute("select sum(tries) from matters_try group by subject order by 1").fetchall() == [
            (MOST[CODE],), (MOST[CODE] + 5,)
        ]  # fmt: skip


def test_right_ones_are_never_counted(code):
    for _ in range(MOST[ADDRESS] + 2):
        let_in(code, secret_of(code), HERE)


def test_neither_codes_nor_addresses_of_tries_are_kept(code):
    shut(code, "AAAAA-AAAAA")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from matters_try")
        assert cursor.fetchone()[0] == 0  # the application reads none


def test_the_last_digits_of_the_phone_show_the_own_words_and_leave_lines(code):
    shown = disclosed(code, secret_of(code), HERE, digits="1234")
    assert (shown.title, shown.text) == ("演示标题", "演示：路灯不亮")
    assert lines_of_access() == 3  # the phone that was compared, title, text


def test_wrong_digits_show_nothing_and_few_are_taken(code):
    for wrong in ("", "9999", "234", "abcd", "11234")[1:]:
        assert "后四位" in shut(code, secret_of(code), HERE, digits=wrong)
    for _ in range(MOST[DIGITS]):
        shut(code, secret_of(code), HERE, digits="0000")
    written = lines_of_access()
    shut(code, secret_of(code), HERE, digits="1234")
    assert lines_of_access() == written, "what is shut opens not even the phone"
    assert disclosed(code, secret_of(code), HERE).text == ""


def test_the_reporter_acts_by_the_secret_in_their_own_matter_alone(code):
    viewer = let_in(code, secret_of(code), HERE)
    done = act(code, Command("note"), viewer, words="演示：还是不亮")
    assert done.written.outcome == "written"
