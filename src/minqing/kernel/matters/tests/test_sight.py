"""Who sees which matter: role by role, in queries and in raw SQL under the application's role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from minqing.base.errors import BadInput, Conflict, NotFound
from minqing.kernel.matters import ports
from minqing.kernel.matters.actions import act
from minqing.kernel.matters.commands import Command, Decision, Report
from minqing.kernel.matters.decide import decide
from minqing.kernel.matters.journal import append, entry
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.matters.queries import Wanted, counts, inbox, lines_of, listing, look
from minqing.kernel.matters.reading import codes_of, histories, history, read, read_ids, read_one
from minqing.kernel.matters.searching import find
from minqing.kernel.matters.surroundings import around
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.posts import ROLES, scope_of
from minqing.registers.accounts.rules import HOUSE, NOTHING, REPORTER, Scope, Viewer, reporter_of
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import county_of, range_of, town_of, village_of
from minqing.registers.regions.models import Unit
from minqing.wiring.vocabulary import VOCABULARY

PERSON = 77
PARTS = (False, True)
ALL = 4 * 3 * 2 * 6
OF_MATTERS = ("matters_matter", "matters_duty", "ledger_line", "vault_key")
HOUSE_ONLY = ("matters_outbox", "matters_search")


def count(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: int = cursor.fetchone()[0]
        return found


def lines(statement: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def column(statement: str) -> set[object]:
    return set(lines(statement))


@dataclass(frozen=True)
class Kept:
    """A stored matter as far as sight goes."""

    code: str
    id: int
    place: int
    sensitivity: int
    units: frozenset[int]
    owing: frozenset[int]
    hidden_from: frozenset[int]

    def seen(self, scope: Scope) -> bool:
        """The rule once more, in plain words."""
        if scope.house:
            return True
        there = any(low <= self.place < high for low, high in scope.areas) and self.sensitivity <= scope.sensitivity
        return (there or bool(self.units & set(scope.units))) and not self.hidden_from & set(scope.barred)


@dataclass(frozen=True)
class Ground:
    places: list[int]
    units: dict[tuple[str, int], int]
    above: dict[int, int]
    matters: list[Kept]

    def unit(self, level: str, region: int) -> int:
        return self.units[level, region]

    def over(self, unit: int) -> list[int]:
        found = []
        while unit := self.above.get(unit) or 0:
            found.append(unit)
        return found

    def scope(self, role: str, level: str, region: int, unit: int) -> Scope:
        return scope_of(role, level, region, unit, self.over(unit), PERSON)

    def viewers(self) -> Iterator[tuple[str, Viewer]]:
        """Every role in its place, in the first town's first village and grid."""
        place = self.places[0]
        of_level = {
            "grid": place, "village": village_of(place), "town": town_of(place), "county": county_of(place),
        }  # fmt: skip
        water = self.unit("department", county_of(place))
        desk = {"grid_worker": "grid", "village": "village", "town_centre": "town", "county_centre": "county"}
        for role in ROLES:
            levels = [desk[role]] if role in desk else ["grid", "town", "county"]
            for level in levels if role not in ("department", "machine") else ["county"]:
                region = of_level[level]
                unit = {"department": water, "machine": 0}.get(role) or (role != "machine" and self.unit(level, region))
                scope = self.scope(role, level, region, unit or 0)
                yield f"{role} {level}", Viewer(PERSON, unit or 0, scope=scope, role=role, rights=ROLES[role].rights)


@pytest.fixture
def ground(db, wushan, tmp_path) -> Ground:
    return lay(wushan, tmp_path)


