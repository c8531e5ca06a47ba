from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, connections

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict
from minqing.base.ledger.verify import verify
from minqing.base.moments import CHINA
from minqing.kernel.matters import ports
from minqing.kernel.matters.actions import Concern, act, report
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.reading import MATTERS, history, read_one
from minqing.kernel.matters.surroundings import units_against
from minqing.kernel.matters.testing import CAST, POLICE, WATER
from minqing.kernel.matters.versions import current_method, methods_of, publish
from minqing.registers.accounts.rules import HOUSE, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import open_values

PLACE = 330727101201001
ANYBODY = Viewer(1, 1, scope=HOUSE)


def ask(statement: str, *values: object) -> object:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def said(code: str) -> dict[str, str]:
    """What is sealed of a matter, opened."""
    with seen_by(HOUSE):
        return {name: value.decode() for name, value in open_values(code).items()}


@pytest.fixture
def take(db, reader, wushan):
    """Reports one concern at a place without units: the county desk is nobody yet, which is enough here."""
    publish(wushan)

    def take(**told):
        (answer,) = report([Concern(PLACE, "web", **told)], wushan)
        return answer

    return take


def test_a_concern_becomes_a_matter_whose_journal_holds_none_of_its_words(take):
    answer = take(title="楼上张三漏水", text="天天吵，电话 13900000000")
    assert answer.outcome == "written"
    stored = read_one(HOUSE, answer.code)
    assert stored.matter == answer.matter == replay([line.event for line in history(HOUSE, answer.code)])
    assert (stored.title, stored.text) == ("【标题】", "【正文】")
    spoken = "data::text like '%%张三%%' or data::text like '%%13900000000%%'"
    assert ask(f"select count(*) from ledger_line where {spoken}") == 0
    named = ask("select data->>'body' from ledger_line where kind = 'Reported'")
    assert said(answer.code) == {f"{named}.title": "楼上张三漏水", named: "天天吵，电话 13900000000"}


def test_the_same_words_in_two_matters_have_different_names(take):
    take(text="路灯不亮")
    take(text="路灯不亮")
    assert ask("select count(distinct name) from vault_value") == 2


def test_reporting_again_under_the_same_outside_number_answers_with_the_code_and_asks_nobody(take, reader):
    first = take(text="路灯不亮", source="12345", external_id="7")
    asked = len(reader)
    again = take(text="路灯不亮", source="12345", external_id="7")
    assert (again.outcome, again.code) == ("known", first.code)
    assert len(reader) == asked


def test_one_bad_concern_is_refused_with_its_reason_and_the_others_are_written(db, reader, wushan):
    good = Concern(PLACE, "web", text="路灯不亮")
    bad = [
        Concern(0, "web"),
        Concern(PLACE, "web", people=-1),
        Concern(PLACE, "web", kind="no-such-kind"),
        Concern(PLACE, "web", moment=dt.datetime(1, 1, 1, tzinfo=CHINA)),
        Concern(PLACE, "web", external_due=dt.datetime(9999, 12, 31, tzinfo=CHINA)),
        Concern(PLACE, "web", text="长" * 400_000),
        Concern(PLACE, "web", title="长" * 501),
    ]
    answers = report([good, *bad, good], wushan)
    assert [answer.outcome for answer in answers] == ["written", *["refused"] * len(bad), "written"]
    assert all(answer.why and answer.why.zh for answer in answers[1:-1])
    assert ask("select count(*) from matters_matter") == 2


def test_characters_that_no_database_holds_are_replaced_and_counted(take):
    answer = take(title="a\0b", text="x\ud83d\udc00y\0 𠮷")
    assert answer.replaced == 4
    assert "x\ufffd\ufffdy\ufffd 𠮷" in said(answer.code).values()


def test_a_megabyte_of_text_is_kept_whole(take):
    text = "长" * 333_000
    assert list(said(take(text=text).code).values()) == [text]


def test_a_verb_moves_the_matter_and_a_refusal_comes_back_as_a_value(take):
    code = take(text="路灯不亮").code
    refused = act(code, Command("no-such-verb"), ANYBODY)
    assert isinstance(refused, Refusal) and refused.zh
    done = act(code, Command("note"), reporter_of(code), words="说“不行”\n第二行")
    assert done.written.outcome == "written"
    assert read_one(HOUSE, code).matter == done.matter
    assert "说“不行”\n第二行" in said(code).values()


