"""Guard rail (a): no table or event carries a number or label about a resident's conduct, and the conditions of method
files cannot name a person or how often someone complained.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import connection

from minqing.kernel.matters.events import EVENTS, Reported
from minqing.kernel.matters.matter import Duty, Matter
from minqing.kernel.methods.loader import check_file
from minqing.wiring.vocabulary import VOCABULARY

HERE = Path(__file__).parent
METHODS = HERE.parents[1] / "methods"
NOT_OURS = ("django_", "procrastinate_")
#: What a number or label about somebody's conduct would be called.
LABELS = re.compile(
    r"score|rating|risk|credit|trust|danger|black|watch|troubl|abnormal|vexat|repeat|frequen|history|likel|predict"
    r"|conduct|behav|complaints|petitions|visits_of|times_|person_level|reporter_level|profile|label|flag"
)
#: Of a resident the tables hold sealed values, keyed marks by which they are found, and why and how long they are kept.
OF_A_RESIDENT = {
    "subject", "name", "kind", "sealed", "purpose", "ground", "ends", "token", "master", "wrapped", "media", "size",
    "title",
}  # fmt: skip
#: Fields of a report that say anything about who brought it, and all they may say.
ABOUT_THE_REPORTER = {"reporter": {"named", "unnamed", "nobody"}, "wants_call_back": {True, False}}


def _about() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = tomllib.loads((HERE / "columns.toml").read_text("utf-8"))["tables"]
    return found


def faults(columns: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong with these columns (table, column), by the register of columns and the names of labels."""
    told, found = _about(), []
    for table, column in columns:
        row = told.get(table, {"about": "", "columns": []})
        listed = row["columns"]
        assert isinstance(listed, list)
        if column not in listed:
            found.append(f"{table}.{column}: say in tests/rights/columns.toml what it is about")
        if LABELS.search(column):
            found.append(f"{table}.{column}: named like a number or label about somebody's conduct")
        if row["about"] == "resident" and column not in OF_A_RESIDENT:
            found.append(f"{table}.{column}: of a resident only sealed values and why they are kept")
    return found


@pytest.mark.django_db
def test_no_column_carries_a_number_or_label_about_a_resident() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, a.attname from pg_class c"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            " where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace = 'public'::regnamespace"
        )
        columns = [(table, column) for table, column in cursor.fetchall() if not table.startswith(NOT_OURS)]
    assert len(columns) > 150
    assert faults(columns) == []


@pytest.mark.parametrize(
    "column",
    [("vault_value", "score"), ("matters_matter", "reporter_history"), ("people_resident", "id"), ("vault_mark", "n")],
)
def test_a_column_about_a_persons_conduct_would_be_found(column: tuple[str, str]) -> None:
    assert faults([column]) != []


@pytest.mark.parametrize("kind", [*EVENTS, Matter, Duty], ids=lambda kind: kind.__name__)
def test_no_event_and_no_matter_has_a_field_about_conduct(kind: type) -> None:
    names = [field.name for field in dataclasses.fields(kind)]
    # 'stars' are a resident's word about the handling: about the office, given by the resident
    assert [name for name in names if LABELS.search(name)] == []


def test_all_that_a_report_says_of_its_reporter_is_whether_and_how_they_wish_to_be_known() -> None:
    names = {field.name for field in dataclasses.fields(Reported)}
    known = {
        "code", "method", "version", "kind", "place", "channel", "category", "tags", "people", "against", "emergency",
        "form", "filled", "records", "facts", "source", "external_id", "external_due", "links", "body",
        "against_people", "severity", "against_unknown", "since",
    }  # fmt: skip
    assert names - known <= set(ABOUT_THE_REPORTER), "a new field of a report: is it about the person?"


def _with_condition(condition: str, folder: Path) -> list[str]:
    """The complaints about a sound file whose first triage rule asks this."""
    text = (METHODS / "panan-three-feelings.yaml").read_text("utf-8")
    rule = f'  - {{when: "{condition}", go: village, level: green, because: 试一试}}\n'
    path = folder / "panan-three-feelings.yaml"
    path.write_text(re.sub(r"(?m)^triage:.*\n", lambda found: found[0] + rule, text), "utf-8")
    return [complaint.text for complaint in check_file(path, VOCABULARY)]


PERSONS = [
    "reporter == 'named'", "reporter.name == 'x'", "reporter.complaints > 2", "form.household == 'x'",
    "person.id == 1", "contact.phone == '110'", "against_people.size() > 0", "actor == 1", "worker == 1",
    "text.repeats_by_person > 2", "history.count > 3", "code == 'K7M2-9QX7'", "source == 'x'", "external_id == 'x'",
    "wants_call_back", "sensitivity > 0", "now > 3",
]  # fmt: skip


@pytest.mark.parametrize("condition", PERSONS)
def test_no_condition_names_a_person_or_how_often_someone_complained(condition: str, tmp_path: Path) -> None:
    assert _with_condition(condition, tmp_path) != []


def test_a_condition_about_the_matter_itself_is_taken(tmp_path: Path) -> None:
    """So that the refusals above are for what they name, not for anything else in the changed file."""
    assert _with_condition("people >= 90 && kind != 'private'", tmp_path) == []


def test_every_fact_that_conditions_may_read_says_that_it_counts_by_place_and_cause() -> None:
    for capability in VOCABULARY.capabilities.values():
        for fact in capability.facts:
            assert "地点" in capability.words.get(fact, ""), f"{fact}: what does it count?"
            assert "人" not in capability.words[fact].replace("人次", "")