def lay(method, folder) -> Ground:
    """Matters of four places, every sensitivity, with and without a part of a department, against nobody, a grid, a
    town, the department, the county, a person."""
    ports.bind(vocabulary=VOCABULARY)
    publish(method, moment=MONDAY)
    grids = open_trial_county(folder, towns=2, villages=2, grids=2)
    places = [grids[0], grids[1], grids[2], grids[4]]  # own, own village, own town, another town
    units, above = {}, {}
    for unit in Unit.objects.all():
        level = "department" if unit.slug == "trial-water" else unit.level
        if unit.kind == "territory" or level == "department":
            units[level, unit.region] = unit.pk
        above[unit.pk] = unit.above_id
    county = county_of(places[0])
    grid, town = units["grid", places[0]], units["town", town_of(places[0])]
    water, top = units["department", county], units["county", county]
    surroundings = around(places)
    entries = []
    against_whom = ((), (grid,), (town,), (water,), (top,), (-PERSON,))
    for number, (place, sensitivity, part, against) in enumerate(product(places, (0, 1, 2), PARTS, against_whom)):
        asked = Report(code=f"AAAA-{number:04}", place=place, channel="web", source="演示", external_id=str(number))
        decided = decide(method, None, asked, surroundings.context(place, MONDAY, REPORTER, {}))
        assert isinstance(decided, Decision), decided
        matter = replace(
            decided.matter,
            against=tuple(one for one in against if one > 0),
            against_people=tuple(-one for one in against if one < 0),
            duties=(*decided.matter.duties, *_over(decided.matter, water)) if part else decided.matter.duties,
        )
        entries.append(entry(matter, decided.events, MONDAY, method, sensitivity=sensitivity, title=f"井盖 {number}"))
    written = append(entries, recorded=MONDAY)
    with seen_by(HOUSE), connection.cursor() as cursor:  # what is against somebody is never of low sensitivity
        cursor.execute("select code, sensitivity from matters_matter")
        sensitivity_of = dict(cursor.fetchall())
    return Ground(
        places, units, above,
        [
            Kept(
                w.code, w.id, e.after.place, sensitivity_of[w.code],
                frozenset({d.owed_by for d in e.after.duties} | {e.after.holder}),
                frozenset(d.owed_by for d in e.after.duties),
                frozenset({*e.after.against, *(-one for one in e.after.against_people)}),
            )
            for w, e in zip(written, entries, strict=True)
        ],
    )  # fmt: skip


def _over(matter: Matter, unit: int) -> tuple[Duty, ...]:
    """A duty that a unit owed and has done: it keeps its sight of what it worked on."""
    first = matter.duties[0]
    return (replace(first, id=len(matter.duties) + 1, kind="report-in", owed_by=unit, state="done"),)


def test_each_role_sees_its_area_and_what_it_has_a_part_in_less_what_is_against_it(ground):
    shown = {}
    for name, viewer in ground.viewers():
        wanted = {one.code for one in ground.matters if one.seen(viewer.scope)}
        shown[name] = len(wanted)
        codes = [one.code for one in ground.matters]
        assert set(read(viewer.scope, codes)) == wanted, name
        assert {s.matter.code for s in read_ids(viewer.scope, [one.id for one in ground.matters]).values()} == wanted
        ids = {one.id for one in ground.matters if one.code in wanted}
        assert set(histories(viewer.scope, [one.id for one in ground.matters])) == ids
        with seen_by(viewer.scope):  # whatever the application asks
            assert column("select code from matters_matter") == wanted, name
            assert column("select matter_id from matters_duty") == ids, name
            assert column("select subject from ledger_line where stream = 1") == ids, name
            assert column("select subject from vault_key") == wanted, name
            assert sum(count(f"select count(*) from {table}") for table in HOUSE_ONLY) == 0, name
    assert shown["administrator county"] == 0
    assert 0 < shown["village village"] < shown["town_centre town"] < shown["county_centre county"]
    assert 0 < shown["grid_worker grid"] < shown["county_centre county"] < len(ground.matters) == ALL
    assert 0 < shown["department county"] < shown["county_centre county"]


def test_each_roles_list_search_and_inbox_are_its_own_level_of_what_it_sees(ground):
    for name, viewer in ground.viewers():
        scope = viewer.scope
        seen = [one for one in ground.matters if one.seen(scope)]
        own = {
            "county": lambda one: True,
            "town": lambda one: town_of(one.place) == scope.key,  # noqa: B023
            "village": lambda one: village_of(one.place) == scope.key,  # noqa: B023
            "region": lambda one: one.place == scope.key,  # noqa: B023
            "unit": lambda one: scope.key in one.owing,  # noqa: B023
            "none": lambda one: False,
        }[scope.level]
        wanted = [one.code for one in reversed(seen) if own(one)]
        assert [row.code for row in listing(viewer, Wanted(), limit=200).rows] == wanted, name
        found = listing(viewer, Wanted(words="井盖"), limit=200)
        assert [row.code for row in found.rows] == wanted, name
        assert not listing(viewer, Wanted(words="水表"), limit=200).rows
        with seen_by(scope):  # the function that searches is asked by itself: it filters, not the list around it
            everywhere = replace(scope, level="county")
            assert set(find(everywhere, "井盖", 2**62, 1000)) == {one.id for one in seen}, name
            if scope.level == "unit":
                assert set(find(scope, "井盖", 2**62, 1000)) == {one.id for one in seen if own(one)}, name
        lines = inbox(viewer, limit=200)
        assert {line.code for line in lines} <= set(wanted), name
        if scope.level != "unit":
            assert len(lines) == len(wanted) == sum(counts(viewer).values()), name
        mine = {one.code for one in seen if viewer.unit in one.owing}
        assert {row.code for row in listing(viewer, Wanted(mine=True), limit=200).rows} == mine, name