def test_who_expects_a_position_is_told_when_the_matter_has_moved(take):
    code = take(text="路灯不亮").code
    reporter = reporter_of(code)
    seen = read_one(HOUSE, code).matter.position
    act(code, Command("note"), reporter, expect=seen, words="记一笔")
    with pytest.raises(Conflict, match=code):
        act(code, Command("note"), reporter, expect=seen, words="记一笔")


def test_a_moment_before_the_last_step_is_refused(take):
    code = take(text="路灯不亮").code
    before = read_one(HOUSE, code).happened - dt.timedelta(seconds=1)
    with pytest.raises(BadInput, match="早于"):
        act(code, Command("note"), reporter_of(code), moment=before, words="记一笔")


def test_an_unknown_code_gets_a_sentence(db):
    with pytest.raises(BadInput, match="没有编码"):
        act("K7M2-9QX7", Command("note"), ANYBODY)


def test_a_matter_keeps_the_version_it_opened_under(take, wushan):
    matter = take(text="路灯不亮").matter
    pair = (matter.method, matter.version)
    assert methods_of([pair])[pair].version == wushan.version
    assert current_method(wushan.slug).version == wushan.version
    assert publish(wushan) is False
    assert ask("select count(*) from ledger_line where stream = 4") == 1


def test_a_published_text_reads_back_as_the_same_version(take, wushan, monkeypatch):
    monkeypatch.setattr("minqing.kernel.matters.versions._loaded", {})
    assert current_method(wushan.slug) == wushan


def test_many_hands_on_one_matter_lose_nothing_and_the_chain_holds(own_database, reader, wushan, home):
    publish(wushan)
    codes = [answer.code for answer in report([Concern(PLACE, "web", text="路灯不亮")] * 2, wushan)]
    start = threading.Barrier(6)
    conflicts = []

    def hand(number: int) -> int:
        start.wait()
        done = 0
        try:
            for turn in range(6):
                try:
                    code = codes[(number + turn) % 2]
                    act(code, Command("note"), reporter_of(code), words=f"“{number}”\n{turn}")
                    done += 1
                except Conflict as told:
                    conflicts.append(told)
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(6) as hands:
        done = sum(hands.map(hand, range(6)))
    assert done + len(conflicts) == 36 and done >= 12
    acted = ask("select count(*) from ledger_line where kind = 'Acted'")
    assert acted == done == ask("select count(*) from matters_outbox") - 2
    assert verify([MATTERS], home).faults == []


def test_without_a_reader_a_report_says_what_is_missing(db, wushan, monkeypatch):
    monkeypatch.setattr(ports, "_bound", ports._Bound())
    with pytest.raises(Exception, match="no reader is bound"):
        report([Concern(PLACE, "web")], wushan)


def test_a_concern_from_the_future_is_refused(take):
    """It would stand still until then, and every later act on it would be dated from there."""
    answer = take(text="路灯不亮", moment=moments.now() + dt.timedelta(days=1))
    assert (answer.outcome, answer.why.reason) == ("refused", "future")


@pytest.mark.parametrize("place", [1, 0, -5, 110101001201000, 10**15 - 1])
def test_a_corrected_place_is_of_this_county_and_on_the_register(take, place):
    answer = take(text="路灯不亮")
    refused = act(answer.code, Command("correct", place=place), Viewer(1, answer.matter.holder or 1, scope=HOUSE))
    assert isinstance(refused, Refusal) and refused.reason == "place"


def test_an_emergency_told_in_a_later_note_is_spotted(take):
    answer = take(text="邻里漏水")
    done = act(answer.code, Command("note"), reporter_of(answer.code), words="他刚说要跳楼")
    assert done.matter.emergency == "life"
    assert read_one(HOUSE, answer.code).matter.level == "red"


def test_the_words_of_the_street_name_a_department():
    cast = replace(CAST, units={**CAST.units, "department:order": POLICE, "department:city": WATER})
    assert units_against(("police:派出所",), cast) == (POLICE,)
    assert units_against(("bureau:城管",), cast) == (WATER,)
