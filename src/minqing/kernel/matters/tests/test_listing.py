"""Lists, search and pages: each role gets its own level of what it sees, by an index."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.base import moments
from minqing.base.errors import BadInput, NotFound
from minqing.kernel.matters import ports
from minqing.kernel.matters.changes import newest_duty, position_of, since
from minqing.kernel.matters.queries import Wanted, counts, inbox, listing, look, tally
from minqing.kernel.matters.searching import find
from minqing.kernel.matters.testing import MONDAY
from minqing.kernel.matters.tests.sight_ground import (
    ALL,
    lay,
    lines,
)
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.registers.accounts.rules import HOUSE, NOTHING, Scope, Viewer
from minqing.registers.accounts.scoping import seen_by
from minqing.registers.regions.codes import county_of, parse_code, range_of, town_of, village_of
from minqing.registers.regions.models import Unit
from minqing.wiring.vocabulary import VOCABULARY


def test_a_place_of_another_county_leaves_nothing_of_a_list(ground):
    for name, viewer in ground.viewers():
        own = [row.code for row in listing(viewer, Wanted(), limit=200).rows]
        county = county_of(ground.matters[0].place)
        assert not listing(viewer, Wanted(place=parse_code("110101")), limit=200).rows, name
        if viewer.scope.level in ("county", "unit"):
            assert [row.code for row in listing(viewer, Wanted(place=county), limit=200).rows] == own, name


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


def test_what_a_unit_owes_is_told_by_kind_of_duty_as_its_inbox_has_it(ground):
    for name, viewer in ground.viewers():
        lines, told = inbox(viewer, limit=200, mine=True), tally(viewer, mine=True)
        assert {kind: one.count for kind, one in told.items()} == Counter(line.kind for line in lines), name
        for kind in told:
            alone = inbox(viewer, limit=200, mine=True, kinds=[kind])
            assert alone == [line for line in lines if line.kind == kind], (name, kind)
            late = [line for line in alone if line.late or line.due <= moments.now()]
            midnight = (moments.now() + timedelta(days=1)).replace(hour=0, minute=0, second=0)
            today = [line for line in alone if line not in late and line.due <= midnight]
            assert (told[kind].late, told[kind].today) == (len(late), len(today)), (name, kind)


def test_what_came_in_since_is_what_the_inbox_has_beyond_that_duty(ground):
    newest = newest_duty()
    for name, viewer in ground.viewers():
        numbers = sorted(line.duty for line in inbox(viewer, limit=200))
        assert since(viewer, newest).came == 0, name
        for behind in range(1, len(numbers) + 1):
            assert since(viewer, numbers[-behind]).came == behind - 1, name
    assert any(inbox(viewer) for _, viewer in ground.viewers())


def test_the_mark_of_an_inbox_is_another_when_a_line_grows_late_or_goes_and_else_the_same(ground):
    viewer = next(viewer for _, viewer in ground.viewers() if inbox(viewer))
    mark, before = since(viewer).mark, moments.shift()
    moments.shift_by(before + inbox(viewer)[-1].due - moments.now() - timedelta(seconds=30))
    try:
        near = since(viewer).mark
        assert since(viewer).mark == near
        moments.shift_by(moments.shift() + timedelta(minutes=1))
        assert since(viewer).mark != near
    finally:
        moments.shift_by(before)
    assert since(viewer).mark == mark


def test_the_position_of_a_matter_is_told_to_whoever_sees_it_alone(ground):
    told = 0
    for name, viewer in ground.viewers():
        seen = {row.code: row.position for row in listing(viewer, Wanted(state="all"), limit=200).rows}
        for code, position in seen.items():
            assert position_of(viewer, code) == look(viewer, code).stored.matter.position == position, name
        told += len(seen)
    assert told
    with pytest.raises(NotFound):
        position_of(replace(viewer, scope=NOTHING), code)


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


def test_a_cursor_tells_nothing_of_what_is_not_seen(ground):
    viewer = dict(ground.viewers())["grid_worker grid"]
    hidden = next(one.code for one in ground.matters if not one.seen(viewer.scope))
    told = []
    for code in (hidden, "ZZZZ-9999"):
        with pytest.raises(BadInput) as caught:
            listing(viewer, Wanted(), after=code)
        told.append(str(caught.value))
    assert told[0] == told[1]


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


def test_a_unit_that_owed_twice_in_a_matter_finds_it_once_in_its_list(own_database, wushan, tmp_path):
    department = dict(lay(wushan, tmp_path).viewers())["department county"]
    before = [row.code for row in listing(department, Wanted(), limit=200).rows]
    with psycopg.connect(own_database.owner) as owner:
        owner.execute(
            "insert into matters_duty overriding system value select r.* from matters_duty d,"
            " jsonb_populate_record(d, jsonb_build_object('id', id + 10000, 'number', number + 100)) r"
            " where d.unit = %s",
            [department.unit],
        )
    first = listing(department, Wanted(), limit=7)
    rest = listing(department, Wanted(), limit=193, after=first.next)
    assert [row.code for row in (*first.rows, *rest.rows)] == before and len(first.rows) == 7 and not rest.next


@pytest.mark.django_db
def test_a_search_is_planned_for_its_own_words():
    """The plan that PostgreSQL keeps for all words after five searches walks every text, from the newest on."""
    with connection.cursor() as cursor:
        cursor.execute("select proconfig from pg_proc where proname = 'matters_find'")
        (settings,) = cursor.fetchone()
    assert "plan_cache_mode=force_custom_plan" in settings


@pytest.mark.django_db
def test_a_line_asks_for_its_own_matter_not_for_all_there_are():
    """An `exists` in the policy is turned into a list of all that the viewer sees, made for each statement."""
    with connection.cursor() as cursor:
        cursor.execute("select qual from pg_policies where tablename = 'ledger_line' and policyname = 'sight'")
        (policy,) = cursor.fetchone()
    of_matters = policy.lower().partition("(stream = 1)")[2].partition("(stream = 2)")[0]
    assert "matters_matter" in of_matters and "exists" not in of_matters, policy


# What a county has after years: the matters stored here 600 times over with keys and duties, one in four still open, in
# the first town none (what the planner cannot guess); every third duty is the first unit's.
YEARS = (
    """insert into vault_key
    select r.* from vault_key k, generate_series(1, 600) n,
        jsonb_populate_record(k, jsonb_build_object('subject', subject || n)) r""",
    """insert into matters_matter overriding system value
    select r.* from matters_matter m, generate_series(1, 600) n, jsonb_populate_record(m, jsonb_build_object(
        'id', id + n * 1000, 'code', code || n, 'open', n %% 4 = 0 and town <> %(town)s)) r
    order by r.id""",
    """insert into matters_duty overriding system value
    select r.* from matters_duty d, generate_series(1, 600) n, jsonb_populate_record(d, jsonb_build_object(
        'id', id + n * 1000, 'matter_id', matter_id + n * 1000,
        'unit', case when n %% 3 = 0 then %(unit)s else unit end,
        'state', case when n %% 4 = 0 and town <> %(town)s then 0 else 1 end,
        'due', due + n * interval '1 hour', 'colour', n %% 8)) r
    order by r.id""",
)


def test_a_page_of_each_level_is_served_by_its_index(own_database, wushan, tmp_path, monkeypatch):
    """Row security filters, the level's own key is the index condition, on the planner settings of any server: nothing
    reads a whole table, and a page of matters is read in its order, not sorted out of all there are."""
    monkeypatch.setattr(moments, "now", lambda: MONDAY + timedelta(days=8))  # some are late, others not yet
    ports.bind(vocabulary=VOCABULARY)
    publish(wushan, moment=MONDAY)
    grids = open_trial_county(tmp_path, towns=18, villages=3, grids=2)
    store_made_up(wushan, grids, [MONDAY] * len(grids), MONDAY)
    place, unit = grids[0], Unit.objects.get(level="grid", region=grids[0]).pk
    with psycopg.connect(own_database.owner) as owner:
        for years in YEARS:
            owner.execute(years, {"town": town_of(place), "unit": unit})
    with psycopg.connect(own_database.owner, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    areas = (range_of(county_of(place)),)
    for level, key, page, whole in (
        ("county", 0, "matters_duty_county", "matters_matter_pkey"),
        ("town", town_of(place), "matters_duty_town", "matters_matter_town"),
        ("village", village_of(place), "matters_duty_village", "matters_matter_village"),
        ("region", place, "matters_duty_region", "matters_matter_region"),
        ("unit", unit, "matters_duty_unit", "matters_duty_had"),
    ):
        viewer = Viewer(1, unit, scope=Scope(level=level, key=key, areas=areas, sensitivity=2, units=(unit,)))
        for index, asked in ((page, lambda: inbox(viewer)), (whole, lambda: listing(viewer, Wanted(), 10))):  # noqa: B023
            with CaptureQueriesContext(connection) as captured:
                asked()
            (statement,) = [q["sql"] for q in captured if "order by" in q["sql"]]
            with seen_by(viewer.scope):
                plan = "\n".join(map(str, lines("explain (costs off) " + statement)))
            assert index in plan and "Seq Scan" not in plan, f"{level}\n{plan}"
            assert index == page or "Sort" not in plan, f"{level}\n{plan}"
        with CaptureQueriesContext(connection) as captured:
            counts(viewer)
        (statement,) = [q["sql"] for q in captured if "unnest(" in q["sql"]]
        with seen_by(viewer.scope):
            plan = "\n".join(map(str, lines("explain (costs off) " + statement)))
        # what row security asks of a line stands in the index: counting goes to no row of the table
        assert plan.count(f"Index Only Scan using {page}") == 2, f"{level}\n{plan}"