def test_pages_follow_each_other_without_gap_or_double_and_end(ground):
    viewer = dict(ground.viewers())["town_centre town"]
    whole = [row.code for row in listing(viewer, Wanted(), limit=200).rows]
    for words in ("", "井盖"):
        pages, after = [], ""
        while True:
            page = listing(viewer, Wanted(words=words), limit=7, after=after)
            pages += [row.code for row in page.rows]
            after = page.next
            if not after:
                break
        assert pages == whole


def test_a_list_is_narrowed_by_what_is_wanted(ground):
    viewer = dict(ground.viewers())["county_centre county"]
    (row, *_) = listing(viewer, Wanted(), limit=1).rows
    assert (row.stage, row.clock, row.title) == ("grid", "late", f"井盖 {ALL - 3}") and row.due and row.holder
    everything = {r.code for r in listing(viewer, Wanted(state="all"), limit=200).rows}
    assert {r.code for r in listing(viewer, Wanted(stage="grid", channel="web"), limit=200).rows} == everything
    assert {r.code for r in listing(viewer, Wanted(late=True), limit=200).rows} == everything
    for none in (Wanted(state="ended"), Wanted(late=False), Wanted(stage="town"), Wanted(level="red"),
                 Wanted(kind="x"), Wanted(category="x"), Wanted(channel="phone")):  # fmt: skip
        assert listing(viewer, none, limit=200).rows == ()


def test_without_a_scope_every_table_is_empty(ground):
    for table in (*OF_MATTERS, *HOUSE_ONLY, "matters_fired", "vault_value", "vault_file", "vault_mark"):
        where = " where stream < 3" if table == "ledger_line" else ""
        assert count(f"select count(*) from {table}{where}") == 0, table
    assert read(NOTHING, [one.code for one in ground.matters]) == {}


def test_half_a_scope_and_a_malformed_one_see_nothing(ground):
    whole = "select count(*) from matters_matter"
    for half in ("house", "areas", "sensitivity", "units", "barred", "code"):
        value = {"house": "on", "areas": "{[1,999999999999999)}", "sensitivity": "9", "units": "{1}", "barred": "{}"}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config(%s, %s, true)", [f"minqing.{half}", value.get(half, "AAAA-0000")])
            assert count(whole) == 0, half
            transaction.set_rollback(True)
    everywhere = Scope(areas=((1, 10**15),), sensitivity=2)
    for broken, scope in (("areas", NOTHING), ("sensitivity", everywhere), ("units", NOTHING), ("barred", everywhere)):
        with pytest.raises(DatabaseError), seen_by(scope), connection.cursor() as cursor:
            cursor.execute("select set_config(%s, 'everything', true)", [f"minqing.{broken}"])
            count(whole)


def test_a_scope_ends_where_it_began(ground):
    whole = "select count(*) from matters_matter"
    with seen_by(HOUSE):
        assert count(whole) == ALL
        with seen_by(NOTHING):
            assert count(whole) == 0
            assert len(read(HOUSE, ["AAAA-0001"])) == 1  # a read of another scope is of that scope alone
            assert count(whole) == 0
        assert count(whole) == ALL
        with pytest.raises(ZeroDivisionError), seen_by(NOTHING):
            raise ZeroDivisionError
        assert count(whole) == ALL
        read(NOTHING, ["AAAA-0001"])
        histories(NOTHING, [1])
        assert count(whole) == ALL
    assert count(whole) == 0


def test_a_scope_does_not_reach_the_next_transaction(own_database, wushan, tmp_path):
    lay(wushan, tmp_path)
    whole = "select count(*) from matters_matter"
    with seen_by(HOUSE):
        assert count(whole) == ALL
    assert count(whole) == 0
    assert len(read(HOUSE, ["AAAA-0001"])) == 1
    assert count(whole) == 0
    with pytest.raises(ZeroDivisionError), seen_by(HOUSE):
        raise ZeroDivisionError
    assert count(whole) == 0


def test_the_reporter_sees_the_one_matter_of_the_secret_and_only_that(ground):
    reporter = reporter_of("AAAA-0005")
    assert set(read(reporter.scope, [one.code for one in ground.matters])) == {"AAAA-0005"}
    seen = look(reporter, "AAAA-0005")
    assert (seen.title, seen.stored.matter.code) == ("井盖 5", "AAAA-0005")
    assert lines_of(reporter, "AAAA-0005") == history(HOUSE, "AAAA-0005")
    with seen_by(reporter.scope):
        assert column("select code from matters_matter") == {"AAAA-0005"}
        assert len(column("select matter_id from matters_duty")) == 1
    assert (listing(reporter, Wanted(state="all")).rows, inbox(reporter), counts(reporter)) == ((), [], {})


