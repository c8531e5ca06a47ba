"""Who may open what is sealed, and that every opening leaves its line first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.db import connection

from minqing.base.errors import BadInput, NotAllowed, NotFound
from minqing.base.ledger.streams import ACCESS
from minqing.base.ledger.verify import verify
from minqing.kernel.matters.actions import Concern, Contact, act, report
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.reading import read_one
from minqing.kernel.matters.revealing import reveal, sealed_names
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.posts import ROLES, scope_of
from minqing.registers.accounts.rules import HOUSE, MACHINE, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import open_values

CONTACT = Contact(name="演示甲", phone="13900001234")


def access() -> list[tuple]:
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute(
            "select s.code, l.actor, l.data::text, l.data->>'name' from ledger_line l join ledger_subject s"
            " using (stream, subject) where stream = %s order by l.seq",
            [ACCESS.number],
        )
        return cursor.fetchall()


@dataclass
class Ground:
    code: str
    place: int
    method: object
    units: dict[str, int]
    above: dict[int, int]
    levels: dict[int, str]

    def viewer(self, unit: int, role: str, person: int = 0) -> Viewer:
        """Somebody of that unit in that role, seeing what the role sees."""
        over, up = [], unit
        while up := self.above.get(up, 0):
            over.append(up)
        level = self.levels[unit]
        scope = scope_of(role, level, self.place, unit, over, person or unit * 10)
        return Viewer(person or unit * 10, unit, scope=scope, role=role, rights=ROLES[role].rights)

    def take(self, **told) -> str:
        told = {"title": "演示标题", "text": "演示：路灯不亮", "contact": CONTACT} | told
        (answer,) = report([Concern(self.place, "web", **told)], self.method)
        assert answer.outcome == "written", answer.why
        return answer.code


@pytest.fixture
def ground(db, reader, wushan, tmp_path: Path) -> Iterator[Ground]:
    publish(wushan)
    folder = tmp_path / "lists"
    folder.mkdir()
    place = open_trial_county(folder, 1, 1, 2)[0]
    cast = around([place]).places[place].cast
    made = Ground("", place, wushan, dict(cast.units), dict(cast.above), dict(cast.level))
    made.code = made.take()
    yield made


def held_by(ground: Ground, code: str) -> int:
    return read_one(HOUSE, code).matter.holder


ROLE_OF = {"grid": "grid_worker", "village": "village", "town": "town_centre", "county": "county_centre"}


def holder(ground: Ground, code: str) -> Viewer:
    unit = held_by(ground, code)
    return ground.viewer(unit, ROLE_OF[ground.levels[unit]])


def test_the_holder_opens_a_field_for_a_reason_and_the_line_stands_before(ground, home):
    viewer = holder(ground, ground.code)
    opened = reveal(viewer, ground.code, "reporter.phone", "联系反映人，约定上门时间")
    assert (opened.text, opened.title.zh) == ("13900001234", "联系电话")
    ((code, actor, data, name),) = access()
    assert (code, actor, name) == (ground.code, viewer.person, "reporter.phone")
    assert f'"unit":{viewer.unit}' in data and "上门" not in data and "13900001234" not in data
    with seen_by(HOUSE):
        assert "联系反映人，约定上门时间" in {value.decode() for value in open_values(ground.code).values()}
        assert verify([ACCESS], home).faults == []


def test_every_opening_is_one_line_whatever_was_opened_before(ground):
    viewer = holder(ground, ground.code)
    for times in (1, 2, 3):
        reveal(viewer, ground.code, "reporter.phone", "同一个理由")
        assert len(access()) == times


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_without_a_reason_nothing_is_opened(ground, reason):
    with pytest.raises(BadInput, match="理由"):
        reveal(holder(ground, ground.code), ground.code, "reporter.phone", reason)
    assert access() == []


def test_a_name_that_is_not_there_is_told_and_leaves_no_line(ground):
    with pytest.raises(NotFound):
        reveal(holder(ground, ground.code), ground.code, "reporter.email", "查")
    assert access() == []


def test_who_has_no_part_opens_nothing_though_they_see_the_matter(ground):
    code = ground.code
    assert ground.levels[held_by(ground, code)] in ("grid", "village")
    police = ground.viewer(ground.units["department:order"], "department")
    with pytest.raises(NotFound):
        reveal(police, code, "reporter.phone", "查")
    seeing = Viewer(7, police.unit, scope=HOUSE, role="department", rights=police.rights)
    with pytest.raises(NotAllowed, match="承办"):
        reveal(seeing, code, "reporter.phone", "查")
    assert sealed_names(seeing, code) == ()
    assert access() == []


def test_above_the_holder_and_the_house_open_an_auditor_does_not(ground):
    town = ground.viewer(ground.units["town"], "town_centre")
    assert reveal(town, ground.code, "reporter.name", "督办").text == "演示甲"
    assert reveal(MACHINE, ground.code, "reporter.phone", "notice:accepted").text == "13900001234"
    auditor = Viewer(9, ground.units["county"], scope=HOUSE, role="auditor", rights=ROLES["auditor"].rights)
    with pytest.raises(NotAllowed, match="权限"):
        reveal(auditor, ground.code, "reporter.phone", "审计")
    assert sealed_names(auditor, ground.code) == ()
    assert len(access()) == 2


def test_a_reporter_by_their_secret_is_no_post_and_opens_nothing_here(ground):
    with pytest.raises(NotAllowed):
        reveal(reporter_of(ground.code), ground.code, "reporter.phone", "看")
    assert access() == []


def test_what_is_sealed_is_listed_by_name_title_and_kind_without_values(ground):
    named = {one.name: (one.kind, one.title.zh) for one in sealed_names(holder(ground, ground.code), ground.code)}
    assert named["reporter.phone"] == ("phone", "联系电话")
    assert {title for _, title in named.values()} == {"标题原文", "正文原文", "反映人姓名", "联系电话"}
    assert access() == []


def test_an_unnamed_reporter_is_known_to_the_holder_and_not_above(ground):
    code = ground.take(reporter="unnamed")
    act(code, Command("note"), reporter_of(code), words="演示：我补充一句")
    town = ground.viewer(ground.units["town"], "town_centre")
    for one in sealed_names(holder(ground, code), code):
        with pytest.raises(NotAllowed, match="不公开身份"):
            reveal(town, code, one.name, "督办")
    assert sealed_names(town, code) == ()
    assert access() == []
    assert reveal(holder(ground, code), code, "reporter.phone", "联系").text == "13900001234"


REPLY = "演示：路灯修好了"


def settled(ground: Ground, code: str) -> None:
    """Its grid says it is solved: the call-back is due."""
    done = act(code, Command("settle", records=("result",)), holder(ground, code), words=REPLY)
    assert not isinstance(done, Refusal), done


def volunteer(ground: Ground) -> Viewer:
    """Somebody who calls back for the grid's people, and holds nothing."""
    return replace(ground.viewer(ground.units["grid"], "volunteer", 901), roles=frozenset({"volunteer"}))


