"""What was written by an older version goes on under a newer one: texts of methods, rows from before the locks."""

from __future__ import annotations

import importlib
from datetime import timedelta

import psycopg
import pytest
from django.db import connections

from minqing.base.definitions import DefinitionErrors
from minqing.kernel.matters import ports, versions
from minqing.kernel.matters.escalation import RungsStuck, sweep
from minqing.kernel.matters.reading import read
from minqing.kernel.matters.rebuild import compare
from minqing.kernel.matters.sensitivity import CLOSE_TAGS
from minqing.kernel.matters.stored_trial import StoredTrial
from minqing.kernel.matters.testing import GRID, MONDAY, REPORTER, TOWN, VILLAGE, VOLUNTEER, worker
from minqing.kernel.matters.trial_county import open_trial_county, store_made_up
from minqing.kernel.matters.versions import publish
from minqing.kernel.methods.loader import load_method, load_stored
from minqing.registers.accounts.rules import HOUSE, Scope
from minqing.wiring.vocabulary import VOCABULARY

LATE = MONDAY + timedelta(days=30)


def migration(name: str):
    return importlib.import_module(f"minqing.kernel.matters.migrations.{name}")


def older(method) -> str:
    """Its text as it might have been taken once: today it is refused by the checks, by the measures, by the register,
    and for a ladder that nobody leans on."""
    text = method.text.replace("measures: [", "measures: [complaints, ")
    text = text.replace("ladders:", "ladders:\n  idle: {due: {tell: county}}", 1)
    return text.replace(f'place: "{method.place}"', 'place: "999999"')


def test_a_published_text_that_todays_checks_refuse_still_runs(db, panan, tmp_path, monkeypatch):
    ports.bind(vocabulary=VOCABULARY)
    text = panan.text.replace("limit: {green: 3d, yellow: 15d, red: 24h}", "limit: {green: 3d, yellow: 15d, red: 90d}")
    with pytest.raises(DefinitionErrors, match="graver"):
        load_method(text, VOCABULARY, panan.slug)
    old = load_stored(text, VOCABULARY, panan.slug)
    publish(old, moment=MONDAY)
    store_made_up(old, open_trial_county(tmp_path), [MONDAY] * 3, MONDAY, people=1)
    monkeypatch.setattr(versions, "_loaded", {})
    assert sweep(LATE, by="t").fired > 0
    assert versions.current_method(panan.slug).version == old.version


def test_names_and_measures_that_are_known_no_more_stop_no_matter(wushan, panan):
    for method in (wushan, panan):
        text = older(method)
        with pytest.raises(DefinitionErrors):
            load_method(text, VOCABULARY, method.slug)
        old = load_stored(text, VOCABULARY, method.slug)
        assert (old.stages, old.measures) == (method.stages, method.measures)


def test_a_stored_text_that_cannot_be_read_stops_its_own_matters_alone(
    own_database, wushan, panan, tmp_path, monkeypatch
):
    ports.bind(vocabulary=VOCABULARY)
    places = open_trial_county(tmp_path)
    for method in (wushan, panan):
        publish(method, moment=MONDAY)
        store_made_up(method, places, [MONDAY] * 2, MONDAY, people=1)
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("update matters_method_version set text = 'stages: [' where slug = %s", [panan.slug])
    monkeypatch.setattr(versions, "_loaded", {})
    with pytest.raises(RungsStuck, match="共 2 项") as stuck:
        sweep(LATE, by="t")
    assert stuck.value.swept.fired > 0


def old_rows(panan, owner: psycopg.Connection) -> dict[str, str]:
    """Matters as they stood before the locks: nobody barred, everybody ordinary, only those who still owe something.
    Tags of harm raised no alarm: an older file may name no emergency for them."""
    told = {
        "plain": {}, "unit": {"against": (212, 40)}, "person": {"against_people": (7,)},
        "unknown": {"against_unknown": 1}, "crowd": {"tags": ("crowd",)},
    } | {tag: {"tags": (tag,)} for tag in CLOSE_TAGS}  # fmt: skip
    codes = {}
    for name, given in told.items():
        trial = StoredTrial(panan)
        trial.report("楼上漏水", **given)
        codes[name] = trial.matter.code
    owner.execute("update matters_matter set hidden_from = '{}', sensitivity = 0, units = array[holder]")
    owner.execute("""update matters_matter set state = state || '{"emergency": ""}'""")
    owner.execute("update matters_duty set hidden_from = '{}', sensitivity = 0, units = '{}'")
    owner.commit()
    return codes