def test_an_unseen_matter_and_none_at_all_have_the_same_sentence(ground):
    viewer = dict(ground.viewers())["grid_worker grid"]
    hidden = next(one.code for one in ground.matters if not one.seen(viewer.scope))
    asked = (
        lambda code: read_one(viewer.scope, code),
        lambda code: history(viewer.scope, code),
        lambda code: look(viewer, code),
        lambda code: lines_of(viewer, code),
        lambda code: act(code, Command("note"), viewer, words="看看"),
    )
    for ask in asked:
        told = []
        for code in (hidden, "ZZZZ-9999"):
            with pytest.raises(NotFound) as caught:
                ask(code)
            told.append(str(caught.value).replace(code, "…"))
        assert told[0] == told[1]


def test_a_cursor_tells_nothing_of_what_is_not_seen(ground):
    viewer = dict(ground.viewers())["grid_worker grid"]
    hidden = next(one.code for one in ground.matters if not one.seen(viewer.scope))
    told = []
    for code in (hidden, "ZZZZ-9999"):
        with pytest.raises(BadInput) as caught:
            listing(viewer, Wanted(), after=code)
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_the_writing_function_answers_the_same_for_a_matter_unseen_and_for_none(ground, wushan):
    stored = read_one(HOUSE, "AAAA-0003")
    events = [line.event for line in history(HOUSE, "AAAA-0003")]
    for number in (stored.id, 10**9):
        unseen = replace(stored, id=number, head=b"?" * 32)
        with pytest.raises(Conflict):
            append([entry(stored.matter, events[-1:], MONDAY, wushan, before=unseen)])


def test_the_code_of_an_outside_number_is_told_for_that_number_alone(ground):
    assert codes_of([("演示", "7"), ("演示", "no"), ("", "")]) == {("演示", "7"): "AAAA-0007"}
    assert codes_of([]) == {}


def test_who_has_read_what_is_seen_by_auditors_and_the_house(ground):
    with connection.cursor() as cursor:
        cursor.execute(
            "select last_seq from ledger_append(2::smallint, 'AAAA-0001',"
            """ '[{"kind": "Revealed", "happened": "2026-06-01T10:00:00+08:00", "data": {}}]'::json, now())"""
        )
    auditor = dict(ground.viewers())["auditor county"].scope
    for table, where in (("ledger_line", "stream = 2"), ("ledger_subject", "stream = 2")):
        asked = f"select count(*) from {table} where {where}"
        for scope, seen in ((HOUSE, 1), (auditor, 1), (replace(auditor, access=False), 0)):
            with seen_by(scope):
                assert count(asked) == seen, (table, scope)
        assert count(asked) == 0


def test_a_matter_whose_place_is_corrected_is_found_in_its_new_area_only(own_database, wushan, tmp_path):
    ground = lay(wushan, tmp_path)
    viewers = dict(ground.viewers())
    other = ground.places[3]
    with psycopg.connect(own_database.owner) as owner:
        assert owner.execute(
            "update matters_matter set region = %s, town = %s, village = %s where code = 'AAAA-0000'",
            [other, town_of(other), village_of(other)],
        ).rowcount
        marks = owner.execute(
            "select words::text from matters_search join matters_matter m on m.id = matter_id where code = 'AAAA-0000'"
        ).fetchone()[0]
    assert f"'#{other}'" in marks and f"'#{town_of(other)}'" in marks and str(ground.places[0]) not in marks
    for name, viewer in viewers.items():
        if name in ("grid_worker grid", "town_centre town"):
            assert "AAAA-0000" not in {row.code for row in listing(viewer, Wanted(words="井盖"), limit=200).rows}


def test_words_of_a_matter_whose_key_was_destroyed_are_said_to_be_erased(own_database, wushan, tmp_path):
    lay(wushan, tmp_path)
    with psycopg.connect(own_database.owner) as owner:
        assert owner.execute("delete from vault_key where subject = 'AAAA-0009'").rowcount
    county = Viewer(scope=HOUSE)
    assert look(county, "AAAA-0009").title == "（已删除 / erased）"
    titles = {row.code: row.title for row in listing(county, Wanted(), limit=200).rows}
    assert (titles["AAAA-0009"], titles["AAAA-0008"]) == ("（已删除 / erased）", "井盖 8")


