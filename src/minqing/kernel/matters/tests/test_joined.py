"""Merging, splitting and linking in the database: both matters or neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from minqing.base.errors import Conflict
from minqing.kernel.matters import actions
from minqing.kernel.matters.actions import Acted, Concern, Contact, act, lead_ended, report
from minqing.kernel.matters.commands import Command, Refusal
from minqing.kernel.matters.evolve import replay
from minqing.kernel.matters.joined import taken_in
from minqing.kernel.matters.public import disclosed, secret_of
from minqing.kernel.matters.reading import Stored, history, read_one
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.trial_county import open_trial_county
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.rules import HOUSE, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.vault.queries import open_values


def stand(code: str) -> Stored:
    return read_one(HOUSE, code)


def positions(*codes: str) -> list[int]:
    return [stand(code).matter.position for code in codes]


@pytest.fixture
def pair(db, reader, wushan, tmp_path: Path) -> tuple[str, str, Viewer]:
    """Two matters of one place, and somebody of the unit that holds both."""
    publish(wushan)
    folder = tmp_path / "lists"
    folder.mkdir()
    place = open_trial_county(folder, 1, 1, 2)[0]
    contact = Contact(name="演示甲", phone="13900001234")
    first, second = report([Concern(place, "web", text="演示：路灯不亮", contact=contact)] * 2, wushan)
    unit = stand(first.code).matter.holder
    assert unit and around([place]).places[place].cast.names[unit]
    return first.code, second.code, Viewer(unit * 10, unit, scope=HOUSE)


def merged(pair: tuple[str, str, Viewer]) -> tuple[str, str, Viewer]:
    one, lead, viewer = pair
    done = act(one, Command("merge", code=lead), viewer, words="演示：同一盏路灯")
    assert isinstance(done, Acted), done
    return pair


def consistent(*codes: str) -> None:
    for code in codes:
        assert replay([line.event for line in history(HOUSE, code)]) == stand(code).matter


def test_a_merge_stands_in_both_matters(pair):
    one, lead, _ = merged(pair)
    assert stand(one).matter.end == "merged"
    assert (one, "takes_in") in stand(lead).matter.links and (lead, "merged") in stand(one).matter.links
    assert stand(lead).matter.people == 2
    assert taken_in(lead) == (one,)
    consistent(one, lead)


def test_the_reporter_takes_it_out_again_without_seeing_the_lead(pair):
    one, lead, _ = merged(pair)
    done = act(one, Command("unmerge"), reporter_of(one), words="演示：不是同一盏")
    assert isinstance(done, Acted), done
    assert stand(one).matter.is_open
    assert (one, "takes_in") not in stand(lead).matter.links and taken_in(lead) == ()
    consistent(one, lead)


@pytest.mark.parametrize("verb", ["remind", "note"])
def test_danger_in_any_word_of_the_reporter_takes_it_out_of_its_lead_on_both_sides(pair, verb: str) -> None:
    one, lead, _ = merged(pair)
    done = act(one, Command("note"), reporter_of(one), words="演示：他说要跳楼")
    assert isinstance(done, Acted), done
    matter = stand(one).matter
    assert (matter.is_open, matter.emergency) == (True, "life")
    assert (one, "takes_in") not in stand(lead).matter.links and stand(lead).matter.people == 1
    said = act(lead, Command(verb), reporter_of(lead), words="演示：再不来我要跳楼")
    assert isinstance(said, Acted) and said.matter.emergency == "life"
    consistent(one, lead)


def test_danger_in_the_words_of_a_split_makes_the_part_an_emergency(pair) -> None:
    one, _, viewer = pair
    done = act(one, Command("split", people=1), viewer, words="演示：孩子被打")
    assert isinstance(done, Acted), done
    (part,) = [code for code, how in done.matter.links if how == "part"]
    assert (stand(part).matter.emergency, stand(one).matter.emergency) == ("child", "")
    assert stand(part).matter.since == stand(one).matter.duties[0].starts
    consistent(part)


def test_a_link_stands_in_both_matters(pair):
    one, other, viewer = pair
    done = act(one, Command("link", code=other, to="recurrence"), viewer)
    assert isinstance(done, Acted), done
    assert (other, "recurrence") in stand(one).matter.links and (one, "recurrence") in stand(other).matter.links
    consistent(one, other)


def test_where_the_other_side_is_refused_neither_is_written(pair):
    one, lead, viewer = pair
    act(lead, Command("withdraw"), reporter_of(lead), words="演示：不用了")
    before = positions(one, lead)
    assert isinstance(act(one, Command("merge", code=lead), viewer, words="演示：同一盏"), Refusal)
    assert positions(one, lead) == before


def test_where_the_other_side_was_moved_meanwhile_neither_is_written(pair, monkeypatch):
    one, lead, viewer = pair
    real = actions.beside

    def slowly(*told):
        found = real(*told)
        act(lead, Command("note"), reporter_of(lead), words=f"演示：又说 {stand(lead).matter.position}")
        return found

    before = positions(one)
    monkeypatch.setattr(actions, "beside", lambda *told: slowly(*told) if told[2].verb == "merge" else real(*told))
    with pytest.raises(Conflict):
        act(one, Command("merge", code=lead), viewer, words="演示：同一盏", expect=before[0])
    assert positions(one) == before and (one, "takes_in") not in stand(lead).matter.links
    assert stand(one).matter.is_open
    consistent(one, lead)


def test_a_part_is_a_matter_of_its_own_with_its_own_words_and_the_reporter_s_ways(pair):
    one, _, viewer = pair
    done = act(one, Command("split", people=1), viewer, words="演示：垃圾没人收")
    assert isinstance(done, Acted), done
    (part,) = [code for code, how in done.matter.links if how == "part"]
    assert stand(part).matter.links[0][0] == one
    with seen_by(HOUSE):
        opened = {name: value.decode() for name, value in open_values(part).items()}
    assert opened["reporter.phone"] == "13900001234"
    assert "演示：垃圾没人收" in opened.values() and "演示：路灯不亮" not in opened.values()
    with seen_by(HOUSE), connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_line where stream = 2")
        assert cursor.fetchone()[0] == 2  # name and phone were opened to be carried over
    consistent(one, part)


def test_a_split_that_is_refused_makes_no_part(pair):
    one, _, viewer = pair
    with connection.cursor() as cursor, seen_by(HOUSE):
        assert isinstance(act(one, Command("split", to="no-such-kind"), viewer, words="演示：分开办"), Refusal)
        assert isinstance(act(one, Command("split"), viewer), Refusal)
        cursor.execute("select count(*) from matters_matter")
        assert cursor.fetchone()[0] == 2


def test_when_the_lead_has_ended_those_merged_into_it_go_on_once(pair):
    one, lead, _ = merged(pair)
    assert lead_ended(lead) == []
    act(lead, Command("withdraw"), reporter_of(lead), words="演示：不用了")
    assert lead_ended(lead) == [one]
    assert stand(one).matter.is_open
    assert lead_ended(lead) == []
    consistent(one, lead)


def test_the_public_page_names_neither_the_person_nor_the_other_matter(pair):
    one, other, viewer = pair
    act(one, Command("link", code=other, to="related"), viewer)
    done = act(one, Command("assign", person=4711), viewer)
    assert isinstance(done, Acted), done
    told = "\n".join(line.sentence for line in disclosed(one, secret_of(one), "203.0.113.7").lines)
    assert "已指定专人办理" in told and "4711" not in told and other not in told