def run(name: str) -> None:
    """The migration of that name once more, as the owner."""
    with connections["owner"].schema_editor() as editor:
        for step in migration(name).Migration.operations:
            if hasattr(step, "code"):
                step.code(None, editor)
            else:
                editor.execute(step.sql, params=None)


def test_rows_from_before_the_locks_get_what_decides_who_sees_them(own_database, panan):
    ports.bind(vocabulary=VOCABULARY)
    publish(panan)
    with psycopg.connect(own_database.owner) as owner:
        codes = old_rows(panan, owner)
        calm, alarm = StoredTrial(panan), next(one.slug for one in panan.emergencies if "self-harm" in one.tags)
        calm.report("楼上漏水")
        owner.execute(
            "update matters_matter set sensitivity = 0, state = state || jsonb_build_object('emergency', %s::text)"
            " where code = %s",
            [alarm, calm.matter.code],
        )
        owner.commit()
        assert compare().count >= len(codes), "a row that lacks them is told of"
        run("0008_stakes")
        found = dict(owner.execute("select code, (hidden_from, sensitivity)::text from matters_matter").fetchall())
        stale = owner.execute(
            "select count(*) from matters_duty d join matters_matter m on m.id = d.matter_id"
            " where (d.hidden_from, d.sensitivity, d.units) is distinct from (m.hidden_from, m.sensitivity, m.units)"
        ).fetchone()
    assert {name: found[code] for name, code in codes.items()} == {
        "plain": "({},0)", "unit": '("{40,212}",2)', "person": "({-7},2)", "unknown": "({},2)", "crowd": "({},0)",
    } | dict.fromkeys(CLOSE_TAGS, "({},1)")  # fmt: skip
    assert found[calm.matter.code] == "({},1)"
    assert stale == (0,)
    assert [one for one in compare().differences if "emergency" not in one] == []
    accused = Scope(areas=((0, 10**15),), sensitivity=9, barred=(40,))
    assert read(accused, [codes["unit"]]) == {}
    assert read(accused, [codes["person"]]) != {}


def test_rebuild_tells_of_a_matter_that_more_may_look_at_than_its_journal_lets(own_database, panan):
    publish(panan)
    with psycopg.connect(own_database.owner) as owner:
        trial = StoredTrial(panan)
        trial.report("楼上漏水", against_people=(7,))
        assert compare().differences == []
        owner.execute("update matters_matter set sensitivity = 1")
        owner.execute("update matters_duty set sensitivity = 1")
        owner.commit()
        assert ["sensitivity" in one for one in compare().differences] == [True]


def test_what_a_matter_has_learnt_to_remember_is_told_to_old_rows(own_database, wushan):
    publish(wushan)
    trial = StoredTrial(wushan)
    trial.report("楼上漏水")
    trial.act(worker(GRID), "refer")
    trial.act(worker(VILLAGE), "refer")
    trial.act(worker(TOWN), "settle", records=("opinion",))
    trial.act(VOLUNTEER, "call_back", result="unsatisfied")
    assert trial.matter.round_from
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("update matters_matter set state = state - 'round_from'")
        owner.commit()
        assert any("round_from" in one for one in compare().differences)
        run("0009_rounds")
    assert compare().differences == []


def test_an_answer_given_before_it_bound_anybody_binds_from_now_on(own_database, wushan):
    publish(wushan)
    trial = StoredTrial(wushan)
    trial.report("楼上漏水")
    trial.act(worker(trial.matter.holder), "settle", records=("result",))
    trial.act(REPORTER, "note", to="unsatisfied")
    with psycopg.connect(own_database.owner) as owner:
        owner.execute("update matters_matter set state = state - 'own_answer'")
        owner.commit()
        assert read(HOUSE, [trial.matter.code])[trial.matter.code].matter.own_answer == ""
        assert any("own_answer" in one for one in compare().differences)
        run("0011_answers")
    assert compare().differences == []
    assert read(HOUSE, [trial.matter.code])[trial.matter.code].matter == trial.matter