def test_a_page_of_each_level_is_served_by_its_index(own_database, wushan, tmp_path):
    """Row security filters, the level's own equality is the index condition: nothing reads a whole table."""
    ports.bind(vocabulary=VOCABULARY)
    publish(wushan, moment=MONDAY)
    grids = open_trial_county(tmp_path, towns=6, villages=4, grids=4)
    store_made_up(wushan, grids, [MONDAY] * 3000, MONDAY)
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("analyze")
    place, unit = grids[0], Unit.objects.get(level="grid", region=grids[0]).pk
    areas = (range_of(county_of(place)),)
    for level, key, page, whole in (
        ("county", 0, "matters_duty_county", "matters_matter_pkey"),
        ("town", town_of(place), "matters_duty_town", "matters_matter_town"),
        ("village", village_of(place), "matters_duty_village", "matters_matter_village"),
        ("region", place, "matters_duty_region", "matters_matter_region"),
        ("unit", unit, "Cond: (unit = ", "matters_duty_had"),  # two indexes begin with the unit
    ):
        viewer = Viewer(1, unit, scope=Scope(level=level, key=key, areas=areas, sensitivity=2, units=(unit,)))
        for index, asked in ((page, lambda: inbox(viewer)), (whole, lambda: listing(viewer, Wanted()))):  # noqa: B023
            with CaptureQueriesContext(connection) as captured:
                asked()
            (statement,) = [q["sql"] for q in captured if "order by" in q["sql"]]
            with seen_by(viewer.scope):
                plan = "\n".join(map(str, lines("explain (costs off) " + statement)))
            assert index in plan and "Seq Scan" not in plan, f"{level}\n{plan}"


def test_a_unit_that_joins_reads_all_duties_of_the_matter_also_those_that_were_over_before(ground, wushan):
    """Decisions count duties by their place: one that is missing would put another in its stead."""
    water = ground.unit("department", county_of(ground.places[0]))
    code = next(one.code for one in ground.matters if water not in one.units and not one.hidden_from)
    stored = read_one(HOUSE, code)
    first = stored.matter.duties[0]
    over = replace(stored.matter, duties=(replace(first, state="done"), replace(first, id=2)))
    append([entry(over, _any_event(code), MONDAY, wushan, before=stored)])
    department = dict(ground.viewers())["department county"].scope
    assert read(department, [code]) == {}
    stored = read_one(HOUSE, code)
    joined = replace(over, duties=(*over.duties, replace(first, id=3, owed_by=water)), position=stored.matter.position)
    append([entry(joined, _any_event(code), MONDAY, wushan, before=stored)])
    assert [duty.id for duty in read_one(department, code).matter.duties] == [1, 2, 3]


def test_when_a_matter_turns_out_to_be_against_a_unit_all_its_duties_are_hidden_from_it(ground, wushan):
    viewer = dict(ground.viewers())["grid_worker grid"]
    code = next(one.code for one in ground.matters if one.seen(viewer.scope))
    stored = read_one(HOUSE, code)
    first = stored.matter.duties[0]
    two = replace(stored.matter, duties=(replace(first, state="done"), replace(first, id=2)))
    append([entry(two, _any_event(code), MONDAY, wushan, before=stored)])
    with seen_by(viewer.scope):
        assert count("select count(*) from matters_duty where matter_id = %s", stored.id) == 2
    stored = read_one(HOUSE, code)
    append([entry(replace(two, against=(viewer.unit,)), _any_event(code), MONDAY, wushan, before=stored)])
    with seen_by(viewer.scope):
        assert count("select count(*) from matters_duty where matter_id = %s", stored.id) == 0


def test_when_the_sensitivity_of_a_matter_rises_all_its_duties_are_seen_by_fewer(ground, wushan):
    volunteer = Scope(areas=((1, 10**15),), sensitivity=0, barred=(1,))
    code = next(one.code for one in ground.matters if one.seen(volunteer))
    stored = read_one(HOUSE, code)
    first = stored.matter.duties[0]
    two = replace(stored.matter, duties=(replace(first, state="done"), replace(first, id=2)))
    append([entry(two, _any_event(code), MONDAY, wushan, before=stored)])
    for sensitivity, seen in ((0, 2), (1, 0)):
        append([entry(two, _any_event(code), MONDAY, wushan, before=read_one(HOUSE, code), sensitivity=sensitivity)])
        with seen_by(volunteer):
            assert count("select count(*) from matters_duty where matter_id = %s", stored.id) == seen


def _any_event(code: str):
    return [line.event for line in history(HOUSE, code)][-1:]