@pytest.mark.parametrize("reporter", ["named", "unnamed"])
def test_who_may_call_back_opens_name_and_phone_and_nothing_else_until_it_is_done(ground, reporter):
    code = ground.take(reporter=reporter)
    caller = volunteer(ground)
    assert sealed_names(caller, code) == ()
    with pytest.raises(NotAllowed):
        reveal(caller, code, "reporter.phone", "回访")
    words = {one.name for one in sealed_names(holder(ground, code), code) if one.kind in ("title", "text")}
    settled(ground, code)
    assert len(words) == 2
    (reply,) = (one.name for one in sealed_names(caller, code) if one.kind == "settle")
    assert {one.name for one in sealed_names(caller, code)} == {"reporter.phone", "reporter.name", reply}
    assert reveal(caller, code, reply, "回访").text == REPLY
    assert reveal(caller, code, "reporter.phone", "回访").text == "13900001234"
    for name in words:
        with pytest.raises(NotAllowed, match="姓名和电话"):
            reveal(caller, code, name, "回访")
    assert [line[3] for line in access()] == [reply, "reporter.phone"]
    assert act(code, Command("call_back", result="satisfied"), caller).matter.end
    assert sealed_names(caller, code) == ()
    with pytest.raises(NotAllowed):
        reveal(caller, code, "reporter.phone", "回访")
    assert len(access()) == 2


