"""What is sealed about a person can be found for them, copied for them, and destroyed: and then it is nowhere."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image
from psycopg import sql

from minqing.base import moments
from minqing.base.errors import BadInput, Conflict, NotFound
from minqing.base.ledger.streams import ACCESS
from minqing.base.ledger.verify import verify
from minqing.kernel.matters.actions import Acted, Concern, Contact, Location, act, report
from minqing.kernel.matters.commands import Command
from minqing.kernel.matters.keeping import KEPT
from minqing.kernel.matters.masked import ERASED
from minqing.kernel.matters.reading import MATTERS, read_one
from minqing.kernel.matters.rebuild import compare
from minqing.kernel.matters.uploads import Upload, attach
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.model import Method
from minqing.registers.accounts.rules import HOUSE, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault import copies, rights
from minqing.registers.vault.copies import export_person
from minqing.registers.vault.queries import key_of, names_of, open_value, open_values, subjects_of
from minqing.registers.vault.rights import erase_subjects, look_up, retain

PLACE = 330727101201001
PHONE = "13900009137"
CANARIES = ("阿斯特拉", "贝洛瓦德", PHONE, "卡伦迪亚", "东篱巷九一三七号", "canary9137@example.org", "基达里翁")


def house():
    return seen_by(HOUSE)


@pytest.fixture
def take(reader: list[tuple[str, str]], wushan: Method) -> Callable[..., str]:
    publish(wushan)

    def take(**told: object) -> str:
        concern = Concern(
            PLACE, "web", "路灯坏了阿斯特拉", "贝洛瓦德每晚摔倒",
            contact=Contact("卡伦迪亚", PHONE, "东篱巷九一三七号", email="canary9137@example.org"),
            location=Location(28.0, 120.5, "基达里翁"), **told,
        )  # fmt: skip
        (answer,) = report([concern], wushan)
        assert answer.outcome == "written"
        return answer.code

    return take


def end(code: str) -> None:
    """The reporter takes it back: the shortest way to an end."""
    act(code, Command("withdraw"), reporter_of(code), words="已经修好")
    assert not ask("select open from matters_matter where code = %s", code)


@contextmanager
def when_it_ends(past: int = 0) -> Iterator[None]:
    """On the day on which what is sealed today has to go, or some days past it."""
    before, ends = moments.shift(), KEPT["text"].ends(moments.today())
    moments.shift_by(ends - moments.today() + dt.timedelta(days=past))
    try:
        yield
    finally:
        moments.shift_by(before)


def ask(statement: str, *values: object) -> object:
    with house(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def lines(code: str) -> list[tuple[str, dict[str, object]]]:
    with house(), connection.cursor() as cursor:
        cursor.execute(
            "select l.kind, l.data::text from ledger_line l join ledger_subject s using (stream, subject)"
            " where stream = 2 and s.code = %s order by seq",
            [code],
        )
        return [(kind, json.loads(data)) for kind, data in cursor.fetchall()]


@pytest.mark.django_db
class TestErasing:
    def test_an_open_matter_is_refused_and_nothing_is_touched(self, take: Callable[..., str]) -> None:
        ended, still_open = take(), take()
        end(ended)
        with pytest.raises(Conflict, match=f"{still_open} 还没有办结"), house():
            erase_subjects([ended, still_open], "本人要求")
        with house():
            assert open_values(ended) and open_values(still_open)
        assert not lines(ended)

    def test_afterwards_everything_answers_that_it_is_erased(self, take: Callable[..., str]) -> None:
        code = take()
        end(code)
        with house():
            (done,) = erase_subjects([code], "本人要求")
            assert done.values > 6
            assert key_of(code) is None and names_of(code) == () and open_values(code) == {}
            assert open_value(code, "reporter.phone") is None
            assert subjects_of("phone", PHONE) == ()
        stored = read_one(HOUSE, code)
        assert stored.title == stored.text == ERASED
        assert ask("select count(*) from matters_search s join matters_matter m on m.id = s.matter_id"
                   " where m.code = %s", code) == 0  # fmt: skip
        ((kind, data),) = lines(code)
        assert kind == "Erased" and data["values"] == done.values and "本人" not in json.dumps(data, ensure_ascii=False)

    def test_a_matter_that_is_not_there_and_a_missing_reason_are_told(self, take: Callable[..., str]) -> None:
        code = take()
        end(code)
        with pytest.raises(NotFound, match="NOBODY"), house():
            erase_subjects([code, "NOBODY"], "本人要求")
        with pytest.raises(BadInput, match="理由"), house():
            erase_subjects([code], " ")
        with house():
            assert open_values(code)

    def test_what_is_said_after_it_is_sealed_under_another_key(self, take: Callable[..., str]) -> None:
        code = take()
        end(code)
        with house():
            erase_subjects([code], "本人要求")
        done = act(code, Command("note"), reporter_of(code), words="补记一句")
        assert isinstance(done, Acted), done
        with house():
            assert [value.decode() for value in open_values(code).values()] == ["补记一句"]
        assert read_one(HOUSE, code).title == ERASED

    def test_only_the_house_erases_and_retains(self, take: Callable[..., str]) -> None:
        code = take()
        for call in (
            "vault_erase(%s::text[])", "matters_forget_words(%s::text[])",
            "vault_retain('2999-01-01', '2999-01-01', cardinality(%s::text[]))",
        ):  # fmt: skip
            with (
                pytest.raises(DatabaseError, match="only the house"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"select {call}", [[code]])


@pytest.mark.django_db
class TestLookingUp:
    def test_a_look_up_finds_every_spelling_and_leaves_a_line_for_each_matter(self, take: Callable[..., str]) -> None:
        codes = {take(), take()}
        with house():
            assert set(look_up("phone", f"+86 {PHONE[:3]}-{PHONE[3:]}", "本人来电")) == codes
        for code in codes:
            ((kind, data),) = lines(code)
            assert (kind, data["by"]) == ("LookedUp", "phone") and PHONE not in json.dumps(data)
            with house():
                assert open_value(code, str(data["reason"])) == "本人来电".encode()

    def test_one_that_finds_nothing_leaves_a_line_too(self, take: Callable[..., str]) -> None:
        with house():
            assert look_up("name", "没有这个人", "核对") == ()
        assert [kind for kind, _ in lines(rights.NOBODY)] == ["LookedUp"]

    def test_a_line_never_happens_before_the_last_one_also_where_the_clock_was_moved_back(
        self, take: Callable[..., str]
    ) -> None:
        code = take()
        with house():
            look_up("phone", PHONE, "本人来电")
        moments.shift_by(dt.timedelta(days=-9))
        try:
            with house():
                look_up("phone", PHONE, "又来电")
        finally:
            moments.shift_by(dt.timedelta(0))
        assert [kind for kind, _ in lines(code)] == ["LookedUp", "LookedUp"]

    def test_marks_are_seen_by_the_house_alone(self, take: Callable[..., str]) -> None:
        code = take()
        with seen_by(reporter_of(code).scope):
            assert open_values(code) and subjects_of("phone", PHONE) == ()


@pytest.mark.django_db
class TestCopies:
    def test_a_person_gets_all_of_their_own_matters_and_every_value_leaves_a_line(
        self, take: Callable[..., str], wushan: Method
    ) -> None:
        code = take()
        to = io.BytesIO()
        with house():
            copied = export_person({"phone": PHONE}, "本人申请", to)
            names = {named.name for named in names_of(code)}
        assert copied.codes == (code,) and copied.others == 0
        exported = [data["name"] for kind, data in lines(code) if kind == "Exported"]
        assert set(exported) == names and len(exported) == len(names)
        with zipfile.ZipFile(to) as packed:
            told = packed.read("个人信息.json").decode()
        for canary in CANARIES:
            assert canary in told
        assert '"名称": "电话"' in told and "为什么保存" in told

    def test_files_come_along_and_are_erased_too(self, take: Callable[..., str]) -> None:
        code, picture, to = take(), io.BytesIO(), io.BytesIO()
        Image.new("RGB", (30, 20), "red").save(picture, "PNG")
        done = attach(code, reporter_of(code), Upload(picture.getvalue(), "卡伦迪亚的照片.png"))
        assert isinstance(done, Acted), done
        with house():
            copied = export_person({"name": "卡伦迪亚", "email": "canary9137@example.org"}, "本人申请", to)
        with zipfile.ZipFile(to) as packed:
            (place,) = [name for name in packed.namelist() if name.startswith("附件/")]
            assert Image.open(io.BytesIO(packed.read(place))).size == (30, 20)
            told = json.loads(packed.read("个人信息.json"))["事项"][0]
        assert copied.files == 1 and told["附件"][0]["名称"] == "照片 30×20"
        end(code)
        with house():
            assert erase_subjects([code], "本人要求")[0].files == 1
        assert ask("select count(*) from vault_file where subject = %s", code) == 0

    def test_matters_brought_by_others_are_neither_handed_out_nor_opened(
        self, take: Callable[..., str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take()
        other = take(personal={"phone": "13900000077"})
        opened: list[str] = []
        monkeypatch.setattr(copies, "open_values", lambda code: opened.append(code) or {})
        with house():
            copied = export_person({"phone": "13900000077"}, "本人申请", io.BytesIO())
        assert (copied.codes, copied.others, opened) == ((), 1, [])
        assert [kind for kind, _ in lines(other)] == ["LookedUp"]

    def test_a_name_or_an_address_alone_hands_out_nothing_and_two_have_to_fit_both(
        self, take: Callable[..., str]
    ) -> None:
        code = take()
        for person in ({"name": "卡伦迪亚"}, {"address": "东篱巷九一三七号"}):
            with pytest.raises(BadInput, match="至少两项"), house():
                export_person(person, "本人申请", io.BytesIO())
        assert lines(code) == []
        with house():
            both = export_person({"name": "卡伦迪亚", "address": "东篱巷九一三七号"}, "申请", io.BytesIO())
            wrong = export_person({"name": "别的人", "address": "东篱巷九一三七号"}, "申请", io.BytesIO())
            phone = export_person({"name": "别的人", "phone": PHONE}, "申请", io.BytesIO())
        assert (both.codes, wrong.codes, phone.codes) == ((code,), (), ())

    def test_the_lines_stand_before_anything_is_opened(
        self, take: Callable[..., str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code = take()
        stood: list[str] = []
        plain = copies.open_values

        def noting(subject: str):
            stood.extend(kind for kind, _ in lines(subject))
            return plain(subject)

        monkeypatch.setattr(copies, "open_values", noting)
        with house():
            export_person({"phone": PHONE}, "本人申请", io.BytesIO())
        assert "Exported" in stood and code


@pytest.mark.django_db
class TestMarks:
    def test_a_mark_goes_with_the_value_it_was_made_of(self, take: Callable[..., str]) -> None:
        code = take()
        end(code)
        with house():
            look_up("name", "卡伦迪亚", "核对")
            mine = ask("select count(*) from vault_mark where subject = %s", code)
        assert mine == 4
        with when_it_ends():
            with house():
                look_up("phone", PHONE, "又来电")
            retain(house)
        assert ask("select count(*) from vault_mark where subject = %s", code) == 0

    def test_the_marks_of_a_value_put_in_the_place_of_another_are_its_own(self, take: Callable[..., str]) -> None:
        code = take(personal={"phone": "13900000077"})
        assert ask("select name from vault_mark where kind = 'phone' and name <> 'reporter.phone'") == "form.phone"
        done = act(code, Command("note"), reporter_of(code), words="换了号码", sealed={"phone": "13900000088"})
        assert isinstance(done, Acted), done
        with house():
            assert subjects_of("phone", "13900000077") == () and subjects_of("phone", "13900000088") == (code,)
            assert subjects_of("phone", PHONE) == (code,)


@pytest.mark.django_db
class TestTheEndOfRetention:
    def test_what_is_past_its_end_goes_value_by_value_and_the_key_with_the_last(self, take: Callable[..., str]) -> None:
        code = take()
        end(code)
        with house():
            before = len(names_of(code))
        with when_it_ends():
            kept = take()
            end(kept)
            done = retain(house)
        assert (done.erased_matters, done.erased, done.prolonged) == (1, before, 0)
        assert lines(code) == [("Expired", {"values": before, "files": 0, "key": True})]
        with house():
            assert key_of(code) is None and subjects_of("phone", PHONE) == (kept,)
        assert read_one(HOUSE, code).title == ERASED and read_one(HOUSE, kept).title == "【标题】"
        with when_it_ends():
            assert retain(house).erased == 0

    def test_an_open_matter_keeps_its_values_ninety_days_longer(self, take: Callable[..., str]) -> None:
        code = take()
        with house():
            count = len(names_of(code))
        with when_it_ends(past=5):
            done = retain(house)
            until = moments.today() + dt.timedelta(days=90)
        assert (done.prolonged_matters, done.prolonged, done.erased) == (1, count, 0)
        assert lines(code) == [("Prolonged", {"until": str(until), "count": count})]
        with house():
            assert {named.ends for named in names_of(code)} == {until}

    def test_it_goes_in_sets(self, take: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rights, "AT_ONCE", 2)
        for _ in range(5):
            take()
        seen: list[int] = []
        with when_it_ends():
            assert retain(house, seen.append).prolonged_matters == 5
        assert seen == [2, 2, 1]

    def test_a_value_not_yet_past_its_end_keeps_the_key(self, take: Callable[..., str]) -> None:
        code = take()
        end(code)
        with when_it_ends():
            with house():
                look_up("phone", PHONE, "本人来电")  # its reason is kept longer
            retain(house)
        with house():
            assert [named.kind for named in names_of(code)] == ["reveal"]
            assert subjects_of("phone", PHONE) == (), "a mark does not outlive its value"
        assert read_one(HOUSE, code).title == ERASED


def test_no_canary_is_left_in_any_table_and_the_journal_still_verifies(
    own_database, reader, wushan: Method, take: Callable[..., str], home
) -> None:
    code = take()
    end(code)
    assert not found_in(own_database.owner), "something was never sealed"
    with house():
        look_up("phone", PHONE, f"{CANARIES[0]}来电")
        erase_subjects([code], f"{CANARIES[1]}要求")
    assert not found_in(own_database.owner)
    with house():
        assert verify((MATTERS, ACCESS), home).count == 0
    assert compare().count == 0


def found_in(owner: str) -> list[str]:
    with psycopg.connect(owner) as connected:
        tables = connected.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        found = []
        for (table,) in tables:
            with connected.cursor().copy(sql.SQL("copy {} to stdout").format(sql.Identifier(table))) as out:
                text = b"".join(bytes(part) for part in out).decode("utf-8", "replace")
            found += [f"{table}: {canary}" for canary in CANARIES if canary in text]
        return found