def test_whom_nobody_is_to_call_no_volunteer_looks_up(ground):
    code = ground.take(wants_call_back=False)
    settled(ground, code)
    with pytest.raises(NotAllowed):
        reveal(volunteer(ground), code, "reporter.phone", "回访")
    assert access() == []


def test_a_leader_of_the_unit_that_calls_back_opens_whom_to_call_alone(ground):
    code = ground.code
    leader = ground.viewer(ground.units["town"], "leader", 902)
    assert sealed_names(leader, code) == ()
    settled(ground, code)
    assert {one.kind for one in sealed_names(leader, code)} == {"phone", "name", "settle"}


def test_a_town_that_calls_back_for_an_unnamed_reporter_still_holds_it_and_opens_all(ground):
    code = ground.take(reporter="unnamed")
    settled(ground, code)
    county = ground.viewer(ground.units["county"], "county_centre")
    assert "text" in {one.kind for one in sealed_names(ground.viewer(ground.units["town"], "town_centre"), code)}
    assert {one.kind for one in sealed_names(county, code)} == {"phone", "name", "settle"}


def test_the_one_complained_of_opens_nothing_even_where_rows_were_shown_to_them(ground):
    town = ground.units["town"]
    code = ground.take(against=(town,))
    assert read_one(HOUSE, code).sensitivity == 2
    seen = ground.viewer(town, "town_centre")
    with pytest.raises(NotFound):
        reveal(seen, code, "text", "看看谁说的")
    for unit in (town, ground.units["village"], ground.units["grid"]):
        blind = Viewer(unit * 10, unit, scope=HOUSE, role="town_centre", rights=seen.rights)
        with pytest.raises(NotAllowed):
            reveal(blind, code, "reporter.name", "看看谁说的")
    mine = ground.take(against_people=(77,))
    unit = held_by(ground, mine)
    with pytest.raises(NotAllowed):
        reveal(Viewer(77, unit, scope=HOUSE, role="village", rights=seen.rights), mine, "reporter.name", "看看")
    assert access() == []


def test_once_it_has_ended_nobody_opens_it_any_more(ground):
    code = ground.code
    viewer = holder(ground, code)
    done = act(code, Command("withdraw"), reporter_of(code), words="不用办了")
    assert not isinstance(done, Refusal), done
    assert done.matter.end
    with pytest.raises((NotAllowed, NotFound)):
        reveal(viewer, code, "reporter.phone", "查")
    assert access() == []


def test_who_only_calls_back_opens_what_the_reporter_was_told_last_and_nothing_said_before(ground):
    code, caller = ground.code, volunteer(ground)
    settled(ground, code)
    (first,) = (one.name for one in sealed_names(caller, code) if one.kind == "settle")
    back = act(code, Command("call_back", result="unsatisfied"), caller)
    assert not isinstance(back, Refusal), back
    done = act(code, Command("settle", records=("result",)), holder(ground, code), words="演示：线路也换了")
    assert not isinstance(done, Refusal), done
    (last,) = (one.name for one in sealed_names(caller, code) if one.kind == "settle")
    assert last != first and reveal(caller, code, last, "回访").text == "演示：线路也换了"
    with pytest.raises(NotAllowed):
        reveal(caller, code, first, "回访")
